def double(x):
    right = 2 * x
    return right.view(right.dtype.newbyteorder())
