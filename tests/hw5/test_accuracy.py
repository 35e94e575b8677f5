"""The best network of the notebook, as its cells train it in the sandbox, on pictures that it has not seen."""

import pytest
from nndl.cnn import ThreeLayerConvNet

pytestmark = [
    pytest.mark.question("accuracy"),
    pytest.mark.budget(seconds=300),
    pytest.mark.hint("Restart the kernel and run all cells: is the network in best_model after the cell train-best?"),
]


def test_best_model_of_the_notebook_classifies_new_pictures(notebook, dataset, training, measure):
    def handed_in():
        best = notebook.run("cnn.ipynb", until="best_convnet", cell_s=180).model("best_model")
        return best.loss, notebook.claimed, notebook.cut_short

    def trained(seed):  # as the notebook does under "One epoch", for three
        model = ThreeLayerConvNet(num_filters=16, filter_size=7, hidden_dim=100, weight_scale=1e-3, reg=1e-3)
        rule = {"update_rule": "adam", "optim_config": {"learning_rate": 1e-3}}
        training.with_solver(model, dataset.training(9000, 1000), epochs=3, batch_size=50, **rule)
        return model.loss

    measure.handed_in_or_trained("val_accuracy", handed_in, trained)
