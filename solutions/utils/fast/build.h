/* One build of the kernels: both types at vectors of BYTES bytes, and the table named nndl_BUILD. */
#include "core.h"
#include <stdlib.h>
#include <string.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define TILED_(name, m, r) JOIN(JOIN(name, m), r)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define INLINE static inline __attribute__((always_inline))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define UP(a, b) (((a) + (b) - 1) / (b))

/* Vectors that can be summed in registers, with some left for what is multiplied. */
#if BYTES == 64
#define MOST_SUMS 24
#else
#define MOST_SUMS 12
#endif

/* Intrinsics by the middle of their names: X86(max) is _mm256_max_pd for doubles in 256 bits. */
#if defined(__x86_64__)
#include <immintrin.h>
#define X86(name) JOIN3(MM, name, SUFFIX)
#define JOIN3(a, b, c) JOIN3_(a, b, c)
#define JOIN3_(a, b, c) a##_##b##_##c
#if BYTES == 16
#define MM _mm
#elif BYTES == 32
#define MM _mm256
#else
#define MM _mm512
#endif
#endif

/* Have a vector stay in its register, where the compiler would load it again for each use. */
#if defined(__x86_64__)
#define KEEP(v) __asm__("" : "+v"(v))
#else
#define KEEP(v)
#endif

#include "geometry.h"

#define T float
#define INT int32_t
#define SUFFIX ps
#define WIDENED JOIN3(MM, cvtepu8, epi32)
#define LANES (BYTES / 4)
#define NAME(name) JOIN(name, f32)
#include "vectors.h"
#include "correlate.h"
#include "products.h"
#include "channels.h"
#include "tiles.h"
#include "conv.h"
#include "weights.h"
#include "pool.h"
#include "steps.h"
#undef T
#undef INT
#undef SUFFIX
#undef WIDENED
#undef LANES
#undef NAME

#define T double
#define INT int64_t
#define SUFFIX pd
#define WIDENED JOIN3(MM, cvtepu8, epi64)
#define LANES (BYTES / 8)
#define NAME(name) JOIN(name, f64)
#include "vectors.h"
#include "correlate.h"
#include "products.h"
#include "channels.h"
#include "tiles.h"
#include "conv.h"
#include "weights.h"
#include "pool.h"
#include "steps.h"

#define BOTH(name) \
    { JOIN(name, f32), JOIN(name, f64) }
#if defined(NARROWER)
extern const Kernels NARROWER;
#endif
const Kernels JOIN(nndl, BUILD) = {
    TEXT(BUILD), BYTES,
#if defined(NARROWER)
    &NARROWER,
#else
    NULL,
#endif
    BOTH(forward),       BOTH(backward),       BOTH(pool_forward),
    BOTH(pool_backward), BOTH(pool2_forward), BOTH(pool2_backward), BOTH(step),
};
