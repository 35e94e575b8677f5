def double(x):
    return dict.fromkeys(range(2_000_000))
