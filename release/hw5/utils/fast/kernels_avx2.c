/* The kernels in 256-bit vectors. */
#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#define BYTES 32
#define BUILD avx2
#define NARROWER nndl_portable
#include "build.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
