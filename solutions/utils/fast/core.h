/* What the builds of the kernels (portable, AVX2, AVX-512) have in common. */
#ifndef NNDL_FAST_CORE_H
#define NNDL_FAST_CORE_H

#include <stddef.h>
#include <stdint.h>

/* A convolution: x (n, c, h, w), weights (f, c, kh, kw), out (n, f, oh, ow). `winograd` is 0 where Winograd's algorithm is
 * ruled out, 1 where it may be used with errors near those of sums, 2 where they may be larger. */
typedef struct {
    ptrdiff_t n, c, h, w, f, kh, kw, stride, pad, oh, ow;
    int threads, winograd;
} Conv;

/* A 2x2 or any other max pool: `planes` planes of h by w become planes of oh by ow. */
typedef struct {
    ptrdiff_t planes, h, w, ph, pw, stride, oh, ow;
} Pool;

/* A step of an optimizer on `n` numbers; what `rates` are is up to the rule. */
#define STEP_RATES 7
enum { SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM };
typedef struct {
    ptrdiff_t n;
    int rule;
    double rates[STEP_RATES];
} Step;

/* One build; element 0 of each pair is for float, element 1 for double. All return 0, or -1 without memory. */
typedef struct Kernels {
    const char *name;
    ptrdiff_t bytes;                /* of a vector */
    const struct Kernels *narrower; /* the build with vectors of half as many bytes, or NULL */
    int (*forward[2])(const Conv *, const void *x, const void *w, const void *b, void *out);
    int (*backward[2])(const Conv *, const void *x, const void *w, const void *dout, void *dx, void *dw, void *db);
    void (*pool_forward[2])(const Pool *, const void *x, void *out, int32_t *chosen);
    void (*pool_backward[2])(const Pool *, const void *dout, const int32_t *chosen, void *dx);
    void (*pool2_forward[2])(const Pool *, const void *x, void *out, uint8_t *chosen);
    void (*pool2_backward[2])(const Pool *, const void *dout, const uint8_t *chosen, void *dx);
    void (*step[2])(const Step *, void *w, const void *dw, void *first, void *second);
} Kernels;

/* Return the build of that name, or NULL where this processor or compiler has none; NULL asks for the best. */
const Kernels *nndl_kernels(const char *name);

/* Call run(job, i) for every i below count, on up to `threads` threads, in any order. */
void nndl_parallel(int threads, ptrdiff_t count, void (*run)(void *job, ptrdiff_t i), void *job);

/* Return at least `bytes` of this thread's own memory, aligned to 64, or NULL if there is none; number 0 and number 1 are
 * apart, and the next call for the same number may move it. */
void *nndl_scratch(int number, size_t bytes);

#endif
