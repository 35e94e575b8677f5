"""Wrong functions for hw0, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "difference_to_the_right",
        "autodiff.numerical_jacobian",
        ["difference_one_sided"],
        """
def numerical_jacobian(f, w, h=1e-6):
    y = f(w)
    J = np.zeros((len(y), len(w)))
    for i in range(len(w)):
        wp = w.copy()
        wp[i] += h
        J[:, i] = (f(wp) - y) / h
    return J
""",
    ),
    (
        "difference_rows_and_columns",
        "autodiff.numerical_jacobian",
        ["difference_transposed"],
        """
def numerical_jacobian(f, w, h=1e-6):
    rows = []
    for i in range(w.size):
        e = np.zeros_like(w)
        e[i] = 1.0
        rows.append((f(w + h * e) - f(w - h * e)) / (2.0 * h))
    return np.array(rows)
""",
    ),
    (
        "forward_mode_product_of_outer",
        "autodiff.forward_mode_jacobian",
        [],
        """
def forward_mode_jacobian(w):
    w1, w2 = w
    J = np.zeros((2, 2))
    for i, (d1, d2) in enumerate([(1.0, 0.0), (0.0, 1.0)]):
        x = np.exp(w1) + np.exp(2 * w2)
        dx = np.exp(w1) * d1 + 2 * np.exp(2 * w2) * d2
        J[0, i] = np.exp(x) * np.cos(x) * dx
        s = sigmoid(w1)
        J[1, i] = w2 * d1 + w1 * d2 + s * (1 - s) * d1
    return J
""",
    ),
    (
        "backward_mode_sigmoid_twice",
        "autodiff.backward_mode_jacobian",
        ["backward_mode_sigmoid_twice"],
        """
def backward_mode_jacobian(w):
    w1, w2 = w
    x = np.exp(w1) + np.exp(2 * w2)
    s = 1.0 / (1.0 + np.exp(-w1))
    dx = np.exp(x) + np.cos(x)
    return np.array([[dx * np.exp(w1), dx * 2 * np.exp(2 * w2)], [w2 + sigmoid(s) * (1 - sigmoid(s)), w1]])
""",
    ),
    (
        "order_breadth_first",
        "autodiff.topological_order",
        ["order_by_search"],
        """
def topological_order(graph):
    targets = [n for v in graph.values() for n in v]
    queue = [n for n in graph if n not in targets]
    if graph and not queue:
        raise ValueError("cycle")
    order = []
    while queue:
        node = queue.pop(0)
        if node in order:
            continue
        order.append(node)
        queue.extend(graph[node])
    return order
""",
    ),
    (
        "order_of_a_cycle",
        "autodiff.topological_order",
        ["order_no_cycle_detection"],
        """
def topological_order(graph):
    visited, order = set(), []
    def visit(n):
        if n in visited:
            return
        visited.add(n)
        for m in graph[n]:
            visit(m)
        order.insert(0, n)
    for n in graph:
        visit(n)
    return order
""",
    ),
    (
        "backpropagation_once_per_node",
        "autodiff.backpropagate",
        ["backpropagation_goes_on_too_early"],
        """
def backpropagate(program, inputs, output):
    values = evaluate(program, inputs)
    gradients = {n: 0.0 for n in values}
    gradients[output] = 1.0
    seen = set()
    def back(name):
        if name in seen or name not in program:
            return
        seen.add(name)
        op, *args = program[name]
        for a, p in zip(args, OPERATIONS[op][1](*[values[x] for x in args])):
            gradients[a] += gradients[name] * p
            back(a)
    back(output)
    return gradients
""",
    ),
]
