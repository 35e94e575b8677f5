"""Run the tests of the trust boundary as each kind of account that a grader may have.

As root: once as root; once as root with a Python that every account can read, where that of the virtual environment
is not one, since the level `account` needs it; once with that and only the rights that root has in a container, by
Docker's default; and once as an account that nothing else has. For the last three, a copy of the course and a virtual
environment are made in a temporary folder. As an ordinary account: once, as that.

    python scripts/isolation.py [root | open | container | account]    # only one of them
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = [
    f"autograder/tests/test_{name}.py"
    for name in ("confine", "watching", "patience", "isolation", "levels", "leftovers")
]
TESTS += [f"autograder/tests/test_{name}.py" for name in ("process", "hostile", "secrets")]
# What Docker leaves to root, see docker-run(1): above all not the looking into other accounts' processes.
RIGHTS = ["chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service"]
RIGHTS += ["net_raw", "sys_chroot", "mknod", "audit_write", "setfcap"]
IN_A_CONTAINER = ["setpriv", "--bounding-set", ",".join(["-all", *(f"+{name}" for name in RIGHTS)]), "--inh-caps=-all"]
NOT_COPIED = (".git", ".venv", "results", "submitted", ".*_cache", "__pycache__")


def main() -> int:
    """Run everything that can be run as whoever this is; return 1 if anything failed."""
    if os.geteuid() != 0:
        print("== As an ordinary account only: run it as root to cover both")
        return _tested("an ordinary account", Path(sys.executable), ROOT)
    chosen = sys.argv[1:] or ["root", "open", "container", "account"]
    failed = 0
    if "root" in chosen:
        failed |= _tested("root", Path(sys.executable), ROOT)
    if chosen == ["root"]:
        return failed
    with tempfile.TemporaryDirectory(prefix="isolation-") as folder:
        Path(folder).chmod(0o755)
        python, course = _open_copy(Path(folder))
        if "open" in chosen:
            failed |= _tested("root, with a Python that is open to all", python, course)
        if "container" in chosen:
            failed |= _tested("root in a container", python, course, prefix=IN_A_CONTAINER)
        if "account" in chosen:
            account = (1 << 20) + secrets.randbelow(1 << 20)
            for path in (course, *course.rglob("*")):
                os.chown(path, account, account, follow_symlinks=False)
            failed |= _tested("an ordinary account", python, course, account)
    return failed


def _open_copy(folder: Path) -> tuple[Path, Path]:
    """Return a Python that every account can read, with what the tests need, and a copy of the course."""
    course, environment = folder / "copy", folder / "venv"
    shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    found = [shutil.which(name, path="/usr/bin:/usr/local/bin") for name in ("python3", "python3.13", "python3.12")]
    base = next(
        (path for path in [*found, shutil.which("python3.11", path="/usr/bin")] if path and _recent(path)), None
    )
    if base is None:
        sys.exit("no Python 3.11 or newer in /usr/bin or /usr/local/bin: only root was tested")
    subprocess.run([base, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", f"{course}[dev]"], check=True)
    return python, course


def _recent(python: str) -> bool:
    test = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", test], stderr=subprocess.DEVNULL, check=False).returncode == 0


def _tested(who: str, python: Path, course: Path, account: int | None = None, prefix: Sequence[str] = ()) -> int:
    """Run the tests and say how that went; return 1 if any failed."""
    with tempfile.TemporaryDirectory(prefix="isolation-tmp-") as scratch:
        Path(scratch).chmod(0o711)
        if account is not None:
            os.chown(scratch, account, account)
        options = {"cwd": course, "env": {**os.environ, "HOME": scratch, "TMPDIR": scratch, "AUTOGRADER_EVERY": "1"}}
        if account is not None:
            options |= {"user": account, "group": account, "extra_groups": []}
        ask = "from autograder.tests.sandboxes import SHUT_IN; print(*SHUT_IN, sep=', ')"
        levels = subprocess.run(
            [*prefix, python, "-c", ask], **options, capture_output=True, text=True, check=True
        ).stdout
        print(f"== As {who}, on {levels.strip()}", flush=True)
        started = time.monotonic()
        code = subprocess.run(
            [*prefix, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS], **options, check=False
        ).returncode
        print(f"   {'FAILED' if code else 'all passed'} in {time.monotonic() - started:.0f} s", flush=True)
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main())
