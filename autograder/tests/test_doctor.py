from pathlib import Path

import pytest

from autograder import doctor
from autograder.data import published
from autograder.doctor import Finding
from autograder.sandbox import Level

NONE = Level("none", True, "limits only")


@pytest.fixture
def kernel(monkeypatch):
    """Stand in for the files of the kernel; those that are not set do not exist."""
    files = {}
    monkeypatch.setattr(doctor, "_read", files.get)
    return files


@pytest.fixture
def programs(monkeypatch):
    """Stand in for the programs on PATH."""
    found = {}
    monkeypatch.setattr(doctor.shutil, "which", found.get)
    return found


@pytest.fixture
def packages(monkeypatch):
    """Stand in for the versions of installed packages."""
    versions = {}
    monkeypatch.setattr(doctor, "_version", versions.get)
    return versions


def isolation(*levels):
    return {finding.name: finding for finding in doctor._isolation(levels)}


def test_everything_is_looked_at_on_this_machine():
    findings = {finding.name: finding for finding in doctor.examine()}
    wanted = {"Python", "NumPy", "isolation none", "C compiler", "nbgrader", "Jupyter", "CIFAR-10", "cores", "memory"}
    assert wanted <= findings.keys()
    assert findings["Python"].ok
    assert all(finding.detail for finding in findings.values())
    assert all(finding.remedy for finding in findings.values() if finding.ok is False)


def test_numpy_names_blas_and_threads(monkeypatch):
    for name in doctor._THREAD_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert "a thread for each of" in doctor._numpy().detail
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert "OMP_NUM_THREADS=3" in doctor._numpy().detail


def test_the_best_level_that_works_is_what_auto_takes():
    found = isolation(Level("bwrap", True, "works"), Level("landlock", True, "works"), NONE)
    assert found["isolation bwrap"].detail == "works; this is what auto takes"
    assert "Landlock ABI" in found["isolation landlock"].detail
    assert "auto" not in found["isolation landlock"].detail
    assert found["isolation none"].ok is None


def test_a_missing_level_is_missed_only_where_no_other_works(programs):
    missing = Level("bwrap", False, "bubblewrap is not installed")
    assert isolation(missing, Level("landlock", True, "works"), NONE)["isolation bwrap"].ok is None
    found = isolation(missing, Level("landlock", False, "no Landlock"), NONE)
    assert (found["isolation bwrap"].ok, found["isolation landlock"].ok) == (False, False)
    assert found["isolation bwrap"].remedy == "apt install bubblewrap"


@pytest.mark.parametrize(
    ("file", "value", "remedy"),
    [
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
        ("/proc/version", "Linux", "docker run --privileged"),
    ],
)
def test_bubblewrap_that_does_not_start_gets_the_remedy_for_its_reason(kernel, programs, file, value, remedy):
    programs["bwrap"] = "/usr/bin/bwrap"
    kernel[file] = value
    found = isolation(Level("bwrap", False, "cannot start"), NONE)["isolation bwrap"]
    assert found.detail == "cannot start"
    assert remedy in found.remedy


def test_landlock_that_is_switched_off_is_switched_on_at_boot(kernel):
    kernel["/sys/kernel/security/lsm"] = "capability,yama"
    found = isolation(Level("landlock", False, "no Landlock"), NONE)["isolation landlock"]
    assert found.remedy == "boot the kernel with lsm=landlock,capability,yama"


def test_landlock_that_is_not_there_needs_a_newer_kernel(kernel):
    assert "a kernel from 5.13" in isolation(Level("landlock", False, "no"), NONE)["isolation landlock"].remedy


def test_a_missing_compiler_says_what_it_is_for_and_how_to_get_it(programs):
    found = doctor._compiler()
    assert (found.ok, found.remedy) == (None, "apt install gcc python3-dev")
    assert "fast layers" in found.detail


def test_missing_headers_of_python_are_named(programs, monkeypatch, tmp_path):
    programs["cc"] = "/usr/bin/cc"
    monkeypatch.setenv("CC", "cc -O2")
    monkeypatch.setattr(doctor.sysconfig, "get_path", lambda name: str(tmp_path))
    assert doctor._compiler().remedy == "apt install python3-dev"
    (tmp_path / "Python.h").touch()
    assert doctor._compiler() == Finding(name="C compiler", ok=True, detail="/usr/bin/cc")


def test_a_missing_nbgrader_is_no_failure_for_graders(packages):
    (found,) = doctor._authoring()
    assert (found.ok, found.remedy) == (None, "pip install 'autograder[authoring]'")


def test_alembic_has_to_be_on_path(packages, programs, monkeypatch, tmp_path):
    packages["nbgrader"] = "0.9.6"
    monkeypatch.setattr(doctor.sys, "executable", str(tmp_path / "python"))
    assert next(f for f in doctor._authoring() if f.name == "alembic").remedy == "pip install alembic"
    (tmp_path / "alembic").touch()
    assert next(f for f in doctor._authoring() if f.name == "alembic").remedy == f"put {tmp_path} on PATH"
    programs["alembic"] = "/bin/alembic"
    assert next(f for f in doctor._authoring() if f.name == "alembic").ok


def test_jupyter_is_found_as_lab_or_notebook(packages):
    assert doctor._jupyter().remedy == "pip install jupyterlab"
    packages["notebook"] = "7.0"
    assert doctor._jupyter().detail == "notebook 7.0"


def test_a_package_that_is_not_installed_has_no_version():
    assert doctor._version("no-such-package-anywhere") is None


def test_cifar10_is_found_where_students_code_finds_it(monkeypatch, tmp_path):
    folder = tmp_path / "datasets" / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    below = tmp_path / "course" / "release"
    assert doctor._cifar10(published.find(below)).ok is None
    for name in published.NEEDED:
        (folder / name).touch()
    assert doctor._cifar10(published.find(below)) == Finding(name="CIFAR-10", ok=True, detail=str(folder))
    monkeypatch.setenv("CIFAR10_DIR", str(folder.parent))
    assert published.find(Path("/")) == folder


def test_an_incomplete_cifar10_names_what_is_missing(tmp_path):
    (tmp_path / "test_batch").touch()
    found = doctor._cifar10(tmp_path)
    assert found.ok is False
    assert "data_batch_1, data_batch_2" in found.detail


def test_without_cifar10_the_generated_pictures_stand_in():
    found = doctor._cifar10(None)
    assert (found.ok, found.remedy) == (None, "autograder data get cifar10")
    assert "shapes10" in found.detail


def test_cores_are_those_of_the_control_group(kernel, monkeypatch):
    monkeypatch.setattr(doctor.os, "sched_getaffinity", lambda pid: set(range(8)))
    assert doctor._cores().detail.startswith("8 ")
    kernel["/sys/fs/cgroup/cpu.max"] = "150000 100000"
    assert doctor._cores().detail.startswith("2 ")
    kernel["/sys/fs/cgroup/cpu.max"] = "max 100000"
    assert doctor._cores().detail.startswith("8 ")


def test_memory_is_what_machine_and_control_group_leave(kernel):
    assert doctor._memory().ok is None
    kernel["/proc/meminfo"] = "MemTotal: 9999999 kB\nMemAvailable: 8388608 kB"
    assert doctor._memory().detail.startswith("8192 MB free")
    kernel["/sys/fs/cgroup/memory.max"] = str(1 << 30)
    kernel["/sys/fs/cgroup/memory.current"] = str(1 << 28)
    found = doctor._memory()
    assert found.detail.startswith("768 MB free")
    assert "memory_mb" in found.remedy


def test_a_file_that_the_kernel_does_not_have_is_nothing(tmp_path):
    assert doctor._read(str(tmp_path / "nothing")) is None
