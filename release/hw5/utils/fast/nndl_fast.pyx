# cython: language_level=3, embedsignature=True
"""Convolution, max pooling and steps of optimizers, compiled; `utils.fast_layers` and `utils.fast_optim` call these functions.

Arrays are C-contiguous, all of float32 or all of float64; results are written to arrays that are passed in. Any shape
that does not fit is a ValueError.
"""

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, Py_buffer, PyBuffer_Release, PyObject_GetBuffer
)


cdef extern from "core.h" nogil:
    ctypedef struct Conv:
        Py_ssize_t n, c, h, w, f, kh, kw, stride, pad, oh, ow
        int threads, winograd

    ctypedef struct Pool:
        Py_ssize_t planes, h, w, ph, pw, stride, oh, ow

    enum: SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM, STEP_RATES

    ctypedef struct Step:
        Py_ssize_t n
        int rule
        double rates[7]

    ctypedef struct Kernels:
        const char *name
        Py_ssize_t bytes
        const Kernels *narrower
        int (*forward[2])(const Conv *, const void *, const void *, const void *, void *) noexcept nogil
        int (*backward[2])(const Conv *, const void *, const void *, const void *, void *, void *, void *) noexcept nogil
        void (*pool_forward[2])(const Pool *, const void *, void *, int *) noexcept nogil
        void (*pool_backward[2])(const Pool *, const void *, const int *, void *) noexcept nogil
        void (*pool2_forward[2])(const Pool *, const void *, void *, unsigned char *) noexcept nogil
        void (*pool2_backward[2])(const Pool *, const void *, const unsigned char *, void *) noexcept nogil
        void (*step[2])(const Step *, void *, const void *, void *, void *) noexcept nogil

    const Kernels *nndl_kernels(const char *name)


cdef const Kernels *kernels = nndl_kernels(NULL)
BUILDS = tuple(name for name in ("portable", "avx2", "avx512") if nndl_kernels(name.encode()) != NULL)


def build():
    """Return which build of the kernels is in use: avx512, avx2 or portable."""
    return kernels.name.decode()


def use(str name):
    """Use the build of that name, one of `BUILDS`, from now on."""
    global kernels
    found = nndl_kernels(name.encode())
    if found == NULL:
        raise ValueError(f"no build {name!r} for this machine; there is {', '.join(BUILDS)}")
    kernels = found


cdef struct Array:
    void *data
    int double_precision
    Py_ssize_t shape[4]


cdef int take(object array, str formats, int ndim, int flags, Array *to) except -1:
    """Look at an array that the caller keeps alive; missing axes have length 1."""
    cdef Py_buffer view
    cdef int i
    PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | flags)
    try:
        letter = view.format.decode()
        if view.ndim != ndim or letter not in formats:
            raise ValueError(f"expected {ndim} axes of type {' or '.join(formats)}, not {view.ndim} of {letter}")
        to.data, to.double_precision = view.buf, letter == "d"
        for i in range(4):
            to.shape[i] = view.shape[i] if i < ndim else 1
    finally:
        PyBuffer_Release(&view)
    return 0


cdef int agree(Array *a, Py_ssize_t n, Py_ssize_t c, Py_ssize_t h, Py_ssize_t w, int double_precision) except -1:
    if a.shape[0] != n or a.shape[1] != c or a.shape[2] != h or a.shape[3] != w:
        shape = tuple(a.shape[i] for i in range(4))
        raise ValueError(f"an array has shape {shape}, where {(n, c, h, w)} was expected")
    if a.double_precision != double_precision:
        raise ValueError("all arrays must have the same type")
    return 0


cdef int describe(Array *x, Array *w, Array *out, Py_ssize_t stride, Py_ssize_t pad, int threads, int winograd,
                  Conv *conv) except -1:
    if stride < 1 or pad < 0 or threads < 1:
        raise ValueError("stride and threads are at least 1, pad at least 0")
    conv.n, conv.c, conv.h, conv.w = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    conv.f, conv.kh, conv.kw = w.shape[0], w.shape[2], w.shape[3]
    conv.stride, conv.pad, conv.threads, conv.winograd = stride, pad, threads, winograd
    if min(conv.n, conv.c, conv.h, conv.w, conv.f, conv.kh, conv.kw) < 1:
        raise ValueError("an axis is empty")
    if conv.kh > conv.h + 2 * pad or conv.kw > conv.w + 2 * pad:
        raise ValueError("the filters are larger than the padded images")
    conv.oh = 1 + (conv.h + 2 * pad - conv.kh) // stride
    conv.ow = 1 + (conv.w + 2 * pad - conv.kw) // stride
    agree(w, conv.f, conv.c, conv.kh, conv.kw, x.double_precision)
    return agree(out, conv.n, conv.f, conv.oh, conv.ow, x.double_precision)


def conv_forward(x, w, b, out, Py_ssize_t stride, Py_ssize_t pad, int threads=1, int winograd=0):
    """Write the convolution of x (N, C, H, W) with w (F, C, HH, WW) and b (F,) to out (N, F, H', W')."""
    cdef Array ax, aw, ab, aout
    cdef Conv conv
    cdef int failed
    take(x, "fd", 4, 0, &ax)
    take(w, "fd", 4, 0, &aw)
    take(b, "fd", 1, 0, &ab)
    take(out, "fd", 4, PyBUF_WRITABLE, &aout)
    describe(&ax, &aw, &aout, stride, pad, threads, winograd, &conv)
    agree(&ab, conv.f, 1, 1, 1, ax.double_precision)
    with nogil:
        failed = kernels.forward[ax.double_precision](&conv, ax.data, aw.data, ab.data, aout.data)
    if failed:
        raise MemoryError


def conv_backward(x, w, dout, dx, dw, db, Py_ssize_t stride, Py_ssize_t pad, int threads=1, int winograd=0):
    """Write the gradients of x, w and b, given that of the output, to dx, dw and db; dx may be None."""
    cdef Array ax, aw, adout, adx, adw, adb
    cdef Conv conv
    cdef int failed, wants_dx = dx is not None
    take(x, "fd", 4, 0, &ax)
    take(w, "fd", 4, 0, &aw)
    take(dout, "fd", 4, 0, &adout)
    take(dw, "fd", 4, PyBUF_WRITABLE, &adw)
    take(db, "fd", 1, PyBUF_WRITABLE, &adb)
    describe(&ax, &aw, &adout, stride, pad, threads, winograd, &conv)
    agree(&adw, conv.f, conv.c, conv.kh, conv.kw, ax.double_precision)
    agree(&adb, conv.f, 1, 1, 1, ax.double_precision)
    if wants_dx:
        take(dx, "fd", 4, PyBUF_WRITABLE, &adx)
        agree(&adx, conv.n, conv.c, conv.h, conv.w, ax.double_precision)
    with nogil:
        failed = kernels.backward[ax.double_precision](
            &conv, ax.data, aw.data, adout.data, adx.data if wants_dx else NULL, adw.data, adb.data)
    if failed:
        raise MemoryError


cdef int describe_pool(Array *x, Array *out, Py_ssize_t height, Py_ssize_t width, Py_ssize_t stride,
                       Pool *pool) except -1:
    pool.planes, pool.h, pool.w = x.shape[0] * x.shape[1], x.shape[2], x.shape[3]
    pool.ph, pool.pw, pool.stride = height, width, stride
    if min(height, width, stride) < 1 or height > pool.h or width > pool.w:
        raise ValueError("the pool is empty or larger than the images, or the stride is less than 1")
    if height * width > 1 << 30:
        raise ValueError("the pool is too large")
    pool.oh, pool.ow = 1 + (pool.h - height) // stride, 1 + (pool.w - width) // stride
    return agree(out, x.shape[0], x.shape[1], pool.oh, pool.ow, x.double_precision)


cdef const Kernels *fitting(Py_ssize_t width, int double_precision):
    """Return the build in use, or a narrower one whose vectors are not longer than rows."""
    found = kernels
    while found.narrower != NULL and width * (8 if double_precision else 4) < found.bytes:
        found = found.narrower
    return found


def is_pool2(Py_ssize_t height, Py_ssize_t width, Py_ssize_t stride):
    """Whether `chosen` is uint8, as for pools of 2 by 2 at stride 2; for all others it is int32."""
    return height == width == stride == 2


def max_pool_forward(x, out, chosen, Py_ssize_t height, Py_ssize_t width, Py_ssize_t stride):
    """Write the maxima of x (N, C, H, W) to out (N, C, H', W'), and which of its window each is to chosen."""
    cdef Array ax, aout, achosen
    cdef Pool pool
    cdef int two = is_pool2(height, width, stride)
    take(x, "fd", 4, 0, &ax)
    take(out, "fd", 4, PyBUF_WRITABLE, &aout)
    take(chosen, "B" if two else "i", 4, PyBUF_WRITABLE, &achosen)
    describe_pool(&ax, &aout, height, width, stride, &pool)
    agree(&achosen, aout.shape[0], aout.shape[1], pool.oh, pool.ow, 0)
    best = fitting(pool.ow, ax.double_precision)
    with nogil:
        if two:
            best.pool2_forward[ax.double_precision](&pool, ax.data, aout.data, <unsigned char *>achosen.data)
        else:
            kernels.pool_forward[ax.double_precision](&pool, ax.data, aout.data, <int *>achosen.data)


def max_pool_backward(dout, chosen, dx, Py_ssize_t height, Py_ssize_t width, Py_ssize_t stride):
    """Write the gradient of x to dx, given that of the output, and `chosen` as `max_pool_forward` wrote it."""
    cdef Array adout, achosen, adx
    cdef Pool pool
    cdef int two = is_pool2(height, width, stride)
    take(dout, "fd", 4, 0, &adout)
    take(dx, "fd", 4, PyBUF_WRITABLE, &adx)
    take(chosen, "B" if two else "i", 4, 0, &achosen)
    describe_pool(&adx, &adout, height, width, stride, &pool)
    agree(&achosen, adout.shape[0], adout.shape[1], pool.oh, pool.ow, 0)
    best = fitting(pool.ow, adx.double_precision)
    with nogil:
        if two:
            best.pool2_backward[adx.double_precision](&pool, adout.data, <unsigned char *>achosen.data, adx.data)
        else:
            kernels.pool_backward[adx.double_precision](&pool, adout.data, <int *>achosen.data, adx.data)


RULES = {"sgd": (SGD, 0, 1), "momentum": (MOMENTUM, 1, 2), "nesterov": (NESTEROV, 1, 2), "rmsprop": (RMSPROP, 1, 4),
         "adam": (ADAM, 2, 7)}


def step(str rule, w, dw, moments, rates):
    """Take a step of the rule of that name on w (n,), given its gradient; w and its moments (n,) change.

    `RULES` says how many moments and how many rates a rule has; steps.h says which.
    """
    cdef Array aw, adw, amoments[2]
    cdef Step s
    cdef int i, kept
    s.rule, kept, given = RULES[rule]
    if len(moments) != kept or len(rates) != given:
        raise ValueError(f"{rule} has {kept} moments and {given} rates, not {len(moments)} and {len(rates)}")
    take(w, "fd", 1, PyBUF_WRITABLE, &aw)
    take(dw, "fd", 1, 0, &adw)
    agree(&adw, aw.shape[0], 1, 1, 1, aw.double_precision)
    for i in range(kept):
        take(moments[i], "fd", 1, PyBUF_WRITABLE, &amoments[i])
        agree(&amoments[i], aw.shape[0], 1, 1, 1, aw.double_precision)
    for i in range(STEP_RATES):
        s.rates[i] = rates[i] if i < given else 0
    s.n = aw.shape[0]
    with nogil:
        kernels.step[aw.double_precision](
            &s, aw.data, adw.data, amoments[0].data if kept > 0 else NULL, amoments[1].data if kept > 1 else NULL)
