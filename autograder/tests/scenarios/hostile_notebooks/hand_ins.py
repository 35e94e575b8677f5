"""Make a class of notebooks, large, broken or old, with and without the package. Run in the folder of the scenario."""

import json
import shutil
from pathlib import Path

CODE = Path("solutions/nndl/layers.py").read_text()


def notebook(*cells, **other):
    """Return a notebook as JSON."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | other)


def cell(source, *outputs):
    """Return a cell of code."""
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": {}, "execution_count": 1}


def write_large(path):
    """Write a notebook with an output of 200 MB."""
    start, end = notebook(cell("", {"output_type": "stream", "name": "stdout", "text": "|"})).split("|")
    with path.open("w") as file:
        file.write(start)
        for _ in range(200):
            file.write("a" * (1 << 20))
        file.write(end)


def beside(student):
    """Return the path of a notebook beside a student's whole package."""
    shutil.copytree("solutions/nndl", f"submitted/{student}/nndl")
    return Path(f"submitted/{student}/hw1.ipynb")


beside("honest").write_text(notebook(cell("import nndl")))
write_large(beside("large_beside"))
beside("malformed_beside").write_text('{"cells": [')
write_large(Path("submitted/large.ipynb"))
Path("submitted/malformed.ipynb").write_text('{"cells": [')
Path("submitted/nested.ipynb").write_text("[" * 1_000_000)
Path("submitted/no_text.ipynb").write_bytes(b"\xff\xfe\0")
Path("submitted/empty.ipynb").touch()
old = {"cell_type": "code", "language": "python", "input": CODE, "outputs": [], "collapsed": False, "metadata": {}}
Path("submitted/old.ipynb").write_text(notebook(nbformat=3, nbformat_minor=0, worksheets=[{"cells": [old]}]))
Path("submitted/cells.ipynb").write_text(notebook(cell(CODE)))
