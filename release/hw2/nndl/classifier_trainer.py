"""Training of a model that is a dictionary of parameters, by three update rules."""

import numpy as np


def update_step(update, gradient, memory, learning_rate, momentum):
    """Compute one step of one parameter w by an update rule; the step is what is added to w.

    With gradient g and learning rate `eta`,

        sgd         step = -eta g
        momentum    v <- momentum v - eta g         step = v
        rmsprop     a <- 0.99 a + 0.01 g^2          step = -eta g / sqrt(a + 1e-8)

    Parameters
    ----------
    update : str
        ``"sgd"``, ``"momentum"`` or ``"rmsprop"``.
    gradient : ndarray of the shape of w
    memory : ndarray of the shape of w
        v or a, as the step before returned it; zeros before the first.
    learning_rate : float
    momentum : float
        What part of the last step is taken again, 0 to 1; only momentum uses it.

    Returns
    -------
    step : ndarray of the shape of w
    memory : ndarray of the shape of w
        The new v or a, for the next step.

    Raises
    ------
    ValueError
        If there is no such `update`.
    """
    if update not in ("sgd", "momentum", "rmsprop"):
        raise ValueError(f"update is {update!r}, but has to be 'sgd', 'momentum' or 'rmsprop'")
    # YOUR CODE HERE
    raise NotImplementedError("update_step")


class ClassifierTrainer:
    """Trains a model by gradient descent, plain, with momentum, or with steps scaled by RMSprop.

    The model is any dictionary of arrays, with a function ``loss_function(X, model, y, reg)`` that returns
    ``(loss, grads)``, the gradients under the names of the parameters, and that returns scores of shape
    (N, C) when called as ``loss_function(X, model)``. `nndl.two_layer_net.two_layer_net` is one.
    """

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        model,
        loss_function,
        reg=0.0,
        learning_rate=1e-2,
        momentum=0.0,
        learning_rate_decay=0.95,
        update="momentum",
        sample_batches=True,
        num_epochs=30,
        batch_size=100,
        acc_frequency=None,
        verbose=False,
    ):
        """Train, changing the arrays of `model` in place.

        An iteration takes one step of every parameter, by `update_step`. What that remembers begins at zero, is
        passed from iteration to iteration, and each parameter has its own.

        Accuracies are noted after the first iteration and at the end of every epoch. At the end of an
        epoch, the learning rate is multiplied by `learning_rate_decay`.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, ...) and (N,)
            Training examples and labels.
        X_val, y_val : ndarrays of shapes (N_val, ...) and (N_val,)
            Validation examples and labels.
        model : dict
            The parameters to start from. After training they are those of the last iteration.
        loss_function : callable
            As described above.
        reg, learning_rate : float
        momentum : float
        learning_rate_decay : float
        update : str
            ``"sgd"``, ``"momentum"`` or ``"rmsprop"``.
        sample_batches : bool
            Whether an iteration takes a random minibatch of `batch_size` examples, and an epoch
            ``N // batch_size`` iterations (at least one). Otherwise every iteration takes all examples, and is
            an epoch.
        num_epochs, batch_size : int
        acc_frequency : int, optional
            Note accuracies every so many iterations too.
        verbose : bool
            Whether to print the accuracies as they are noted.

        Returns
        -------
        best_model : dict
            A copy of the parameters with the best noted validation accuracy.
        loss_history : list of float
            The loss of every iteration, before its step.
        train_acc_history, val_acc_history : lists of float
            The accuracies noted, on the training examples (at most 1000 of them, drawn at random) and on the
            validation set.
        """
        num_train = len(X)
        iterations_per_epoch = max(num_train // batch_size, 1) if sample_batches else 1
        num_iters = num_epochs * iterations_per_epoch
        loss_history, train_acc_history, val_acc_history = [], [], []
        best_model, best_val_acc = {}, -1.0
        memory = {name: np.zeros(w.shape) for name, w in model.items()}  # v of momentum, or a of RMSprop

        for it in range(num_iters):
            # The examples of this iteration, X_batch, and their labels, y_batch: all, or a random minibatch.
            # YOUR CODE HERE
            raise NotImplementedError("ClassifierTrainer.train")

            loss, grads = loss_function(X_batch, model, y_batch, reg)
            loss_history.append(loss)

            # One step of every parameter, by update_step.
            # YOUR CODE HERE
            raise NotImplementedError("ClassifierTrainer.train")

            end_of_epoch = (it + 1) % iterations_per_epoch == 0
            if it == 0 or end_of_epoch or (acc_frequency is not None and it % acc_frequency == 0):
                some = np.random.choice(num_train, 1000, replace=False) if num_train > 1000 else slice(None)
                train_acc = np.mean(loss_function(X[some], model).argmax(axis=1) == y[some])
                val_acc = np.mean(loss_function(X_val, model).argmax(axis=1) == y_val)
                train_acc_history.append(train_acc)
                val_acc_history.append(val_acc)
                if verbose:
                    print(f"iteration {it + 1} / {num_iters}: loss {loss:f}, train {train_acc:f}, val {val_acc:f}")

                # Where val_acc is the best so far: keep a copy of the parameters in best_model.
                # YOUR CODE HERE
                raise NotImplementedError("ClassifierTrainer.train")

            # At the end of an epoch, lower the learning rate.
            # YOUR CODE HERE
            raise NotImplementedError("ClassifierTrainer.train")

        return best_model, loss_history, train_acc_history, val_acc_history
