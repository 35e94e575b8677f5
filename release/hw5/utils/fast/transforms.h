/* The transforms of Winograd's minimal filtering F(M x M, R x R): Lavin and Gray (2016), section 4.
 *
 * POINTS numbers stand for values of a polynomial at 0, at p and -p for each p of a few, and at infinity. To `spread` is to
 * evaluate it there, to `gather` the transposed map. With the matrices `inputs` (B), `kernels` (G) and `outputs` (A), the
 * forward pass is
 *
 *     out = gather(A, spread(G, w) * spread(B, x))
 *
 * number by number, and both gradients are
 *
 *     dx = gather(B, spread(G, w) * spread(A, dout)),    dw = gather(G, spread(B, x) * spread(A, dout)).
 *
 * Row p of A has the powers of p, row p of B the coefficients of the product of (t - q) over all other points q, and row p
 * of G the powers of p, divided by that product at t = p. Of the two rows for p and -p only the first is stored; the second has
 * the opposite sign in odd columns.
 */

#define POINTS (M + R - 1)
#define STORED (POINTS / 2 + 1)
#undef TILED
#define TILED(name) NAME(TILED_(name, M, R))

#if M == 2 && R == 3 /* points 0, 1, -1 */
static const T TILED(inputs)[STORED][POINTS] = {{-1, 0, 1, 0}, {0, 1, 1, 0}, {0, -1, 0, 1}};
static const T TILED(kernels)[STORED][R] = {{-1, 0, 0}, {.5, .5, .5}, {0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {{1, 0}, {1, 1}, {0, 1}};
#elif M == 4 && R == 3 /* 0, 1, -1, 2, -2 */
static const T TILED(inputs)[STORED][POINTS] = {
    {4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, -2, -1, 2, 1, 0}, {0, 4, 0, -5, 0, 1}};
static const T TILED(kernels)[STORED][R] = {
    {.25, 0, 0}, {-1. / 6, -1. / 6, -1. / 6}, {1. / 24, 1. / 12, 1. / 6}, {0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {{1, 0, 0, 0}, {1, 1, 1, 1}, {1, 2, 4, 8}, {0, 0, 0, 1}};
#elif M == 4 && R == 5 /* 0, 1, -1, 2, -2, 1/2, -1/2 */
static const T TILED(inputs)[STORED][POINTS] = {{-1, 0, 5.25, 0, -5.25, 0, 1, 0},
                                                {0, 1, 1, -4.25, -4.25, 1, 1, 0},
                                                {0, .5, .25, -2.5, -1.25, 2, 1, 0},
                                                {0, 2, 4, -2.5, -5, .5, 1, 0},
                                                {0, -1, 0, 5.25, 0, -5.25, 0, 1}};
static const T TILED(kernels)[STORED][R] = {{-1, 0, 0, 0, 0},
                                            {-2. / 9, -2. / 9, -2. / 9, -2. / 9, -2. / 9},
                                            {1. / 90, 2. / 90, 4. / 90, 8. / 90, 16. / 90},
                                            {32. / 45, 16. / 45, 8. / 45, 4. / 45, 2. / 45},
                                            {0, 0, 0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {{1, 0, 0, 0}, {1, 1, 1, 1}, {1, 2, 4, 8}, {1, .5, .25, .125}, {0, 0, 0, 1}};
#else /* 4 and 7: 0, 1, -1, 2, -2, 1/2, -1/2, 3/4, -3/4 */
static const T TILED(inputs)[STORED][POINTS] = {
    {9. / 16, 0, -253. / 64, 0, 525. / 64, 0, -93. / 16, 0, 1, 0},
    {0, -9. / 16, -9. / 16, 217. / 64, 217. / 64, -77. / 16, -77. / 16, 1, 1, 0},
    {0, -9. / 32, -9. / 64, 61. / 32, 61. / 64, -29. / 8, -29. / 16, 2, 1, 0},
    {0, -9. / 8, -9. / 4, 109. / 32, 109. / 16, -89. / 32, -89. / 16, .5, 1, 0},
    {0, -3. / 4, -1, 63. / 16, 21. / 4, -63. / 16, -21. / 4, .75, 1, 0},
    {0, 9. / 16, 0, -253. / 64, 0, 525. / 64, 0, -93. / 16, 0, 1}};
static const T TILED(kernels)[STORED][R] = {
    {16. / 9, 0, 0, 0, 0, 0, 0},
    {-32. / 63, -32. / 63, -32. / 63, -32. / 63, -32. / 63, -32. / 63, -32. / 63},
    {8. / 2475, 16. / 2475, 32. / 2475, 64. / 2475, 128. / 2475, 256. / 2475, 512. / 2475},
    {-512. / 225, -256. / 225, -128. / 225, -64. / 225, -32. / 225, -16. / 225, -8. / 225},
    {32768. / 17325, 8192. / 5775, 2048. / 1925, 1536. / 1925, 1152. / 1925, 864. / 1925, 648. / 1925},
    {0, 0, 0, 0, 0, 0, 1}};
static const T TILED(outputs)[STORED][M] = {
    {1, 0, 0, 0}, {1, 1, 1, 1}, {1, 2, 4, 8}, {1, .5, .25, .125}, {1, .75, .5625, .421875}, {0, 0, 0, 1}};
#endif

/* row[first] * v[first] + row[first + by] * v[first + by] + ..., where zeros cost nothing. */
INLINE VEC TILED(dot)(const T *row, const VEC *v, const int first, const int by, const int n) {
    VEC sum = {0};
    int empty = 1;
#pragma GCC unroll 10
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
#pragma GCC unroll 10
    for (int j = 0; j < n; j++) {
#pragma GCC unroll 10
        for (int q = 0; q < STORED; q++) column[q] = matrix[q * n + j];
        to[j] = TILED(dot)(column, j % 2 ? difference : sum, 0, 1, STORED);
    }
}

/* Spread n by n vectors, rows `by_row` and columns `by_col` apart, to POINTS by POINTS that are `by_point` apart. */
INLINE void TILED(spread2)(const T *matrix, const int n, const T *from, ptrdiff_t by_row, ptrdiff_t by_col, T *to,
                           ptrdiff_t by_point) {
    VEC half[POINTS * POINTS], in[POINTS], out[POINTS];
#pragma GCC unroll 1
    for (int j = 0; j < n; j++, from += by_col) {
#pragma GCC unroll 10
        for (int i = 0; i < n; i++) in[i] = NAME(load)(from + i * by_row);
        TILED(spread)(matrix, n, in, out);
#pragma GCC unroll 10
        for (int i = 0; i < POINTS; i++) half[i * n + j] = out[i];
    }
#pragma GCC unroll 1
    for (int i = 0; i < POINTS; i++) {
#pragma GCC unroll 10
        for (int j = 0; j < n; j++) in[j] = half[i * n + j];
        TILED(spread)(matrix, n, in, out);
#pragma GCC unroll 10
        for (int j = 0; j < POINTS; j++, to += by_point) NAME(store)(to, out[j]);
    }
}

/* Gather POINTS by POINTS vectors to n by n: written with `first` added, or with `add` added to what is there. */
INLINE void TILED(gather2)(const T *matrix, const int n, const T *from, ptrdiff_t by_point, T *to, ptrdiff_t by_row,
                           ptrdiff_t by_col, const int add, VEC first) {
    VEC half[POINTS * POINTS], in[POINTS], out[POINTS];
#pragma GCC unroll 1
    for (int i = 0; i < POINTS; i++) {
#pragma GCC unroll 10
        for (int j = 0; j < POINTS; j++, from += by_point) in[j] = NAME(load)(from);
        TILED(gather)(matrix, n, in, out);
#pragma GCC unroll 10
        for (int j = 0; j < n; j++) half[j * POINTS + i] = out[j];
    }
#pragma GCC unroll 1
    for (int j = 0; j < n; j++, to += by_col) {
#pragma GCC unroll 10
        for (int i = 0; i < POINTS; i++) in[i] = half[j * POINTS + i];
        TILED(gather)(matrix, n, in, out);
#pragma GCC unroll 10
        for (int i = 0; i < n; i++) {
            T *at = to + i * by_row;
            NAME(store)(at, out[i] + (add ? NAME(load)(at) : first));
        }
    }
}
