"""Make a class with files that real hand-ins hold beside, and within, a good package. Run in the scenario's folder."""

import json
import py_compile
import shutil
from pathlib import Path

SUBMITTED = Path("submitted")
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)  # the beginning of a library for Linux; that of macOS has other bytes
MACH_O = b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(56)
WRONG = "def double(x):\n    return 3 * x\n"


def package(student, folder="nndl"):
    """Copy the solution as a student's package, and return its folder."""
    place = SUBMITTED / student / folder
    shutil.copytree("solutions/nndl", place)
    return place


def notebook(student, cells, **other):
    """Write a notebook beside a student's package."""
    text = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2} | other
    (package(student).parent / f"{student} (final).ipynb").write_text(json.dumps(text))


def code(source, *outputs):
    """Return a cell of code."""
    return {"cell_type": "code", "execution_count": 7, "metadata": {}, "source": [source], "outputs": list(outputs)}


# -- notebooks: none of them is graded, and none keeps its package from being graded
image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 8_000_000, "text/plain": ["<Figure>"]}}
error = {"output_type": "error", "ename": "KeyError", "evalue": "'W1'", "traceback": ["\u001b[0;31mKeyError\u001b[0m"]}
python2 = {"kernelspec": {"display_name": "Python 2", "language": "python", "name": "python2"}}
old = {"cell_type": "code", "language": "python", "input": ["print 1"], "outputs": [], "prompt_number": 1, "metadata": {}}
notebook("notebook_of_8_mb", [code("plt.imshow(x)", image)])
notebook("notebook_with_errors", [code("net.loss(X, y)", error)])
notebook("notebook_of_python_2", [code("print 'rel_error', e")], metadata=python2)
notebook("notebook_without_outputs", [code("affine_forward(x, w, b)")])
notebook("notebook_with_edited_checks", [code("assert True  # was: rel_error(out, correct) < 1e-8")])
notebook("notebook_of_format_3", [], nbformat=3, nbformat_minor=0, worksheets=[{"cells": [old], "metadata": {}}])

# -- files within the package that are not code, or not for here
within = package("libraries_of_other_machines")
(within / "im2col_cython.cpython-37m-darwin.so").write_bytes(MACH_O)
(within / "im2col_cython.so").write_bytes(ELF)
(within / "im2col_cython.cp36-win_amd64.pyd").write_bytes(b"MZ" + bytes(100))
(within / "layers.so").write_bytes(ELF)  # beside layers.py, which counts
(within / "build").mkdir()
(within / "build" / "im2col_cython.o").write_bytes(ELF)

within = package("bytecode_of_another_version")
(within / "wrong.py").write_text(WRONG)
(within / "__pycache__").mkdir()
py_compile.compile(within / "wrong.py", cfile=within / "__pycache__" / "layers.cpython-311.pyc", doraise=True)
py_compile.compile(within / "wrong.py", cfile=within / "layers.pyc", doraise=True)
(within / "wrong.py").unlink()

within = package("what_systems_leave")
(within / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
(within / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
(within / "layers.py.swp").write_bytes(b"b0VIM 8.1")
(within / "layers.py~").write_text(WRONG)
(within / "layers (1).py").write_text(WRONG)
(within / ".ipynb_checkpoints").mkdir()
(within / ".ipynb_checkpoints" / "layers-checkpoint.py").write_text(WRONG)
(within.parent / "desktop.ini").write_text("[.ShellClassInfo]\r\n")
(within.parent / "hw1.py").write_text("import nndl\n1 / 0\n")

# -- whole environments and data beside it
package("environment_beside")
for place in ("venv/lib/python3.6/site-packages/nndl", ".env/Lib/site-packages/nndl", "__MACOSX/nndl"):
    there = SUBMITTED / "environment_beside" / place
    there.mkdir(parents=True)
    (there / "layers.py").write_text(WRONG)
(SUBMITTED / "environment_beside" / "venv" / "pyvenv.cfg").write_text("version = 3.6.9\n")
data = SUBMITTED / "environment_beside" / "nndl" / "datasets"
data.mkdir()
(data / "data_batch_1").write_bytes(b"\x80\x02" + bytes(3_000_000))

# -- names
package("spaces and (brackets) [1]", "HW 1 – résumé/my code/nndl")
package("one_folder_too_many", "nndl/nndl")

# -- starter code with methods, of which each kind that handouts have is left in place
within = package("methods_left_in_place")
(within / "layers.py").write_text(
    "class _Doubler:\n    def double(self, x):\n        pass\n\n\ndef double(x):\n    return _Doubler().double(x)\n"
)
