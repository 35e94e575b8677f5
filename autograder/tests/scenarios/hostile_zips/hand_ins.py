"""Make a class in which every zip but one is a trick of another kind. Run in the folder of the scenario."""

import io
import struct
import warnings
import zipfile
from pathlib import Path

LAYERS, NET, INIT = (Path(f"solutions/nndl/{name}.py").read_bytes() for name in ("layers", "net", "__init__"))
WHOLE = {"nndl/__init__.py": INIT, "nndl/layers.py": LAYERS, "nndl/net.py": NET}
SUBMITTED = Path("submitted")
warnings.simplefilter("ignore")  # zipfile's own, about names that are there twice


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """Return a zip of (name or ZipInfo, content)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return stream.getvalue()


def with_name(name):
    """Return an entry whose name zipfile would not write."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    return info


def hand_in(student, *more, data=None, whole=WHOLE):
    """Write a student's zip: the whole package and more entries, or these bytes."""
    SUBMITTED.joinpath(f"{student}.zip").write_bytes(zipped(*whole.items(), *more) if data is None else data)


def patched(data, signature, offset, value):
    """Return a zip in which every record of a kind has other bytes at an offset."""
    data, where = bytearray(data), data.find(signature)
    while where >= 0:
        data[where + offset : where + offset + len(value)] = value
        where = data.find(signature, where + 4)
    return bytes(data)


def bomb():
    """Return zips in zips in zips, sixteen in each, with 16 MB of nothing at the bottom of every one."""
    inner = zipped(("nndl/layers.py", bytes(16 << 20)))
    for _ in range(5):
        inner = zipped(*((f"{number}.zip", inner) for number in range(16)))
    return inner


def link(name, target):
    """Return an entry that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info, target


def overlapping():
    """Return a zip in whose table two names stand for the same bytes."""
    data = zipped(("nndl/layers.py", LAYERS), ("nndl/net.py", LAYERS))
    table = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", table + 4)
    return data[: second + 42] + struct.pack("<L", 0) + data[second + 46 :]


SUBMITTED.mkdir()
PLAIN = zipped(*WHOLE.items())
hand_in("honest")
hand_in("parent", ("../../escaped.py", "print()"))
hand_in("absolute", ("/tmp/escaped.py", "print()"))
hand_in("drive", (with_name("C:\\escaped.py"), "print()"))
hand_in("backslash", (with_name("..\\escaped.py"), "print()"))
hand_in("doubled", ("nndl/net.py", NET + b"# the last one\n"))
hand_in("linked", link("nndl/net.py", "/etc/passwd"), whole={"nndl/layers.py": LAYERS})
hand_in("linked_folder", link("nndl", "/"), whole={"readme.txt": b""})
hand_in("bomb", data=zipped(("nndl/layers.py", bytes(100 << 20)), ("nndl/net.py", NET)))
hand_in("bomb_of_bombs", data=bomb())
hand_in("bomb_beside", ("results.bin", bytes(100 << 20)))
hand_in("many", data=zipped(*((str(number), b"") for number in range(100_000)), method=zipfile.ZIP_STORED))
hand_in("encrypted", data=patched(patched(PLAIN, b"PK\3\4", 6, b"\1"), b"PK\1\2", 8, b"\1"))
hand_in("cut_off", data=PLAIN[:-30])
hand_in("no_table", data=PLAIN[: PLAIN.index(b"PK\1\2")])
hand_in("nul", (with_name("nndl/other.py\0.txt"), "x"))
hand_in("surrogate", data=zipped(*WHOLE.items(), ("nndl/é\u0410.py", "")).replace("é\u0410".encode(), b"\xed\xa0\x80A"))
hand_in("escapes", (with_name("nndl/\x1b[2J.py"), "x"), (with_name("nndl/a\nb.py"), "x"))
hand_in("overlapping", data=overlapping())
hand_in("wrong_crc", data=patched(patched(PLAIN, b"PK\3\4", 14, b"\1\2\3\4"), b"PK\1\2", 16, b"\1\2\3\4"))
hand_in("claims_much", data=patched(PLAIN, b"PK\1\2", 20, b"\xfe\xff\xff\xff\xfe\xff\xff\xff"))
hand_in("claims_little", data=patched(PLAIN, b"PK\1\2", 24, b"\1\0\0\0"))
hand_in("claims_far", data=patched(PLAIN, b"PK\1\2", 42, b"\xfe\xff\xff\xff"))
hand_in("claims_table", data=patched(PLAIN, b"PK\5\6", 12, b"\xfe\xff\xff\xff"))
hand_in("long_name", (f"nndl/{'x' * 300}.py", "x"))
hand_in("file_in_file", ("nndl/net.py/more.py", "x"))
hand_in("very_long_name", ("a/" * 1000, ""))
hand_in("method", data=patched(PLAIN, b"PK\1\2", 10, b"\x63\0"))
hand_in("nothing", data=zipped())
SUBMITTED.joinpath("tape.tar.gz").write_bytes(b"\x1f\x8b\x08" + bytes(100))
SUBMITTED.joinpath("seven.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
SUBMITTED.joinpath("roshal.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(100))
