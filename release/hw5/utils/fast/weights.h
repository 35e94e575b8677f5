/* Gradients of weights and bias: for each pair of filter and tap, the sum over all outputs of dout times input.
 *
 * Lanes are outputs: a tile of filters by taps is summed in registers, over as many bands as the caches hold, and only
 * then across lanes. The bias is one more tap, which reads a plane of ones. Images are dealt to a number of shares that
 * does not depend on the number of threads, and shares are added in order: so neither do the results.
 */

#undef TILE_FILTERS
#if BYTES == 64
#define TILE_FILTERS 4
#else
#define TILE_FILTERS 2
#endif
#define TILE_TAPS 6
#define SHARES 8
#define SHARES_BYTES ((ptrdiff_t)64 << 20)
#define BLOCK_BYTES ((ptrdiff_t)768 << 10)

/* One band of one image: its planes, its part of dout, and how many vectors it has. */
#undef Unit
#define Unit NAME(Unit)
typedef struct {
    const T *planes, *dout;
    ptrdiff_t vectors;
} Unit;

#undef WeightGradients
#define WeightGradients NAME(WeightGradients)
typedef struct {
    const Conv *conv;
    Split split, dout_split;
    Places places;
    ptrdiff_t bands, shares, block, ntaps;
    ptrdiff_t ones, packed, slot; /* where, behind the planes of a unit, ones and its copy of dout begin, and its end */
    int direct;                   /* rows of dout are whole vectors: no copy is needed */
    const ptrdiff_t *taps;
    const T *x, *x_end, *dout, *dout_end;
    T *sums;
    InputTask *also; /* the gradient of the input, image by image, while dout is in the cache; or NULL */
    int failed;
} WeightGradients;

INLINE int NAME(halve)(VEC *v, const int n) {
#pragma GCC unroll 12
    for (int i = 0; i < (n + 1) / 2; i++) {
        VEC a = v[2 * i], b = 2 * i + 1 < n ? v[2 * i + 1] : (VEC){0};
        v[i] = NAME(even)(a, b) + NAME(odd)(a, b);
    }
    return (n + 1) / 2;
}

/* Sum n vectors across lanes: the sum of vector i becomes lane i % LANES of vector i / LANES. */
INLINE void NAME(across)(VEC *v, const int n) {
    const int n1 = NAME(halve)(v, n), n2 = LANES > 2 ? NAME(halve)(v, n1) : n1;
    const int n3 = LANES > 4 ? NAME(halve)(v, n2) : n2;
    if (LANES > 8) NAME(halve)(v, n3);
}

INLINE void NAME(product)(const WeightGradients *g, const Unit *units, ptrdiff_t count, ptrdiff_t f0, ptrdiff_t k0, T *sums,
                          const int nf, const int nt) {
    VEC sum[TILE_FILTERS * TILE_TAPS];
    const ptrdiff_t by_filter = g->direct ? g->places.plane_to : plane_size(&g->dout_split);
#pragma GCC unroll 24
    for (int i = 0; i < nf * nt; i++) sum[i] = (VEC){0};
    for (const Unit *u = units; u < units + count; u++) {
        const T *x[TILE_TAPS], *d = u->dout + f0 * by_filter;
        const ptrdiff_t *base = g->places.base, *end = base + u->vectors;
#pragma GCC unroll 6
        for (int t = 0; t < nt; t++) x[t] = u->planes + g->taps[k0 + t];
        for (; base < end; base++, d += LANES) {
            VEC dv[TILE_FILTERS];
#pragma GCC unroll 4
            for (int f = 0; f < nf; f++) dv[f] = NAME(load)(d + f * by_filter);
#pragma GCC unroll 6
            for (int t = 0; t < nt; t++) {
                VEC xv = NAME(load)(x[t] + *base);
                KEEP(xv);
#pragma GCC unroll 4
                for (int f = 0; f < nf; f++) sum[f * nt + t] += dv[f] * xv;
            }
        }
    }
    NAME(across)(sum, nf * nt);
#pragma GCC unroll 12
    for (int i = 0; i < UP(nf * nt, LANES); i++) NAME(store)(sums + i * LANES, NAME(load)(sums + i * LANES) + sum[i]);
}

typedef void (*NAME(Product))(const WeightGradients *, const Unit *, ptrdiff_t, ptrdiff_t, ptrdiff_t, T *);
#define PRODUCT(nf, nt) \
    static void NAME(product_##nf##nt)(const WeightGradients *g, const Unit *units, ptrdiff_t count, ptrdiff_t f0, \
                                       ptrdiff_t k0, T *sums) { \
        NAME(product)(g, units, count, f0, k0, sums, nf, nt); \
    }
#define PRODUCTS(nf) PRODUCT(nf, 1) PRODUCT(nf, 2) PRODUCT(nf, 3) PRODUCT(nf, 4) PRODUCT(nf, 5) PRODUCT(nf, 6)
#define ROW(nf) \
    { \
        NAME(product_##nf##1), NAME(product_##nf##2), NAME(product_##nf##3), NAME(product_##nf##4), \
            NAME(product_##nf##5), NAME(product_##nf##6) \
    }
PRODUCTS(1)
PRODUCTS(2)
#if TILE_FILTERS == 4
PRODUCTS(3)
PRODUCTS(4)
static const NAME(Product) NAME(products)[TILE_FILTERS][TILE_TAPS] = {ROW(1), ROW(2), ROW(3), ROW(4)};
#else
static const NAME(Product) NAME(products)[TILE_FILTERS][TILE_TAPS] = {ROW(1), ROW(2)};
#endif
#undef PRODUCT
#undef PRODUCTS
#undef ROW

#undef TILE_SIZE
#define TILE_SIZE (UP(TILE_FILTERS * TILE_TAPS, LANES) * LANES)
INLINE ptrdiff_t NAME(share_size)(const WeightGradients *g) {
    return UP(g->conv->f, TILE_FILTERS) * UP(g->ntaps + 1, TILE_TAPS) * TILE_SIZE;
}

/* Prepare one band of one image in its slot. */
static Unit NAME(unit)(const WeightGradients *g, ptrdiff_t number, T *slot) {
    const Conv *c = g->conv;
    ptrdiff_t image = number / g->bands, first = number % g->bands * g->places.rows;
    ptrdiff_t last = MIN(first + g->places.rows, c->oh);
    const T *dout = g->dout + image * c->f * c->oh * c->ow;
    NAME(split)(&g->split, g->x + image * c->c * c->h * c->w, c->c, first, c->h, slot, g->x_end);
    if (!g->direct) NAME(split)(&g->dout_split, dout, c->f, first, last, slot + g->packed, g->dout_end);
    return (Unit){slot, g->direct ? dout + first * c->ow : slot + g->packed, NAME(vectors)(&g->places, last - first)};
}

static void NAME(share)(void *job, ptrdiff_t i) {
    WeightGradients *g = job;
    ptrdiff_t all = g->conv->n * g->bands, next = i * all / g->shares, end = (i + 1) * all / g->shares;
    T *slots = nndl_scratch(1, g->block * g->slot * sizeof(T) + g->block * sizeof(Unit));
    if (!slots) {
        g->failed = 1;
        return;
    }
    Unit *units = (Unit *)(slots + g->block * g->slot);
    for (ptrdiff_t u = 0; u < g->block; u++)
        for (ptrdiff_t k = g->ones; k < g->packed; k++) slots[u * g->slot + k] = 1;
    while (next < end) {
        ptrdiff_t count = MIN(g->block, end - next), ft = UP(g->conv->f, TILE_FILTERS), kt = UP(g->ntaps + 1, TILE_TAPS);
        for (ptrdiff_t u = 0; u < count; u++, next++) {
            if (g->also) g->also->run(&g->also->job, next);
            units[u] = NAME(unit)(g, next, slots + u * g->slot);
        }
        T *sums = g->sums + i * NAME(share_size)(g);
        for (ptrdiff_t a = 0; a < ft; a++) {
            ptrdiff_t f = dealt(a, g->conv->f, TILE_FILTERS), nf = dealt(a + 1, g->conv->f, TILE_FILTERS) - f;
            for (ptrdiff_t b = 0; b < kt; b++, sums += TILE_SIZE) {
                ptrdiff_t k = dealt(b, g->ntaps + 1, TILE_TAPS), nt = dealt(b + 1, g->ntaps + 1, TILE_TAPS) - k;
                NAME(products)[nf - 1][nt - 1](g, units, count, f, k, sums);
            }
        }
    }
}

/* Add the shares up, in order, and put each sum in its place. */
static void NAME(gather)(const WeightGradients *g, T *dw, T *db) {
    const T *tile = g->sums;
    for (ptrdiff_t a = 0; a < UP(g->conv->f, TILE_FILTERS); a++)
        for (ptrdiff_t b = 0; b < UP(g->ntaps + 1, TILE_TAPS); b++, tile += TILE_SIZE) {
            const T *from = tile;
            for (ptrdiff_t f = dealt(a, g->conv->f, TILE_FILTERS); f < dealt(a + 1, g->conv->f, TILE_FILTERS); f++)
                for (ptrdiff_t k = dealt(b, g->ntaps + 1, TILE_TAPS); k < dealt(b + 1, g->ntaps + 1, TILE_TAPS);
                     k++, from++) {
                    T sum = 0;
                    for (ptrdiff_t i = 0; i < g->shares; i++) sum += from[i * NAME(share_size)(g)];
                    *(k < g->ntaps ? dw + f * g->ntaps + k : db + f) = sum;
                }
        }
}

/* Compute dw and db, and with `task` dx: along with them, if images are whole in both. */
static int NAME(weight_gradients)(const Conv *c, const T *x, const T *dout, T *dw, T *db, InputTask *task) {
    ptrdiff_t ntaps = c->c * c->kh * c->kw, s = c->stride;
    ptrdiff_t rows = NAME(band)(c->oh, (c->c * s * s * (c->ow + (c->kw - 1) / s) + c->f * c->ow / 2) * sizeof(T));
    WeightGradients job = {c, NAME(input_split)(c, rows)};
    job.places = (Places){rows, c->ow, job.split.pitch, c->ow, c->oh * c->ow};
    job.bands = UP(c->oh, rows), job.ntaps = ntaps;
    ptrdiff_t *tables = malloc((ntaps + 1 + 2 * NAME(places_most)(rows, c->ow, job.split.pitch)) * sizeof *tables);
    if (!tables) return -1;
    NAME(place)(&job.places, tables + ntaps + 1, 0, 1);
    job.direct = !job.places.flat && c->ow % LANES == 0;
    ptrdiff_t pitch = job.places.flat ? job.split.pitch : job.places.per_row * LANES;
    job.dout_split = (Split){1, UP(job.places.count * LANES, pitch), pitch, 0, 0, c->oh, c->ow};
    job.ones = c->c * plane_size(&job.split) + NAME(slack)(&job.split);
    job.packed = UP(job.ones + rows * job.split.pitch + LANES, LANES) * LANES;
    ptrdiff_t dout_size = c->f * plane_size(&job.dout_split) + NAME(slack)(&job.dout_split);
    job.slot = UP(job.packed + (job.direct ? 0 : dout_size), LANES) * LANES;
    job.block = MAX(BLOCK_BYTES / ((job.packed + dout_size) * (ptrdiff_t)sizeof(T)), 1);
    NAME(input_taps)(c, &job.split, tables);
    tables[ntaps] = job.ones;
    job.taps = tables;
    ptrdiff_t size = NAME(share_size)(&job), units = c->n * job.bands;
    job.shares = MAX(MIN(MIN(SHARES, units), SHARES_BYTES / (size * (ptrdiff_t)sizeof(T))), 1);
    job.block = MIN(job.block, UP(units, job.shares));
    job.x = x, job.x_end = job.x + c->n * c->c * c->h * c->w;
    job.dout = dout, job.dout_end = job.dout + c->n * c->f * c->oh * c->ow;
    job.sums = calloc(job.shares * size, sizeof(T));
    if (task && job.bands == 1 && task->count == c->n) job.also = task;
    else if (task) nndl_parallel(c->threads, task->count, task->run, &task->job);
    if (job.sums) {
        nndl_parallel(c->threads, job.shares, NAME(share), &job);
        NAME(gather)(&job, dw, db);
    }
    int failed = !job.sums || job.failed;
    free(job.sums);
    free(tables);
    return -failed;
}

static int NAME(backward)(const Conv *c, const void *x, const void *w, const void *dout, void *dx, void *dw, void *db) {
    InputTask task = {0};
    int failed = dx && NAME(prepare)(c, w, dout, dx, &task);
    if (!failed) failed = NAME(weight_gradients)(c, x, dout, dw, db, dx ? &task : NULL) || (dx && *task.failed);
    free(task.tables);
    free(task.weights);
    return -failed;
}
