/* The inner loops: correlation of planes with filters, given as a table of taps, and its gradient.
 *
 * Both read planes that `split` has copied to where every load is contiguous, whatever the stride: zeros around,
 * and for stride s a plane for each of the s * s phases of rows and columns. Number (i, j) of an output then
 * reads, for each tap, number (i, j) of a plane shifted by the tap's offset.
 */

/* What may be read behind the last plane. */
INLINE ptrdiff_t NAME(slack)(const Split *s) { return s->pitch + 3 * LANES; }

/* Write n zeros; up to LANES - 1 numbers behind them may be overwritten. */
INLINE void NAME(clear)(T *to, ptrdiff_t n) {
    VEC zero = {0};
    KEEP(zero); /* else the loop would become a call of memset, which takes longer for a few numbers */
    for (ptrdiff_t j = 0; j < n; j += LANES) NAME(store)(to + j, zero);
}

/* Write the columns of one phase of a row, and up to LANES - 1 numbers behind them. */
INLINE void NAME(put)(T *to, const T *row, Run run, ptrdiff_t step, const T *end) {
    const T *from = row + run.column;
    ptrdiff_t j = 0;
    NAME(clear)(to, run.zeros);
    to += run.zeros;
    if (step == 1)
        for (; j < run.count && from + j + LANES <= end; j += LANES) NAME(store)(to + j, NAME(load)(from + j));
    for (; j < run.count; j++) to[j] = from[j * step];
}

/* Write both phases of a row at step 2; even columns of the source are of phase `even`. */
INLINE void NAME(put_both)(T *to_even, T *to_odd, const T *row, Run even, Run odd, const T *end) {
    ptrdiff_t first = MIN(even.column, odd.column) & ~(ptrdiff_t)1, count = MAX(even.count, odd.count), j = 0;
    NAME(clear)(to_even, even.zeros);
    NAME(clear)(to_odd, odd.zeros);
    T *e = to_even + even.zeros, *o = to_odd + odd.zeros;
    if (even.column == first && odd.column == first + 1)
        for (; j < count && row + first + 2 * (j + LANES) <= end; j += LANES) {
            VEC a = NAME(load)(row + first + 2 * j), b = NAME(load)(row + first + 2 * j + LANES);
            NAME(store)(e + j, NAME(even)(a, b));
            NAME(store)(o + j, NAME(odd)(a, b));
        }
    for (ptrdiff_t i = j; i < even.count; i++) e[i] = row[even.column + 2 * i];
    for (ptrdiff_t i = j; i < odd.count; i++) o[i] = row[odd.column + 2 * i];
}

/* Copy `planes` planes of `from`, which ends at `end`, into phases, from row `first` of each on; source rows from `last`
 * on count as 0. */
static void NAME(split)(const Split *s, const T *from, ptrdiff_t planes, ptrdiff_t first, ptrdiff_t last, T *to,
                        const T *end) {
    const ptrdiff_t phase = phase_size(s), both = s->step == 2, even = s->left & 1;
    for (ptrdiff_t c = 0; c < planes; c++, from += s->h * s->w)
        for (ptrdiff_t a = 0; a < s->step; a++)
            for (ptrdiff_t b = 0; b < s->step; b += 1 + both, to += phase * (1 + both)) {
                const Run run = run_of(s, both ? even : b), other = run_of(s, 1 - even);
                T *at = both ? to + even * phase : to, *at_other = to + (1 - even) * phase;
                for (ptrdiff_t i = 0; i < s->rows; i++, at += s->pitch, at_other += s->pitch) {
                    const ptrdiff_t row = s->step * (first + i) + a - s->top;
                    const int used = row >= 0 && row < last;
                    if (used && both) NAME(put_both)(at, at_other, from + row * s->w, run, other, end);
                    else if (used) NAME(put)(at, from + row * s->w, run, s->step, end);
                    ptrdiff_t done = used ? run.zeros + run.count : 0, done_other = used ? other.zeros + other.count : 0;
                    NAME(clear)(at + done, s->pitch - done);
                    if (both) NAME(clear)(at_other + done_other, s->pitch - done_other);
                }
            }
    NAME(clear)(to, NAME(slack)(s) - LANES);
}

/* Return how many vectors `rows` rows take. */
INLINE ptrdiff_t NAME(vectors)(const Places *p, ptrdiff_t rows) {
    return p->flat ? UP((rows - 1) * p->pitch + p->cols, LANES) : rows * p->per_row;
}

INLINE ptrdiff_t NAME(places_most)(ptrdiff_t rows, ptrdiff_t cols, ptrdiff_t pitch) {
    return MAX(rows * UP(cols, LANES), UP(rows * pitch, LANES));
}

/* Fill in the vectors, for which `space` has room. With `overlap`, the last vector of a row goes back to end with it; only
 * with `may_run_on`, or where a row is shorter than a vector, are they flat. */
static void NAME(place)(Places *p, ptrdiff_t *space, int overlap, int may_run_on) {
    p->per_row = UP(p->cols, LANES);
    ptrdiff_t flat = UP((p->rows - 1) * p->pitch + p->cols, LANES);
    p->flat = (may_run_on && p->per_row * p->rows > flat) || (overlap && p->cols < LANES);
    p->count = p->flat ? flat : p->per_row * p->rows;
    ptrdiff_t *base = space, *to = space + p->count;
    p->base = base, p->to = to;
    for (ptrdiff_t q = 0; q < p->count; q++) {
        if (p->flat) {
            base[q] = to[q] = q * LANES;
            continue;
        }
        ptrdiff_t row = q / p->per_row, col = q % p->per_row * LANES;
        if (overlap) col = MIN(col, p->cols - LANES);
        base[q] = row * p->pitch + col;
        to[q] = row * p->row_to + col;
    }
}

/* Write those lanes of a flat vector that are outputs. */
static void NAME(spill)(const Places *p, ptrdiff_t rows, ptrdiff_t at, const T *lanes, T *to) {
    ptrdiff_t row = at / p->pitch, col = at % p->pitch;
    for (ptrdiff_t l = 0; l < LANES && row < rows; row++, col = 0) {
        ptrdiff_t run = MIN(p->pitch - col, LANES - l), used = MIN(p->cols - col, run);
        for (ptrdiff_t j = 0; j < used; j++) to[row * p->row_to + col + j] = lanes[l + j];
        l += run;
    }
}

/* Tiles of filters by vectors, as large as the registers allow. */
#undef FILTERS
#undef ROOM
#if BYTES == 64
#define FILTERS 8
#define ROOM 24
#else
#define FILTERS 4
#define ROOM 12
#endif
#define MOST_VECTORS 6

#undef Correlation
#define Correlation NAME(Correlation)
typedef struct {
    const Places *places;
    ptrdiff_t rows;
    const T *planes;
    const ptrdiff_t *taps; /* offsets into the planes */
    ptrdiff_t ntaps;
    T *out;
    Ahead ahead;
} Correlation;

INLINE void NAME(tile)(const Correlation *c, const T *w, const T *bias, T *out, ptrdiff_t q, const int nf, const int nv) {
    const Places *p = c->places;
    const T *from[MOST_VECTORS];
    VEC sum[FILTERS * MOST_VECTORS];
#pragma GCC unroll 8
    for (int f = 0; f < nf; f++) { /* the lines that will be written */
        __builtin_prefetch(out + f * p->plane_to + p->to[q], 1);
        __builtin_prefetch(out + f * p->plane_to + p->to[q + nv - 1], 1);
    }
#pragma GCC unroll 8
    for (int v = 0; v < nv; v++) from[v] = c->planes + p->base[q + v];
#pragma GCC unroll 8
    for (int f = 0; f < nf; f++)
#pragma GCC unroll 8
        for (int v = 0; v < nv; v++) sum[f * nv + v] = NAME(splat)(bias ? bias[f] : 0);
    const ptrdiff_t *tap = c->taps, *end = tap + c->ntaps;
    for (; tap < end; tap++, w += nf) {
        if (nv > nf) { /* the fewer of both wait in registers */
            VEC s[FILTERS];
#pragma GCC unroll 8
            for (int f = 0; f < nf; f++) s[f] = NAME(splat)(w[f]);
#pragma GCC unroll 8
            for (int v = 0; v < nv; v++) {
                VEC x = NAME(load)(from[v] + *tap);
                KEEP(x);
#pragma GCC unroll 8
                for (int f = 0; f < nf; f++) sum[f * nv + v] += s[f] * x;
            }
        } else {
            VEC x[MOST_VECTORS];
#pragma GCC unroll 8
            for (int v = 0; v < nv; v++) x[v] = NAME(load)(from[v] + *tap);
#pragma GCC unroll 8
            for (int f = 0; f < nf; f++) {
                VEC s = NAME(splat)(w[f]);
#pragma GCC unroll 8
                for (int v = 0; v < nv; v++) sum[f * nv + v] += s * x[v];
            }
        }
    }
    if (!p->flat) {
        const ptrdiff_t *to = p->to + q, plane_to = p->plane_to;
#pragma GCC unroll 8
        for (int v = 0; v < nv; v++) {
            T *at = out + to[v];
#pragma GCC unroll 8
            for (int f = 0; f < nf; f++, at += plane_to) NAME(store)(at, sum[f * nv + v]);
        }
        return;
    }
    T kept[FILTERS * MOST_VECTORS][LANES];
#pragma GCC unroll 24
    for (int i = 0; i < nf * nv; i++) NAME(store)(kept[i], sum[i]);
    for (int f = 0; f < nf; f++)
        for (int v = 0; v < nv; v++)
            NAME(spill)(p, c->rows, p->to[q + v], kept[f * nv + v], out + f * p->plane_to);
}

typedef void (*NAME(Tile))(const Correlation *, const T *, const T *, T *, ptrdiff_t, ptrdiff_t);
#define TILE(nf, nv) \
    static void NAME(tile_##nf##nv)(const Correlation *c, const T *w, const T *bias, T *out, ptrdiff_t q, ptrdiff_t times) { \
        for (; times > 0; times--, q += nv) NAME(tile)(c, w, bias, out, q, nf, nv); \
    }
#define TILES3(nf) TILE(nf, 1) TILE(nf, 2) TILE(nf, 3)
#define TILES6(nf) TILES3(nf) TILE(nf, 4) TILE(nf, 5) TILE(nf, 6)
#define ROW3(nf) NAME(tile_##nf##1), NAME(tile_##nf##2), NAME(tile_##nf##3)
#define ROW6(nf) ROW3(nf), NAME(tile_##nf##4), NAME(tile_##nf##5), NAME(tile_##nf##6)
TILES6(1)
TILES6(2)
#if FILTERS == 8
TILES6(3) TILES6(4) TILES3(5) TILES3(6) TILES3(7) TILES3(8)
static const NAME(Tile) NAME(tiles)[FILTERS][MOST_VECTORS] = {
    {ROW6(1)}, {ROW6(2)}, {ROW6(3)}, {ROW6(4)}, {ROW3(5)}, {ROW3(6)}, {ROW3(7)}, {ROW3(8)}};
#else
TILES3(3) TILE(3, 4) TILES3(4)
static const NAME(Tile) NAME(tiles)[FILTERS][MOST_VECTORS] = {{ROW6(1)}, {ROW6(2)}, {ROW3(3), NAME(tile_34)}, {ROW3(4)}};
#endif
#undef TILE
#undef TILES3
#undef TILES6
#undef ROW3
#undef ROW6

/* Lay the weights of `filters` filters out tile by tile, and in it tap by tap. at(filter, tap) are `by_filter` apart. */
static void NAME(lay_out)(const T *w, const ptrdiff_t *at, ptrdiff_t ntaps, ptrdiff_t by_filter, ptrdiff_t filters, T *to) {
    const Groups tiles = deal(filters, FILTERS);
    for (ptrdiff_t i = 0; i < tiles.groups; i++, w += group_size(&tiles, i - 1) * by_filter)
        for (ptrdiff_t k = 0; k < ntaps; k++)
            for (ptrdiff_t f = 0; f < group_size(&tiles, i); f++) *to++ = w[f * by_filter + at[k]];
}

/* Correlate with all filters: out[f] = bias[f] + sum of weights[f, tap] * planes shifted by the tap. */
static void NAME(correlate)(Correlation *c, const T *weights, const T *bias, ptrdiff_t filters) {
    const ptrdiff_t count = NAME(vectors)(c->places, c->rows);
    const Groups tiles = deal(filters, FILTERS);
    T *out = c->out;
    for (ptrdiff_t i = 0; i < tiles.groups; i++) {
        const ptrdiff_t nf = group_size(&tiles, i);
        const Groups vectors = deal(count, nf > 4 ? 3 : MIN(ROOM / nf, MOST_VECTORS));
        const NAME(Tile) *tile = NAME(tiles)[nf - 1];
        if (vectors.larger) tile[vectors.size](c, weights, bias, out, 0, vectors.larger);
        tile[vectors.size - 1](c, weights, bias, out, vectors.larger * (vectors.size + 1), vectors.groups - vectors.larger);
        fetch(&c->ahead);
        weights += nf * c->ntaps;
        out += nf * c->places->plane_to;
        if (bias) bias += nf;
    }
}
