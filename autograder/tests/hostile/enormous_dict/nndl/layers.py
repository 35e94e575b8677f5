def double(x):
    return dict.fromkeys(range(600_000))
