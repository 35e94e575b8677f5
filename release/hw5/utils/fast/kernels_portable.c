/* The kernels in 128-bit vectors, which every processor has or the compiler makes of scalars. */
#define BYTES 16
#define BUILD portable
#include "build.h"
