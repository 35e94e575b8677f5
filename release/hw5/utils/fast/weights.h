/* Gradients of weights and bias, directly: for each pair of tap and filter, the sum over all outputs of input times dout.
 *
 * Lanes are filters: dout is transposed for as many filters as are worked on together, to [output][filter], and tiles of taps
 * by vectors of filters are summed in registers, in rows that the first-level cache holds. Images are dealt to a number of
 * shares that does not depend on the number of threads, and shares are added in order: so neither do the results.
 */

#define MOST_TAPS 8                         /* in a tile: more would not leave registers for their addresses */
#define CHUNK 192                          /* outputs whose transposed gradients the first-level cache holds */

#undef Weights
#define Weights NAME(Weights)
typedef struct {
    const Conv *conv;
    Split split;
    ptrdiff_t rows, bands, ntaps, shares, by_share;
    const ptrdiff_t *taps; /* offsets into the planes of the input */
    const int32_t *at;     /* where in a plane each output of a band begins to read */
    const T *x, *x_end, *dout, *dout_end;
    T *sums;         /* [share][panel of filters][tap][filter], and [filter] for the bias */
    InputTask *also; /* the gradient of the input, image by image, while dout is in the cache; or NULL */
    int failed;
} Weights;

/* Add the products of `count` outputs: dout of the first is at `dout`, where it meets the planes in at[0]. */
INLINE void NAME(outer)(const T *planes, const int32_t *at, const T *dout, ptrdiff_t count, const ptrdiff_t *taps, T *sums,
                        const int nt, const int nv) {
    VEC sum[MOST_SUMS];
    const T *from[MOST_TAPS];
#pragma GCC unroll 8
    for (int t = 0; t < nt; t++) from[t] = planes + taps[t];
#pragma GCC unroll 24
    for (int i = 0; i < nt * nv; i++) sum[i] = NAME(load)(sums + i * LANES);
    for (const int32_t *end = at + count; at < end; at++, dout += nv * LANES) {
        VEC d[PANEL];
        const ptrdiff_t here = *at;
#pragma GCC unroll 3
        for (int v = 0; v < nv; v++) d[v] = NAME(load)(dout + v * LANES);
#pragma GCC unroll 8
        for (int t = 0; t < nt; t++) {
            VEC s = NAME(splat)(from[t][here]);
#pragma GCC unroll 3
            for (int v = 0; v < nv; v++) sum[t * nv + v] += s * d[v];
        }
    }
#pragma GCC unroll 24
    for (int i = 0; i < nt * nv; i++) NAME(store)(sums + i * LANES, sum[i]);
}

typedef void (*NAME(Outer))(const T *, const int32_t *, const T *, ptrdiff_t, const ptrdiff_t *, T *);
#define OUTER(nt, nv) \
    static void NAME(outer_##nt##nv)(const T *planes, const int32_t *at, const T *dout, ptrdiff_t count, \
                                     const ptrdiff_t *taps, T *sums) { \
        NAME(outer)(planes, at, dout, count, taps, sums, nt, nv); \
    }
#define OUTERS(nt) OUTER(nt, 1) OUTER(nt, 2) OUTER(nt, 3)
#define NAMES(nt) \
    { NAME(outer_##nt##1), NAME(outer_##nt##2), NAME(outer_##nt##3) }
OUTERS(1) OUTERS(2) OUTERS(3) OUTERS(4)
#if MOST_SUMS == 24
OUTERS(5) OUTERS(6) OUTERS(7) OUTERS(8)
static const NAME(Outer) NAME(outers)[MOST_TAPS][PANEL] = {NAMES(1), NAMES(2), NAMES(3), NAMES(4),
                                                           NAMES(5), NAMES(6), NAMES(7), NAMES(8)};
#else
OUTER(5, 1) OUTER(5, 2) OUTER(6, 1) OUTER(6, 2) OUTER(7, 1) OUTER(8, 1)
static const NAME(Outer) NAME(outers)[MOST_TAPS][PANEL] = {NAMES(1), NAMES(2), NAMES(3), NAMES(4),
                                                           {NAME(outer_51), NAME(outer_52)}, {NAME(outer_61), NAME(outer_62)},
                                                           {NAME(outer_71)}, {NAME(outer_81)}};
#endif
#undef OUTER
#undef OUTERS
#undef NAMES

/* Transpose LANES outputs of up to LANES filters, whose planes are `plane` apart; those of `to` are `width` apart. Return
 * their sum. */
INLINE VEC NAME(turn)(const T *from, ptrdiff_t plane, ptrdiff_t filters, T *to, ptrdiff_t width) {
    VEC row[LANES], sum[2] = {{0}, {0}};
    if (filters >= LANES) {
#define LOAD_ROW(l) row[l] = NAME(load)(from), from += plane;
        TIMES(LOAD_ROW)
    } else {
#define LOAD_ROW_IF(l) row[l] = (l) < filters ? NAME(load)(from) : (VEC){0}, from += plane;
        TIMES(LOAD_ROW_IF)
    }
    NAME(transpose)(row);
#define STORE_ROW(l) NAME(store)(to, row[l]), sum[(l) % 2] += row[l], to += width;
    TIMES(STORE_ROW)
    return sum[0] + sum[1];
}

/* The same for fewer than LANES outputs. */
static VEC NAME(turn_some)(const T *from, ptrdiff_t plane, ptrdiff_t filters, T *to, ptrdiff_t width, ptrdiff_t count) {
    VEC sum = {0};
    for (ptrdiff_t j = 0; j < count; j++, to += width) {
        for (ptrdiff_t l = 0; l < LANES; l++) to[l] = l < filters ? from[l * plane + j] : 0;
        sum += NAME(load)(to);
    }
    return sum;
}

/* Transpose `count` outputs of nv * LANES filters from f on, and add them to the gradient of the bias. Planes are often 4096 bytes
 * apart, and then drive each other out of the first-level cache: so whole lines of it are worked on together. */
static void NAME(pack)(const Weights *g, const T *planes, ptrdiff_t f, ptrdiff_t nv, ptrdiff_t count, T *to, T *db) {
    const ptrdiff_t plane = g->conv->oh * g->conv->ow, width = nv * LANES, filters = g->conv->f - f;
    for (ptrdiff_t line = 0; line < count; line += BLOCK)
        for (ptrdiff_t v = 0; v < width; v += LANES) {
            VEC sum = NAME(load)(db + f + v);
            for (ptrdiff_t j = line; j < MIN(line + BLOCK, count); j += LANES) {
                const T *from = planes + (f + v) * plane + j;
                T *at = to + j * width + v;
                if (j + LANES <= count) sum += NAME(turn)(from, plane, filters - v, at, width);
                else sum += NAME(turn_some)(from, plane, filters - v, at, width, count - j);
            }
            NAME(store)(db + f + v, sum);
        }
}

/* Add the products of one band of one image to sums. */
static void NAME(add_band)(const Weights *g, ptrdiff_t image, ptrdiff_t first, T *memory, T *sums) {
    const Conv *c = g->conv;
    const ptrdiff_t rows = MIN(g->rows, c->oh - first), s = c->stride, count = rows * c->ow;
    const T *dout = g->dout + image * c->f * c->oh * c->ow + first * c->ow;
    T *packed = memory + UP(c->c * plane_size(&g->split) + NAME(slack)(&g->split), LANES) * LANES;
    T *db = sums + UP(c->f, LANES) * LANES * g->ntaps;
    NAME(split)(&g->split, g->x + image * c->c * c->h * c->w, c->c, first * s, c->h, memory, g->x_end);
    const Groups panels = deal(UP(c->f, LANES), PANEL);
    Ahead next_dout = {0}, next_x = {0};
    if (image + 1 < c->n && g->bands == 1) {
        const ptrdiff_t steps = panels.groups * UP(count, CHUNK) * UP(g->ntaps, MOST_TAPS);
        next_dout = look_ahead(g->dout + (image + 1) * c->f * c->oh * c->ow, c->f * c->oh * c->ow * sizeof(T), steps);
        next_x = look_ahead(g->x + (image + 1) * c->c * c->h * c->w, c->c * c->h * c->w * sizeof(T), steps);
    }
    for (ptrdiff_t j = 0, f = 0; j < panels.groups; j++) {
        const ptrdiff_t nv = group_size(&panels, j), width = nv * LANES;
        const Groups tiles = deal(g->ntaps, MIN(MOST_SUMS / nv, MOST_TAPS));
        for (ptrdiff_t p = 0; p < count; p += CHUNK) {
            const ptrdiff_t some = MIN(CHUNK, count - p);
            NAME(pack)(g, dout + p, f, nv, some, packed, db);
            for (ptrdiff_t i = 0, tap = 0; i < tiles.groups; i++) {
                const ptrdiff_t nt = group_size(&tiles, i);
                NAME(outers)[nt - 1][nv - 1](memory, g->at + p, packed, some, g->taps + tap, sums + tap * width);
                fetch(&next_dout), fetch(&next_x);
                tap += nt;
            }
        }
        sums += g->ntaps * width;
        f += width;
    }
}

static void NAME(share)(void *job, ptrdiff_t i) {
    Weights *g = job;
    const ptrdiff_t planes = UP(g->conv->c * plane_size(&g->split) + NAME(slack)(&g->split), LANES) * LANES;
    T *memory = nndl_scratch(1, (planes + CHUNK * PANEL * LANES) * sizeof(T));
    if (!memory) {
        g->failed = 1;
        return;
    }
    T *sums = g->sums + i * g->by_share;
    memset(sums, 0, g->by_share * sizeof(T));
    for (ptrdiff_t image = i * g->conv->n / g->shares; image < (i + 1) * g->conv->n / g->shares; image++) {
        if (g->also) NAME(input_gradient_band)(&g->also->job, image);
        for (ptrdiff_t band = 0; band < g->bands; band++) NAME(add_band)(g, image, band * g->rows, memory, sums);
    }
}

/* Add the shares up, in order, and put each sum in its place. */
static void NAME(gather)(const Weights *g, T *dw, T *db) {
    const Conv *c = g->conv;
    for (ptrdiff_t i = 1; i < g->shares; i++)
        for (ptrdiff_t k = 0; k < g->by_share; k += LANES)
            NAME(store)(g->sums + k, NAME(load)(g->sums + k) + NAME(load)(g->sums + i * g->by_share + k));
    const Groups panels = deal(UP(c->f, LANES), PANEL);
    const T *from = g->sums;
    for (ptrdiff_t j = 0, f = 0; j < panels.groups; j++) {
        const ptrdiff_t width = (group_size(&panels, j)) * LANES;
        for (ptrdiff_t k = 0; k < g->ntaps; k++, from += width)
            for (ptrdiff_t l = 0; l < MIN(width, c->f - f); l++) dw[(f + l) * g->ntaps + k] = from[l];
        f += width;
    }
    memcpy(db, from, c->f * sizeof(T));
}

/* Compute dw and db, and with `task` dx: along with them, if images are whole in it. */
static int NAME(weight_gradients)(const Conv *c, const T *x, const T *dout, T *dw, T *db, InputTask *task) {
    const ptrdiff_t s = c->stride, cols = s * (c->ow - 1) + c->kw;
    Weights job = {.conv = c, .ntaps = c->c * c->kh * c->kw, .x = x, .dout = dout};
    job.rows = NAME(band)(c->oh, c->c * s * cols * sizeof(T));
    job.bands = UP(c->oh, job.rows);
    job.split = (Split){1, s * (job.rows - 1) + c->kh, cols, c->pad, c->pad, c->h, c->w};
    job.x_end = x + c->n * c->c * c->h * c->w, job.dout_end = dout + c->n * c->f * c->oh * c->ow;
    job.by_share = UP(c->f, LANES) * LANES * (job.ntaps + 1);
    job.shares = MAX(MIN(MIN(SHARES, c->n), SHARES_BYTES / (job.by_share * (ptrdiff_t)sizeof(T))), 1);
    ptrdiff_t *taps = malloc(job.ntaps * sizeof *taps);
    job.sums = nndl_scratch(2, job.shares * job.by_share * sizeof(T));
    int32_t *at = malloc(job.rows * c->ow * sizeof *at);
    if (!taps || !at || !job.sums) {
        free(taps);
        free(at);
        return -1;
    }
    NAME(input_taps)(c, &job.split, taps);
    for (ptrdiff_t i = 0; i < job.rows * c->ow; i++) at[i] = (int32_t)((i / c->ow * cols + i % c->ow) * s);
    job.taps = taps, job.at = at;
    if (task && task->count == c->n) job.also = task;
    else if (task) nndl_parallel(c->threads, task->count, NAME(input_gradient_band), &task->job);
    nndl_parallel(c->threads, job.shares, NAME(share), &job);
    if (!job.failed) NAME(gather)(&job, dw, db);
    free(taps);
    free(at);
    return -job.failed;
}

static int NAME(backward)(const Conv *c, const void *x, const void *w, const void *dout, void *dx, void *dw, void *db) {
    const NAME(Tiles) *tiles = NAME(choose_tiles)(c, 1);
    if (tiles) return tiles->backward(c, x, w, dout, dx, dw, db);
    InputTask task = {0};
    int failed = dx && NAME(prepare)(c, w, dout, dx, &task);
    if (!failed) failed = NAME(weight_gradients)(c, x, dout, dw, db, dx ? &task : NULL) || task.job.failed;
    free(task.tables);
    free(task.weights);
    return -failed;
}
