/* Winograd's algorithm for both sizes of tiles, and which of them pays. */

#define UNIT_BYTES ((ptrdiff_t)768 << 10)            /* of transformed inputs and outputs at a time */
#define SHARES 8                                     /* of the images, whose gradients are added up in order */
#define SHARES_BYTES ((ptrdiff_t)64 << 20)

#undef Winograd
#define Winograd NAME(Winograd)
typedef struct {
    const Conv *conv;
    Images x, out, dx;                                 /* out is dout in the backward pass */
    ptrdiff_t depth_c, depth_f;                        /* channels and filters, rounded up to whole blocks */
    ptrdiff_t images, bands;                           /* of a unit: 1 of them is 1 */
    ptrdiff_t tile_rows, tile_cols, tiles;             /* of a band; of all images of a unit */
    ptrdiff_t by_c, by_f, by_filter, by_turned;        /* steps between matrices: inputs, outputs, filters, filters for dx */
    const T *filters, *bias;
    T *sums;
    ptrdiff_t shares, by_share;
    int failed;
} Winograd;

#define M 2
#include "winograd.h"
#define M 4
#include "winograd.h"

/* What m by m outputs at a time cost, in multiplications: those of one product, or in the backward pass two, and the transforms
 * of inputs and outputs, of which an input or output takes as much as `transform` multiplications. */
INLINE ptrdiff_t NAME(winograd_cost)(const Conv *c, int backward, ptrdiff_t m, ptrdiff_t transform) {
    ptrdiff_t f = UP(c->f, BLOCK) * BLOCK, inputs = UP(c->c, BLOCK) * BLOCK, products = (m + 2) * (m + 2) * c->c * f;
    return UP(c->oh, m) * UP(c->ow, m) * ((1 + backward) * products + transform * (inputs + f));
}

/* Return the size of tiles to take, or 0 where direct convolution is faster. */
static int NAME(winograd_tile)(const Conv *c, int backward) {
    if (c->kh != 3 || c->kw != 3 || c->stride != 1) return 0;
    ptrdiff_t direct = (1 + backward) * 9 * c->oh * c->ow * c->c * c->f;
    if (c->winograd >= 4 && NAME(winograd_cost)(c, backward, 4, 300) < direct) return 4;
    if (c->winograd >= 2 && NAME(winograd_cost)(c, backward, 2, 100) < direct) return 2;
    return 0;
}
