"""The command `autograder`, also as ``python -m autograder``."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from autograder.suite import launching


def main() -> NoReturn:
    """Run the command line; a suite's process, which has much to load, is started even before that is loaded itself."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"  # others have no say in what is valid; looking takes time
    launching.start_ahead(sys.argv[1:])
    from autograder import cli

    cli.main()


if __name__ == "__main__":
    main()
