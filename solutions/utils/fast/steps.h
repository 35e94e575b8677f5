/* Steps of optimizers: one pass over a parameter w, its gradient and its moments, all of which stay where they are. */

typedef struct {
    VEC w, dw, first, second; /* the moments: velocity; a of rmsprop; v and a of adam */
} NAME(Entries);

INLINE void NAME(sgd)(NAME(Entries) *e, const VEC *rates) { e->w -= rates[0] * e->dw; }

INLINE void NAME(momentum)(NAME(Entries) *e, const VEC *rates) {
    e->first = rates[1] * e->first - rates[0] * e->dw;
    e->w += e->first;
}

INLINE void NAME(nesterov)(NAME(Entries) *e, const VEC *rates) {
    VEC old = e->first;
    e->first = rates[1] * old - rates[0] * e->dw;
    e->w += e->first + rates[1] * (e->first - old);
}

INLINE void NAME(rmsprop)(NAME(Entries) *e, const VEC *rates) {
    e->first = rates[1] * e->first + rates[2] * (e->dw * e->dw);
    e->w -= rates[0] * e->dw / (NAME(root)(e->first) + rates[3]);
}

/* rates[0] has the correction of v, and rates[5] is that of a. */
INLINE void NAME(adam)(NAME(Entries) *e, const VEC *rates) {
    e->first = rates[1] * e->first + rates[2] * e->dw;
    e->second = rates[3] * e->second + rates[4] * (e->dw * e->dw);
    e->w -= rates[0] * e->first / (NAME(root)(e->second * rates[5]) + rates[6]);
}

/* Apply a rule to all entries; the last ones, too few for a vector, are copied into one and back. */
INLINE void NAME(sweep)(const Step *s, T *w, const T *dw, T *first, T *second, void (*rule)(NAME(Entries) *, const VEC *)) {
    VEC rates[STEP_RATES];
    for (int i = 0; i < STEP_RATES; i++) rates[i] = NAME(splat)((T)s->rates[i]);
    ptrdiff_t i = 0;
    for (; i + LANES <= s->n; i += LANES) {
        NAME(Entries) e = {NAME(load)(w + i), NAME(load)(dw + i)};
        if (first) e.first = NAME(load)(first + i);
        if (second) e.second = NAME(load)(second + i);
        rule(&e, rates);
        NAME(store)(w + i, e.w);
        if (first) NAME(store)(first + i, e.first);
        if (second) NAME(store)(second + i, e.second);
    }
    const size_t rest = (size_t)(s->n - i) * sizeof(T);
    if (!rest) return;
    NAME(Entries) e = {0};
    memcpy(&e.w, w + i, rest);
    memcpy(&e.dw, dw + i, rest);
    if (first) memcpy(&e.first, first + i, rest);
    if (second) memcpy(&e.second, second + i, rest);
    rule(&e, rates);
    memcpy(w + i, &e.w, rest);
    if (first) memcpy(first + i, &e.first, rest);
    if (second) memcpy(second + i, &e.second, rest);
}

static void NAME(step)(const Step *s, void *w, const void *dw, void *first, void *second) {
    switch (s->rule) {
    case SGD: NAME(sweep)(s, w, dw, NULL, NULL, NAME(sgd)); break;
    case MOMENTUM: NAME(sweep)(s, w, dw, first, NULL, NAME(momentum)); break;
    case NESTEROV: NAME(sweep)(s, w, dw, first, NULL, NAME(nesterov)); break;
    case RMSPROP: NAME(sweep)(s, w, dw, first, NULL, NAME(rmsprop)); break;
    case ADAM: NAME(sweep)(s, w, dw, first, second, NAME(adam)); break;
    }
}
