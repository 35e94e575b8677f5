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

/* Rows of one phase of a plane: the first of `rows` is at `to`, and at `from` in the source, where it is `run`. */
typedef struct {
    T *to;
    const T *from;
    ptrdiff_t rows, pitch, by_row, step;
    Run run;
} NAME(Rows);

/* Copy them one number at a time. */
static void NAME(copy_slowly)(const NAME(Rows) *r, ptrdiff_t first) {
    for (ptrdiff_t i = first; i < r->rows; i++) {
        T *to = r->to + i * r->pitch;
        const T *from = r->from + i * r->by_row + r->run.column;
        for (ptrdiff_t j = 0; j < r->pitch; j++) to[j] = 0;
        for (ptrdiff_t j = 0; j < r->run.count; j++) to[r->run.zeros + j] = from[j * r->step];
    }
}

/* Return how many of the rows can be read in vectors, and nothing beyond `end`. */
INLINE ptrdiff_t NAME(safe_rows)(const NAME(Rows) *r, const T *end) {
    ptrdiff_t room = end - (r->from + r->run.column + UP(r->run.count, LANES) * LANES * r->step);
    return room < 0 ? 0 : MIN(r->rows, room / r->by_row + 1);
}

/* Copy rows at step 1, each in `most` vectors or, with 0, in as many as it takes, with zeros behind it and at the beginning
 * of the next. */
INLINE void NAME(copy_rows)(const NAME(Rows) *r, ptrdiff_t rows, const int most) {
    const ptrdiff_t vectors = most ? most : UP(r->run.count, LANES), gap = r->pitch - r->run.count;
    T *to = r->to + r->run.zeros;
    const T *from = r->from + r->run.column;
    NAME(clear)(r->to, r->run.zeros);
    for (ptrdiff_t i = 0; i < rows; i++, to += r->pitch, from += r->by_row) {
#pragma GCC unroll 4
        for (ptrdiff_t v = 0; v < vectors; v++) NAME(store)(to + v * LANES, NAME(load)(from + v * LANES));
        NAME(clear)(to + r->run.count, gap);
    }
}

/* Copy rows of both phases at step 2, which the even and the odd columns of the source make up. */
INLINE void NAME(copy_both)(const NAME(Rows) *even, const NAME(Rows) *odd, ptrdiff_t rows) {
    const ptrdiff_t count = MAX(even->run.count, odd->run.count);
    T *e = even->to + even->run.zeros, *o = odd->to + odd->run.zeros;
    const T *from = even->from + even->run.column;
    NAME(clear)(even->to, even->run.zeros);
    NAME(clear)(odd->to, odd->run.zeros);
    for (ptrdiff_t i = 0; i < rows; i++, e += even->pitch, o += odd->pitch, from += even->by_row) {
        for (ptrdiff_t j = 0; j < count; j += LANES) {
            VEC a = NAME(load)(from + 2 * j), b = NAME(load)(from + 2 * j + LANES);
            NAME(store)(e + j, NAME(even)(a, b));
            NAME(store)(o + j, NAME(odd)(a, b));
        }
        NAME(clear)(e + even->run.count, even->pitch - even->run.count);
        NAME(clear)(o + odd->run.count, odd->pitch - odd->run.count);
    }
}

INLINE void NAME(copy_phase)(const NAME(Rows) *r, const T *end) {
    const ptrdiff_t rows = r->step == 1 ? NAME(safe_rows)(r, end) : 0, vectors = UP(r->run.count, LANES);
    if (vectors == 1) NAME(copy_rows)(r, rows, 1);
    else if (vectors == 2) NAME(copy_rows)(r, rows, 2);
    else if (vectors == 4) NAME(copy_rows)(r, rows, 4);
    else NAME(copy_rows)(r, rows, 0);
    NAME(copy_slowly)(r, rows);
}

/* Copy `planes` planes of `from`, which ends at `end`, into phases, from row `first` of each on; source rows from `last`
 * on count as 0. */
static void NAME(split)(const Split *s, const T *from, ptrdiff_t planes, ptrdiff_t first, ptrdiff_t last, T *to,
                        const T *end) {
    const ptrdiff_t phase = phase_size(s), step = s->step, b_even = s->left & 1;
    const Run even = run_of(s, b_even), odd = run_of(s, 1 - b_even);
    const int both = step == 2 && even.column % 2 == 0 && odd.column == even.column + 1;
    for (ptrdiff_t c = 0; c < planes; c++, from += s->h * s->w)
        for (ptrdiff_t a = 0; a < step; a++, to += step * phase) {
            const ptrdiff_t row = step * first + a - s->top; /* the source of row 0 */
            const ptrdiff_t i0 = MIN(row < 0 ? UP(-row, step) : 0, s->rows);
            const ptrdiff_t i1 = MAX(i0, row < last ? MIN(UP(last - row, step), s->rows) : 0);
            NAME(Rows) rows = {to, from + (row + step * i0) * s->w, i1 - i0, s->pitch, step * s->w, step};
            for (ptrdiff_t b = 0; b < step; b++) NAME(clear)(to + b * phase, i0 * s->pitch);
            if (both) {
                NAME(Rows) other = rows;
                rows.to = to + b_even * phase + i0 * s->pitch, rows.run = even;
                other.to = to + (1 - b_even) * phase + i0 * s->pitch, other.run = odd;
                const ptrdiff_t safe = MIN(NAME(safe_rows)(&rows, end), NAME(safe_rows)(&other, end));
                NAME(copy_both)(&rows, &other, safe);
                NAME(copy_slowly)(&rows, safe);
                NAME(copy_slowly)(&other, safe);
            } else
                for (ptrdiff_t b = 0; b < step; b++) {
                    rows.to = to + b * phase + i0 * s->pitch, rows.run = run_of(s, b);
                    NAME(copy_phase)(&rows, end);
                }
            for (ptrdiff_t b = 0; b < step; b++) NAME(clear)(to + b * phase + i1 * s->pitch, (s->rows - i1) * s->pitch);
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
