from .frames import frame, live_on, send


def double(x):
    many = ["l", 3, "l", 2, 0, "l", 0, "l", 2, 0, "d", 0, "l", 2, 0, "a", "<i8", "C", 1, x.size]
    zeros = bytes(8 * x.size)
    tokens = ["t", 3, "s", "ok", "a", "<f8", "C", x.ndim, *x.shape, *many]
    send(frame(tokens, zeros + bytes(-len(zeros) % 16) + zeros))
    live_on()
