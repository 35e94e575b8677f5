/* Winograd's algorithm for some sizes of tiles and filters, and which of them pays. */

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

#if LANES * 4 == BYTES
#define M 2
#define R 3
#include "winograd.h"
#else
#define M 4
#define R 7
#include "winograd.h"
#endif
#define M 4
#define R 3
#include "winograd.h"
#define M 4
#define R 5
#include "winograd.h"

/* One size of tiles and filters; `unasked` if its errors are small enough, for this type, to use it without being asked to. */
typedef struct {
    ptrdiff_t m, r;
    int unasked;
    int (*forward)(const Conv *, const T *, const T *, const T *, T *);
    int (*backward)(const Conv *, const T *, const T *, const T *, T *, T *, T *);
} NAME(Tiles);

#define SIZE(m, r, unasked) \
    { m, r, unasked, NAME(winograd_forward_##m##_##r), NAME(winograd_backward_##m##_##r) }
static const NAME(Tiles) NAME(sizes)[] = {
#if LANES * 4 == BYTES
    SIZE(4, 3, 0), SIZE(4, 5, 0), SIZE(2, 3, 1),
#else
    SIZE(4, 3, 1), SIZE(4, 5, 1), SIZE(4, 7, 1),
#endif
};
#undef SIZE

/* What it takes, in multiplications: those of one product, or in the backward pass two, and about 8 for each transformed number. */
INLINE ptrdiff_t NAME(cost)(const Conv *c, const NAME(Tiles) *size, int backward) {
    ptrdiff_t f = UP(c->f, BLOCK) * BLOCK, inputs = UP(c->c, BLOCK) * BLOCK, points = size->m + size->r - 1;
    return UP(c->oh, size->m) * UP(c->ow, size->m) * points * points * ((1 + backward) * c->c * f + 8 * (inputs + f));
}

/* Return the first size that fits, and takes less than direct convolution; or NULL. */
static const NAME(Tiles) *NAME(choose_tiles)(const Conv *c, int backward) {
    const ptrdiff_t direct = (1 + backward) * c->kh * c->kw * c->oh * c->ow * c->c * c->f;
    const NAME(Tiles) *size = NAME(sizes), *end = size + sizeof NAME(sizes) / sizeof *size;
    for (; size < end && c->winograd && c->stride == 1; size++)
        if (c->kh == size->r && c->kw == size->r && (size->unasked || c->winograd > 1) && NAME(cost)(c, size, backward) < direct)
            return size;
    return NULL;
}
