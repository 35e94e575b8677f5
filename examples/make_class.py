"""Write a sample class of hw3: what some three dozen students hand in, from full solutions to sabotage.

    python examples/make_class.py [--output submitted/hw3]
    autograder grade hw3 submitted/hw3

students.py says who hands in what, expected.yaml what each of them gets for it. Written again, the class
replaces itself, and leaves everything else in the folder alone.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from packages import ROOT
from students import HandIn, sample_class

WRITTEN = ".sample-class"  # names what is ours in the folder; the grader ignores names with a dot


def main() -> None:
    """Write the class and say where."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "submitted" / "hw3", metavar="DIR")
    output = parser.parse_args().output
    try:
        count = write(sample_class(), output)
    except OSError as error:
        sys.exit(f"make_class: {error}")
    print(f"wrote the hand-ins of {count} students to {output}")


def write(hand_ins: dict[str, HandIn], output: Path) -> int:
    """Write folders and zips into `output` in place of those of an earlier time, and return how many.

    Raises FileExistsError, before anything is changed, if one of the names is taken by something else.
    """
    names = {f"{student}.zip" if isinstance(work, bytes) else student: work for student, work in hand_ins.items()}
    register = output / WRITTEN
    ours = set(register.read_text(encoding="utf-8").split()) if register.is_file() else set()
    for name in names.keys() - ours:
        if (output / name).exists():
            raise FileExistsError(f"{output / name} is not of the sample class: give another folder with --output")
    output.mkdir(parents=True, exist_ok=True)
    register.write_text("\n".join(sorted(ours | names.keys())) + "\n", encoding="utf-8")
    for name in ours:
        _remove(output / name)
    for name, work in names.items():
        _write(output / name, work)
    register.write_text("\n".join(sorted(names)) + "\n", encoding="utf-8")
    return len(names)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(path: Path, work: HandIn) -> None:
    if isinstance(work, bytes):
        path.write_bytes(work)
        return
    path.mkdir()
    for name, data in work.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


if __name__ == "__main__":
    main()
