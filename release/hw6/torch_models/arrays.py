"""Between NumPy and PyTorch: arrays in, arrays out."""

import torch


def set_parameters(model, values):
    """Copy arrays into the parameters of a model, by name, in place."""
    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, value in values.items():
            named[name].copy_(torch.as_tensor(value))


def get_parameters(model):
    """Return copies of the parameters of a model as a dict of arrays."""
    return {name: value.detach().numpy().copy() for name, value in model.named_parameters()}


def get_gradients(model):
    """Return copies of the gradients that a model's parameters hold, as a dict of arrays; None where there is none."""
    return {name: None if value.grad is None else value.grad.numpy().copy() for name, value in model.named_parameters()}


def get_scores(model, images):
    """Return a model's scores (N, C), an array, of images (N, ...), an array."""
    with torch.no_grad():
        return model(torch.as_tensor(images)).numpy()


def backpropagate(model, images, labels):
    """Return the gradients of the mean cross-entropy on images (N, ...) with labels (N,), as a dict of arrays."""
    model.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(torch.as_tensor(images)), torch.as_tensor(labels))
    loss.backward()
    return get_gradients(model)
