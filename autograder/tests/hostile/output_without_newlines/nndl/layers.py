def double(x):
    print("x" * 20_000_000, end="")
    return 2 * x
