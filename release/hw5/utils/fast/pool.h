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

typedef uint8_t NAME(bytes) __attribute__((vector_size(LANES)));
typedef uint8_t NAME(loose_bytes) __attribute__((vector_size(LANES), aligned(1), may_alias));

/* Windows of 2 by 2 at stride 2, in vectors; rows or columns that are left over belong to no window. The last vector of a
 * row goes back to end with it. */
static void NAME(pool2_forward)(const Pool *p, const void *x, void *out, uint8_t *chosen) {
    const T *plane = x;
    T *to = out;
    for (ptrdiff_t n = 0; n < p->planes; n++, plane += p->h * p->w)
        for (ptrdiff_t i = 0; i < p->oh; i++, to += p->ow, chosen += p->ow) {
            const T *from = plane + 2 * i * p->w;
            ptrdiff_t j = 0;
            for (; p->ow >= LANES && j < p->ow; j += LANES) {
                j = MIN(j, p->ow - LANES);
                VEC a = NAME(load)(from + 2 * j), b = NAME(load)(from + 2 * j + LANES);
                VEC c = NAME(load)(from + p->w + 2 * j), d = NAME(load)(from + p->w + 2 * j + LANES);
                VEC v0 = NAME(even)(a, b), v1 = NAME(odd)(a, b), v2 = NAME(even)(c, d), v3 = NAME(odd)(c, d);
                IVEC right = (v1 > v0) | ((v1 != v1) & (v0 == v0)), right2 = (v3 > v2) | ((v3 != v3) & (v2 == v2));
                VEC top = NAME(choose)(right, v1, v0), bottom = NAME(choose)(right2, v3, v2);
                IVEC down = (bottom > top) | ((bottom != bottom) & (top == top));
                IVEC which = (down & (2 - right2)) | (~down & -right); /* true is -1 */
                NAME(store)(to + j, NAME(choose)(down, bottom, top));
                *(NAME(loose_bytes) *)(chosen + j) = __builtin_convertvector(which, NAME(bytes));
            }
            for (; j < p->ow; j++) {
                const T v[4] = {from[2 * j], from[2 * j + 1], from[p->w + 2 * j], from[p->w + 2 * j + 1]};
                int which = 0;
                for (int k = 1; k < 4; k++)
                    if (v[k] > v[which] || (v[k] != v[k] && v[which] == v[which])) which = k;
                to[j] = v[which];
                chosen[j] = (uint8_t)which;
            }
        }
}

static void NAME(pool2_backward)(const Pool *p, const void *dout, const uint8_t *chosen, void *dx) {
    const T *from = dout;
    T *plane = dx;
    for (ptrdiff_t n = 0; n < p->planes; n++, plane += p->h * p->w) {
        for (ptrdiff_t i = 0; i < p->oh; i++, from += p->ow, chosen += p->ow) {
            T *to = plane + 2 * i * p->w, *below = to + p->w;
            ptrdiff_t j = 0;
            for (; p->ow >= LANES && j < p->ow; j += LANES) {
                j = MIN(j, p->ow - LANES);
                IVEC d = (IVEC)NAME(load)(from + j);
                IVEC which = __builtin_convertvector(*(const NAME(loose_bytes) *)(chosen + j), IVEC);
                VEC v0 = (VEC)(d & (which == 0)), v1 = (VEC)(d & (which == 1));
                VEC v2 = (VEC)(d & (which == 2)), v3 = (VEC)(d & (which == 3));
                NAME(store)(to + 2 * j, NAME(low)(v0, v1));
                NAME(store)(to + 2 * j + LANES, NAME(high)(v0, v1));
                NAME(store)(below + 2 * j, NAME(low)(v2, v3));
                NAME(store)(below + 2 * j + LANES, NAME(high)(v2, v3));
            }
            for (; j < p->ow; j++) {
                to[2 * j] = to[2 * j + 1] = below[2 * j] = below[2 * j + 1] = 0;
                (chosen[j] < 2 ? to : below)[2 * j + chosen[j] % 2] = from[j];
            }
            for (j = 2 * p->ow; j < p->w; j++) to[j] = below[j] = 0;
        }
        memset(plane + 2 * p->oh * p->w, 0, (p->h - 2 * p->oh) * p->w * sizeof(T));
    }
}
