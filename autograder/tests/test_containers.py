"""The image and the services of containers/: as their specification has them, and true to the repository."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib

import yaml

from autograder.tests.command_line import ROOT

FOLDER = ROOT / "containers"


def instructions() -> list[tuple[str, str]]:
    """Return what the Containerfile says, by instruction, with lines joined."""
    text = re.sub(r"^#.*\n", "", (FOLDER / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = (line.partition(" ") for line in text.replace("\\\n", " ").splitlines() if line.strip())
    return [(name, rest.strip()) for name, _, rest in lines]


def test_what_is_copied_into_the_image_is_there_and_holds_no_solutions() -> None:
    sources = [path for name, rest in instructions() if name == "COPY" for path in shlex.split(rest)[:-1]]
    assert [path for path in sources if not (ROOT / path).exists()] == []
    assert [path for path in sources if path in ("tests", "solutions", "course.yaml", ".")] == []


def test_the_image_installs_extras_that_there_are() -> None:
    wanted = re.search(r"/source\[([\w,]+)\]", dict(instructions())["RUN"])
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert wanted is not None
    assert set(wanted[1].split(",")) <= set(extras)


def test_services_follow_the_specification_of_compose() -> None:
    file = FOLDER / "compose.yaml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    services = yaml.safe_load(file.read_text())["services"]
    build = services["formgrader"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
    assert all(port.startswith("127.0.0.1:") for port in services["formgrader"]["ports"])
