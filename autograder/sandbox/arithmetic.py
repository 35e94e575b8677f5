"""The same sums on every x86_64 machine: a training must not depend on how wide a processor's vectors are.

How it works
------------
OpenBLAS and NumPy choose their kernels by the processor, and a kernel for wider vectors adds in another order. In a
sandbox both are told to use those for AVX2, which machines have had since 2013; where there is no AVX2, and on other
architectures, they choose by themselves.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

_NEEDED = frozenset({"avx2", "fma"})
_WIDER = ("AVX512", "X86_V4")  # NumPy's names for what is left unused


@functools.cache
def environment() -> dict[str, str]:
    """Return the variables that choose these kernels."""
    if _NEEDED - _processor_flags():
        return {}
    used = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    wider = [name for name in used if name.startswith(_WIDER)]
    return {"OPENBLAS_CORETYPE": "Haswell"} | ({"NPY_DISABLE_CPU_FEATURES": " ".join(wider)} if wider else {})


def _processor_flags() -> frozenset[str]:
    """Return what the first processor can do, in the kernel's words; nothing where they are written otherwise."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())
