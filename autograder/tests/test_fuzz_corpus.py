"""The seeds of fuzz/, found ones among them, as ordinary tests; and sessions of honest and forged frames in turn."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from autograder.tests.command_line import run
from autograder.worker import wire

FUZZ = Path(__file__).parents[2] / "fuzz"


def load(name: str) -> ModuleType:
    """Import one of the fuzzers, which are scripts in a folder of their own."""
    sys.path.insert(0, str(FUZZ))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FUZZ))


frames, intake, beside = load("frames"), load("intake"), load("beside")
FRAMES, HAND_INS, BESIDE = (sorted(each.CORPUS.iterdir()) for each in (frames, intake, beside))


@pytest.mark.parametrize("seed", FRAMES, ids=lambda seed: seed.name)
def test_a_frame_of_the_corpus_gives_a_value_or_a_wire_error(seed):
    frames.check(seed.read_bytes())


@pytest.mark.parametrize("seed", HAND_INS, ids=lambda seed: seed.name)
def test_a_hand_in_of_the_corpus_gives_files_or_a_problem(seed):
    intake.check(seed.read_bytes())


@pytest.mark.parametrize("seed", BESIDE, ids=lambda seed: seed.name)
def test_what_comes_beside_a_package_is_read_or_refused_in_words(seed):
    beside.check(seed.read_bytes())


def test_the_corpus_reaches_values_and_refusals_of_many_kinds():
    said = set()
    for seed in FRAMES:
        try:
            said.add(type(frames.Stream().message(frames.frame(seed.read_bytes()))).__name__)
        except wire.WireError as error:
            said.add(str(error))
    assert said >= {"ndarray", "dict", "tuple", "HandleRef", "NameRef", "values nested too deeply"}
    assert len(said) > 25


def test_a_fuzzer_reports_what_it_finds(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".fuzz").mkdir()

    def check(data: bytes) -> None:
        raise IndexError(len(data))

    with pytest.raises(IndexError, match="3"):
        frames.loop.attempt("frames", check, b"abc")
    (kept,) = (tmp_path / ".fuzz").iterdir()
    assert kept.read_bytes() == b"abc"
    assert f"found .fuzz/{kept.name}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["frames", "intake"])
def test_a_fuzzer_runs_and_says_how_many_inputs_it_had(tmp_path, name):
    done = run(f"{sys.executable} {FUZZ}/{name}.py --plain --seconds 20 --count 1000", tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{name}: 1,0" in done.stdout
    assert "per second, nothing found" in done.stdout


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=8,
)


class Session(RuleBasedStateMachine):
    """One inbox: whatever was refused before, an honest frame is read as what was sent, and nothing read changes."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = frames.Stream()
        self.kept: list[tuple[np.ndarray[Any, Any], bytes]] = []

    @rule(value=VALUES)
    def honest(self, value: Any) -> None:
        assert self.stream.message(b"".join(wire.pack(value, frames.refer))) == value

    @rule(size=st.sampled_from([1, 100, 10_000]), number=st.integers(0, 255))
    def array(self, size: int, number: int) -> None:
        sent = np.full(size, number, np.uint8)
        got = self.stream.message(b"".join(wire.pack(sent, frames.refer)))
        assert got.tobytes() == sent.tobytes()
        self.kept.append((got, sent.tobytes()))

    @rule(tokens=st.lists(st.sampled_from(range(len(frames.TOKENS))), max_size=30), after=st.binary(max_size=64))
    def forged(self, tokens: list[int], after: bytes) -> None:
        self._hostile(frames.frame(bytes([frames.PROGRAM, *tokens, frames.END]) + after))

    @rule(seed=st.sampled_from(FRAMES), where=st.integers(0, 1 << 16), number=st.integers(0, 255))
    def damaged(self, seed: Path, where: int, number: int) -> None:
        data = bytearray(frames.frame(seed.read_bytes()) or b"\0")
        data[where % len(data)] = number
        self._hostile(bytes(data))

    def _hostile(self, data: bytes) -> None:
        with suppress(wire.WireError):
            self.stream.message(data)

    def teardown(self) -> None:
        assert all(array.tobytes() == sent for array, sent in self.kept)


TestSession = Session.TestCase
TestSession.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
