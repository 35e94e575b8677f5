"""Dialects: names, arguments, results and live views pass through a submission's own conventions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder.sandbox import Contents, Session
from autograder.sandbox.remote import RemoteName
from autograder.suite import proxies
from autograder.suite.dialects import Speech, Translated, in_their_way, speech_for
from autograder.suite.verdicts import NotAsked
from autograder.tests.command_line import ROOT
from autograder.tests.sandboxes import QUICK
from autograder.types import Adaptation, ArgumentForm, Dialect
from autograder.worker.wire import NameRef

CODE = """
import numpy as np

class Net:
    def __init__(self, hidden_dims, input_dim=4, normalization=None, dropout=1):
        self.hidden_dims, self.input_dim = hidden_dims, input_dim
        self.normalization, self.dropout = normalization, dropout
        self.params = {"W1": np.arange(6.0).reshape(2, 3)}

    def loss(self, X, y=None, reg=0.0):
        return reg, {"W1": reg * self.params["W1"]}

    def shape(self):
        return self.params["W1"].shape

def rmsprop(w, dw, config=None):
    config["cache"] = config.get("cache", 0) + 1
    return w, dict(config)

def loss(W, X, y, reg):
    return (W.shape, X.shape, reg), np.matrix(W)
"""
DIALECT = Dialect(
    title="Theirs",
    package="theirs",
    names={
        "nndl.fc_net": "theirs.deep.net",
        "nndl.fc_net.FullyConnectedNet": "theirs.deep.net.Net",
        "nndl.fc_net.FullyConnectedNet.form": "theirs.deep.net.Net.shape",
        "nndl.optim": "theirs.deep.net",
        "nndl.optim.sgd": "theirs.deep.net.loss",
    },
    lacks=("nndl.optim.adam", "nndl.fc_net.FullyConnectedNet.save"),
    adaptations={
        "nndl.fc_net.FullyConnectedNet": (
            Adaptation(
                transposed=("W1",),
                arguments={
                    "use_batchnorm": (
                        ArgumentForm(name="use_batchnorm"),
                        ArgumentForm(name="normalization", omit=(False,), when_true="batchnorm"),
                    ),
                    "dropout": (ArgumentForm(name="keep", omit=(0,)), ArgumentForm(name="dropout", omit=(0,))),
                    "seed": (ArgumentForm(omit=(None,)),),
                    "reg": (ArgumentForm(name="reg", factor=0.5),),
                },
            ),
        ),
        "nndl.optim.rmsprop": (Adaptation(entries={"a": "cache"}),),
        "nndl.optim.sgd": (
            Adaptation(title="rows", transposed=("w", "dw"), returns=("", "w")),
            Adaptation(title="columns"),
        ),
    },
)  # fmt: skip


@pytest.fixture
def speech() -> Speech:
    proxies.install_reference(ROOT / "solutions")
    return Speech(DIALECT)


@pytest.fixture
def session(speech: Speech) -> Iterator[Translated]:
    contents = Contents(files={"theirs/deep/net.py": CODE.encode()}, support={}, rename=speech.rename)
    inner = Session("none", QUICK, contents)
    inner.begin_check(1)
    yield Translated(inner, speech)
    inner.end()


def name(session: Translated, module: str, path: str) -> RemoteName:
    return RemoteName(NameRef(module, path), lambda: session)


def net(session: Translated, *args: object, **settings: object):
    return name(session, "nndl.fc_net", "FullyConnectedNet")(*args, **settings)


def test_a_submission_is_spoken_to_in_the_dialect_of_its_package():
    assert speech_for([DIALECT], "nndl", ["theirs/layers.py"]).dialect is DIALECT
    assert speech_for([DIALECT], "nndl", ["nndl/layers.py", "theirs/layers.py"]) is None
    assert speech_for([DIALECT], "nndl", ["other/layers.py"]) is None
    assert speech_for([DIALECT], "torch_models", ["theirs/layers.py"]) is None


def test_names_are_those_of_the_submission(speech):
    assert speech.rename(NameRef("nndl.fc_net", "FullyConnectedNet")) == NameRef("theirs.deep.net", "Net")
    assert speech.rename(NameRef("nndl.fc_net", "TwoLayerNet")) == NameRef("theirs.deep.net", "TwoLayerNet")
    assert speech.rename(NameRef("nndl.fc_net", "FullyConnectedNet.loss")) == NameRef("theirs.deep.net", "Net.loss")
    assert speech.rename(NameRef("utils.solver", "Solver")) == NameRef("utils.solver", "Solver")


def test_arguments_take_the_form_that_the_signature_shows(session):
    built = net(session, [5], use_batchnorm=True, dropout=0.3, seed=None)
    assert (built.normalization, built.dropout) == ("batchnorm", 0.3)
    off = net(session, [5], use_batchnorm=False, dropout=0)
    assert (off.normalization, off.dropout) == (None, 1)


def test_an_argument_that_the_dialect_lacks_is_not_asked_about(session):
    with pytest.raises(NotAsked, match="no argument 'seed'"):
        net(session, [5], seed=3)


def test_names_that_the_dialect_lacks_are_not_asked_about(session):
    with pytest.raises(NotAsked, match=r"Theirs has no optim\.adam"):
        name(session, "nndl.optim", "adam")(1, 2)
    with pytest.raises(NotAsked, match=r"fc_net\.FullyConnectedNet\.save"):
        _ = net(session, [5]).save


def test_live_views_and_results_are_the_right_way_round(session):
    built = net(session, [5])
    assert built.params["W1"].shape == (3, 2)
    built.params["W1"] = np.ones((7, 8))
    assert built.form() == (8, 7)
    loss, grads = built.loss(np.ones(1), reg=3.0)
    assert (loss, grads["W1"].shape, grads["W1"][0, 0]) == (1.5, (7, 8), 1.5)


def test_entries_of_dicts_are_renamed_on_both_ways(session):
    config = {"a": 4}
    _, returned = name(session, "nndl.optim", "rmsprop")(np.ones(1), np.ones(1), config)
    assert config == returned == {"a": 5}


def test_a_way_is_followed_once_it_is_chosen(session, speech):
    shapes, w = name(session, "nndl.optim", "sgd")(np.ones((2, 3)), np.ones((4, 5)), None, 1.0)
    assert (shapes[:2], w.shape) == (((3, 2), (5, 4)), (2, 3))
    assert speech.touched == {"nndl.optim.sgd"}
    speech.ways["nndl.optim.sgd"] = 1
    assert name(session, "nndl.optim", "sgd")(np.ones((2, 3)), np.ones((4, 5)), None, 1.0)[0][0] == (2, 3)
    assert speech.remark().message == "graded as a theirs package (Theirs); optim.sgd: columns"


def test_a_function_that_is_lent_speaks_the_dialect(speech):
    def sgd(w, dw, config):
        assert (w.shape, dw.shape) == ((3, 2), (5, 4))
        return config, w

    lent = in_their_way(speech, "nndl.optim.sgd", sgd)
    config, w = lent(np.ones((2, 3)), np.ones((4, 5)), config="kept")
    assert (config, w.shape) == ("kept", (2, 3))
    speech.ways["nndl.optim.sgd"] = 1
    assert in_their_way(speech, "nndl.optim.sgd", len)([1, 2]) == 2


def test_entries_of_what_is_lent_are_renamed():
    adaptations = {"nndl.optim.sgd": (Adaptation(entries={"a": "cache"}),)}
    renamed = Dialect(title="", package="theirs", names={}, adaptations=adaptations)
    lent = in_their_way(Speech(renamed), "nndl.optim.sgd", lambda w, dw, config: (w, {"a": config["a"] + 1}))
    assert lent(1, 2, {"cache": 1}) == (1, {"cache": 2})
