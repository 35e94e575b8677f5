/* Chooses the build of the kernels that this processor runs fastest. */
#include "core.h"
#include <string.h>

extern const Kernels nndl_portable;
#if defined(__x86_64__)
extern const Kernels nndl_avx2, nndl_avx512;
#endif

const Kernels *nndl_kernels(const char *name) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (avx512 && (!name || !strcmp(name, nndl_avx512.name))) return &nndl_avx512;
    if (avx2 && (!name || !strcmp(name, nndl_avx2.name))) return &nndl_avx2;
#endif
    return !name || !strcmp(name, nndl_portable.name) ? &nndl_portable : NULL;
}
