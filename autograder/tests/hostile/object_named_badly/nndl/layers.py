NAME = "=HYPERLINK('x')\x1b[31m<script>alert(1)</script>\u202e\n| x | y |\r\x00"


class Plain:
    pass


Plain.__qualname__ = Plain.__name__ = NAME
Plain.__module__ = NAME * 20


def double(x):
    return Plain()
