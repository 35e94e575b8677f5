"""Train a model and write a log of it: ``python -m torch_models.train --model convnet --epochs 3 > train.log``."""

import argparse

import torch
from torch.nn.functional import cross_entropy
from utils.data_utils import get_CIFAR10_data

from torch_models.convnet import CNN
from torch_models.softmax import Softmax
from torch_models.twolayernn import TwoLayerNN

IM_SIZE, N_CLASSES = (3, 32, 32), 10


class Batches:
    """Pairs of images and labels, batch by batch; the last batch may be smaller.

    Parameters
    ----------
    images : array (N, ...)
    labels : integer array (N,)
    batch_size : int
    shuffle : bool
        Whether each pass goes through the examples in another random order.
    """

    def __init__(self, images, labels, batch_size, shuffle=False):
        self.images, self.labels = torch.as_tensor(images), torch.as_tensor(labels)
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self):
        count = len(self.labels)
        order = torch.randperm(count) if self.shuffle else torch.arange(count)
        for chosen in order.split(self.batch_size):
            yield self.images[chosen], self.labels[chosen]


def train_epoch(model, batches, optimizer, epoch=1, log_every=50):
    """Go once through the training set, with a step of the optimizer for each batch.

    The model is in training mode meanwhile. For the first batch and every `log_every`-th after it, a line
    ``Train Epoch: 1 [50/180] Train Loss: 1.937522`` is printed: epoch, number of the batch from 0, batches in
    all, and the batch's loss before the step.

    Parameters
    ----------
    model : nn.Module
        Gives scores (N, C) for images.
    batches : iterable with a length
        Pairs (images, labels).
    optimizer : torch.optim.Optimizer
        Of the model's parameters.
    epoch, log_every : int
    """
    ### BEGIN SOLUTION
    model.train()
    for number, (images, labels) in enumerate(batches):
        optimizer.zero_grad()
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        if number % log_every == 0:
            print(f"Train Epoch: {epoch} [{number}/{len(batches)}] Train Loss: {loss.item():.6f}")
    ### END SOLUTION


def evaluate(model, batches):
    """Measure a model, in evaluation mode and without gradients.

    Parameters
    ----------
    model : nn.Module
        Gives scores (N, C) for images.
    batches : iterable
        Pairs (images, labels), of different sizes perhaps.

    Returns
    -------
    loss : float
        Cross-entropy, the mean over all examples.
    accuracy : float
        Fraction of the examples whose highest score is that of their label.
    """
    ### BEGIN SOLUTION
    model.eval()
    loss, right, count = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in batches:
            scores = model(images)
            loss += cross_entropy(scores, labels, reduction="sum").item()
            right += (scores.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return loss / count, right / count
    ### END SOLUTION


def train(model, data, *, lr=1e-3, momentum=0.9, weight_decay=0.0, batch_size=100, epochs=3, log_every=50):
    """Train with SGD on the data of `get_CIFAR10_data`, printing the log; after each epoch a line such as

    ``Epoch: 1 Val Loss: 1.612345 Val Acc: 0.430000``.
    """
    training = Batches(data["X_train"], data["y_train"], batch_size, shuffle=True)
    validation = Batches(data["X_val"], data["y_val"], 500)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    for epoch in range(1, epochs + 1):
        train_epoch(model, training, optimizer, epoch, log_every)
        loss, accuracy = evaluate(model, validation)
        print(f"Epoch: {epoch} Val Loss: {loss:.6f} Val Acc: {accuracy:.6f}")


def make_model(name, hidden_dim, kernel_size):
    """Return a new model by the name that the command line has for it."""
    if name == "softmax":
        return Softmax(IM_SIZE, N_CLASSES)
    if name == "twolayernn":
        return TwoLayerNN(IM_SIZE, hidden_dim, N_CLASSES)
    return CNN(IM_SIZE, hidden_dim, kernel_size, N_CLASSES)


def load_data():
    """Return the course's data with pixels divided by 128, which suits PyTorch's initial weights."""
    data = get_CIFAR10_data()
    return {name: value / 128 if name.startswith("X_") else value for name, value in data.items()}


def main():
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description="Train a model and print a log of it.")
    parser.add_argument("--model", choices=["softmax", "twolayernn", "convnet"], default="softmax")
    parser.add_argument("--hidden-dim", type=int, default=100, help="hidden units, or filters of the convolution")
    parser.add_argument("--kernel-size", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--log-every", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args())
    torch.manual_seed(options.pop("seed"))
    model = make_model(options.pop("model"), options.pop("hidden_dim"), options.pop("kernel_size"))
    train(model, load_data(), **options)


if __name__ == "__main__":
    main()
