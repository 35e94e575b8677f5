/* Max pools. Forward notes which number of each window, counted row by row, was the largest: the first, if several are.
 * A NaN in a window is its maximum. */

static void NAME(pool_forward)(const Pool *p, const void *x, void *out, int32_t *chosen) {
    const T *from = x;
    T *to = out;
    for (ptrdiff_t n = 0; n < p->planes; n++, from += p->h * p->w)
        for (ptrdiff_t i = 0; i < p->oh; i++)
            for (ptrdiff_t j = 0; j < p->ow; j++) {
                const T *corner = from + i * p->stride * p->w + j * p->stride;
                T most = *corner;
                ptrdiff_t which = 0;
                for (ptrdiff_t a = 0; a < p->ph; a++)
                    for (ptrdiff_t b = 0; b < p->pw; b++) {
                        T value = corner[a * p->w + b];
                        if (value > most || (value != value && most == most)) most = value, which = a * p->pw + b;
                    }
                *to++ = most;
                *chosen++ = (int32_t)which;
            }
}

static void NAME(pool_backward)(const Pool *p, const void *dout, const int32_t *chosen, void *dx) {
    const T *from = dout;
    T *to = dx;
    memset(dx, 0, p->planes * p->h * p->w * sizeof(T));
    for (ptrdiff_t n = 0; n < p->planes; n++, to += p->h * p->w)
        for (ptrdiff_t i = 0; i < p->oh; i++)
            for (ptrdiff_t j = 0; j < p->ow; j++, chosen++)
                to[(i * p->stride + *chosen / p->pw) * p->w + j * p->stride + *chosen % p->pw] += *from++;
}

/* Windows of 2 by 2 at stride 2 in vectors; rows or columns that are left over belong to no window. */

/* Take LANES windows whose rows begin at `upper` and `lower`. Where there is a NaN, a sum becomes NaN and the rest is wrong. */
INLINE void NAME(windows)(const T *upper, const T *lower, T *to, uint8_t *chosen, VEC *sum, VEC *sum2) {
    VEC a = NAME(load)(upper), b = NAME(load)(upper + LANES), c = NAME(load)(lower), d = NAME(load)(lower + LANES);
    VEC v0 = NAME(even_within)(a, b), v1 = NAME(odd_within)(a, b), v2 = NAME(even_within)(c, d), v3 = NAME(odd_within)(c, d);
    IVEC right = v1 > v0, right2 = v3 > v2;
    VEC top = NAME(larger)(v1, v0), bottom = NAME(larger)(v3, v2);
    IVEC down = bottom > top;
    NAME(store)(to, NAME(in_order)(NAME(larger)(bottom, top)));
    *sum += a * b; /* infinities can make it NaN as well, which only takes time */
    *sum2 += c * d;
    IVEC across = (right2 & down) | (right & ~down);
    NAME(store_bits)(chosen, down, across);
}

INLINE void NAME(window)(const T *upper, const T *lower, T *to, uint8_t *chosen) {
    const T v[4] = {upper[0], upper[1], lower[0], lower[1]};
    int which = 0;
    for (int k = 1; k < 4; k++)
        if (v[k] > v[which] || (v[k] != v[k] && v[which] == v[which])) which = k;
    *to = v[which];
    *chosen = (uint8_t)which;
}

static void NAME(pool2_forward)(const Pool *p, const void *x, void *out, uint8_t *chosen) {
    const ptrdiff_t oh = p->oh, ow = p->ow, w = p->w, size = p->h * w; /* writing bytes might change *p, for all the compiler knows */
    const ptrdiff_t whole = ow / LANES * LANES, rest = ow - whole;
    const T *plane = x, *end = plane + p->planes * size;
    T *to = out;
    for (; plane < end; plane += size) {
        VEC sum = NAME(splat)(1), sum2 = sum;
        const T *upper = plane;
        for (ptrdiff_t i = 0; i < oh; i++, upper += 2 * w, to += ow, chosen += ow) {
            for (ptrdiff_t j = 0; j < whole; j += LANES)
                NAME(windows)(upper + 2 * j, upper + w + 2 * j, to + j, chosen + j, &sum, &sum2);
            if (!rest) continue;
            if (whole) /* the last vector of a row goes back to end with it */
                NAME(windows)(upper + 2 * (ow - LANES), upper + w + 2 * (ow - LANES), to + ow - LANES, chosen + ow - LANES, &sum, &sum2);
            else
                for (ptrdiff_t j = 0; j < ow; j++) NAME(window)(upper + 2 * j, upper + w + 2 * j, to + j, chosen + j);
        }
        if (!NAME(any)((sum != sum) | (sum2 != sum2))) continue;
        for (ptrdiff_t i = 0; i < oh; i++)
            for (ptrdiff_t j = 0; j < ow; j++) {
                const T *corner = plane + 2 * i * w + 2 * j;
                const ptrdiff_t at = (i - oh) * ow + j;
                NAME(window)(corner, corner + w, to + at, chosen + at);
            }
    }
}

/* Give LANES windows, whose rows begin at `upper` and `lower`, their gradients. */
INLINE void NAME(spread_windows)(const T *dout, const uint8_t *chosen, T *upper, T *lower) {
#define ACROSS(l) ((l) % 2)
#define BELOW(l) ((l) % 2 + 2)
    const IVEC across = {LIST(ACROSS)}, below = {LIST(BELOW)};
    VEC d = NAME(load)(dout);
    IVEC which = NAME(load_bytes)(chosen);
    IVEC first = (IVEC)NAME(twice_low)(d), second = (IVEC)NAME(twice_high)(d);
    IVEC which1 = (IVEC)NAME(twice_low)((VEC)which), which2 = (IVEC)NAME(twice_high)((VEC)which);
    NAME(store)(upper, (VEC)(first & (which1 == across)));
    NAME(store)(upper + LANES, (VEC)(second & (which2 == across)));
    NAME(store)(lower, (VEC)(first & (which1 == below)));
    NAME(store)(lower + LANES, (VEC)(second & (which2 == below)));
}

static void NAME(pool2_backward)(const Pool *p, const void *dout, const uint8_t *chosen, void *dx) {
    const ptrdiff_t oh = p->oh, ow = p->ow, w = p->w, size = p->h * w;
    const ptrdiff_t whole = ow / LANES * LANES, rest = ow - whole;
    const T *from = dout;
    T *plane = dx, *end = plane + p->planes * size;
    for (; plane < end; plane += size) {
        T *upper = plane;
        for (ptrdiff_t i = 0; i < oh; i++, upper += 2 * w, from += ow, chosen += ow) {
            for (ptrdiff_t j = 0; j < whole; j += LANES)
                NAME(spread_windows)(from + j, chosen + j, upper + 2 * j, upper + w + 2 * j);
            if (rest && whole)
                NAME(spread_windows)(from + ow - LANES, chosen + ow - LANES, upper + 2 * (ow - LANES), upper + w + 2 * (ow - LANES));
            else if (rest)
                for (ptrdiff_t j = 0; j < ow; j++) {
                    upper[2 * j] = upper[2 * j + 1] = upper[w + 2 * j] = upper[w + 2 * j + 1] = 0;
                    upper[chosen[j] / 2 * w + 2 * j + chosen[j] % 2] = from[j];
                }
            for (ptrdiff_t j = 2 * ow; j < w; j++) upper[j] = upper[w + j] = 0;
        }
        memset(plane + 2 * oh * w, 0, (p->h - 2 * oh) * w * sizeof(T));
    }
}
