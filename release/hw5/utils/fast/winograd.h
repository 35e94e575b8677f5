/* Winograd's minimal filtering F(4x4, 3x3), for filters of 3 by 3 at stride 1: Lavin and Gray (2016), section 4.3.
 *
 * Tiles of 6 by 6 inputs, which overlap by 2, become tiles of 4 by 4 outputs: both are transformed, and in between there
 * are 36 products of small matrices, a quarter of the multiplications. Lanes are channels here, so each band of an image is
 * transposed first, and so are its outputs in the end.
 */

#undef Winograd
#define Winograd NAME(Winograd)
typedef struct {
    ptrdiff_t c, h, w, f, pad, oh, ow;
    ptrdiff_t lanes_c, lanes_f;     /* channels and filters, rounded up to whole vectors */
    ptrdiff_t tile_rows, tile_cols; /* of a band */
    ptrdiff_t bands;
    const T *x, *x_end, *filters; /* [36][c][lanes_f] */
    const T *bias;                /* NULL, or lanes_f numbers */
    T *out;
    int failed;
} Winograd;

/* Whether it pays: channels and filters fill vectors, and tiles the image. */
INLINE int NAME(winograd_pays)(ptrdiff_t c, ptrdiff_t f, ptrdiff_t oh, ptrdiff_t ow) {
    return MIN(c, f) >= 16 && 3 * UP(oh, 4) * UP(ow, 4) * 16 <= 4 * oh * ow;
}

/* The transforms of one column or row: of inputs (B), of filters (G), of outputs (A). */
INLINE void NAME(transform_input)(VEC *to, ptrdiff_t step, const VEC *d) {
    VEC a = d[4] - 4 * d[2], b = d[3] - 4 * d[1], p = d[4] - d[2], q = 2 * (d[3] - d[1]);
    to[0] = 4 * d[0] - 5 * d[2] + d[4];
    to[step] = a + b;
    to[2 * step] = a - b;
    to[3 * step] = p + q;
    to[4 * step] = p - q;
    to[5 * step] = 4 * d[1] - 5 * d[3] + d[5];
}

INLINE void NAME(transform_filter)(VEC *to, ptrdiff_t step, const VEC *g) {
    const T sixth = (T)1 / 6, twelfth = (T)1 / 12;
    VEC ends = g[0] + g[2], far = g[0] / 4 + g[2];
    to[0] = g[0] / 4;
    to[step] = -sixth * (ends + g[1]);
    to[2 * step] = -sixth * (ends - g[1]);
    to[3 * step] = sixth * far + twelfth * g[1];
    to[4 * step] = sixth * far - twelfth * g[1];
    to[5 * step] = g[2];
}

INLINE void NAME(transform_output)(VEC *to, ptrdiff_t step, const VEC *m) {
    VEC s = m[1] + m[2], d = m[1] - m[2], s2 = m[3] + m[4], d2 = m[3] - m[4];
    to[0] = m[0] + s + s2;
    to[step] = d + 2 * d2;
    to[2 * step] = s + 4 * s2;
    to[3 * step] = d + 8 * d2 + m[5];
}

/* Transpose LANES vectors: in each of log2(LANES) steps, interleave the first half of them with the second. */
INLINE void NAME(transpose)(VEC *v) {
    VEC next[LANES];
#pragma GCC unroll 4
    for (int width = 1; width < LANES; width *= 2) {
#pragma GCC unroll 8
        for (int i = 0; i < LANES / 2; i++) {
            next[2 * i] = NAME(low)(v[i], v[i + LANES / 2]);
            next[2 * i + 1] = NAME(high)(v[i], v[i + LANES / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++) v[i] = next[i];
    }
}

/* Transform all filters to [36][c][lanes_f]. Entry (i, j) of the filter from channel c to f is w[f * by_f + c * by_c + i * 3 + j],
 * or with `turned` w[... + 8 - i * 3 - j]. */
static void NAME(filters)(const T *w, ptrdiff_t c, ptrdiff_t f, ptrdiff_t by_c, ptrdiff_t by_f, int turned, T *to) {
    ptrdiff_t lanes_f = UP(f, LANES) * LANES;
    for (ptrdiff_t ch = 0; ch < c; ch++)
        for (ptrdiff_t first = 0; first < f; first += LANES) {
            T gathered[9][LANES] = {{0}};
            for (ptrdiff_t l = 0; l < MIN(LANES, f - first); l++)
                for (int k = 0; k < 9; k++) gathered[k][l] = w[(first + l) * by_f + ch * by_c + (turned ? 8 - k : k)];
            VEC half[3][6], whole[6];
            for (int j = 0; j < 3; j++) {
                VEC column[3] = {NAME(load)(gathered[j]), NAME(load)(gathered[3 + j]), NAME(load)(gathered[6 + j])};
                NAME(transform_filter)(half[j], 1, column);
            }
            for (int i = 0; i < 6; i++) {
                VEC row[3] = {half[0][i], half[1][i], half[2][i]};
                NAME(transform_filter)(whole, 1, row);
                for (int j = 0; j < 6; j++) NAME(store)(to + ((i * 6 + j) * c + ch) * lanes_f + first, whole[j]);
            }
        }
}

/* Copy rows of an image to [row][column][channel], with zeros around and in channels that there are not. */
static void NAME(to_channels)(const Winograd *g, const T *image, ptrdiff_t first, T *to) {
    ptrdiff_t rows = 4 * g->tile_rows + 2, cols = 4 * g->tile_cols + 2, depth = g->lanes_c;
    for (ptrdiff_t i = 0; i < rows; i++, to += cols * depth) {
        ptrdiff_t row = first + i - g->pad;
        memset(to, 0, cols * depth * sizeof(T));
        if (row < 0 || row >= g->h) continue;
        for (ptrdiff_t c = 0; c < g->c; c += LANES)
            for (ptrdiff_t j = 0; j < g->w; j += LANES) {
                VEC v[LANES];
                ptrdiff_t n = MIN(LANES, MIN(g->w - j, cols - g->pad - j));
                for (int l = 0; l < LANES; l++) {
                    const T *from = image + ((c + l) * g->h + row) * g->w + j;
                    T part[LANES] = {0};
                    if (c + l >= g->c) v[l] = (VEC){0};
                    else if (from + LANES <= g->x_end) v[l] = NAME(load)(from);
                    else {
                        memcpy(part, from, MIN(LANES, g->x_end - from) * sizeof(T));
                        v[l] = NAME(load)(part);
                    }
                }
                NAME(transpose)(v);
                for (ptrdiff_t l = 0; l < n; l++) NAME(store)(to + (j + g->pad + l) * depth + c, v[l]);
            }
    }
}

/* Transform the tiles of a band to [36][tile][lanes_c]. */
static void NAME(transform_tiles)(const Winograd *g, const T *from, T *to) {
    ptrdiff_t tiles = g->tile_rows * g->tile_cols, depth = g->lanes_c, by_row = (4 * g->tile_cols + 2) * depth;
    for (ptrdiff_t t = 0; t < tiles; t++) {
        const T *corner = from + t / g->tile_cols * 4 * by_row + t % g->tile_cols * 4 * depth;
        for (ptrdiff_t c = 0; c < depth; c += LANES) {
            VEC d[6], half[36];
            for (int j = 0; j < 6; j++) {
                for (int i = 0; i < 6; i++) d[i] = NAME(load)(corner + i * by_row + j * depth + c);
                NAME(transform_input)(half + j, 6, d);
            }
            for (int i = 0; i < 6; i++) {
                NAME(transform_input)(d, 1, half + 6 * i);
                for (int j = 0; j < 6; j++) NAME(store)(to + ((i * 6 + j) * tiles + t) * depth + c, d[j]);
            }
        }
    }
}

/* products[tile][f] = sum over c of inputs[tile][c] * filters[c][f], for `nt` tiles and `nv` vectors of filters. */
INLINE void NAME(multiply)(const Winograd *g, const T *inputs, const T *filters, T *products, const int nt, const int nv) {
    const ptrdiff_t by_tile = g->lanes_c, by_product = g->lanes_f;
    VEC sum[FILTERS * 3];
#pragma GCC unroll 24
    for (int i = 0; i < nt * nv; i++) sum[i] = (VEC){0};
    for (ptrdiff_t c = 0; c < g->c; c++, inputs++, filters += by_product) {
        VEC u[3];
#pragma GCC unroll 3
        for (int v = 0; v < nv; v++) u[v] = NAME(load)(filters + v * LANES);
#pragma GCC unroll 8
        for (int t = 0; t < nt; t++) {
            VEC s = NAME(splat)(inputs[t * by_tile]);
#pragma GCC unroll 3
            for (int v = 0; v < nv; v++) sum[t * nv + v] += s * u[v];
        }
    }
#pragma GCC unroll 8
    for (int t = 0; t < nt; t++)
#pragma GCC unroll 3
        for (int v = 0; v < nv; v++) NAME(store)(products + t * by_product + v * LANES, sum[t * nv + v]);
}

typedef void (*NAME(Multiply))(const Winograd *, const T *, const T *, T *);
#define MULTIPLY(nt, nv) \
    static void NAME(multiply_##nt##nv)(const Winograd *g, const T *inputs, const T *filters, T *products) { \
        NAME(multiply)(g, inputs, filters, products, nt, nv); \
    }
#define MULTIPLIES(nt) MULTIPLY(nt, 1) MULTIPLY(nt, 2) MULTIPLY(nt, 3)
#define ROW(nt) \
    { NAME(multiply_##nt##1), NAME(multiply_##nt##2), NAME(multiply_##nt##3) }
MULTIPLIES(1) MULTIPLIES(2) MULTIPLIES(3) MULTIPLIES(4)
#if FILTERS == 8
MULTIPLIES(5) MULTIPLIES(6) MULTIPLIES(7) MULTIPLIES(8)
static const NAME(Multiply) NAME(multiplies)[FILTERS][3] = {ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8)};
#else
static const NAME(Multiply) NAME(multiplies)[FILTERS][3] = {ROW(1), ROW(2), ROW(3), ROW(4)};
#endif
#undef MULTIPLY
#undef MULTIPLIES
#undef ROW

static void NAME(multiply_all)(const Winograd *g, const T *inputs, T *products) {
    ptrdiff_t tiles = g->tile_rows * g->tile_cols, vectors = g->lanes_f / LANES;
    for (int k = 0; k < 36; k++)
        for (ptrdiff_t i = 0; i < UP(vectors, 3); i++) {
            ptrdiff_t v = dealt(i, vectors, 3), nv = dealt(i + 1, vectors, 3) - v;
            for (ptrdiff_t j = 0; j < UP(tiles, FILTERS); j++) {
                ptrdiff_t t = dealt(j, tiles, FILTERS), nt = dealt(j + 1, tiles, FILTERS) - t;
                NAME(multiplies)[nt - 1][nv - 1](g, inputs + (k * tiles + t) * g->lanes_c,
                                                 g->filters + k * g->c * g->lanes_f + v * LANES,
                                                 products + (k * tiles + t) * g->lanes_f + v * LANES);
            }
        }
}

/* Transform products to outputs [row][column][filter]. */
static void NAME(transform_products)(const Winograd *g, const T *products, T *to) {
    ptrdiff_t tiles = g->tile_rows * g->tile_cols, depth = g->lanes_f, by_row = 4 * g->tile_cols * depth;
    for (ptrdiff_t t = 0; t < tiles; t++) {
        T *corner = to + t / g->tile_cols * 4 * by_row + t % g->tile_cols * 4 * depth;
        for (ptrdiff_t f = 0; f < depth; f += LANES) {
            VEC m[6], half[24], bias = g->bias ? NAME(load)(g->bias + f) : (VEC){0};
            for (int j = 0; j < 6; j++) {
                for (int i = 0; i < 6; i++) m[i] = NAME(load)(products + ((i * 6 + j) * tiles + t) * depth + f);
                NAME(transform_output)(half + j, 6, m);
            }
            for (int i = 0; i < 4; i++) {
                NAME(transform_output)(m, 1, half + 6 * i);
                for (int j = 0; j < 4; j++) NAME(store)(corner + i * by_row + j * depth + f, m[j] + bias);
            }
        }
    }
}

/* Copy outputs [row][column][filter] to rows of an image. */
static void NAME(from_channels)(const Winograd *g, const T *from, ptrdiff_t first, T *image) {
    ptrdiff_t cols = 4 * g->tile_cols, depth = g->lanes_f;
    for (ptrdiff_t row = first; row < MIN(first + 4 * g->tile_rows, g->oh); row++, from += cols * depth)
        for (ptrdiff_t f = 0; f < g->f; f += LANES)
            for (ptrdiff_t j = 0; j < g->ow; j += LANES) {
                VEC v[LANES];
                for (int l = 0; l < LANES; l++) v[l] = NAME(load)(from + MIN(j + l, cols - 1) * depth + f);
                NAME(transpose)(v);
                for (ptrdiff_t l = 0; l < MIN(LANES, g->f - f); l++) {
                    T *to = image + ((f + l) * g->oh + row) * g->ow + j;
                    if (j + LANES <= g->ow) NAME(store)(to, v[l]);
                    else {
                        T part[LANES];
                        NAME(store)(part, v[l]);
                        memcpy(to, part, (g->ow - j) * sizeof(T));
                    }
                }
            }
}

static void NAME(winograd_band)(void *job, ptrdiff_t i) {
    Winograd *g = job;
    ptrdiff_t image = i / g->bands, first = i % g->bands * 4 * g->tile_rows, tiles = g->tile_rows * g->tile_cols;
    ptrdiff_t pixels = MAX((4 * g->tile_rows + 2) * (4 * g->tile_cols + 2) * g->lanes_c, 16 * tiles * g->lanes_f);
    T *band = nndl_scratch(0, (pixels + 36 * tiles * (g->lanes_c + g->lanes_f)) * sizeof(T));
    if (!band) {
        g->failed = 1;
        return;
    }
    T *inputs = band + pixels, *products = inputs + 36 * tiles * g->lanes_c;
    NAME(to_channels)(g, g->x + image * g->c * g->h * g->w, first, band);
    NAME(transform_tiles)(g, band, inputs);
    NAME(multiply_all)(g, inputs, products);
    NAME(transform_products)(g, products, band);
    NAME(from_channels)(g, band, first, g->out + image * g->f * g->oh * g->ow);
}

/* Prepare out[f] = bias[f] + the sum over c of x[c] correlated with the filter from c to f, for all n images; see `filters`.
 * Return memory to be freed afterwards, or NULL if there is none. */
static T *NAME(prepare_winograd)(Winograd *g, ptrdiff_t n, const T *w, ptrdiff_t by_c, ptrdiff_t by_f, int turned,
                                 const T *b) {
    g->lanes_c = UP(g->c, LANES) * LANES, g->lanes_f = UP(g->f, LANES) * LANES;
    g->tile_cols = UP(g->ow, 4);
    ptrdiff_t rows = UP(g->oh, 4), tile_bytes = 36 * (g->lanes_c + g->lanes_f) * (ptrdiff_t)sizeof(T);
    ptrdiff_t most = MAX(BAND_BYTES * 3 / 2 / (tile_bytes * g->tile_cols), 1);
    g->tile_rows = UP(rows, UP(rows, most));
    g->bands = UP(rows, g->tile_rows);
    T *filters = malloc((36 * g->c + 1) * g->lanes_f * sizeof(T));
    if (!filters) return NULL;
    NAME(filters)(w, g->c, g->f, by_c, by_f, turned, filters);
    g->filters = filters;
    if (b) {
        T *bias = filters + 36 * g->c * g->lanes_f;
        memcpy(bias, b, g->f * sizeof(T));
        memset(bias + g->f, 0, (g->lanes_f - g->f) * sizeof(T));
        g->bias = bias;
    }
    g->x_end = g->x + n * g->c * g->h * g->w;
    return filters;
}
