"""What a submission must not get to know is not in its sandbox, and not in what students are shown.

How it works: unmistakable words and numbers, the canaries, are planted in a copy of the tiny course: in a hidden check,
in the reference solution, in another student's hand-in and in the grader's environment. A spy is graded beside the
others on each level. From inside of its sandbox it searches files (also where the grader keeps things: it is told),
environment, arguments, descriptors and its own memory, and prints what it has found and how far it has looked. It
has to find the canary of its own files, or the search would be no proof.
"""

from __future__ import annotations

import ast
import json
import re
import secrets
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course import load_course
from autograder.data.dataset import Dataset, shapes10
from autograder.suite.seeds import check_seed, suite_seed, suite_sha256
from autograder.tests import accuracy_course
from autograder.tests.command_line import ENVIRONMENT, read_results, run
from autograder.tests.sample_course import write
from autograder.tests.sandboxes import SHUT_IN

COURSE = Path(__file__).parent / "scenarios" / "course"
# other ones in every run, so that nothing which an earlier one left behind holds them
RUN = 10**7 + secrets.randbelow(9 * 10**7)
TEST, SOLUTION, NEIGHBOUR, SETTING = (f"canary-{word}-{RUN}" for word in ("test", "solution", "neighbour", "setting"))
EXPECTED, TOLERANCE = float(f"9753.864{RUN}"), float(f"2.71{RUN}e-07")
OWN = f"canary-own-{RUN}"

HIDDEN = f'''
import numpy as np
import pytest
from nndl.layers import double
from reference.nndl.layers import double as right

from autograder.checks import assert_close

pytestmark = pytest.mark.question("double")
WORDS = "{TEST}"
EXPECTED = np.full(3, {EXPECTED!r})


@pytest.mark.parametrize("way", ["helper", "statement", "numpy", "words", "type", "shape"])
def test_hidden(way):
    result = double(EXPECTED / 2)
    if way == "helper":
        assert_close(result, EXPECTED, rtol={TOLERANCE!r}, name="out")
    elif way == "numpy":
        np.testing.assert_allclose(result, EXPECTED, rtol={TOLERANCE!r})
    elif way == "words":
        assert (result == EXPECTED).all() and WORDS in repr(WORDS)
    elif way == "type":
        assert_close(right(EXPECTED / 2), EXPECTED, name="out")
        assert np.asarray(result) @ EXPECTED == EXPECTED @ EXPECTED
    elif way == "shape":
        assert_close(np.asarray(result)[None], EXPECTED[None], rtol={TOLERANCE!r}, name="out")
    else:
        assert result.tolist() == EXPECTED.tolist()
'''

SPY = '''
import ctypes
import gc
import os
import re
import sys
import time

PLANTED = "OWN"
PLACES = FOLDERS
FOUND, LOOKED = set(), {}
PATTERNS = [re.compile(pattern) for pattern in (NEEDLES)]


def look(where, data):
    LOOKED[where] = LOOKED.get(where, 0) + len(data)
    for number, pattern in enumerate(PATTERNS):
        for match in pattern.finditer(data):
            FOUND.add((where, number, match.group().decode("latin-1") if number == 0 else "a number"))


def files():
    quiet = ("/proc", "/sys", "/dev", "/usr", "/lib", "/lib64", sys.base_prefix, *sys.path[2:])
    home, end = os.environ["HOME"], time.monotonic() + 12  # where all that is open to everybody can be read
    for top in (home, *PLACES, os.path.dirname(home), "/root", "/home", "/tmp", "/"):
        for folder, folders, names in os.walk(top):
            folders[:] = [each for each in folders if os.path.join(folder, each) not in quiet]
            for name in names:
                if time.monotonic() > end:
                    return
                look("names", os.path.join(folder, name).encode("utf-8", "surrogateescape"))
                read(os.path.join(folder, name))


def read(path):
    try:
        if os.path.isfile(path):  # whoever opens a console waits for it
            with open(path, "rb") as file:
                look("files", file.read(1 << 24))
    except OSError:
        return


def process():
    look("environment", b"\\0".join(os.environb.keys()) + b"\\0".join(os.environb.values()))
    look("arguments", " ".join(sys.orig_argv).encode())
    for name in ("environ", "cmdline", "maps", "mountinfo", "mem", "status"):
        for number in ("self", "1", str(os.getppid())):
            try:
                with open(f"/proc/{number}/{name}", "rb") as file:
                    look("proc", file.read(1 << 24))
            except OSError:
                continue


def descriptors():
    for number in range(3, 128):
        try:
            os.fstat(number)
        except OSError:
            continue
        LOOKED["open"] = LOOKED.get("open", 0) + 1
        try:
            look("descriptors", os.pread(number, 1 << 24, 0))
        except OSError:
            continue


def memory():
    """Read every page near any object or array; writing what is not mapped to a pipe fails instead of crashing."""
    libc = ctypes.CDLL(None)
    environ = ctypes.cast(ctypes.c_void_p.in_dll(libc, "environ").value, ctypes.POINTER(ctypes.c_void_p))
    anchors = {id(thing) >> 20 for thing in gc.get_objects()} | {environ[0] >> 20 if environ[0] else 0}
    anchors |= {ctypes.addressof(environ.contents) >> 20, id(sys) >> 20, id(None) >> 20}
    held = [each for each in gc.get_referents(*gc.get_objects()) if hasattr(type(each), "__array_interface__")]
    starts = [(each.__array_interface__["data"][0], each.nbytes) for each in held]
    anchors |= {start + step >> 20 for start, size in starts for step in range(0, size, 1 << 20)}
    near = sorted({block + step for block in anchors for step in (-1, 0, 1)})
    read, write = os.pipe()
    for block in near:
        run = b""
        for page in range(block << 20, (block + 1) << 20, 4096):
            if libc.write(write, ctypes.c_void_p(page), 4096) == 4096:
                run += os.read(read, 4096)
            elif run:
                look("memory", run)
                run = b""
        look("memory", run)
    os.close(read)
    os.close(write)


def double(x):
    if not LOOKED:
        for search in (memory, files, process, descriptors):
            search()
    for where, number, words in sorted(FOUND):
        print("FOUND", where, words)
    for where, count in sorted(LOOKED.items()):
        print("LOOKED", where, count)
    return 0 * x
'''


def needles(seed: int) -> str:
    """Return patterns for words and numbers, none of which matches its own source."""
    numbers = [struct.pack("<d", EXPECTED), struct.pack("<d", TOLERANCE), struct.pack("<q", seed)]
    numbers += [repr(each).encode() for each in (EXPECTED, TOLERANCE, seed)]
    patterns = [rb"c[a]nary-[a-z]+-%d" % RUN, *(b"[\\x%02x]" % each[0] + re.escape(each[1:]) for each in numbers)]
    return repr(patterns)


@dataclass(frozen=True)
class Spied:
    """The results of the class, and what the spy printed, line by line."""

    printed: str
    results: dict[str, dict[str, Any]]
    lines: list[list[str]]
    seed: int


@pytest.fixture(scope="module", params=SHUT_IN)
def spied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Spied:
    """A class with a spy, graded on one level."""
    root = tmp_path_factory.mktemp("secrets")
    seed = plant(root / "course")
    folders = repr([str(root / name) for name in ("course/tests", "course/solutions", "submitted", "results")])
    hand_in(root, "spy", SPY.replace("OWN", OWN).replace("NEEDLES", needles(seed)).replace("FOLDERS", folders))
    for student in ("a-neighbour", "z-neighbour"):  # one before and one after the spy, and beside it
        hand_in(root, student, f"WORDS = {NEIGHBOUR!r}\n\n\ndef double(x):\n    return 2 * x\n")
    hand_in(root, "wrong", "def double(x):\n    return [[None], {1: 'x'}, 3.5, 'x'][len(x.shape)]\n")
    hand_in(root, "raises", "def double(x):\n    raise ValueError(x.shape)\n")
    hand_in(root, "tells", "def double(x):\n    print(x)\n    raise ValueError(str(x))\n")
    done = subprocess.run(
        f"autograder --course course grade hw1 submitted --isolation {request.param} --jobs 2 --output results".split(),
        cwd=root,
        env={**ENVIRONMENT, "CANARY": SETTING},
        capture_output=True,
        text=True,
        timeout=3000,  # a guard against hanging: a busy machine may take long
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = read_results(root / "results" / "hw1")
    output = "\n".join(check["output"] for check in checks(results["spy"]))
    printed = done.stdout + done.stderr + (root / "results" / "hw1" / "summary.csv").read_text()
    return Spied(printed, results, [line.split(maxsplit=2) for line in output.splitlines() if line], seed)


def plant(course: Path) -> int:
    """Make the course with the canaries of its own, and return the seed of its suite."""
    shutil.copytree(COURSE, course)
    file = course / "course.yaml"
    file.write_text(file.read_text().replace("time_s: 10, check_time_s: 3", "time_s: 180, check_time_s: 90"))
    (course / "tests" / "hw1" / "test_hidden.py").write_text(HIDDEN)
    layers = course / "solutions" / "nndl" / "layers.py"
    layers.write_text(layers.read_text() + f"\n\nWORDS = {SOLUTION!r}  # {SOLUTION}\n")
    return suite_seed(load_course(course), "hw1", suite_sha256(course / "tests" / "hw1"))


def hand_in(root: Path, student: str, layers: str) -> None:
    """Hand in the reference's network on top of these layers."""
    folder = root / "submitted" / student / "nndl"
    folder.mkdir(parents=True)
    shutil.copy(COURSE / "solutions" / "nndl" / "net.py", folder)
    (folder / "__init__.py").touch()
    (folder / "layers.py").write_text(layers)


def checks(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all checks of a result."""
    return [check for question in result["questions"] for check in question["checks"]]


def test_the_spy_has_looked_everywhere(spied: Spied) -> None:
    looked = {words[1]: int(words[2]) for words in spied.lines if words[0] == "LOOKED"}
    assert looked["memory"] > 1 << 22
    assert min(looked[where] for where in ("files", "names", "environment", "arguments")) > 100
    assert looked["open"] <= 2  # the channel, of which nothing can be read but requests
    assert {words[1] for words in spied.lines if words[0] == "FOUND" and words[2] == OWN} >= {"files", "memory"}


def test_no_secret_is_in_a_sandbox(spied: Spied) -> None:
    assert [words for words in spied.lines if words[0] == "FOUND" and words[2] != OWN] == []


def test_the_seed_that_was_searched_for_is_the_suites(spied: Spied) -> None:
    assert spied.results["spy"]["seed"] == spied.seed


@pytest.mark.parametrize("student", ["spy", "wrong", "raises", "a-neighbour"])
def test_no_secret_is_in_what_students_are_shown(student: str, spied: Spied) -> None:
    shown = json.dumps(spied.results[student])
    hidden = [TEST, SOLUTION, NEIGHBOUR, SETTING, *(f"{number:.6g}"[:6] for number in (EXPECTED, EXPECTED / 2))]
    assert [secret for secret in [*hidden, repr(TOLERANCE)] if secret in shown or secret in spied.printed] == []


def test_inputs_that_a_submission_tells_of_are_in_its_result_and_nowhere_else(spied: Spied) -> None:
    given = f"{EXPECTED / 2:.6g}"[:6]
    assert given in json.dumps(spied.results["tells"])  # which is the instructor's
    assert given not in spied.printed


@pytest.mark.parametrize("student", ["spy", "wrong", "raises", "tells"])
def test_every_hidden_check_of_who_is_wrong_fails_with_a_reason(student: str, spied: Spied) -> None:
    hidden = [check for check in checks(spied.results[student]) if check["name"].startswith("test_hidden")]
    assert len(hidden) == 6
    assert {check["verdict"] for check in hidden} <= {"failed", "error"}
    assert all(check["message"] for check in hidden)


@pytest.mark.parametrize(
    "secret",
    [TEST.encode(), struct.pack("<d", EXPECTED), struct.pack("<q", 123456789012345)],
    ids=["words", "expected", "seed"],
)
def test_a_secret_that_were_there_would_be_found(secret: bytes) -> None:
    patterns = ast.literal_eval(needles(123456789012345))
    assert any(re.search(pattern, b"before" + secret + b"after") for pattern in patterns)
    assert not any(re.search(pattern, needles(123456789012345).encode()) for pattern in patterns)


WATCHFUL = """
class Net(Model):
    def loss(self, X, y=None):
        if y is None and "memory" not in LOOKED:  # the first images that are measured on
            memory()
            process()
            print("FOUND", *sorted(FOUND_NUMBERS()))
        return super().loss(X, y)
"""


def test_neither_labels_nor_seeds_of_what_is_measured_are_in_a_sandbox(tmp_path: Path) -> None:
    course = accuracy_course.write_course(tmp_path, budget=60)
    seed = suite_seed(course, "hw1", suite_sha256(course.tests("hw1")))
    images = check_seed(seed, "test_accuracy.py::test_trained")
    dataset = Dataset(shapes10(course.root, course.solutions), images)
    trained, measured = dataset.training(600, 100)["y_train"][:16], dataset.unseen(200).y[:16]
    given = [trained.tobytes()]  # this the search has to find
    hidden = [measured.tobytes(), *(measured.astype(kind).tobytes() for kind in ("i8", "f8", "f4"))]
    hidden += [str(number).encode() for number in (seed, images)]
    hidden += [seed.to_bytes(8, "little"), images.to_bytes(16, "little"), images.to_bytes(16, "little")[:8]]
    patterns = repr([b"[\\x%02x]" % each[0] + re.escape(each[1:]) for each in (*given, *hidden)])
    spy = SPY.partition("def double")[0].replace("NEEDLES", patterns).replace("FOLDERS", "[]")
    net = accuracy_course.NET.replace("class Net", "class Model") + spy + WATCHFUL
    net = net.replace("FOUND_NUMBERS()", "{number for _, number, _ in FOUND}")
    files = {"nndl/__init__.py": b"", "nndl/net.py": net.encode(), "nndl/optim.py": accuracy_course.OPTIM.encode()}
    write(tmp_path / "in" / "spy", files)
    done = run(f"autograder grade hw1 in --isolation {SHUT_IN[0]}", tmp_path)
    assert done.returncode == 0, done.stderr
    check = checks(read_results(tmp_path / "results" / "hw1")["spy"])[0]
    assert check["verdict"] == "passed", check["message"]
    (found,) = (line.split()[1:] for line in check["output"].splitlines() if line.startswith("FOUND"))
    assert found == ["0"]
