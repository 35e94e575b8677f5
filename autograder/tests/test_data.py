"""Data sets: got from a server that may fail in every way, from files, kept in a cache, and given to suites."""

from __future__ import annotations

import hashlib
import io
import pickle
import socketserver
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.data import dataset, downloading, get_cifar10, published
from autograder.data.cache import Cache, stale
from autograder.data.dataset import Dataset
from autograder.data.published import FOLDER, NEEDED, Archive
from autograder.errors import UsageError
from autograder.tests.command_line import ROOT, run

SOLUTIONS = ROOT / "solutions"
PER_FILE = 20


def batch(seed: int) -> bytes:
    """Return a file of CIFAR-10's layout with random pictures, two of each class."""
    pixels = np.random.default_rng(seed).integers(0, 256, (PER_FILE, 3072), np.uint8)
    return pickle.dumps({b"data": pixels, b"labels": [i % 10 for i in range(PER_FILE)]}, protocol=3)


BATCHES = {name: batch(number) for number, name in enumerate(NEEDED)}


def packed(contents: dict[str, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as tar:  # type: ignore[call-overload]
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


WHOLE = packed({f"{FOLDER}/{name}": data for name, data in BATCHES.items()})


class Server(socketserver.ThreadingTCPServer):
    """Serves WHOLE; `cut` is after how many bytes each connection breaks."""

    allow_reuse_address = True

    def __init__(self) -> None:
        self.data, self.cut, self.ranges, self.status = WHOLE, len(WHOLE), True, 200
        self.asked: list[str | None] = []
        super().__init__(("127.0.0.1", 0), Handler)

    def archive(self) -> Archive:
        url = f"http://127.0.0.1:{self.server_address[1]}/cifar-10-python.tar.gz"
        return Archive(url=url, md5=hashlib.md5(WHOLE).hexdigest(), size=len(WHOLE))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        self.send_response(self.server.status if not start else 206)
        self.send_header("Content-Length", str(len(self.server.data) - start))
        self.end_headers()
        self.wfile.write(self.server.data[start : start + self.server.cut])

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(root: Path, server: Server | None = None, origin: Path | None = None) -> Path:
    archive = server.archive() if server else published.ARCHIVE
    return get_cifar10(root, SOLUTIONS, origin, progress=lambda have, whole: None, archive=archive)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "datasets").iterdir())


def test_the_archive_is_downloaded_checked_and_unpacked(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = get_cifar10(tmp_path, SOLUTIONS, progress=lambda *now: seen.append(now), archive=server.archive())
    assert files(folder) == BATCHES
    assert seen[-1] == (len(WHOLE), len(WHOLE))
    assert left(tmp_path) == [FOLDER]


def test_a_connection_that_breaks_is_resumed_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.cut = len(WHOLE) // 2 + 1
    assert files(get(tmp_path, server)) == BATCHES
    assert server.asked == [None, f"bytes={server.cut}-"]


def test_what_arrived_is_kept_for_the_next_run(server: Server, tmp_path: Path) -> None:
    server.cut = len(WHOLE) // 8
    with pytest.raises(UsageError, match=r"cannot be downloaded: .* are kept, and the next attempt goes on from there"):
        get(tmp_path, server)
    server.cut = len(WHOLE)
    assert files(get(tmp_path, server)) == BATCHES
    assert server.asked[-1] == f"bytes={3 * (len(WHOLE) // 8)}-"


def test_a_server_that_cannot_resume_starts_again(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "datasets" / "cifar-10-python.tar.gz.part"
    part.parent.mkdir()
    part.write_bytes(b"x" * 1000)
    server.ranges = False
    assert files(get(tmp_path, server)) == BATCHES


def test_another_checksum_is_refused_and_nothing_is_kept(server: Server, tmp_path: Path) -> None:
    server.data = WHOLE[:-1] + b"?"
    with pytest.raises(UsageError, match="what arrived is not the published archive"):
        get(tmp_path, server)
    assert left(tmp_path) == []


def test_a_file_that_the_server_does_not_have_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(UsageError, match="cannot be downloaded: Not Found; run it again, or give a copy with --from"):
        get(tmp_path, server)
    assert len(server.asked) == 1


def test_without_a_network_one_line_says_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "course.yaml").symlink_to(ROOT / "course.yaml")
    (tmp_path / "solutions").symlink_to(SOLUTIONS)
    url = "http://127.0.0.1:9/cifar-10-python.tar.gz"
    done = run(f"autograder data get cifar10 --url {url}", tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"{url} cannot be downloaded: [Errno 111] Connection refused" in line
    assert "--from" in line


def test_a_full_disk_is_noticed_before_the_download(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
    with pytest.raises(UsageError, match=r"no space left for the download in .*make room"):
        get(tmp_path, server)
    assert server.asked == []


def test_a_disk_that_fills_up_while_unpacking_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = get(tmp_path, origin=archive_of(tmp_path, WHOLE))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.data.getting.shutil.copyfileobj", full)
    with pytest.raises(UsageError, match=r"No space left on device .*make room"):
        get(tmp_path, origin=archive_of(tmp_path, WHOLE))
    assert files(before) == BATCHES
    assert left(tmp_path) == [FOLDER]


def archive_of(folder: Path, data: bytes) -> Path:
    path = folder / "given.tar.gz"
    path.write_bytes(data)
    return path


def laid_out(folder: Path, contents: dict[str, bytes] = BATCHES) -> Path:
    folder.mkdir(parents=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("inner", ["", FOLDER])
def test_a_folder_is_taken_with_or_without_the_one_around_it(tmp_path: Path, inner: str) -> None:
    laid_out(tmp_path / "mine" / inner)
    assert files(get(tmp_path, origin=tmp_path / "mine")) == BATCHES


def test_an_archive_is_taken_and_only_its_batches(tmp_path: Path) -> None:
    contents = {f"x/{name}": data for name, data in BATCHES.items()} | {"../../evil": b"!", "x/batches.meta": b"?"}
    assert files(get(tmp_path, origin=archive_of(tmp_path, packed(contents)))) == BATCHES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datasets", "given.tar.gz"]


NO_TEST = {f"x/{name}": data for name, data in BATCHES.items() if name != "test_batch"}
DAMAGED = {f"x/{name}": data for name, data in BATCHES.items()} | {"x/data_batch_2": BATCHES["data_batch_2"][:900]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (WHOLE[: len(WHOLE) // 2], "not an archive of CIFAR-10, or cut short"),
        (b"hello", "not an archive of CIFAR-10"),
        (packed(NO_TEST), "test_batch not in it"),
        (packed(DAMAGED), r"data_batch_2: not a batch of CIFAR-10 \(pickle data was truncated\)"),
    ],
    ids=["truncated", "no archive", "incomplete", "damaged"],
)
def test_an_archive_that_is_not_cifar10_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        get(tmp_path, origin=archive_of(tmp_path, data))
    assert left(tmp_path) == []


def test_what_cannot_be_taken_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        get(tmp_path, origin=tmp_path / "nowhere")
    laid_out(tmp_path / "half", {"data_batch_1": BATCHES["data_batch_1"]})
    with pytest.raises(UsageError, match="half has no data_batch_2"):
        get(tmp_path, origin=tmp_path / "half")


def test_the_command_line_gets_lists_and_describes(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").symlink_to(ROOT / "course.yaml")
    (tmp_path / "solutions").symlink_to(SOLUTIONS)
    archive_of(tmp_path, WHOLE)
    assert "not here: autograder data get cifar10" in run("autograder data list", tmp_path).stdout
    assert run("autograder data info cifar10", tmp_path).returncode == 2
    assert "cifar10 is in datasets" in run("autograder data get cifar10 --from given.tar.gz", tmp_path).stdout
    assert f"in {tmp_path / 'datasets' / FOLDER}, used" in run("autograder data list", tmp_path).stdout
    said = run("autograder data info cifar10", tmp_path).stdout
    assert "test_batch    20 images, 2 to 2 of each class" in said
    assert "not those of the published files" in said


# -- the cache -------------------------------------------------------------------------------------


def make(calls: list[int]) -> tuple[np.ndarray, np.ndarray]:
    calls.append(1)
    return np.arange(12, dtype=np.uint8).reshape(3, 4), np.arange(3)


def damage(folder: Path) -> None:
    path = folder / "shapes10-training.images.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut(folder: Path) -> None:
    path = folder / "shapes10-training.labels.npy"
    path.write_bytes(path.read_bytes()[:-5])


def objects(folder: Path) -> None:
    np.save(folder / "shapes10-training.labels.npy", np.array([print], object), allow_pickle=True)


def forget(folder: Path) -> None:
    (folder / "shapes10-training.json").write_text("[]")


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    calls: list[int] = []
    entries = Cache(tmp_path).of("shapes10", "v1")
    for _ in range(2):
        images, labels = entries.arrays("training", partial(make, calls))
    assert (images.tolist(), labels.tolist(), len(calls)) == (make([])[0].tolist(), [0, 1, 2], 1)


@pytest.mark.parametrize("spoil", [damage, cut, objects, forget])
def test_an_entry_that_was_changed_is_made_anew(tmp_path: Path, spoil: Any) -> None:
    calls: list[int] = []
    entries = Cache(tmp_path).of("shapes10", "v1")
    entries.arrays("training", partial(make, calls))
    spoil(entries.folder)
    assert entries.arrays("training", partial(make, calls))[0].tolist() == make([])[0].tolist()
    assert len(calls) == 2


def test_an_entry_of_another_version_is_told_and_made_anew(tmp_path: Path) -> None:
    calls: list[int] = []
    Cache(tmp_path).of("shapes10", "v1").arrays("training", partial(make, calls))
    entries = Cache(tmp_path).of("shapes10", "v2")
    assert stale(entries.folder, "shapes10", "v2") == ["shapes10-training"]
    entries.arrays("training", partial(make, calls))
    assert len(calls) == 2
    assert stale(entries.folder, "shapes10", "v2") == []


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / ".autograder").write_text("in the way")
    assert Cache(tmp_path).of("shapes10", "v1").arrays("training", partial(make, []))[1].tolist() == [0, 1, 2]


# -- what suites get -------------------------------------------------------------------------------


@pytest.fixture
def shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    return Dataset(dataset.source(tmp_path, SOLUTIONS), seed=7)


def test_training_data_are_those_of_students(shapes: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from utils.data_utils import get_CIFAR10_data

    monkeypatch.chdir(tmp_path)
    theirs = get_CIFAR10_data(num_training=60, num_validation=20, num_test=10)
    ours = shapes.training(60, 20)
    assert all((ours[name] == theirs[name]).all() for name in ours)


def test_unseen_images_are_new_each_time_and_follow_from_the_seed(shapes: Dataset, tmp_path: Path) -> None:
    first, second = shapes.unseen(30), shapes.unseen(30)
    again = Dataset(dataset.source(tmp_path, SOLUTIONS), seed=7).unseen(30)
    assert (first.X == again.X).all()
    assert (first.X != second.X).any()
    assert (first.X.shape, first.X.dtype, len(first)) == ((30, 3, 32, 32), np.float32, 30)


def test_cifar10_is_used_where_it_is_and_has_no_more_images_than_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    laid_out(tmp_path / "datasets" / FOLDER)
    found = Dataset(dataset.source(tmp_path, SOLUTIONS), seed=7)
    assert found.name == "cifar10"
    assert found.training(50, 10)["X_train"].shape == (50, 3, 32, 32)
    assert sorted(found.unseen(PER_FILE).y) == sorted(i % 10 for i in range(PER_FILE))
    with pytest.raises(UsageError, match=f"21 test images wanted, CIFAR-10 has {PER_FILE}"):
        found.unseen(PER_FILE + 1)
    with pytest.raises(UsageError, match=r"200 images wanted, .* hold 100"):
        found.training(190, 10)
