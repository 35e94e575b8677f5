/* Convolution by filters of R by R at stride 1, and its gradients, in M by M outputs at a time: see transforms.h.
 *
 * Of each of POINTS * POINTS transformed numbers there is a matrix [tile][channel], and all work in between the transforms is
 * products of these. A unit is as many images, or as large a band of one, as fits into the second-level cache.
 */

#include "transforms.h"

/* Rows and columns of tiles of one unit, for images of oh by ow outputs. */
static void TILED(divide)(Winograd *g, const Conv *c) {
    ptrdiff_t rows = UP(c->oh, M), all = UP(c->ow, M) * rows;
    ptrdiff_t most = MAX(UNIT_BYTES / (POINTS * POINTS * (g->depth_c + g->depth_f) * (ptrdiff_t)sizeof(T)), 1);
    g->conv = c;
    g->tile_cols = UP(c->ow, M);
    g->bands = UP(rows, MAX(most / g->tile_cols, 1));
    g->tile_rows = UP(rows, g->bands);
    g->bands = UP(rows, g->tile_rows);
    g->images = MAX(MIN(most / all, c->n), 1);
    g->tiles = g->images * g->tile_rows * g->tile_cols;
    /* Were it a multiple of 4096 bytes from matrix to matrix, they would drive each other out of the first-level cache. */
    g->by_c = g->tiles * g->depth_c + BLOCK;
    g->by_f = g->tiles * g->depth_f + BLOCK;
}

INLINE NAME(Window) TILED(input_window)(const Winograd *g, ptrdiff_t band) {
    const ptrdiff_t pad = g->conv->pad;
    return (NAME(Window)){band * g->tile_rows * M - pad, -pad, g->tile_rows * M + R - 1, g->tile_cols * M + R - 1};
}

INLINE NAME(Window) TILED(output_window)(const Winograd *g, ptrdiff_t band) {
    return (NAME(Window)){band * g->tile_rows * M, 0, g->tile_rows * M, g->tile_cols * M};
}

/* Spread the tiles of a window: n by n pixels each, M apart. Those of `to` are `depth` apart. */
INLINE void TILED(spread_tiles)(const T *matrix, const int n, const Winograd *g, const T *from, ptrdiff_t cols, T *to,
                                ptrdiff_t depth, ptrdiff_t by_point) {
    for (ptrdiff_t i = 0; i < g->tile_rows; i++)
        for (ptrdiff_t j = 0; j < g->tile_cols; j++, to += depth)
#pragma GCC unroll 4
            for (ptrdiff_t c = 0; c < BLOCK; c += LANES)
                TILED(spread2)(matrix, n, from + (i * M * cols + j * M) * BLOCK + c, cols * BLOCK, BLOCK, to + c, by_point);
}

INLINE void TILED(gather_tiles)(const T *matrix, const int n, const Winograd *g, const T *from, ptrdiff_t depth,
                                ptrdiff_t by_point, T *to, ptrdiff_t cols, const int add, const T *bias) {
    for (ptrdiff_t i = 0; i < g->tile_rows; i++)
        for (ptrdiff_t j = 0; j < g->tile_cols; j++, from += depth)
#pragma GCC unroll 4
            for (ptrdiff_t c = 0; c < BLOCK; c += LANES)
                TILED(gather2)(matrix, n, from + c, by_point, to + (i * M * cols + j * M) * BLOCK + c, cols * BLOCK, BLOCK, add,
                               bias ? NAME(load)(bias + c) : (VEC){0});
}

/* Spread the filters: row r of each matrix is of input r, in packed panels of vectors of outputs, or the other way round
 * with `turned`. */
static void TILED(spread_filters)(const T *w, ptrdiff_t f, ptrdiff_t c, int turned, T *to, ptrdiff_t by_point) {
    ptrdiff_t depth = turned ? f : c, width = turned ? c : f, by_row = (turned ? c : 1) * R * R, by_lane = (turned ? 1 : c) * R * R;
    const ptrdiff_t vectors = UP(width, LANES);
    for (ptrdiff_t v = 0; v < vectors; v++)
        for (ptrdiff_t r = 0; r < depth; r++) {
            T gathered[R * R][LANES] = {{0}};
            for (ptrdiff_t l = 0; l < MIN(LANES, width - v * LANES); l++)
                for (int k = 0; k < R * R; k++) gathered[k][l] = w[(v * LANES + l) * by_lane + r * by_row + k];
            TILED(spread2)(TILED(kernels)[0], R, gathered[0], R * LANES, LANES,
                           to + NAME(packed_at)(depth, vectors, r, v), by_point);
        }
}

static void TILED(winograd_unit)(void *job, ptrdiff_t unit) {
    Winograd *g = job;
    const Conv *c = g->conv;
    ptrdiff_t first = unit / g->bands * g->images, count = MIN(g->images, c->n - first), band = unit % g->bands;
    const NAME(Window) in = TILED(input_window)(g, band), out = TILED(output_window)(g, band);
    ptrdiff_t pixels = in.rows * in.cols * BLOCK, tiles = g->tiles / g->images;
    T *memory = nndl_scratch(0, (pixels + POINTS * POINTS * (g->by_c + g->by_f)) * sizeof(T));
    if (!memory) {
        g->failed = 1;
        return;
    }
    T *inputs = memory + pixels, *outputs = inputs + POINTS * POINTS * g->by_c;
    for (ptrdiff_t i = 0; i < count; i++)
        for (ptrdiff_t ch = 0; ch < c->c; ch += BLOCK) {
            NAME(to_channels)(&g->x, first + i, ch, &in, memory);
            TILED(spread_tiles)(TILED(inputs)[0], POINTS, g, memory, in.cols, inputs + i * tiles * g->depth_c + ch, g->depth_c,
                                g->by_c);
        }
    Product p = {count * tiles, c->c, UP(c->f, LANES), g->depth_c, 1, 0, g->depth_f, 1, 0};
    Ahead next = NAME(images_ahead)(&g->x, first + g->images, g->images, POINTS * POINTS);
    Ahead to = NAME(images_ahead)(&g->out, first, count, POINTS * POINTS);
    for (ptrdiff_t k = 0; k < POINTS * POINTS; k++) {
        fetch(&next), fetch(&to);
        NAME(multiply_all)(&p, inputs + k * g->by_c, g->filters + k * g->by_filter, outputs + k * g->by_f);
    }
    for (ptrdiff_t i = 0; i < count; i++)
        for (ptrdiff_t f = 0; f < c->f; f += BLOCK) {
            TILED(gather_tiles)(TILED(outputs)[0], M, g, outputs + i * tiles * g->depth_f + f, g->depth_f, g->by_f, memory,
                                out.cols, 0, g->bias + f);
            NAME(from_channels)(memory, &out, &g->out, first + i, f);
        }
}

static int TILED(winograd_forward)(const Conv *c, const T *x, const T *w, const T *b, T *out) {
    Winograd g = {.depth_c = UP(c->c, BLOCK) * BLOCK, .depth_f = UP(c->f, BLOCK) * BLOCK};
    TILED(divide)(&g, c);
    g.by_filter = c->c * g.depth_f + BLOCK;
    T *filters = nndl_scratch(2, (POINTS * POINTS * g.by_filter + g.depth_f) * sizeof(T));
    if (!filters) return -1;
    TILED(spread_filters)(w, c->f, c->c, 0, filters, g.by_filter);
    T *bias = filters + POINTS * POINTS * g.by_filter;
    memset(bias, 0, g.depth_f * sizeof(T));
    memcpy(bias, b, c->f * sizeof(T));
    g.filters = filters, g.bias = bias;
    g.x = (Images){(T *)x, x + c->n * c->c * c->h * c->w, c->c, c->h, c->w};
    g.out = (Images){out, out + c->n * c->f * c->oh * c->ow, c->f, c->oh, c->ow};
    nndl_parallel(c->threads, UP(c->n, g.images) * g.bands, TILED(winograd_unit), &g);
    return -g.failed;
}

/* dx of one image in a band. Bands overlap by R - 1 rows, which `kept` hands on from one to the next. */
static void TILED(gather_dx)(const Winograd *g, ptrdiff_t image, ptrdiff_t band, const T *from, T *pixels, T *kept) {
    NAME(Window) at = TILED(input_window)(g, band);
    const ptrdiff_t overlap = (R - 1) * at.cols * BLOCK, rest = (at.rows - R + 1) * at.cols * BLOCK;
    if (band < g->bands - 1) at.rows -= R - 1;
    for (ptrdiff_t ch = 0; ch < g->conv->c; ch += BLOCK, kept += overlap) {
        memset(pixels, 0, (overlap + rest) * sizeof(T));
        if (band) memcpy(pixels, kept, overlap * sizeof(T));
        TILED(gather_tiles)(TILED(inputs)[0], POINTS, g, from + ch, g->depth_c, g->by_c, pixels, at.cols, 1, NULL);
        if (g->bands > 1) memcpy(kept, pixels + rest, overlap * sizeof(T));
        NAME(from_channels)(pixels, &at, &g->dx, image, ch);
    }
}

/* The gradients of a unit, with those of the filters and the bias added to the sums of a share, unless it is its first. */
static void TILED(winograd_gradients)(const Winograd *g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t band, int add, T *memory,
                                      T *sums) {
    const Conv *c = g->conv;
    const NAME(Window) in = TILED(input_window)(g, band), out = TILED(output_window)(g, band);
    const ptrdiff_t pixels = in.rows * in.cols * BLOCK, tiles = g->tiles / g->images;
    T *kept = memory + pixels, *inputs = kept + (g->bands > 1 ? (R - 1) * in.cols * g->depth_c : 0);
    T *outputs = inputs + POINTS * POINTS * g->by_c, *db = sums + POINTS * POINTS * g->by_filter;
    if (!add) memset(db, 0, g->depth_f * sizeof(T));
    for (ptrdiff_t i = 0; i < count; i++) {
        for (ptrdiff_t ch = 0; ch < c->c; ch += BLOCK) {
            NAME(to_channels)(&g->x, first + i, ch, &in, memory);
            TILED(spread_tiles)(TILED(inputs)[0], POINTS, g, memory, in.cols, inputs + i * tiles * g->depth_c + ch, g->depth_c,
                                g->by_c);
        }
        for (ptrdiff_t f = 0; f < c->f; f += BLOCK) {
            NAME(to_channels)(&g->out, first + i, f, &out, memory);
            NAME(add_pixels)(memory, &out, db + f);
            TILED(spread_tiles)(TILED(outputs)[0], M, g, memory, out.cols, outputs + i * tiles * g->depth_f + f, g->depth_f,
                                g->by_f);
        }
    }
    const Product weights = {c->c, count * tiles, UP(c->f, LANES), 1, g->depth_c, g->depth_f, g->depth_f, 0, add};
    Ahead next_x = NAME(images_ahead)(&g->x, first + g->images, g->images, POINTS * POINTS);
    Ahead next_out = NAME(images_ahead)(&g->out, first + g->images, g->images, POINTS * POINTS);
    for (ptrdiff_t k = 0; k < POINTS * POINTS; k++) {
        fetch(&next_x), fetch(&next_out);
        NAME(multiply_all)(&weights, inputs + k * g->by_c, outputs + k * g->by_f, sums + k * g->by_filter);
    }
    if (!g->dx.data) return;
    const Product images = {count * tiles, c->f, UP(c->c, LANES), g->depth_f, 1, 0, g->depth_c, 1, 0};
    for (ptrdiff_t k = 0; k < POINTS * POINTS; k++)
        NAME(multiply_all)(&images, outputs + k * g->by_f, g->filters + k * g->by_turned, inputs + k * g->by_c);
    for (ptrdiff_t i = 0; i < count; i++)
        TILED(gather_dx)(g, first + i, band, inputs + i * tiles * g->depth_c, memory, kept);
}

static void TILED(winograd_share)(void *job, ptrdiff_t share) {
    Winograd *g = job;
    const NAME(Window) in = TILED(input_window)(g, 0);
    const ptrdiff_t pixels = in.rows * in.cols * BLOCK, kept = g->bands > 1 ? (R - 1) * in.cols * g->depth_c : 0;
    T *memory = nndl_scratch(0, (pixels + kept + POINTS * POINTS * (g->by_c + g->by_f)) * sizeof(T));
    if (!memory) {
        g->failed = 1;
        return;
    }
    ptrdiff_t n = g->conv->n, next = share * n / g->shares, end = (share + 1) * n / g->shares;
    for (int add = 0; next < end; next += g->images)
        for (ptrdiff_t band = 0; band < g->bands; band++, add = 1)
            TILED(winograd_gradients)(g, next, MIN(g->images, end - next), band, add, memory, g->sums + share * g->by_share);
}

/* Add up one matrix of all shares, in order, or with the last number the gradients of the bias. */
static void TILED(add_shares)(void *job, ptrdiff_t k) {
    const Winograd *g = job;
    T *sums = g->sums + k * g->by_filter;
    const ptrdiff_t size = k < POINTS * POINTS ? g->by_filter : g->depth_f;
    for (ptrdiff_t i = 1; i < g->shares; i++)
        for (ptrdiff_t j = 0; j < size; j += LANES)
            NAME(store)(sums + j, NAME(load)(sums + j) + NAME(load)(sums + i * g->by_share + j));
}

/* Turn the sums into dw and db. */
static void TILED(collect)(const Winograd *g, T *dw, T *db) {
    const Conv *c = g->conv;
    memcpy(db, g->sums + POINTS * POINTS * g->by_filter, c->f * sizeof(T));
    for (ptrdiff_t ch = 0; ch < c->c; ch++)
        for (ptrdiff_t f = 0; f < c->f; f += LANES) {
            T gathered[R * R][LANES];
            TILED(gather2)(TILED(kernels)[0], R, g->sums + ch * g->depth_f + f, g->by_filter, gathered[0], R * LANES, LANES, 0,
                           (VEC){0});
            for (ptrdiff_t l = 0; l < MIN(LANES, c->f - f); l++)
                for (int k = 0; k < R * R; k++) dw[((f + l) * c->c + ch) * R * R + k] = gathered[k][l];
        }
}

static int TILED(winograd_backward)(const Conv *c, const T *x, const T *w, const T *dout, T *dx, T *dw, T *db) {
    Winograd g = {.depth_c = UP(c->c, BLOCK) * BLOCK, .depth_f = UP(c->f, BLOCK) * BLOCK};
    TILED(divide)(&g, c);
    g.by_filter = c->c * g.depth_f + BLOCK;
    g.by_turned = c->f * g.depth_c + BLOCK;
    g.by_share = POINTS * POINTS * g.by_filter + g.depth_f;
    g.shares = MAX(MIN(MIN(SHARES, c->n), SHARES_BYTES / (g.by_share * (ptrdiff_t)sizeof(T))), 1);
    T *memory = nndl_scratch(2, (g.shares * g.by_share + POINTS * POINTS * g.by_turned) * sizeof(T));
    if (!memory) return -1;
    g.sums = memory;
    g.x = (Images){(T *)x, x + c->n * c->c * c->h * c->w, c->c, c->h, c->w};
    g.out = (Images){(T *)dout, dout + c->n * c->f * c->oh * c->ow, c->f, c->oh, c->ow};
    g.dx = (Images){dx, dx ? dx + c->n * c->c * c->h * c->w : NULL, c->c, c->h, c->w};
    if (dx) {
        T *filters = memory + g.shares * g.by_share;
        TILED(spread_filters)(w, c->f, c->c, 1, filters, g.by_turned);
        g.filters = filters;
    }
    nndl_parallel(c->threads, g.shares, TILED(winograd_share), &g);
    if (g.failed) return -1;
    nndl_parallel(c->threads, POINTS * POINTS + 1, TILED(add_shares), &g);
    TILED(collect)(&g, dw, db);
    return 0;
}

#undef M
#undef R
#undef POINTS
#undef STORED
