"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "forward": ("nndl.autodiff.forward",),
    "differences": ("nndl.autodiff.numerical_jacobian",),
    "forward_mode": ("nndl.autodiff.forward_mode_jacobian",),
    "backward_mode": ("nndl.autodiff.backward_mode_jacobian",),
    "topological_order": ("nndl.autodiff.topological_order",),
    "backpropagation": ("nndl.autodiff.backpropagate",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "forward": "autodiff.ipynb, The function",
    "differences": "autodiff.ipynb, By differences",
    "forward_mode": "autodiff.ipynb, In forward mode and in backward mode",
    "backward_mode": "autodiff.ipynb, In forward mode and in backward mode",
    "topological_order": "autodiff.ipynb, Topological order",
    "backpropagation": "autodiff.ipynb, Backpropagation on any graph",
}

AUTODIFF = "nndl/autodiff.py"

# Lines of the reference that several variants change.
F_X = "    x = np.exp(w1) + np.exp(2 * w2)\n"
F_OUT = "return np.array([np.exp(x) + np.sin(x), w1 * w2 + sigmoid(w1)])"
DIFFERENCE = "columns.append((f(w + step) - f(w - step)) / (2 * h))"
FORWARD_E2 = "e2, de2 = np.exp(2 * w2), np.exp(2 * w2) * 2 * dw2"
FORWARD_F1 = "df1 = np.exp(x) * dx + np.cos(x) * dx"
FORWARD_F2 = "df2 = dproduct + s * (1 - s) * dw1"
FORWARD_OUT = "return np.stack([df1, df2])"
BACKWARD_X = "df1_dx = np.exp(x) + np.cos(x)"
BACKWARD_F1 = "from_f1 = [df1_dx * e1, df1_dx * e2 * 2]"
BACKWARD_F2 = "from_f2 = [w2 + s * (1 - s), w1]"
BACKWARD_OUT = "return np.array([from_f1, from_f2])"
COUNT = "            in_degree[node] += 1\n"
FREE = "free = [node for node, degree in in_degree.items() if degree == 0]"
ORDER_END = "    return order\n    ### END SOLUTION\n\n\n# What"
REFUSE = '    if len(order) < len(graph):\n        raise ValueError("the graph has a cycle")\n'
REACHED = """\
def _reached(program, name):
    found = []
    def visit(node):
        if node not in found:
            found.append(node)
            for argument in program.get(node, ("",))[1:]:
                visit(argument)
    visit(name)
    return found


"""
ADD = "gradients[argument] += gradients[name] * partial"


def _mistake(question, name, hint, *replacements):
    return {
        "name": name,
        "question": question,
        "hint": hint,
        "patches": [(AUTODIFF, old, new) for old, new in replacements],
    }


def _by_differences(position):
    return (
        f"return np.stack([(forward(w + d) - forward(w - d)) / 2e-6 for d in 1e-6 * np.eye(2)], axis=1)  # {position}"
    )


# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = ["forward_zeros", "forward_mode_zeros", "backward_mode_zeros"]

MISTAKES = [
    # forward
    _mistake("forward", "forward_zeros", "returns zeros", (F_OUT, "return np.zeros(2)")),
    _mistake("forward", "forward_no_two", "forgets the 2 of exp(2 w2)", (F_X, F_X.replace("2 * w2", "w2"))),
    _mistake("forward", "forward_square", "takes exp(w2^2)", (F_X, F_X.replace("2 * w2", "w2**2"))),
    _mistake("forward", "forward_cosine", "takes the cosine", (F_OUT, F_OUT.replace("np.sin", "np.cos"))),
    _mistake(
        "forward",
        "forward_sine_of_sum_of_inputs",
        "takes the sine of w1 + 2 w2",
        (F_OUT, F_OUT.replace("np.sin(x)", "np.sin(w1 + 2 * w2)")),
    ),
    _mistake(
        "forward",
        "forward_sigmoid_of_w2",
        "takes the sigmoid of w2",
        (F_OUT, F_OUT.replace("sigmoid(w1)", "sigmoid(w2)")),
    ),
    _mistake("forward", "forward_sum", "adds w1 and w2", (F_OUT, F_OUT.replace("w1 * w2", "w1 + w2"))),
    _mistake("forward", "forward_one_output", "returns only f1", (F_OUT, "return np.exp(x) + np.sin(x)")),
    # differences
    _mistake(
        "differences",
        "difference_one_sided",
        "looks ahead only",
        (DIFFERENCE, "columns.append((f(w + step) - f(w)) / h)"),
    ),
    _mistake("differences", "difference_not_halved", "divides by h", (DIFFERENCE, DIFFERENCE.replace("(2 * h)", "h"))),
    _mistake(
        "differences",
        "difference_not_divided",
        "does not divide",
        (DIFFERENCE, "columns.append(f(w + step) - f(w - step))"),
    ),
    _mistake(
        "differences",
        "difference_backwards",
        "has the sign wrong",
        (DIFFERENCE, DIFFERENCE.replace("w + step", "w - 2 * step + step").replace("- f(w - step)", "- f(w + step)")),
    ),
    _mistake(
        "differences",
        "difference_transposed",
        "has a row for each input",
        ("return np.stack(columns, axis=1)", "return np.stack(columns)"),
    ),
    _mistake(
        "differences",
        "difference_all_at_once",
        "moves all inputs together",
        ("        step[j] = h\n", "        step[:] = h\n"),
    ),
    _mistake(
        "differences", "difference_own_step", "ignores h", ("        step[j] = h\n", "        h = step[j] = 1e-6\n")
    ),
    _mistake(
        "differences",
        "difference_of_two_inputs",
        "looks at two inputs only",
        ("for j in range(len(w)):", "for j in range(2):"),
    ),
    _mistake(
        "differences",
        "difference_never_restored",
        "leaves inputs moved",
        (DIFFERENCE, "w += step\n        columns.append((f(w) - f(w - 2 * step)) / (2 * h))"),
    ),
    # forward_mode
    _mistake("forward_mode", "forward_mode_zeros", "returns zeros", (FORWARD_OUT, "return np.zeros((2, 2))")),
    _mistake(
        "forward_mode",
        "forward_mode_transposed",
        "has a row for each input",
        (FORWARD_OUT, FORWARD_OUT.replace("])", "], axis=1)")),
    ),
    _mistake(
        "forward_mode",
        "forward_mode_no_inner_two",
        "forgets the inner derivative 2",
        (FORWARD_E2, FORWARD_E2.replace("* 2 *", "*")),
    ),
    _mistake(
        "forward_mode",
        "forward_mode_sine_kept",
        "does not differentiate the sine",
        (FORWARD_F1, FORWARD_F1.replace("np.cos", "np.sin")),
    ),
    _mistake("forward_mode", "forward_mode_no_sine", "leaves the sine out", (FORWARD_F1, "df1 = np.exp(x) * dx")),
    _mistake(
        "forward_mode",
        "forward_mode_sine_sign",
        "has the cosine's sign wrong",
        (FORWARD_F1, FORWARD_F1.replace("+", "-")),
    ),
    _mistake("forward_mode", "forward_mode_no_sigmoid", "leaves the sigmoid out", (FORWARD_F2, "df2 = dproduct")),
    _mistake(
        "forward_mode",
        "forward_mode_sigmoid_kept",
        "does not differentiate the sigmoid",
        (FORWARD_F2, FORWARD_F2.replace(" * (1 - s)", "")),
    ),
    _mistake(
        "forward_mode",
        "forward_mode_product",
        "takes w1 dw1 + w2 dw2",
        ("dproduct = w1 * dw2 + w2 * dw1", "dproduct = w1 * dw1 + w2 * dw2"),
    ),
    _mistake(
        "forward_mode", "forward_mode_by_differences", "takes differences", (FORWARD_OUT, _by_differences("forward"))
    ),
    # backward_mode
    _mistake(
        "backward_mode",
        "backward_mode_sigmoid_twice",
        "takes the sigmoid of what is one already",
        ("s * (1 - s), w1]", "sigmoid(s) * (1 - sigmoid(s)), w1]"),
    ),
    _mistake("backward_mode", "backward_mode_zeros", "returns zeros", (BACKWARD_OUT, "return np.zeros((2, 2))")),
    _mistake(
        "backward_mode", "backward_mode_transposed", "has a row for each input", (BACKWARD_OUT, BACKWARD_OUT + ".T")
    ),
    _mistake(
        "backward_mode",
        "backward_mode_no_inner_two",
        "forgets the inner derivative 2",
        (BACKWARD_F1, BACKWARD_F1.replace(" * 2", "")),
    ),
    _mistake(
        "backward_mode",
        "backward_mode_last_use",
        "keeps only what comes back from the sine",
        (BACKWARD_X, "df1_dx = np.cos(x)"),
    ),
    _mistake(
        "backward_mode",
        "backward_mode_first_use",
        "keeps only what comes back from exp",
        (BACKWARD_X, "df1_dx = np.exp(x)"),
    ),
    _mistake(
        "backward_mode",
        "backward_mode_sine_kept",
        "does not differentiate the sine",
        (BACKWARD_X, BACKWARD_X.replace("cos", "sin")),
    ),
    _mistake(
        "backward_mode", "backward_mode_no_sigmoid", "leaves the sigmoid out", (BACKWARD_F2, "from_f2 = [w2, w1]")
    ),
    _mistake(
        "backward_mode",
        "backward_mode_overwrites",
        "overwrites the product's part",
        (BACKWARD_F2, "from_f2 = [s * (1 - s), w1]"),
    ),
    _mistake(
        "backward_mode",
        "backward_mode_product",
        "takes w1 where w2 belongs",
        (BACKWARD_F2, "from_f2 = [w1 + s * (1 - s), w2]"),
    ),
    _mistake(
        "backward_mode",
        "backward_mode_by_differences",
        "takes differences",
        (BACKWARD_OUT, _by_differences("backward")),
    ),
    # topological_order
    _mistake("topological_order", "order_as_given", "returns the nodes as they come", (FREE, "return list(graph)")),
    _mistake(
        "topological_order",
        "order_reversed",
        "sorts backwards",
        (ORDER_END, ORDER_END.replace("order", "order[::-1]")),
    ),
    _mistake(
        "topological_order",
        "order_empties_the_graph",
        "takes the caller's graph apart",
        (ORDER_END, f"    graph.clear()\n{ORDER_END}"),
    ),
    _mistake("topological_order", "order_no_cycle_detection", "returns part of a graph with a cycle", (REFUSE, "")),
    _mistake(
        "topological_order",
        "order_returns_none_on_cycle",
        "returns None instead of raising",
        (REFUSE, REFUSE.replace('raise ValueError("the graph has a cycle")', "return None")),
    ),
    _mistake(
        "topological_order", "order_refuses_everything", "raises always", (REFUSE, '    raise ValueError("a cycle")\n')
    ),
    _mistake("topological_order", "order_one_start", "starts from one node only", (FREE, FREE + "[:1]")),
    _mistake(
        "topological_order",
        "order_out_degree",
        "counts edges that leave",
        (
            COUNT,
            COUNT.replace("+= 1", "+= 0")
            + "        in_degree[next(n for n in graph if graph[n] is successors)] += len(successors)\n",
        ),
    ),
    _mistake(
        "topological_order",
        "order_by_search",
        "takes nodes as they are reached, whatever else leads to them",
        (
            "            if in_degree[successor] == 0:\n",
            "            if successor not in order and successor not in free:\n",
        ),
    ),
    _mistake(
        "topological_order",
        "order_counts_double_edges_once",
        "counts a double edge once, and takes it away twice",
        ("        for node in successors:\n", "        for node in set(successors):\n"),
    ),
    _mistake(
        "topological_order",
        "order_sees_cycles_at_the_start_only",
        "finds a cycle only where no node is free at first",
        (REFUSE, '    if graph and not order:\n        raise ValueError("the graph has a cycle")\n'),
    ),
    # backpropagation
    _mistake(
        "backpropagation",
        "backpropagation_overwrites",
        "overwrites instead of adding up",
        (ADD, ADD.replace("+=", "=")),
    ),
    _mistake(
        "backpropagation", "backpropagation_no_chain", "forgets the chain rule", (ADD, "gradients[argument] += partial")
    ),
    _mistake(
        "backpropagation",
        "backpropagation_forward_order",
        "goes through the nodes in forward order",
        ("for name in reversed(values):", "for name in values:"),
    ),
    _mistake(
        "backpropagation",
        "backpropagation_program_order",
        "trusts the order of the program",
        ("for name in reversed(values):", "for name in reversed(program):"),
    ),
    _mistake("backpropagation", "backpropagation_nothing", "computes nothing", (ADD, "pass")),
    _mistake(
        "backpropagation",
        "backpropagation_swaps_partials",
        "swaps the partial derivatives of an operation",
        ("zip(arguments, partials, strict=True)", "zip(arguments[::-1], partials, strict=True)"),
    ),
    _mistake(
        "backpropagation",
        "backpropagation_first_argument",
        "goes to the first argument only",
        ("zip(arguments, partials, strict=True)", "zip(arguments[:1], partials)"),
    ),
    _mistake(
        "backpropagation",
        "backpropagation_goes_on_too_early",
        "goes on from a node before all that use it have given their part",
        ("for name in reversed(values):", "for name in _reached(program, output):"),
        ("def backpropagate(", REACHED + "def backpropagate("),
    ),
]

# Mutants that compute the same: the lines of the solution, those of the mutant, and why no check can tell them apart.
_BACKWARDS = "for name in reversed(values):  # evaluate returns them in a topological order"
EQUIVALENT = [
    (_BACKWARDS, _BACKWARDS.replace("reversed(values)", "list(reversed(values))[:-1]"), "the first of all is an input"),
]
