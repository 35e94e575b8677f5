/* The transforms of Winograd's minimal filtering F(M x M, 3 x 3): Lavin and Gray (2016), section 4.
 *
 * POINTS numbers stand for values of a polynomial at 0, at p and -p for each p of a few, and at infinity. To `spread` is to
 * evaluate it there, to `gather` the transposed map. With the matrices `inputs` (B), `filters` (G) and `outputs` (A), the
 * forward pass is
 *
 *     out = gather(A, spread(G, w) * spread(B, x))
 *
 * number by number, and both gradients are
 *
 *     dx = gather(B, spread(G, w) * spread(A, dout)),    dw = gather(G, spread(B, x) * spread(A, dout)).
 *
 * Of the two rows of a matrix for p and -p only the first is stored; the second has the opposite sign in odd columns.
 */

#define POINTS (M + 2)
#define STORED (M / 2 + 2)
#undef TILED
#define TILED(name) NAME(TILED_(name, M))

#if M == 2
static const T TILED(inputs)[STORED][POINTS] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 0, 1}};
static const T TILED(kernels)[STORED][3] = {{1, 0, 0}, {.5, .5, .5}, {0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {{1, 0}, {1, 1}, {0, 1}};
#else
static const T TILED(inputs)[STORED][POINTS] = {
    {4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, -2, -1, 2, 1, 0}, {0, 4, 0, -5, 0, 1}};
static const T TILED(kernels)[STORED][3] = {
    {.25, 0, 0}, {-1. / 6, -1. / 6, -1. / 6}, {1. / 24, 1. / 12, 1. / 6}, {0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {{1, 0, 0, 0}, {1, 1, 1, 1}, {1, 2, 4, 8}, {0, 0, 0, 1}};
#endif

/* row[first] * v[first] + row[first + by] * v[first + by] + ..., where zeros cost nothing. */
INLINE VEC TILED(dot)(const T *row, const VEC *v, const int first, const int by, const int n) {
    VEC sum = {0};
    int empty = 1;
#pragma GCC unroll 8
    for (int j = first; j < n; j += by)
        if (row[j] != 0) {
            sum = empty ? row[j] * v[j] : sum + row[j] * v[j];
            empty = 0;
        }
    return sum;
}

INLINE void TILED(spread)(const T *matrix, const int n, const VEC *from, VEC *to) {
    to[0] = TILED(dot)(matrix, from, 0, 1, n);
#pragma GCC unroll 4
    for (int q = 1; q < STORED - 1; q++) {
        VEC even = TILED(dot)(matrix + q * n, from, 0, 2, n), odd = TILED(dot)(matrix + q * n, from, 1, 2, n);
        to[2 * q - 1] = even + odd;
        to[2 * q] = even - odd;
    }
    to[POINTS - 1] = TILED(dot)(matrix + (STORED - 1) * n, from, 0, 1, n);
}

INLINE void TILED(gather)(const T *matrix, const int n, const VEC *from, VEC *to) {
    VEC sum[STORED], difference[STORED];
    T column[STORED];
    sum[0] = difference[0] = from[0];
    sum[STORED - 1] = difference[STORED - 1] = from[POINTS - 1];
#pragma GCC unroll 4
    for (int q = 1; q < STORED - 1; q++) {
        sum[q] = from[2 * q - 1] + from[2 * q];
        difference[q] = from[2 * q - 1] - from[2 * q];
    }
#pragma GCC unroll 8
    for (int j = 0; j < n; j++) {
#pragma GCC unroll 8
        for (int q = 0; q < STORED; q++) column[q] = matrix[q * n + j];
        to[j] = TILED(dot)(column, j % 2 ? difference : sum, 0, 1, STORED);
    }
}

/* Spread n by n vectors, rows `by_row` and columns `by_col` apart, to POINTS by POINTS that are `by_point` apart. */
INLINE void TILED(spread2)(const T *matrix, const int n, const T *from, ptrdiff_t by_row, ptrdiff_t by_col, T *to,
                           ptrdiff_t by_point) {
    VEC half[POINTS * POINTS], in[POINTS], out[POINTS];
#pragma GCC unroll 8
    for (int j = 0; j < n; j++) {
#pragma GCC unroll 8
        for (int i = 0; i < n; i++) in[i] = NAME(load)(from + i * by_row + j * by_col);
        TILED(spread)(matrix, n, in, half + j * POINTS);
    }
#pragma GCC unroll 8
    for (int i = 0; i < POINTS; i++) {
#pragma GCC unroll 8
        for (int j = 0; j < n; j++) in[j] = half[j * POINTS + i];
        TILED(spread)(matrix, n, in, out);
#pragma GCC unroll 8
        for (int j = 0; j < POINTS; j++) NAME(store)(to + (i * POINTS + j) * by_point, out[j]);
    }
}

/* Gather POINTS by POINTS vectors to n by n: written with `first` added, or with `add` added to what is there. */
INLINE void TILED(gather2)(const T *matrix, const int n, const T *from, ptrdiff_t by_point, T *to, ptrdiff_t by_row,
                           ptrdiff_t by_col, const int add, VEC first) {
    VEC half[POINTS * POINTS], in[POINTS], out[POINTS];
#pragma GCC unroll 8
    for (int j = 0; j < POINTS; j++) {
#pragma GCC unroll 8
        for (int i = 0; i < POINTS; i++) in[i] = NAME(load)(from + (i * POINTS + j) * by_point);
        TILED(gather)(matrix, n, in, half + j * POINTS);
    }
#pragma GCC unroll 8
    for (int i = 0; i < n; i++) {
#pragma GCC unroll 8
        for (int j = 0; j < POINTS; j++) in[j] = half[j * POINTS + i];
        TILED(gather)(matrix, n, in, out);
#pragma GCC unroll 8
        for (int j = 0; j < n; j++) {
            T *at = to + i * by_row + j * by_col;
            NAME(store)(at, out[j] + (add ? NAME(load)(at) : first));
        }
    }
}
