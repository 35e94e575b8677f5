"""The best network of the notebook, trained by its cells in the sandbox: a bonus for its accuracy on new pictures."""

import pytest

pytestmark = [
    pytest.mark.question("test_bonus"),
    pytest.mark.budget(seconds=300),
    pytest.mark.hint("Restart the kernel and run all cells: is the network in best_net when the cell train-best ends?"),
]


def test_best_net_of_the_notebook_classifies_new_pictures(notebook, measure):
    run = notebook.run("babysitting.ipynb", until="train_best", cell_s=180)
    net, scale = run["best_net"], float(run["scale"])
    measure.given("test_accuracy", lambda X: net.predict(X.reshape(len(X), -1) / scale), claimed=run.claimed)
