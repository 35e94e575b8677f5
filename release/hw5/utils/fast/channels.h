/* Parts of images with the channels of a pixel side by side, [row][column][channel], so that lanes are channels.
 *
 * It is done for BLOCK channels at a time, which fill a line of the cache: the copies stay in the first-level cache, and the
 * planes are read and written one row after the other, which lets the processor fetch ahead. */
#undef BLOCK
#define BLOCK (64 / (ptrdiff_t)sizeof(T))

/* Planes of h by w numbers, `planes` of them for each image, up to `end`. */
#undef Images
#define Images NAME(Images)
typedef struct {
    T *data;
    const T *end;
    ptrdiff_t planes, h, w;
} Images;

/* Look ahead to some images, as far as they exist, in so many steps. */
INLINE Ahead NAME(images_ahead)(const Images *x, ptrdiff_t first, ptrdiff_t count, ptrdiff_t steps) {
    const T *from = x->data + first * x->planes * x->h * x->w, *to = from + count * x->planes * x->h * x->w;
    return look_ahead(from, (MIN(to, x->end) - MIN(from, x->end)) * sizeof(T), steps);
}

/* Rows and columns of pixels, the first of which is at (top, left) of an image; the image has zeros around. */
typedef struct {
    ptrdiff_t top, left, rows, cols;
} NAME(Window);

INLINE VEC NAME(load_within)(const T *from, const T *end) {
    if (from + LANES <= end) return NAME(load)(from);
    T part[LANES] = {0};
    if (from < end) memcpy(part, from, (end - from) * sizeof(T));
    return NAME(load)(part);
}

/* Columns [j0, j1) of a window lie in the image. */
INLINE ptrdiff_t NAME(first_column)(const NAME(Window) *at) { return MIN(MAX(-at->left, 0), at->cols); }
INLINE ptrdiff_t NAME(last_column)(const NAME(Window) *at, const Images *x) {
    return MAX(MIN(x->w - at->left, at->cols), NAME(first_column)(at));
}

/* Copy channels `first` to first + BLOCK of a window of an image; there are zeros for those beyond the last. */
static void NAME(to_channels)(const Images *x, ptrdiff_t image, ptrdiff_t first, const NAME(Window) *at, T *to) {
    const T *planes = x->data + image * x->planes * x->h * x->w;
    const ptrdiff_t j0 = NAME(first_column)(at), j1 = NAME(last_column)(at, x), plane = x->h * x->w;
    for (ptrdiff_t i = 0; i < at->rows; i++, to += at->cols * BLOCK) {
        ptrdiff_t row = at->top + i;
        if (row < 0 || row >= x->h) {
            memset(to, 0, at->cols * BLOCK * sizeof(T));
            continue;
        }
        memset(to, 0, j0 * BLOCK * sizeof(T));
        memset(to + j1 * BLOCK, 0, (at->cols - j1) * BLOCK * sizeof(T));
        for (ptrdiff_t j = j0; j < j1; j += LANES)
            for (ptrdiff_t c = first; c < first + BLOCK; c += LANES) {
                VEC v[LANES];
                const T *from = planes + c * plane + row * x->w + at->left + j;
                T *pixel = to + j * BLOCK + c - first;
                if (c + LANES <= x->planes && from + (LANES - 1) * plane + LANES <= x->end) {
#define LOAD(l) v[l] = NAME(load)(from + (l) * plane);
                    TIMES(LOAD)
                } else {
#define LOAD_SOME(l) v[l] = c + (l) < x->planes ? NAME(load_within)(from + (l) * plane, x->end) : (VEC){0};
                    TIMES(LOAD_SOME)
                }
                NAME(transpose)(v);
#define STORE(l) \
    if (whole || j + (l) < j1) NAME(store)(pixel + (l) * BLOCK, v[l]);
                const int whole = j + LANES <= j1;
                TIMES(STORE)
            }
    }
}

/* Copy channels to those parts of a window that are within an image. */
static void NAME(from_channels)(const T *from, const NAME(Window) *at, const Images *x, ptrdiff_t image, ptrdiff_t first) {
    T *planes = x->data + image * x->planes * x->h * x->w;
    const ptrdiff_t j0 = NAME(first_column)(at), j1 = NAME(last_column)(at, x), plane = x->h * x->w;
    for (ptrdiff_t i = 0; i < at->rows; i++, from += at->cols * BLOCK) {
        ptrdiff_t row = at->top + i;
        if (row < 0 || row >= x->h) continue;
        for (ptrdiff_t j = j0; j < j1; j += LANES)
            for (ptrdiff_t c = first; c < MIN(first + BLOCK, x->planes); c += LANES) {
                VEC v[LANES];
                const T *pixel = from + j * BLOCK + c - first;
                T *to = planes + c * plane + row * x->w + at->left + j;
                if (c + LANES <= x->planes && j + LANES <= j1) {
#define LOAD_PIXEL(l) v[l] = NAME(load)(pixel + (l) * BLOCK);
                    TIMES(LOAD_PIXEL)
                    NAME(transpose)(v);
#define STORE_PLANE(l) NAME(store)(to + (l) * plane, v[l]);
                    TIMES(STORE_PLANE)
                    continue;
                }
#define LOAD_PIXELS(l) v[l] = NAME(load)(pixel + MIN(l, j1 - 1 - j) * BLOCK);
                TIMES(LOAD_PIXELS)
                NAME(transpose)(v);
                for (ptrdiff_t l = 0; l < MIN(LANES, x->planes - c); l++)
                    memcpy(to + l * plane, v + l, MIN(LANES, j1 - j) * sizeof(T));
            }
    }
}

/* Add all pixels of a window up, whose number is a multiple of 4. */
INLINE void NAME(add_pixels)(const T *from, const NAME(Window) *at, T *sums) {
    for (ptrdiff_t c = 0; c < BLOCK; c += LANES) {
        VEC sum[4] = {NAME(load)(sums + c)}; /* several, because additions to one wait for each other */
        for (ptrdiff_t i = 0; i < at->rows * at->cols; i += 4)
#pragma GCC unroll 4
            for (int k = 0; k < 4; k++) sum[k] += NAME(load)(from + (i + k) * BLOCK + c);
        NAME(store)(sums + c, (sum[0] + sum[1]) + (sum[2] + sum[3]));
    }
}
