"""Stand-ins: what a suite imports, and what it may do with it here."""

from __future__ import annotations

import copy
import importlib
import pickle
import sys

import numpy as np
import pytest

from autograder.sandbox.remote import RemoteDict, RemoteList, RemoteObject, stand_in
from autograder.suite import proxies
from autograder.tests.sample_course import write
from autograder.worker.wire import HandleRef, NameRef


class Recorder:
    """A session that writes down what it is asked, and answers what it is told to."""

    def __init__(self):
        self.asked = []
        self.answer = None

    def request(self, operation, *arguments):
        self.asked.append((operation, *arguments[1:]))
        return self.answer

    def call(self, target, args, kwargs):
        self.asked.append((target, args, kwargs))
        return self.answer


@pytest.fixture
def session():
    return Recorder()


@pytest.fixture
def remote(session):
    return stand_in(session, HandleRef(3, "object", "nndl.net.Net"))


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Install stand-ins for a package `given`, and the solutions as `reference`."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    sources = {"given/__init__.py": b"", "given/layers.py": b"def forward(): return 'reference'\n", "given/net.py": b""}
    current = proxies.Current()
    proxies.install(["given"], write(tmp_path, sources), current)
    return current


# ---- imports -------------------------------------------------------------------------------------


def test_imports_of_a_submission_give_stand_ins_whatever_is_in_it(packages):
    from given.layers import forward, not_there  # type: ignore[import-not-found]

    assert forward._ref == NameRef("given.layers", "forward")
    assert not_there._ref == NameRef("given.layers", "not_there")
    assert repr(forward) == "<given.layers.forward of the submission>"
    assert (forward.__name__, forward.__module__) == ("forward", "given.layers")


def test_modules_of_the_reference_solution_are_known_as_modules(packages):
    given = importlib.import_module("given")
    assert given.layers.forward._ref == NameRef("given.layers", "forward")
    assert given.something._ref == NameRef("given", "something")


def test_a_module_that_only_a_submission_has_can_be_imported(packages):
    own = importlib.import_module("given.own")
    assert own.f._ref == NameRef("given.own", "f")


def test_a_path_into_a_class_is_a_stand_in_too(packages):
    from given.net import Net  # type: ignore[import-not-found]

    assert Net.loss._ref == NameRef("given.net", "Net.loss")
    assert not hasattr(Net, "__wrapped__")


def test_the_reference_is_imported_for_real(packages):
    reference = importlib.import_module("reference.given.layers")
    assert reference.forward() == "reference"


def test_the_reference_gets_its_own_support_code_and_not_the_stand_in(packages, tmp_path):
    uses_support = b"from given.layers import forward\nimport math\nfrom math import pi\n"
    write(tmp_path, {"given/uses.py": uses_support})
    reference = importlib.import_module("reference.given.uses")
    assert reference.forward() == "reference"
    assert reference.forward is importlib.import_module("reference.given.layers").forward


def test_a_call_belongs_to_the_running_check(packages, session):
    from given.layers import forward  # type: ignore[import-not-found]

    packages.session = session
    forward(1, x=2)
    assert session.asked == [(forward, (1,), {"x": 2})]


def test_a_call_outside_of_a_check_says_what_is_wrong(packages):
    from given.layers import forward  # type: ignore[import-not-found]

    with pytest.raises(RuntimeError, match="only inside of a check, not when it is imported"):
        forward()


def test_there_is_nothing_to_import_by_star(packages):
    names = {}
    exec("from given.layers import *", names)
    assert set(names) == {"__builtins__"}


# ---- objects -------------------------------------------------------------------------------------


def test_every_operation_is_one_request(session, remote):
    assert remote.W is None
    remote.W = 1
    assert remote["k"] is None
    remote["k"] = 2
    session.answer = 5
    len(remote)
    assert session.asked == [
        ("get", "W"),
        ("set", "W", 1),
        ("item", "k"),
        ("set_item", "k", 2),
        ("length",),
    ]


def test_a_call_of_an_object_is_a_call_there(session, remote):
    remote(1, y=2)
    assert session.asked == [(remote, (1,), {"y": 2})]


@pytest.mark.parametrize(
    "use",
    [lambda r: r == 1, lambda r: r != 1, bool, lambda r: r in [1], lambda r: r == stand_in(Recorder(), r._ref)],
    ids=["==", "!=", "bool", "in", "== another"],
)
@pytest.mark.parametrize("kind", ["object", "dict", "list"])
def test_comparing_is_an_error_instead_of_an_accident(session, use, kind):
    remote = stand_in(session, HandleRef(3, kind, "nndl.net.Net"))
    with pytest.raises(
        TypeError, match=r"<nndl\.net.Net in the sandbox> is an object, where a number, an array or the"
    ):
        use(remote)


def test_an_object_is_like_itself_and_can_be_a_key(remote):
    assert remote == remote
    assert {remote: 1}[remote] == 1


@pytest.mark.parametrize("use", [copy.copy, copy.deepcopy, pickle.dumps], ids=["copy", "deepcopy", "pickle"])
def test_an_object_cannot_be_copied_here(remote, use):
    with pytest.raises(TypeError, match=r"<nndl\.net.Net in the sandbox> cannot be copied here"):
        use(remote)


def test_an_object_is_an_array_if_it_says_so(session, remote):
    session.answer = np.arange(3.0)
    assert np.asarray(remote).tolist() == [0, 1, 2]
    assert np.asarray(remote, dtype=int).dtype == int
    session.answer = "text"
    with pytest.raises(TypeError, match="cannot be turned into an array of numbers"):
        np.asarray(remote)


def test_an_object_is_a_number_only_if_it_is_one(session, remote):
    session.answer = np.array([[2.5]])
    assert float(remote) == 2.5
    session.answer = np.array([2.5, 3.5])
    with pytest.raises(ValueError, match=r"one element|size 1"):
        float(remote)


@pytest.mark.parametrize("answer", [None, -1, 2.0, True, "3"])
def test_a_lying_length_is_refused(session, remote, answer):
    session.answer = answer
    with pytest.raises(TypeError, match="a length that is not a number"):
        len(remote)


def test_lying_keys_are_refused(session):
    session.answer = {"a": 1}
    with pytest.raises(TypeError, match="keys that are not a list"):
        list(stand_in(session, HandleRef(1, "dict", "dict")).items())


def test_the_kinds_of_handles_are_what_they_stand_for(session):
    kinds = {kind: type(stand_in(session, HandleRef(1, kind, ""))) for kind in ("object", "dict", "list")}
    assert kinds == {"object": RemoteObject, "dict": RemoteDict, "list": RemoteList}


def test_a_list_that_never_ends_is_asked_for_only_as_far_as_needed(session):
    session.answer = 7
    endless = iter(stand_in(session, HandleRef(1, "list", "list")))
    assert [next(endless) for _ in range(3)] == [7, 7, 7]
    assert len(session.asked) == 3
