"""Training of a model by any update rule, such as those of `nndl.optim`."""

import copy

import numpy as np
from nndl import optim


class Solver:
    """Trains a model by minibatch descent and remembers how it went.

    A model is any object with a dictionary ``params`` of arrays and a function ``loss(X, y)`` that
    returns ``(loss, grads)``, with the gradients under the names of the parameters, and that returns
    scores of shape (N, C) when called as ``loss(X)``.

        solver = Solver(model, data, update_rule="sgd", optim_config={"learning_rate": 1e-3})
        solver.train()

    After training, ``model.params`` are those of the best validation accuracy, and so are the running averages of
    a model that keeps them in ``bn_params``, to which its parameters have adapted.

    Attributes
    ----------
    loss_history : list of float
        Loss of the minibatch, for every iteration.
    train_acc_history, val_acc_history : list of float
        Accuracies after the first iteration and after every epoch.
    best_val_acc : float
    best_params : dict
        A copy of the parameters that reached it.
    """

    def __init__(
        self,
        model,
        data,
        *,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        num_val_samples=None,
        print_every=10,
        verbose=True,
    ):
        """Prepare to train; nothing happens before `train`.

        Parameters
        ----------
        model : object
            As described above.
        data : dict
            ``X_train`` (N, ...), ``y_train`` (N,), ``X_val`` (N_val, ...) and ``y_val`` (N_val,).
        update_rule : str or function
            Name of a function of `nndl.optim`, or a function that takes and returns what those do.
        optim_config : dict, optional
            Hyperparameters of the rule, such as ``learning_rate``; each parameter gets a copy.
        lr_decay : float
            What the learning rate is multiplied by after every epoch.
        batch_size : int
            Examples in a minibatch, drawn with replacement.
        num_epochs : int
        num_train_samples, num_val_samples : int, optional
            How many examples, drawn at random, the accuracies are estimated on; None for all.
        print_every : int
            Iterations between two printed losses.
        verbose : bool
            Whether to print at all.

        Raises
        ------
        ValueError
            If `update_rule` is no function, and `nndl.optim` has none of that name.
        """
        rule = update_rule if callable(update_rule) else getattr(optim, str(update_rule), None)
        if not callable(rule):
            raise ValueError(f"nndl.optim has no update rule {update_rule!r}; give the name of one, or a function")
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = rule
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}
        self.lr_decay = lr_decay
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.print_every = print_every
        self.verbose = verbose

        self.epoch = 0
        self.loss_history = []
        self.train_acc_history = []
        self.val_acc_history = []
        self.best_val_acc = -np.inf
        self.best_params = _copies(model.params)
        self._best_bn_params = self._bn_params()

    def train(self):
        """Train for `num_epochs` epochs, then give the model its best parameters."""
        for _ in self.train_steps():
            pass

    def train_steps(self):
        """Train as `train` does, pausing after every iteration, for whoever wants to look on or to stop early.

        Yields
        ------
        float
            Loss of the minibatch. However training ends, the model then has its best parameters.
        """
        iterations_per_epoch = max(len(self.X_train) // self.batch_size, 1)
        num_iterations = self.num_epochs * iterations_per_epoch
        try:
            for it in range(1, num_iterations + 1):
                self._step()
                if self.verbose and it % self.print_every == 1 % self.print_every:
                    print(f"(Iteration {it} / {num_iterations}) loss: {self.loss_history[-1]:f}")

                end_of_epoch = it % iterations_per_epoch == 0
                if end_of_epoch:
                    self._finish_epoch()
                if end_of_epoch or it == 1:
                    self._record_accuracies()
                yield self.loss_history[-1]
        finally:
            self.model.params = _copies(self.best_params)
            if self._best_bn_params is not None:
                self.model.bn_params = copy.deepcopy(self._best_bn_params)

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """Return the fraction of examples that the model classifies rightly.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, ...) and (N,)
        num_samples : int, optional
            Look only at so many, drawn at random, if there are more.
        batch_size : int
            How many to classify at a time, which bounds the memory.
        """
        if num_samples is not None and num_samples < len(X):
            chosen = np.random.choice(len(X), num_samples, replace=False)
            X, y = X[chosen], y[chosen]
        starts = range(0, len(X), batch_size)
        predictions = [np.argmax(self.model.loss(X[i : i + batch_size]), axis=1) for i in starts]
        return np.mean(np.concatenate(predictions) == y)

    def _step(self):
        """Update every parameter once, by the gradient on a random minibatch."""
        chosen = np.random.choice(len(self.X_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[chosen], self.y_train[chosen])
        self.loss_history.append(loss)
        for name, w in self.model.params.items():
            dw = grads[name]
            if np.shape(dw) == (1, *np.shape(w)):  # a sum over the batch that kept its axis
                dw = dw[0]
            next_w, self.optim_configs[name] = self.update_rule(w, dw, self.optim_configs[name])
            self.model.params[name] = next_w

    def _finish_epoch(self):
        self.epoch += 1
        for config in self.optim_configs.values():
            config["learning_rate"] *= self.lr_decay

    def _record_accuracies(self):
        """Note both accuracies, and the parameters if they are the best so far."""
        train_acc = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val_acc = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        if self.verbose:
            print(f"(Epoch {self.epoch} / {self.num_epochs}) train acc: {train_acc:f}; val_acc: {val_acc:f}")
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params = _copies(self.model.params)
            self._best_bn_params = self._bn_params()

    def _bn_params(self):
        """Return a copy of the running averages, or None where the model has none."""
        return copy.deepcopy(getattr(self.model, "bn_params", None))


def _copies(params):
    return {name: value.copy() for name, value in params.items()}
