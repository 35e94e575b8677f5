"""Update rules as in `nndl.optim`, each a single pass over memory.

NumPy makes an array for every operation of a rule, which with millions of parameters takes as long as all gradients of
a network. The rules here are compiled from the sources in ``utils/fast``, like `utils.fast_layers`. They take and
return what those of `nndl.optim` do, so that one can follow the other in the middle of training, with one difference:
**`w` is updated in place**, as are the moments in `config`; the `next_w` that is returned is `w` itself. Copy what you
want to keep.

A solver takes them as functions: ``Solver(..., update_rule=fast_optim.adam)``.

Where nothing is compiled, or `w` is no array of float32 or float64, your own rule of `nndl.optim` takes the step, and
returns a new array.
"""

import numpy as np
from nndl import optim

from utils import fast_layers


def sgd(w, dw, config=None):
    """Take one step of `nndl.optim.sgd`, in place.

    Parameters
    ----------
    w : ndarray of any shape
        The parameter, which is changed.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`; taken in the type of `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-2).

    Returns
    -------
    next_w : ndarray
        `w` itself.
    config : dict

    Raises
    ------
    ValueError
        If shapes differ, or `w` is read-only.
    """
    if not _compiled(w):
        return optim.sgd(w, dw, config)
    config = _settings(config, learning_rate=1e-2)
    _step("sgd", w, dw, config, (), [config["learning_rate"]])
    return w, config


def sgd_momentum(w, dw, config=None):
    """Take one step of `nndl.optim.sgd_momentum`, in place.

    Arguments, results and errors are those of `sgd`; `config` also has ``momentum`` (default 0.9) and ``velocity``
    (default zeros), which is changed too.
    """
    if not _compiled(w):
        return optim.sgd_momentum(w, dw, config)
    config = _settings(config, learning_rate=1e-2, momentum=0.9)
    _step("momentum", w, dw, config, ["velocity"], [config["learning_rate"], config["momentum"]])
    return w, config


def sgd_nesterov_momentum(w, dw, config=None):
    """Take one step of `nndl.optim.sgd_nesterov_momentum`, in place; `config` is that of `sgd_momentum`."""
    if not _compiled(w):
        return optim.sgd_nesterov_momentum(w, dw, config)
    config = _settings(config, learning_rate=1e-2, momentum=0.9)
    _step("nesterov", w, dw, config, ["velocity"], [config["learning_rate"], config["momentum"]])
    return w, config


def rmsprop(w, dw, config=None):
    """Take one step of `nndl.optim.rmsprop`, in place.

    Arguments, results and errors are those of `sgd`; `config` also has ``decay_rate`` (default 0.99), ``epsilon``
    (default 1e-8) and ``a`` (default zeros), which is changed too.
    """
    if not _compiled(w):
        return optim.rmsprop(w, dw, config)
    config = _settings(config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    decay = config["decay_rate"]
    _step("rmsprop", w, dw, config, ["a"], [config["learning_rate"], decay, 1 - decay, config["epsilon"]])
    return w, config


def adam(w, dw, config=None):
    """Take one step of `nndl.optim.adam`, in place.

    Arguments, results and errors are those of `sgd`, but ``learning_rate`` is 1e-3 by default; `config` also has
    ``beta1`` (default 0.9), ``beta2`` (default 0.999), ``epsilon`` (default 1e-8), ``t`` (default 0), and ``v`` and
    ``a`` (default zeros), which are changed too.
    """
    if not _compiled(w):
        return optim.adam(w, dw, config)
    config = _settings(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)
    t, beta1, beta2 = config["t"] + 1, config["beta1"], config["beta2"]
    rate, scale = config["learning_rate"] / (1 - beta1**t), 1 / (1 - beta2**t)
    _step("adam", w, dw, config, ["v", "a"], [rate, beta1, 1 - beta1, beta2, 1 - beta2, scale, config["epsilon"]])
    config["t"] = t
    return w, config


def _compiled(w):
    """Return whether a compiled step can be taken; a build of an earlier assignment may have none."""
    return hasattr(fast_layers.nndl_fast, "step") and type(w) is np.ndarray and w.dtype in (np.float32, np.float64)


def _settings(config, **defaults):
    """Fill what is missing in `config`, which is changed, or in a new one."""
    config = {} if config is None else config
    for name, value in defaults.items():
        config.setdefault(name, value)
    return config


def _step(rule, w, dw, config, names, rates):
    """Take a step of a compiled rule on `w` and on the moments of these names in `config`."""
    if not w.flags.writeable:
        raise ValueError("w is read-only, and a compiled step changes it in place; use nndl.optim for it")
    arrays = [_apart(np.require(_fitting("dw", dw, w), w.dtype, "CA"), [w])]
    for name in names:
        arrays.append(_apart(_moment(config, name, w), [w, *arrays]))
    changed = w if w.flags.carray else w.copy()
    flat, flat_dw, *flat_moments = (array.reshape(-1) for array in (changed, *arrays))
    fast_layers.nndl_fast.step(rule, flat, flat_dw, flat_moments, rates)
    if changed is not w:
        w[...] = changed
    config.update(zip(names, arrays[1:], strict=True))


def _moment(config, name, w):
    """Return a moment as an array that a compiled step can change; a copy, if it is none."""
    if name not in config:
        return np.zeros_like(w, order="C")
    moment = _fitting(f"config[{name!r}]", config[name], w)
    return moment if moment.dtype == w.dtype and moment.flags.carray else np.array(moment, w.dtype, order="C")


def _fitting(name, value, w):
    if np.shape(value) != w.shape:
        raise ValueError(f"{name} has shape {np.shape(value)}, w {w.shape}")
    return np.asarray(value)


def _apart(array, others):
    """Return an array that shares no memory with others; a copy, if it might."""
    return array.copy() if any(np.may_share_memory(array, other) for other in others) else array
