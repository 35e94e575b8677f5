"""A generated stand-in for CIFAR-10: small colour pictures of ten kinds of shape, drawn from a seed.

It has CIFAR-10's format (32x32 RGB, ten classes) and needs no download. Shapes differ in colour, place,
size, rotation and brightness, before a shaded and noisy background; some can hardly be seen. They are as hard as
CIFAR-10 is for the networks of this course: a linear classifier gets two of five right, a two-layer network half,
a deep fully connected one a little more, and a convolutional one two of three or better.

Pixels come from additions, products, quotients, square roots and comparisons only, which every machine
rounds alike, so a seed gives the same pictures everywhere.
"""

import numpy as np

CLASSES = (
    "disk",
    "ring",
    "square",
    "triangle",
    "cross",
    "bar",
    "crescent",
    "stripes",
    "checkers",
    "dots",
)

# How hard the pictures are.
SIZE = 32  # pixels
RADIUS = (7.0, 12.0)  # of a shape, pixels
SHIFT = 6.5  # a shape's centre is at most so far from the picture's, pixels
TURN = 1.6  # rotation either way, radians
DARK_SHAPES = 0.4  # fraction of pictures with a dark shape on a bright ground
CONTRAST = (8.0, 85.0)  # difference in brightness between shape and ground, grey levels
TINT = 60.0  # largest deviation of a colour channel from grey, grey levels
CUE = 31.0  # how far a class's favourite colour pulls the ground, grey levels
SHADING = 40.0  # change of the ground from the middle to the edge, grey levels
NOISE = 24  # largest noise in one pixel and channel, grey levels

# A colour for each class, from around the colour circle and off it by turns: red, green and blue, -1 to 1.
_FAVOURITES = np.array(
    [
        (1, -1, -1),
        (-1, 1, -1),
        (-1, -1, 1),
        (1, 1, -1),
        (1, -1, 1),
        (-1, 1, 1),
        (1, 1, 1),
        (-1, -1, -1),
        (1, 0, -1),
        (-1, 0, 1),
    ],
    np.float32,
)

_CHUNK = 250  # pictures drawn at a time; few enough that they stay in the processor's cache


def make_shapes10(count, seed=0):
    """Draw pictures, in random order of class.

    Parameters
    ----------
    count : int
        How many.
    seed : int or sequence of int
        The same count and seed give the same pictures.

    Returns
    -------
    images : uint8 ndarray of shape (count, 32, 32, 3)
    labels : int64 ndarray of shape (count,)
        Indices into `CLASSES`.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(len(CLASSES), size=count)
    images = np.empty((count, SIZE, SIZE, 3), np.uint8)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        images[part] = _draw(labels[part], rng)
    return images, labels


def _draw(labels, rng):
    """Return a picture (SIZE, SIZE, 3) of each class in `labels`."""
    n = len(labels)
    radius = _uniform(rng, *RADIUS, (n, 1, 1))
    coverage = _coverage(labels, *_coordinates(radius, rng), radius)[..., np.newaxis]

    # Brightness and colour of ground and shape, (n, 1, 1, 3).
    sign = np.where(rng.random((n, 1, 1, 1)) < DARK_SHAPES, -1, 1).astype(np.float32)
    contrast = sign * _uniform(rng, *CONTRAST, (n, 1, 1, 1))
    favourite = CUE * _FAVOURITES[labels].reshape(n, 1, 1, 3)
    ground = 128 - contrast / 2 + favourite + _uniform(rng, -TINT, TINT, (n, 1, 1, 3))
    shape = 128 + contrast / 2 + _uniform(rng, -TINT, TINT, (n, 1, 1, 3))

    picture = ground + _shading(n, rng)[..., np.newaxis]
    picture = picture + coverage * (shape - picture)
    # The sum of two uniform draws: nearer to photographic noise than one, and as exact.
    draws = rng.integers(-NOISE // 2, NOISE // 2, (2, *picture.shape), np.int8, endpoint=True)
    picture += draws[0] + draws[1]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _uniform(rng, low, high, shape):
    return (low + (high - low) * rng.random(shape)).astype(np.float32)


def _pixels():
    """Return the coordinates of pixel centres, from the picture's middle, as (1, SIZE) and (SIZE, 1)."""
    line = np.arange(SIZE, dtype=np.float32) - np.float32((SIZE - 1) / 2)
    return line[np.newaxis, :], line[:, np.newaxis]


def _coordinates(radius, rng):
    """Return each pixel's place (u, v) in its shape's frame, in which the radius is 1 and v points up."""
    n = len(radius)
    x, y = _pixels()
    angle = TURN * (2 * rng.random((n, 1, 1)) - 1)
    cos, sin = (np.cos(angle) / radius).astype(np.float32), (np.sin(angle) / radius).astype(np.float32)
    x = x - _uniform(rng, -SHIFT, SHIFT, (n, 1, 1))
    y = y - _uniform(rng, -SHIFT, SHIFT, (n, 1, 1))
    return x * cos + y * sin, x * sin - y * cos


def _shading(n, rng):
    """Return a ramp of brightness in a random direction, (n, SIZE, SIZE)."""
    x, y = _pixels()
    slope = _uniform(rng, -SHADING, SHADING, (2, n, 1, 1)) / np.float32(SIZE / 2)
    return slope[0] * x + slope[1] * y


def _coverage(labels, u, v, radius):
    """Return how much of each pixel its shape covers, 0 to 1."""
    distance = np.empty_like(u)
    for label, shape in enumerate(_SHAPES):
        chosen = np.flatnonzero(labels == label)
        distance[chosen] = shape(u[chosen], v[chosen])
    return np.clip(0.5 - distance * radius, 0, 1)  # an edge is one pixel wide


# Each shape is a function of (u, v) that is negative inside, positive outside and, near its edge, the
# distance from it.


def _disk(u, v):
    return np.sqrt(u * u + v * v) - 1


def _ring(u, v):
    return np.abs(_disk(u, v) + 0.3) - 0.3


def _box(u, v, width, height):
    return np.maximum(np.abs(u) - width, np.abs(v) - height)


def _square(u, v):
    return _box(u, v, 0.85, 0.85)


def _triangle(u, v):
    side = 0.866 * np.abs(u) + 0.5 * v - 0.5
    return np.maximum(side, -v - 0.7)


def _cross(u, v):
    return np.minimum(_box(u, v, 1.0, 0.3), _box(u, v, 0.3, 1.0))


def _bar(u, v):
    return _box(u, v, 1.1, 0.35)


def _crescent(u, v):
    return np.maximum(_disk(u, v), -_disk(u - 0.5, v) - 0.1)


def _wave(t, period):
    """Return a triangle wave that is negative within a quarter period of every multiple of `period`."""
    t = t / period
    return (np.abs(t - np.rint(t)) - 0.25) * period


def _stripes(u, v):
    return np.maximum(_square(u, v), _wave(v, 0.68))


def _checkers(u, v):
    a, b = _wave(u + 0.2125, 0.85), _wave(v + 0.2125, 0.85)
    return np.maximum(_square(u, v), np.where(a * b > 0, 1, -1) * np.minimum(np.abs(a), np.abs(b)))


def _dots(u, v):
    a, b = _wave(u, 0.68) + 0.17, _wave(v, 0.68) + 0.17
    return np.maximum(_box(u, v, 0.95, 0.95), np.sqrt(a * a + b * b) - 0.22)


_SHAPES = (_disk, _ring, _square, _triangle, _cross, _bar, _crescent, _stripes, _checkers, _dots)
