"""The levels of isolation: which works here, which is taken, and what a start that fails says."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from autograder.errors import AutograderError, UsageError
from autograder.sandbox import Sandbox, choose, isolation, launch, levels, refuse_exposed
from autograder.tests.sandboxes import SHUT_IN, files, name, opened
from autograder.types import Limits

SUBMISSION = files(code="def attempt(code):\n    return str(eval(code))\n")


def descriptors():
    return sorted(Path("/proc/self/fd").iterdir())


@pytest.fixture
def tried(monkeypatch):
    """Say which levels shall work, without trying."""

    def set_up(**reasons):
        monkeypatch.setattr(
            isolation, "_examined", lambda name: isolation.Level(name, not reasons.get(name), reasons.get(name, ""))
        )

    return set_up


def test_auto_takes_the_best_that_works(tried):
    tried()
    assert choose("auto") == "bwrap"
    tried(bwrap="no")
    assert choose("auto") == "landlock"
    tried(bwrap="no", landlock="no")
    assert choose("auto") == "account"


def test_auto_never_falls_to_none_and_says_why_nothing_works(tried):
    tried(bwrap="not installed", landlock="old kernel", account="not root")
    with pytest.raises(UsageError) as caught:
        choose("auto")
    assert str(caught.value) == (
        "no isolation works here (bwrap: not installed; landlock: old kernel; account: not root): "
        "see `autograder doctor`, or ask for --isolation none if you trust every submission"
    )


def test_a_level_by_name_is_taken_or_refused_with_its_reason(tried):
    tried(landlock="old kernel")
    assert choose("bwrap") == "bwrap"
    assert choose("none") == "none"
    with pytest.raises(UsageError, match="isolation landlock does not work here: old kernel"):
        choose("landlock")


def test_an_unknown_level_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"unknown isolation 'bwarp' \(did you mean 'bwrap'\?\): use auto, bwrap, "):
        choose("bwarp")


def test_every_level_is_listed_best_first():
    found = levels()
    assert [level.name for level in found] == ["bwrap", "landlock", "account", "none"]
    assert all(level.reason for level in found)
    assert found[-1].works


@pytest.fixture
def folder():
    """Give a folder that every account may pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="autograder-test-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


@pytest.mark.parametrize("level", ["bwrap", "landlock"])
def test_a_course_among_what_every_sandbox_can_read_is_refused(level, tmp_path, monkeypatch):
    packages, elsewhere = tmp_path / "site-packages", tmp_path / "elsewhere"
    monkeypatch.setattr(launch, "runtime_paths", lambda: ["/usr/lib", str(packages)])
    (packages / "course").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "link").symlink_to(packages / "course")
    refuse_exposed(level, [tmp_path, elsewhere, packages / "nowhere"])
    for path in (packages / "course", elsewhere / "link"):
        with pytest.raises(UsageError, match=f"every sandbox can read {packages}, where Python"):
            refuse_exposed(level, [path])


def test_a_course_that_other_accounts_can_read_is_refused_where_accounts_are_all_there_is(folder):
    (folder / "open").mkdir(mode=0o755)
    (folder / "closed").mkdir(mode=0o700)
    for name_, mode in (("open/closed.zip", 0o600), ("closed/open.zip", 0o644), ("open/open.zip", 0o644)):
        (folder / name_).touch()
        (folder / name_).chmod(mode)
    refuse_exposed("account", [folder / "closed", folder / "open/closed.zip", folder / "closed/open.zip"])
    for path in (folder / "open", folder / "open/open.zip"):
        with pytest.raises(UsageError, match=rf"every account here can read {path}: close it \(chmod o-rwx {path}\)"):
            refuse_exposed("account", [path])


def test_the_level_of_accounts_says_what_it_misses(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert isolation._account_missing() == "only root can give every sandbox an account of its own"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(isolation.scratch, "_unused_account", lambda: 65534)
    assert "too few accounts in this container's user namespace" in isolation._account_missing()


def test_the_level_of_accounts_needs_a_python_that_all_can_read(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(isolation.scratch, "has_accounts", lambda: True)
    (tmp_path / "closed").mkdir(mode=0o700)
    monkeypatch.setattr(launch, "runtime_paths", lambda: ["/usr/lib", str(tmp_path / "closed")])
    assert isolation._account_missing() == f"other accounts cannot read {tmp_path / 'closed'}, which Python needs"


@pytest.fixture
def fresh():
    isolation._examined.cache_clear()
    yield
    isolation._examined.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_bubblewrap_that_is_not_installed_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert levels()[0] == isolation.Level("bwrap", False, "bubblewrap is not installed (apt install bubblewrap)")


@pytest.mark.usefixtures("fresh")
def test_bubblewrap_that_cannot_start_says_what_it_said(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(fake))
    reason = levels()[0].reason
    assert "No permissions to create new namespace" in reason
    assert "user namespaces may be switched off on this machine" in reason


@pytest.mark.usefixtures("fresh")
def test_a_kernel_without_landlock_and_an_unknown_machine_say_so(monkeypatch):
    monkeypatch.setattr(isolation.confine, "landlock_version", lambda: 0)
    assert "the kernel offers no Landlock (Linux 5.13 or newer" in levels()[1].reason
    isolation._examined.cache_clear()
    monkeypatch.setattr(isolation.seccomp, "available", lambda: False)
    assert levels()[1].reason == "the seccomp filter knows x86_64 and aarch64 only"


@pytest.mark.parametrize("level", [level for level in SHUT_IN if level != "account"])
def test_a_level_is_tried_by_really_shutting_a_process_in(level, monkeypatch):
    monkeypatch.setattr(launch, "runtime_paths", lambda: ["/nowhere"])
    assert isolation._trial(level).startswith("a process cannot be shut in (")


def test_a_sandbox_that_cannot_be_started_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(launch, "INTERPRETER", Path("/nowhere/python"))
    before = descriptors()
    with pytest.raises(AutograderError, match=r"cannot start a sandbox \(none\): .*No such file"):
        Sandbox("none", Limits())
    assert descriptors() == before
    assert list(tmp_path.iterdir()) == []


def test_a_sandbox_that_does_not_get_ready_says_its_last_words(monkeypatch):
    monkeypatch.setattr(launch, "_import_path", lambda: [])
    sandbox = Sandbox("none", Limits())
    with pytest.raises(AutograderError, match="a sandbox did not start: ModuleNotFoundError: No module named"):
        sandbox.await_ready()
    sandbox.kill()


def may_keep_reading():
    """Tell whether root has CAP_DAC_READ_SEARCH."""
    found = re.search(r"^CapPrm:\s*(\w+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return bool(int(found[1], 16) & 1 << 2)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root takes another account")
@pytest.mark.parametrize("level", [level for level in SHUT_IN if level != "account"])
def test_a_runtime_that_only_root_may_enter_can_be_used(level, monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "module.py").write_text("x = 5\n")
    for function in ("_import_path", "runtime_paths"):
        paths = [*getattr(launch, function)(), str(closed)]
        monkeypatch.setattr(launch, function, lambda paths=paths: paths)
    with opened(level, SUBMISSION) as session:
        if may_keep_reading():
            assert name(session, "nndl.code.attempt")("__import__('module').x") == "5"
        else:  # as in a container
            with pytest.raises(AutograderError, match="only root can read this Python"):
                name(session, "nndl.code.attempt")("1")
