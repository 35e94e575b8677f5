"""Sums in a sandbox: the same kernels whatever the processor offers beyond them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox import arithmetic, launch

SUM = "import numpy as np; a = np.random.default_rng(0).random((90, 700), np.float32); print((a @ a.T).tobytes().hex())"


def summed(**variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SUM],
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def flags(monkeypatch: pytest.MonkeyPatch):
    """Let the processor have these flags only."""

    def have(*names: str) -> dict[str, str]:
        monkeypatch.setattr(arithmetic, "_processor_flags", lambda: frozenset(names))
        return arithmetic.environment.__wrapped__()

    return have


def test_kernels_for_avx2_are_chosen_where_there_is_avx2(flags) -> None:
    assert flags("sse2", "avx2", "fma", "avx512f")["OPENBLAS_CORETYPE"] == "Haswell"
    assert flags("sse2") == {}


def test_every_sandbox_gets_them() -> None:
    assert arithmetic.environment().items() <= launch._environment("/scratch").items()


def test_a_machine_without_wider_vectors_adds_alike() -> None:
    chosen = arithmetic.environment()
    assert summed(**chosen) == summed(**({"OPENBLAS_CORETYPE": "Haswell"} if chosen else {}))
