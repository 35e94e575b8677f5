"""The softmax classifier with the learning rate that its author found, on pictures that it has not seen."""

import numpy as np
import pytest
from nndl.softmax import Softmax

pytestmark = [
    pytest.mark.question("accuracy"),
    pytest.mark.budget(seconds=120),
    pytest.mark.hint("Restart the kernel and run all cells: is the best classifier in best after the search?"),
]


def test_best_classifier_of_the_notebook_classifies_new_pictures(notebook, dataset, training, measure):
    def handed_in():
        best = notebook.run("softmax.ipynb", until="search_softmax", cell_s=60).model("best", "predict")
        ways = [lambda X: best.predict(_rows(X)), lambda X: best.predict(_rows(_channels_last(X)))]
        return ways, notebook.claimed, notebook.cut_short

    def trained(seed):  # as the notebook says
        data = dataset.training(3000, 500)
        model = Softmax(dims=[10, 3073])
        training.in_one_call(model, _rows(data["X_train"]), data["y_train"], learning_rate=1e-7, num_iters=100)
        return lambda X: model.predict(_rows(X))

    measure.handed_in_or_trained("val_accuracy", handed_in, trained)


def _rows(pictures):
    return np.column_stack([pictures.reshape(len(pictures), -1), np.ones(len(pictures), pictures.dtype)])


def _channels_last(pictures):
    """Return pictures as `load_CIFAR10` gives them, for those who read the files themselves."""
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))
