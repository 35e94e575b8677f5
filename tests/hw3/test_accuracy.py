"""A bonus for the two-layer network that the notebook trains, by its accuracy on pictures that it has not seen."""

import pytest

pytestmark = [
    pytest.mark.question("accuracy"),
    pytest.mark.budget(seconds=180),
    pytest.mark.hint("Restart the kernel and run all cells: is the solver in solver after the cell train-two-layer?"),
]


def test_two_layer_network_of_the_notebook_classifies_new_pictures(notebook, measure):
    if not notebook.handed_in("fc_nets.ipynb", until="train_two_layer"):
        pytest.skip("a bonus for a network in fc_nets.ipynb, which was not handed in")
    model = notebook.run("fc_nets.ipynb", until="train_two_layer", cell_s=120).model("solver")
    measure.given("val_accuracy", model.loss, claimed=notebook.claimed)
