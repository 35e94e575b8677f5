"""The best network of the notebook, as its cells train it in the sandbox, on pictures that it has not seen."""

from functools import partial

import numpy as np
import pytest
from nndl.neural_net import TwoLayerNet

pytestmark = [
    pytest.mark.question("accuracy"),
    pytest.mark.budget(seconds=300),
    pytest.mark.hint("Restart the kernel and run all cells: is the network in best_net when the cell train-best ends?"),
]


def test_best_net_of_the_notebook_classifies_new_pictures(notebook, dataset, training, measure):
    def handed_in():
        run = notebook.run("babysitting.ipynb", until="train_best", cell_s=180)
        net = run.model("best_net", "predict")
        scale = float(run["scale"]) if run.defines("scale") else float(dataset.training(9000)["X_train"].std())
        ways = [(_as_it_is, scale), (_channels_last, scale), (_as_it_is, 1.0), (_channels_last, 1.0)]
        return [partial(_predict, net, *way) for way in ways], run.claimed, run.cut_short

    def trained(seed):  # as two_layer_net.ipynb does
        data = dataset.training(9000, 1000)
        scale = float(data["X_train"].std())
        data |= {name: _rows(data[name]) / scale for name in ("X_train", "X_val")}
        net = TwoLayerNet(input_size=3072, hidden_size=50, output_size=10, std=2e-3)
        training.with_method(net, data, epochs=13, learning_rate=4e-2, learning_rate_decay=0.95, reg=1e-3)
        return lambda X: net.predict(_rows(X) / scale)

    measure.handed_in_or_trained("test_accuracy", handed_in, trained)


def _predict(net, form, scale, pictures):
    return net.predict(_rows(form(pictures)) / scale)


def _as_it_is(pictures):
    return pictures


def _channels_last(pictures):
    """Return pictures as `load_CIFAR10` gives them, for those who read the files themselves."""
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))


def _rows(pictures):
    return pictures.reshape(len(pictures), -1)
