/* Products of small matrices, in tiles as large as the registers allow: `to` becomes a times b, or has it added.
 *
 * Lanes are columns of b. Number (i, r) of a is a[i * a_row + r * a_col]; rows of b are `b_row` apart, those of `to` are `to_row`.
 */

#undef Product
#define Product NAME(Product)
typedef struct {
    ptrdiff_t rows, depth, vectors; /* of a; of a and b; of b */
    ptrdiff_t a_row, a_col, b_row, to_row;
    int packed; /* whether b consists of panels, each with all rows of the columns that are multiplied together */
    int add;
} Product;

#define PANEL 3 /* most vectors of b at a time */

/* `times` times, for the next nr rows of a and `to` each time. */
INLINE void NAME(multiply)(const Product *p, const T *a, const T *b, T *to, ptrdiff_t times, const int nr, const int nv) {
    const ptrdiff_t a_row = p->a_row, a_col = p->a_col, b_row = p->packed ? nv * LANES : p->b_row;
    for (; times > 0; times--, a += nr * a_row, to += nr * p->to_row) {
        VEC sum[MOST_SUMS];
#pragma GCC unroll 24
        for (int i = 0; i < nr; i++)
#pragma GCC unroll 3
            for (int v = 0; v < nv; v++) sum[i * nv + v] = p->add ? NAME(load)(to + i * p->to_row + v * LANES) : (VEC){0};
        const T *from = a, *row = b;
        for (ptrdiff_t r = p->depth; r > 0; r--, from += a_col, row += b_row) {
            VEC column[PANEL];
#pragma GCC unroll 3
            for (int v = 0; v < nv; v++) column[v] = NAME(load)(row + v * LANES);
#pragma GCC unroll 24
            for (int i = 0; i < nr; i++) {
                VEC s = NAME(splat)(from[i * a_row]);
#pragma GCC unroll 3
                for (int v = 0; v < nv; v++) sum[i * nv + v] += s * column[v];
            }
        }
#pragma GCC unroll 24
        for (int i = 0; i < nr; i++)
#pragma GCC unroll 3
            for (int v = 0; v < nv; v++) NAME(store)(to + i * p->to_row + v * LANES, sum[i * nv + v]);
    }
}

typedef void (*NAME(Multiply))(const Product *, const T *, const T *, T *, ptrdiff_t);
#define MULTIPLY(nr, nv) \
    static void NAME(multiply_##nr##_##nv)(const Product *p, const T *a, const T *b, T *to, ptrdiff_t times) { \
        NAME(multiply)(p, a, b, to, times, nr, nv); \
    }
#define MULTIPLY123(nr) MULTIPLY(nr, 1) MULTIPLY(nr, 2) MULTIPLY(nr, 3)
#define MULTIPLY12(nr) MULTIPLY(nr, 1) MULTIPLY(nr, 2)
#define NAMES123(nr) \
    { NAME(multiply_##nr##_1), NAME(multiply_##nr##_2), NAME(multiply_##nr##_3) }
#define NAMES12(nr) \
    { NAME(multiply_##nr##_1), NAME(multiply_##nr##_2) }
#define NAMES1(nr) \
    { NAME(multiply_##nr##_1) }
MULTIPLY123(1) MULTIPLY123(2) MULTIPLY123(3) MULTIPLY123(4)
#if MOST_SUMS == 24
MULTIPLY123(5) MULTIPLY123(6) MULTIPLY123(7) MULTIPLY123(8) MULTIPLY12(9) MULTIPLY12(10) MULTIPLY12(11) MULTIPLY12(12)
static const NAME(Multiply) NAME(multiplies)[][PANEL] = {
    NAMES123(1), NAMES123(2), NAMES123(3), NAMES123(4), NAMES123(5), NAMES123(6),
    NAMES123(7), NAMES123(8), NAMES12(9), NAMES12(10), NAMES12(11), NAMES12(12)};
#else
MULTIPLY12(5) MULTIPLY12(6) MULTIPLY(7, 1) MULTIPLY(8, 1) MULTIPLY(9, 1) MULTIPLY(10, 1) MULTIPLY(11, 1) MULTIPLY(12, 1)
static const NAME(Multiply) NAME(multiplies)[][PANEL] = {
    NAMES123(1), NAMES123(2), NAMES123(3), NAMES123(4), NAMES12(5), NAMES12(6),
    NAMES1(7), NAMES1(8), NAMES1(9), NAMES1(10), NAMES1(11), NAMES1(12)};
#endif
#undef MULTIPLY
#undef MULTIPLY123
#undef MULTIPLY12
#undef NAMES123
#undef NAMES12
#undef NAMES1

static void NAME(multiply_all)(const Product *p, const T *a, const T *b, T *to) {
    Groups panels = deal(p->vectors, PANEL);
    for (ptrdiff_t j = 0; j < panels.groups; j++) {
        const ptrdiff_t nv = group_size(&panels, j);
        const NAME(Multiply) *multiplies = &NAME(multiplies)[0][nv - 1];
        Groups rows = deal(p->rows, MIN(MOST_SUMS / nv, 12));
        const ptrdiff_t first = rows.larger * (rows.size + 1);
        if (rows.larger) multiplies[rows.size * PANEL](p, a, b, to, rows.larger);
        multiplies[(rows.size - 1) * PANEL](p, a + first * p->a_row, b, to + first * p->to_row, rows.groups - rows.larger);
        b += nv * LANES * (p->packed ? p->depth : 1);
        to += nv * LANES;
    }
}

/* Where in packed panels row r of vector v begins. */
INLINE ptrdiff_t NAME(packed_at)(ptrdiff_t depth, ptrdiff_t vectors, ptrdiff_t r, ptrdiff_t v) {
    Groups panels = deal(vectors, PANEL);
    ptrdiff_t large = panels.larger * (panels.size + 1), nv = v < large ? panels.size + 1 : panels.size;
    ptrdiff_t first = v < large ? v / nv * nv : large + (v - large) / nv * nv;
    return (first * depth + r * nv + v - first) * LANES;
}
