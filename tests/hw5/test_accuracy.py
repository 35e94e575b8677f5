"""The best network of the notebook, as its cells train it in the sandbox, on pictures that it has not seen."""

import pytest

pytestmark = [
    pytest.mark.question("accuracy"),
    pytest.mark.budget(seconds=300),
    pytest.mark.hint("Restart the kernel and run all cells: is the network in best_model after the cell train-best?"),
]


def test_best_model_of_the_notebook_classifies_new_pictures(notebook, measure):
    best = notebook.run("cnn.ipynb", until="best_convnet", cell_s=180)["best_model"]
    measure.given("val_accuracy", best.loss, claimed=notebook.claimed)
