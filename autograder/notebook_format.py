"""nbformat, imported without a grammar of international addresses.

jsonschema, with which nbformat checks notebooks, imports that grammar where it finds it, which takes one and a half
seconds, for each process that looks into a notebook. No schema of a notebook has such an address.
"""

import sys

_GRAMMAR = "rfc3987_syntax"

_known = sys.modules.get(_GRAMMAR)
sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # an import of it is an ImportError, which jsonschema expects
try:
    import nbformat
finally:
    del sys.modules[_GRAMMAR]
    if _known:
        sys.modules[_GRAMMAR] = _known

__all__ = ["nbformat"]
