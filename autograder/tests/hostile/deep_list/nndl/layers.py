def double(x):
    out = x
    for _ in range(100_000):
        out = [out]
    return out
