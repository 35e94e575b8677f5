"""Gradescope's container as far as it can be had here: its folders, root with what rights Docker leaves, no network.

The image is what setup.sh makes of it, but for pip: the wheel in the archive is unpacked where pip would install it,
and the other libraries are those of this environment.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.tests.sample_course import write

_RIGHTS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "SETFCAP", "MKNOD")
_LINKS = ("bin", "sbin", "lib", "lib64")


@dataclass(frozen=True)
class Ran:
    """What a run of the autograder left."""

    results: dict[str, Any]
    printed: str


class Container:
    """The image, once set up, and a fresh copy of it for each submission."""

    def __init__(self, folder: Path, archive: bytes) -> None:
        self._folder = folder
        self._archive = archive
        self._python = folder / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self._python], check=True)
        packages = next(self._python.glob("lib/python*/site-packages"))
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            wheel = next(name for name in packed.namelist() if name.endswith(".whl"))
            zipfile.ZipFile(io.BytesIO(packed.read(wheel))).extractall(packages)
        (packages / "here.pth").write_text(sysconfig.get_path("purelib") + "\n")
        self._runs = 0

    def run(self, submission: Mapping[str, bytes], metadata: Mapping[str, Any] | None = None, change: str = "") -> Ran:
        """Grade files; `change` are lines of shell that are run before, in /autograder."""
        self._runs += 1
        root = self._folder / f"run{self._runs}"
        write(root / "submission", submission)
        (root / "results").mkdir()
        with zipfile.ZipFile(io.BytesIO(self._archive)) as packed:
            packed.extractall(root / "source")
        shutil.copy(root / "source/run_autograder", root / "run_autograder")
        (root / "run_autograder").chmod(0o755)
        if metadata is not None:
            (root / "submission_metadata.json").write_text(json.dumps(metadata))
        command = f"cd /autograder\n{change}\n./run_autograder"
        done = subprocess.run(
            [*self._walls(root), "sh", "-c", command], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads((root / "results/results.json").read_text())
        return Ran(found, done.stdout + done.stderr)

    def _walls(self, root: Path) -> list[str]:
        seen = {"/opt/autograder": str(self._python)}
        seen |= {path: path for path in ("/usr", "/etc", sys.base_prefix, sysconfig.get_path("purelib"))}
        folders = dict.fromkeys(str(each) for path in seen for each in reversed(Path(path).parents[:-1]))
        folders.pop("/tmp", None)
        binds = ["--perms", "1777", "--tmpfs", "/tmp"]
        binds += [word for path in folders for word in ("--perms", "0755", "--dir", path)]  # open, as in any image
        binds += [word for path, here in seen.items() for word in ("--ro-bind", here, path)]
        binds += ["--bind", str(root), "/autograder"]
        names = [name for name in _LINKS if Path("/", name).is_symlink()]
        binds += [word for name in names for word in ("--symlink", f"usr/{name}", f"/{name}")]
        own = ["--proc", "/proc", "--dev", "/dev", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
        who = ["--unshare-user"]  # an ordinary account cannot make a root of its own that is like Docker's
        if os.geteuid() == 0:
            who = ["--cap-drop", "ALL", *(word for right in _RIGHTS for word in ("--cap-add", f"CAP_{right}"))]
        return ["bwrap", *binds, *own, *who, "--die-with-parent", "--new-session", "--chdir", "/autograder"]
