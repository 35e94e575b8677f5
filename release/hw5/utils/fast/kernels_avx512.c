/* The kernels in 512-bit vectors. */
#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#endif
#define BYTES 64
#define BUILD avx512
#define NARROWER nndl_avx2
#include "build.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
