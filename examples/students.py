"""The sample class: who hands in what. expected.yaml says what each of them gets for it, and why.

A hand-in is the files of a folder or the bytes of a zip. Those who did something to the grader rather than
to the exercise are in `sabotage.py`.
"""

from __future__ import annotations

from packages import Files, in_style, partly, released, solved, untouched, with_mistakes
from sabotage import hostile
from shapes import below, littered, saved_on_windows, zipped

HandIn = Files | bytes

LAYERS, NEURAL_NET, FC_NET = "nndl/layers.py", "nndl/neural_net.py", "nndl/fc_net.py"
ASIDE = {"notes.txt": b"I worked with Bruno on the plots.\n", "two_layer_nn.ipynb": b'{"cells": [], "metadata": {}}'}

# What some students have in place of a line of the solution.
RELU_OUT = "    out = np.maximum(0, x)\n"
PRINTS = (LAYERS, RELU_OUT, '    print("input of relu\\n", "0.1234567 " * 50_000)\n' + RELU_OUT)
PREDICT = "        return self.loss(X).argmax(axis=1)\n        ### END SOLUTION\n"
TOY_RUN = """
np.random.seed(0)
toy_net = TwoLayerNet(4, 10, 3, std=0.1)
toy_X, toy_y = 10 * np.random.randn(50, 4), np.random.randint(3, size=50)
toy_net.train(toy_X, toy_y, toy_X, toy_y, learning_rate=1e-2, num_iters=500, batch_size=10, verbose=True)
print("final accuracy:", np.mean(toy_net.predict(toy_X) == toy_y))
"""
TRAINS_AT_IMPORT = (NEURAL_NET, PREDICT, PREDICT + TOY_RUN)
HIDDEN = "hidden, hidden_cache = affine_relu_forward(X, W1, b1)"
UNCLOSED_BRACKET = (FC_NET, HIDDEN, HIDDEN.removesuffix(")"))
PROGRESS = 'print(f"iteration {it} / {num_iters}: loss {loss:.6f}")'
PYTHON_2 = (NEURAL_NET, PROGRESS, 'print "iteration %d / %d: loss %f" % (it, num_iters, loss)')
LOSS = "        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))\n"
STOPS = (FC_NET, LOSS, LOSS + '        print("W1 is", W1.shape)\n        sys.exit()  # to see just this\n')
IMPORTS_SYS = (FC_NET, "from itertools import pairwise\n", "import sys\nfrom itertools import pairwise\n")


def sample_class() -> dict[str, HandIn]:
    """Return what each student hands in, by name."""
    return {**full(), **unfinished(), **mistaken(), **damaged(), **hostile()}


def full() -> dict[str, HandIn]:
    """Return complete solutions, in several styles and in the shapes that people hand in."""
    old_copy = {LAYERS: released()[LAYERS]}
    return {
        "ada": solved() | ASIDE,
        "bruno": zipped(in_style("affine_by_loops", "relu_caches_a_mask", "predict_by_loop", "train_by_epochs")),
        "chiara": zipped(littered(below("hw3_chiara", in_style("cache_is_a_dictionary", "norm_for_regularisation")))),
        "dmitri": zipped(below("Abgabe/HW 3 (final)/code", in_style("relu_forward_in_place", "softmax_loss_in_place"))),
        "emeka": zipped(old_copy | below("final", in_style("db_with_one_row", "softmax_unstable"))),
        "fatima": saved_on_windows(solved()),
        "gustav": below("hw3", solved(TRAINS_AT_IMPORT)),
        "hana": zipped(below("hw3", solved(PRINTS))),
    }


def unfinished() -> dict[str, HandIn]:
    """Return what is only partly done, or not at all."""
    older = {file: data.replace(b"raise NotImplementedError", b"out = None  #") for file, data in released().items()}
    up_to_two_layer = partly(["layers", "neural_net"], begun="fc_net", up_to="class FullyConnectedNet:")
    return {
        "ines": partly(["layers"]),
        "jonas": zipped(below("hw3", up_to_two_layer)),
        "kofi": untouched(),
        "kim": zipped(below("hw3", older)),
    }


def mistaken() -> dict[str, HandIn]:
    """Return solutions with the mistakes that are usual in this assignment."""
    return {
        "lena": with_mistakes("affine_dx_flat"),
        "mateo": zipped(below("hw3", with_mistakes("affine_nothing"))),
        "nadia": with_mistakes("relu_backward_of_dout"),
        "omar": with_mistakes("net_regularises_biases"),
        "priya": zipped(with_mistakes("net_minus_one_everywhere")),
        "quentin": with_mistakes("train_appends_twice"),
        "rosa": zipped(below("hw3", with_mistakes("two_no_half"))),
        "samir": with_mistakes("two_gradient_twice"),
        "tereza": with_mistakes("full_last_layer_unregularised"),
        "umut": zipped(below("homework/hw3", with_mistakes("full_needs_two_hidden_layers"))),
        "viola": with_mistakes("relu_leaky", "net_loss_ignores_reg", "full_gradient_ignores_reg"),
    }


def damaged() -> dict[str, HandIn]:
    """Return what cannot be read or run as it is."""
    return {
        "wanda": solved(UNCLOSED_BRACKET),
        "xavier": zipped(below("hw3", solved(PYTHON_2))),
        "yusuf": solved(IMPORTS_SYS, STOPS),
        "zoe": zipped({}),
        "anton": zipped(solved())[:2000],
        "bea": {},
    }
