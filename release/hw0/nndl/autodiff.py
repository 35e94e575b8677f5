"""Derivatives computed by a program: by differences, in forward mode, in backward mode, and on any graph.

The function of this assignment takes w = (w1, w2) and has two outputs,

    f1(w) = exp(x) + sin(x)    with x = exp(w1) + exp(2 w2)
    f2(w) = w1 w2 + sigmoid(w1)

Its Jacobian J has a row for each output and a column for each input: ``J[i, j] = df_i / dw_j``.
"""

import numpy as np


def sigmoid(x):
    """Return ``1 / (1 + exp(-x))``, entry by entry. Its derivative is ``sigmoid(x) * (1 - sigmoid(x))``."""
    return 1 / (1 + np.exp(-x))


def forward(w):
    """Compute the function of this assignment.

    Parameters
    ----------
    w : float ndarray of shape (2,)

    Returns
    -------
    f : ndarray of shape (2,)
        f1 and f2.
    """
    # YOUR CODE HERE
    raise NotImplementedError("forward")


def numerical_jacobian(f, w, h=1e-6):
    """Estimate the Jacobian of any function by central differences.

    Column j is ``(f(w + h e_j) - f(w - h e_j)) / 2h``, where ``e_j`` is 1 at j and 0 elsewhere. The error
    shrinks with h^2 until rounding, which grows with 1/h, outweighs it.

    Parameters
    ----------
    f : callable
        ``f(w)`` returns an array of shape (M,).
    w : float ndarray of shape (N,)
        Where to take the Jacobian; it is left as it was.
    h : float
        Step.

    Returns
    -------
    J : ndarray of shape (M, N)
    """
    # YOUR CODE HERE
    raise NotImplementedError("numerical_jacobian")


def forward_mode_jacobian(w):
    """Compute the Jacobian of `forward` in forward mode.

    Every intermediate value v is computed together with its derivatives (dv/dw1, dv/dw2), from the
    inputs to the outputs. No differences are taken: the result is exact up to rounding.

    Parameters
    ----------
    w : float ndarray of shape (2,)

    Returns
    -------
    J : ndarray of shape (2, 2)
    """
    # YOUR CODE HERE
    raise NotImplementedError("forward_mode_jacobian")


def backward_mode_jacobian(w):
    """Compute the Jacobian of `forward` in backward mode.

    First every intermediate value is computed. Then, for each output, its derivative with respect to
    every intermediate value is computed, from the output back to the inputs; where a value is used more than
    once, what comes back from its uses adds up.

    Parameters
    ----------
    w : float ndarray of shape (2,)

    Returns
    -------
    J : ndarray of shape (2, 2)
    """
    # YOUR CODE HERE
    raise NotImplementedError("backward_mode_jacobian")


def topological_order(graph):
    """Sort the nodes of a directed graph so that every edge leads from an earlier node to a later one.

    A node into which no edge leads may come first. Take it away, with the edges that leave it; then
    there is another such node, and so on. If nodes are left of which none is free, they hold a cycle.

    Parameters
    ----------
    graph : dict
        For each node, the list of the nodes that edges lead to from it. Every node is a key. An edge may be
        listed twice. It stays as it is.

    Returns
    -------
    order : list
        Every node once.

    Raises
    ------
    ValueError
        If the graph has a cycle. An edge from a node to itself is one.
    """
    # YOUR CODE HERE
    raise NotImplementedError("topological_order")


# What a node of a program may do: the operation, and its partial derivatives with respect to its arguments.
OPERATIONS = {
    "add": (lambda a, b: a + b, lambda a, b: (1.0, 1.0)),
    "multiply": (lambda a, b: a * b, lambda a, b: (b, a)),
    "exp": (np.exp, lambda a: (np.exp(a),)),
    "sin": (np.sin, lambda a: (np.cos(a),)),
    "sigmoid": (sigmoid, lambda a: (sigmoid(a) * (1 - sigmoid(a)),)),
}

# The function of this assignment as a program. A node has a name, an operation and arguments, which are the
# names of other nodes or of inputs (here w1 and w2).
PROGRAM = {
    "e1": ("exp", "w1"),
    "2w2": ("add", "w2", "w2"),
    "e2": ("exp", "2w2"),
    "x": ("add", "e1", "e2"),
    "exp x": ("exp", "x"),
    "sin x": ("sin", "x"),
    "f1": ("add", "exp x", "sin x"),
    "w1w2": ("multiply", "w1", "w2"),
    "s": ("sigmoid", "w1"),
    "f2": ("add", "w1w2", "s"),
}


def computation_graph(program, inputs):
    """Return the graph of a program: for each input and node, the list of the nodes that it is an argument of.

    Parameters
    ----------
    program : dict
        As `PROGRAM`; nodes may stand in any order.
    inputs : iterable of str
        The names of the inputs.
    """
    graph = {name: [] for name in (*inputs, *program)}
    for name, (_, *arguments) in program.items():
        for argument in arguments:
            graph[argument].append(name)
    return graph


def evaluate(program, inputs):
    """Compute every node of a program, each after its arguments.

    Parameters
    ----------
    program : dict
        As `PROGRAM`; nodes may stand in any order.
    inputs : dict
        The inputs' values by their names.

    Returns
    -------
    values : dict
        The values of all inputs and nodes by their names, in a topological order.
    """
    values = {}
    for name in topological_order(computation_graph(program, inputs)):
        if name in inputs:
            values[name] = inputs[name]
        else:
            operation, *arguments = program[name]
            compute, _ = OPERATIONS[operation]
            values[name] = compute(*(values[argument] for argument in arguments))
    return values


def backpropagate(program, inputs, output):
    """Compute the derivatives of one node of a program with respect to all inputs, in backward mode.

    Parameters
    ----------
    program : dict
        As `PROGRAM`; nodes may stand in any order.
    inputs : dict
        The inputs' values by their names.
    output : str
        The name of the node to differentiate.

    Returns
    -------
    gradients : dict
        The derivative of the output with respect to each input and node by its name; 0 where the output
        does not depend on it.
    """
    values = evaluate(program, inputs)
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    # YOUR CODE HERE
    raise NotImplementedError("backpropagate")
    return gradients
