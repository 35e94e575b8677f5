from utils import assert_close  # noqa: F401
