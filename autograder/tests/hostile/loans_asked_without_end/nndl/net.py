from .layers import double


def quadruple(x):
    while True:
        try:
            x = double(x)
        except Exception:
            pass
