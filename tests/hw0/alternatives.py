"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different.
"""

AUTODIFF = "nndl/autodiff.py"

F_OUT = "return np.array([np.exp(x) + np.sin(x), w1 * w2 + sigmoid(w1)])"
STEP = "        step = np.zeros(len(w))\n        step[j] = h\n"
DIFFERENCE = "        columns.append((f(w + step) - f(w - step)) / (2 * h))\n"
END_OF_ORDER = "    return order\n    ### END SOLUTION\n\n\n# What"
QUEUE = """    free = [node for node, degree in in_degree.items() if degree == 0]
    order = []
    while free:
        node = free.pop()
        order.append(node)
        for successor in graph[node]:
            in_degree[successor] -= 1
            if in_degree[successor] == 0:
                free.append(successor)
"""
ROUNDS = """    order = []
    while found := [node for node in graph if node not in order and in_degree[node] == 0]:
        for node in found:
            order.append(node)
            for successor in graph[node]:
                in_degree[successor] -= 1
"""
MOVED_AND_BACK = """        old = w[j]
        w[j] = old + h
        above = f(w)
        w[j] = old - h
        columns.append((above - f(w)) / (2 * h))
        w[j] = old
"""
GENERAL = """found = [backpropagate(PROGRAM, {"w1": w1, "w2": w2}, output) for output in ("f1", "f2")]
    return np.array([[gradients["w1"], gradients["w2"]] for gradients in found])"""

DEPTH_FIRST = """\
seen, order = {}, []
for root in graph:
    if root in seen:
        continue
    stack = [(root, iter(graph[root]))]
    seen[root] = 1
    while stack:
        node, rest = stack[-1]
        for nxt in rest:
            if seen.get(nxt) == 1:
                raise ValueError("cycle")
            if nxt not in seen:
                seen[nxt] = 1
                stack.append((nxt, iter(graph[nxt])))
                break
        else:
            seen[node] = 2
            order.append(node)
            stack.pop()
return order[::-1]
"""


def _alternative(name, note, *replacements):
    return {"name": name, "note": note, "patches": [(AUTODIFF, old, new) for old, new in replacements]}


ALTERNATIVES = [
    _alternative(
        "outputs_as_a_tuple",
        "a tuple of two numbers",
        (F_OUT, "return np.exp(x) + np.sin(x), w1 * w2 + sigmoid(w1)"),
        (DIFFERENCE, DIFFERENCE.replace("f(w + step) -", "np.array(f(w + step)) -")),
    ),
    _alternative("differences_move_w_and_back", "changes w for a moment", (STEP, ""), (DIFFERENCE, MOVED_AND_BACK)),
    _alternative(
        "differences_move_w_back_with_rounding",
        "leaves w changed by rounding: a remark",
        (STEP, ""),
        (DIFFERENCE, MOVED_AND_BACK.replace("w[j] = old\n", "w[j] += h\n")),
    ),
    _alternative(
        "differences_with_relative_steps",
        "a step in proportion to the input",
        (STEP, STEP.replace("= h\n", "= h * max(1.0, abs(w[j]))\n")),
        (DIFFERENCE, DIFFERENCE.replace("(2 * h)", "(2 * step[j])")),
    ),
    _alternative(
        "forward_mode_in_lists",
        "whole numbers for the inputs' derivatives, and a list of lists",
        ("dw1, dw2 = np.eye(2) ", "dw1, dw2 = np.array([1, 0]), np.array([0, 1]) "),
        ("return np.stack([df1, df2])", "return [df1.tolist(), df2.tolist()]"),
    ),
    _alternative(
        "backward_mode_adds_up",
        "what comes back from each use in a line of its own",
        ("df1_dx = np.exp(x) + np.cos(x)", "df1_dx = np.exp(x)\n    df1_dx += np.cos(x)"),
    ),
    _alternative(
        "backward_mode_by_backpropagation", "uses backpropagate", ("return np.array([from_f1, from_f2])", GENERAL)
    ),
    _alternative(
        "order_first_in_first_out",
        "a queue of free nodes",
        ("        node = free.pop()\n", "        node = free.pop(0)\n"),
    ),
    _alternative("order_as_a_tuple", "a tuple", (END_OF_ORDER, END_OF_ORDER.replace("order", "tuple(order)"))),
    _alternative("order_in_rounds", "takes away all free nodes at once", (QUEUE, ROUNDS)),
    _alternative(
        "backpropagation_returns_inputs_only",
        "leaves inner nodes out",
        ("    return gradients\n", "    return {name: gradients[name] for name in inputs}\n"),
    ),
    _alternative(
        "order_depth_first",
        "depth first, with a stack of its own",
        ("topological_order()", DEPTH_FIRST),
    ),
]
