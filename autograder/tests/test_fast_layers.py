"""The fast layers against plain loops: random shapes, every build of the kernels, any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from utils import fast_layers, numpy_layers

from autograder.tests.sandboxes import SHUT_IN, files, name, opened
from autograder.types import Limits

SOLUTIONS = Path(fast_layers.__file__).resolve().parent.parent
SHAPES = 300
RTOL = {np.float64: 1e-12, np.float32: 2e-5}

if fast_layers.nndl_fast is None:
    pytest.skip("the compiled layers are not installed: .venv/fast.log says why", allow_module_level=True)
nndl_fast = fast_layers.nndl_fast


def conv_naive(x, w, b, stride, pad):
    """Convolve one output at a time."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, cols = ((size + 2 * pad - k) // stride + 1 for size, k in zip(x.shape[2:], w.shape[2:], strict=True))
    out = np.empty((len(x), len(w), rows, cols))
    for i in range(rows):
        for j in range(cols):
            patch = padded[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, w) + b
    return out


def conv_gradients_naive(x, w, dout, stride, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = np.s_[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            dw += np.einsum("nf,nchw->fchw", dout[:, :, i, j], padded[window])
            dpadded[window] += np.einsum("nf,fchw->nchw", dout[:, :, i, j], w)
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def pool_naive(x, height, width, stride, dout=None):
    """Return the maxima, or with dout the gradient of x, which goes to the first of several maxima."""
    rows, cols = (x.shape[2] - height) // stride + 1, (x.shape[3] - width) // stride + 1
    out, dx = np.empty((*x.shape[:2], rows, cols)), np.zeros(x.shape)
    for n, c, i, j in np.ndindex(out.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        a, b = np.unravel_index(window.argmax(), window.shape)
        out[n, c, i, j] = window[a, b]
        if dout is not None:
            dx[n, c, i * stride + a, j * stride + b] += dout[n, c, i, j]
    return out if dout is None else dx


def random_case(number, *, images=3, channels=9, filters=20, size=20):
    """Return x, w, b, stride and pad of odd shapes: kernels of 1, strides beyond the kernel, pads beyond it, thin."""
    rng = np.random.default_rng(number)
    kernel, stride, pad = rng.integers(1, 6, 2), int(rng.integers(1, 5)), int(rng.integers(0, 5))
    least = np.maximum(kernel - 2 * pad, 1)
    h, w = least + rng.integers(0, size, 2) * (rng.random(2) < 0.9)
    shape = (rng.integers(1, images + 1), rng.integers(1, channels + 1), h, w)
    f = rng.integers(1, filters + 1)
    return rng.standard_normal(shape), rng.standard_normal((f, shape[1], *kernel)), rng.standard_normal(f), stride, pad


def draw_like(array, number):
    return np.random.default_rng(number).standard_normal(array.shape)


def run(x, w, b, dout, param, dtype=np.float64):
    out, cache = fast_layers.conv_forward_fast(x.astype(dtype), w.astype(dtype), b.astype(dtype), param)
    return out, *fast_layers.conv_backward_fast(dout.astype(dtype), cache)


def assert_near(results, expected, rtol):
    for result, value in zip(results, expected, strict=True):
        assert result.shape == value.shape
        np.testing.assert_allclose(result, value, rtol=0, atol=rtol * max(np.abs(value).max(initial=0), 1))


@pytest.fixture(params=nndl_fast.BUILDS)
def build(request):
    """Have every build of the kernels that this processor can run, in turn."""
    best = nndl_fast.build()
    nndl_fast.use(request.param)
    assert nndl_fast.build() == request.param
    yield request.param
    nndl_fast.use(best)


@pytest.fixture
def threads():
    """Return the function that sets the number of threads; it is set back in the end."""
    before = fast_layers.set_num_threads(1)
    yield fast_layers.set_num_threads
    fast_layers.set_num_threads(before)


@pytest.fixture
def without_compiler(monkeypatch):
    monkeypatch.setattr(fast_layers, "nndl_fast", None)


def test_convolutions_are_those_of_plain_loops_at_any_shape_and_for_any_number_of_threads(threads):
    best = nndl_fast.build()
    try:
        for number in range(SHAPES):
            x, w, b, stride, pad = random_case(number)
            out = conv_naive(x, w, b, stride, pad)
            dout = draw_like(out, number)
            expected = out, *conv_gradients_naive(x, w, dout, stride, pad)
            for build_name in nndl_fast.BUILDS:
                nndl_fast.use(build_name)
                for dtype, rtol in RTOL.items():
                    results = []
                    for count in (1, 2):
                        threads(count)
                        results.append(run(x, w, b, dout, {"stride": stride, "pad": float(pad)}, dtype))
                    assert_near(results[0], expected, rtol)
                    assert all(np.array_equal(one, two) for one, two in zip(*results, strict=True)), (
                        number,
                        build_name,
                    )
    finally:
        nndl_fast.use(best)


@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("winograd", [None, True, False])
def test_square_filters_are_right_with_and_without_winograd(build, threads, winograd, size):
    for number in range(6):
        rng = np.random.default_rng(number)
        n, c, f, h, w = rng.integers((1, 16, 16, size, size), (4, 40, 40, 27, 27))
        pad = number % 3
        x, filters = rng.standard_normal((n, c, h, w)), rng.standard_normal((f, c, size, size))
        b = rng.standard_normal(f)
        out = numpy_layers.conv_forward(x, filters, b, 1, pad)
        dout = draw_like(out, number)
        expected = out, *numpy_layers.conv_backward(x, filters, dout, 1, pad)
        param = {"stride": 1, "pad": pad} | ({} if winograd is None else {"winograd": winograd})
        for dtype, rtol in RTOL.items():
            results = []
            for count in (1, 2, 3):
                threads(count)
                results.append(run(x, filters, b, dout, param, dtype))
            assert_near(results[0], expected, 5e-5 if winograd and dtype is np.float32 else rtol)
            assert all(np.array_equal(one, other) for one, *rest in zip(*results, strict=True) for other in rest)


def test_images_too_large_for_a_cache_are_right_band_by_band(build, threads):
    rng = np.random.default_rng(0)
    sizes = (64, 16, 1, 5), (3, 24, 1, 7), (40, 20, 2, 3), (64, 64, 1, 3), (20, 24, 1, 7)
    for channels, filters, stride, kernel in sizes:
        x, w = rng.standard_normal((1, channels, 70, 66)), rng.standard_normal((filters, channels, kernel, kernel))
        b = rng.standard_normal(filters)
        out = numpy_layers.conv_forward(x, w, b, stride, kernel // 2)
        dout = draw_like(out, channels)
        expected = out, *numpy_layers.conv_backward(x, w, dout, stride, kernel // 2)
        threads(2)
        assert_near(run(x, w, b, dout, {"stride": stride, "pad": kernel // 2}), expected, 1e-12)


def test_without_a_compiler_numpy_does_the_same(without_compiler):
    for number in range(60):
        x, w, b, stride, pad = random_case(number)
        out = conv_naive(x, w, b, stride, pad)
        dout = draw_like(out, number)
        expected = out, *conv_gradients_naive(x, w, dout, stride, pad)
        for dtype, rtol in RTOL.items():
            results = run(x, w, b, dout, {"stride": stride, "pad": pad}, dtype)
            assert_near(results, expected, rtol)
            assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize("compiled", [True, False])
def test_pools_are_those_of_plain_loops(build, compiled, monkeypatch):
    if not compiled:
        monkeypatch.setattr(fast_layers, "nndl_fast", None)
    for number in range(60):
        rng = np.random.default_rng(number)
        height, width, stride = rng.integers(1, 5, 3) if number % 2 else (2, 2, 2)
        shape = (*rng.integers(1, 4, 2), height + rng.integers(0, 20), width + rng.integers(0, 40))
        x = rng.integers(0, 9, shape) if number % 3 else rng.standard_normal(shape)  # integers tie
        if number % 5 == 0:
            x = np.where(rng.random(shape) < 0.1, rng.choice([-np.inf, np.inf], shape), x)
        param = {"pool_height": height, "pool_width": width, "stride": stride}
        expected = pool_naive(x, height, width, stride)
        dout = draw_like(expected, number)
        for dtype in RTOL:
            out, cache = fast_layers.max_pool_forward_fast(x.astype(dtype), param)
            dx = fast_layers.max_pool_backward_fast(dout.astype(dtype), cache)
            np.testing.assert_array_equal(out, expected.astype(dtype))
            np.testing.assert_allclose(dx, pool_naive(x, height, width, stride, dout), rtol=1e-6, atol=1e-6)
            assert (out.dtype, dx.dtype) == (dtype, dtype)


def test_a_nan_is_the_maximum_of_its_window(build):
    x = np.arange(2 * 3 * 8 * 40, dtype=float).reshape(2, 3, 8, 40)
    x[1, 2, 5, 7] = x[0, 0, 0, 0] = np.nan
    for size in (2, 3):
        param = {"pool_height": size, "pool_width": size, "stride": size}
        out, cache = fast_layers.max_pool_forward_fast(x, param)
        assert np.isnan(out).sum() == 2
        assert np.isnan(out[0, 0, 0, 0])
        dx = fast_layers.max_pool_backward_fast(np.ones_like(out), cache)
        assert dx[1, 2, 5, 7] == dx[0, 0, 0, 0] == 1


def test_arrays_of_any_layout_and_type_are_taken_and_left_alone():
    x, w, b, _, _ = random_case(7, images=3, channels=4)
    views = np.asfortranarray(x), w[:, ::-1, :, ::-1], np.repeat(b, 2)[::2]
    plain = [np.ascontiguousarray(view) for view in views]
    before = [view.copy() for view in views]
    out, cache = fast_layers.conv_forward_fast(*views, {"stride": 1, "pad": 2})
    dout = np.asfortranarray(draw_like(out, 1))
    expected, plain_cache = fast_layers.conv_forward_fast(*plain, {"stride": 1, "pad": 2})
    for one, two in zip(
        (out, *fast_layers.conv_backward_fast(dout, cache)),
        (expected, *fast_layers.conv_backward_fast(np.ascontiguousarray(dout), plain_cache)),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)
    assert all(np.array_equal(view, copy) for view, copy in zip(views, before, strict=True))
    integers = np.arange(48).reshape(1, 3, 4, 4)
    out, _ = fast_layers.conv_forward_fast(
        integers, np.ones((2, 3, 3, 3), np.float32), np.zeros(2), {"stride": 1, "pad": 1}
    )
    assert out.dtype == np.float64
    assert out[0, 0, 1, 1] == integers[0, :, :3, :3].sum()


def test_batches_without_images_pass_through():
    x, w, b = np.ones((0, 3, 8, 8)), np.ones((4, 3, 3, 3)), np.ones(4)
    out, dx, dw, db = run(x, w, b, np.ones((0, 4, 8, 8)), {"stride": 1, "pad": 1})
    assert (out.shape, dx.shape) == ((0, 4, 8, 8), x.shape)
    assert not dw.any()
    assert not db.any()


def test_the_gradient_of_the_images_is_left_out_on_request():
    x, w, b, stride, pad = random_case(3)
    param = {"stride": stride, "pad": pad}
    out, cache = fast_layers.conv_forward_fast(x, w, b, param)
    dout = draw_like(out, 3)
    _, *expected = fast_layers.conv_backward_fast(dout, cache)
    _, cache = fast_layers.conv_forward_fast(x, w, b, {**param, "needs_dx": False})
    dx, *gradients = fast_layers.conv_backward_fast(dout, cache)
    assert dx is None
    assert_near(gradients, expected, 1e-14)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pad": 0.5}, "pad must be a whole number from 0 on, not 0.5"),
        ({"stride": 0}, "stride must be a whole number from 1 on, not 0"),
        ({"w": np.ones((4, 2, 3, 3))}, "do not fit"),
        ({"b": np.ones(3)}, "do not fit"),
        ({"w": np.ones((4, 3, 9, 9))}, "filters of shape (4, 3, 9, 9) do not fit into x"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(change, message):
    call = {"x": np.ones((2, 3, 6, 6)), "w": np.ones((4, 3, 3, 3)), "b": np.ones(4), "stride": 1, "pad": 1, **change}
    param = {"stride": call["stride"], "pad": call["pad"]}
    with pytest.raises(ValueError, match=r".") as caught:
        fast_layers.conv_forward_fast(call["x"], call["w"], call["b"], param)
    assert message in str(caught.value)


def test_gradients_of_the_wrong_shape_are_refused():
    _, cache = fast_layers.conv_forward_fast(
        np.ones((1, 3, 6, 6)), np.ones((4, 3, 3, 3)), np.ones(4), {"stride": 1, "pad": 1}
    )
    with pytest.raises(ValueError, match="dout has shape"):
        fast_layers.conv_backward_fast(np.ones((1, 4, 5, 6)), cache)
    with pytest.raises(ValueError, match="do not fit into x"):
        fast_layers.max_pool_forward_fast(np.ones((1, 1, 3, 3)), {"pool_height": 4, "pool_width": 2, "stride": 2})


@pytest.mark.parametrize(
    "change", [{"out": np.empty((2, 4, 6, 5))}, {"b": np.ones(3)}, {"w": np.ones((4, 3, 3, 3), "f4")}]
)
def test_the_compiled_functions_refuse_what_would_write_out_of_bounds(change):
    arrays = {"x": np.ones((2, 3, 6, 6)), "w": np.ones((4, 3, 3, 3)), "b": np.ones(4), "out": np.empty((2, 4, 6, 6))}
    with pytest.raises(ValueError, match=r"expected|same type"):
        nndl_fast.conv_forward(*(arrays | change).values(), 1, 1)


SCRIPT = """
import os, sys
import numpy as np
from utils import fast_layers
fast_layers.set_num_threads(2)
x, w, b = np.ones((8, 3, 32, 32)), np.ones((16, 3, 5, 5)), np.ones(16)
param = {"stride": 1, "pad": 2}
here = fast_layers.conv_forward_fast(x, w, b, param)[0]
child = os.fork()
if not child:
    there = fast_layers.conv_forward_fast(x, w, b, param)[0]
    os._exit(0 if np.array_equal(here, there) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(SOLUTIONS), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_forked_process_has_threads_of_its_own():
    done = python("-W", "ignore::DeprecationWarning", "-c", SCRIPT)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_number_of_threads_comes_from_the_environment():
    done = python("-c", "from utils import fast_layers; print(fast_layers.set_num_threads(1))", OMP_NUM_THREADS="5")
    assert done.stdout == "5\n"


def test_a_line_says_that_nothing_is_compiled():
    done = python("-c", "import sys; sys.modules['nndl_fast'] = None; from utils import fast_layers")
    assert done.returncode == 0
    assert done.stderr == (
        "utils.fast_layers: no compiled layers here, so NumPy does the work; `pip install ./utils/fast` compiles them\n"
    )


@pytest.mark.parametrize("level", SHUT_IN)
def test_the_compiled_layers_work_in_a_sandbox(level):
    source = """
        import numpy as np
        from utils import fast_layers

        def convolve(x, w, b):
            return fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 1})[0]

        def kernels():
            return fast_layers.nndl_fast.build(), fast_layers.set_num_threads(1)
    """
    support = {
        f"utils/{file}.py": (SOLUTIONS / f"utils/{file}.py").read_bytes() for file in ("fast_layers", "numpy_layers")
    }
    x, w, b = np.ones((2, 3, 8, 8)), np.ones((4, 3, 3, 3)), np.zeros(4)
    limits = Limits(memory_mb=500, check_time_s=20)
    with opened(level, files(layers=source), limits, support={"utils/__init__.py": b"", **support}) as session:
        assert name(session, "nndl.layers.kernels")() == (nndl_fast.build(), 1)
        out = name(session, "nndl.layers.convolve")(x, w, b)
    assert out[0, 0, 4, 4] == 27
