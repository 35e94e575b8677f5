def double(x):
    raise ValueError("\x1b[2J\x1b]0;title\x07 \u202e\x9b5n" + "long " * 100_000)
