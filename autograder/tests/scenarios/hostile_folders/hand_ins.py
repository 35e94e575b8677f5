"""Make a class in which every folder but one holds something that is no file. Run in the folder of the scenario."""

import os
import shutil
import socket
import stat
from contextlib import suppress
from pathlib import Path

SOLUTIONS = Path("solutions/nndl").resolve()


def hand_in(student, *without):
    """Return the package in a new student's folder, without some of its files."""
    return Path(shutil.copytree(SOLUTIONS, f"submitted/{student}/nndl", ignore=shutil.ignore_patterns(*without)))


hand_in("honest")
os.mkfifo(hand_in("fifo") / "optim2.py")
os.mkfifo(hand_in("fifo_as_module", "net.py") / "net.py")
package = hand_in("device", "net.py")
with suppress(PermissionError):  # only root can make one
    os.mknod(package / "net.py", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
home = Path.cwd()
os.chdir(hand_in("socket", "net.py"))  # the address of a socket has to be short
socket.socket(socket.AF_UNIX).bind("net.py")
os.chdir(home)
(hand_in("loop") / "again").symlink_to("..")
(hand_in("to_itself", "net.py") / "net.py").symlink_to("net.py")
(hand_in("to_passwd", "net.py") / "net.py").symlink_to("/etc/passwd")
(hand_in("to_solutions", "net.py") / "net.py").symlink_to(SOLUTIONS / "net.py")
(hand_in("hard_link", "net.py") / "net.py").hardlink_to(SOLUTIONS / "net.py")
hand_in("package_to_solutions").rename("submitted/package_to_solutions/other")
shutil.rmtree("submitted/package_to_solutions/other")
Path("submitted/package_to_solutions/nndl").symlink_to(SOLUTIONS)
Path("submitted/all_of_it").symlink_to("/")
(hand_in("module_as_folder", "net.py") / "net.py").mkdir()
hand_in("unreadable").parent.joinpath("notes.txt").touch(mode=0)
odd = os.fsencode(hand_in("no_utf8"))
for name in (b"\xff\xfe.py", b"\x1b[2J.py", b"a\nb.py", b"-rf", b"x" * 252 + b".py"):
    Path(os.fsdecode(odd + b"/" + name)).write_bytes(b"raise SystemExit\n")
(hand_in("deep") / "/".join(["deep"] * 300)).mkdir(parents=True)
hand_in("=cmd()\x1b[2J")
hand_in("y" * 255)
hand_in("lost").rename("submitted/lost/" + "z" * 250)
sparse = hand_in("sparse") / "data.py"
os.truncate(os.open(sparse, os.O_CREAT | os.O_WRONLY), 2 << 30)
os.truncate(os.open("submitted/huge.zip", os.O_CREAT | os.O_WRONLY), 2 << 30)
