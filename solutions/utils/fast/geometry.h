/* Geometry that does not depend on the type of numbers. */

/* Planes as `split` makes them: row i, column j of phase (a, b) is row step * i + a - top, column step * j + b - left
 * of the source, or 0 outside of it. */
typedef struct {
    ptrdiff_t step, rows, pitch, top, left;
    ptrdiff_t h, w; /* of a source plane */
} Split;

/* Room for a phase: whole vectors are written, up to two beyond its end. */
INLINE ptrdiff_t phase_size(const Split *s) { return s->rows * s->pitch + 2 * BYTES / 4; }
INLINE ptrdiff_t plane_size(const Split *s) { return s->step * s->step * phase_size(s); }

/* Columns of a phase: `zeros` of them before the image begins, then `count` of it from `column` on. */
typedef struct {
    ptrdiff_t zeros, column, count;
} Run;

INLINE Run run_of(const Split *s, ptrdiff_t b) {
    ptrdiff_t zeros = s->left > b ? MIN(UP(s->left - b, s->step), s->pitch) : 0, column = s->step * zeros + b - s->left;
    return (Run){zeros, column, column < s->w ? MIN(UP(s->w - column, s->step), s->pitch - zeros) : 0};
}

/* Vectors of outputs: `base` is where each reads, `to` where its first lane is written. Where rows are shorter than
 * a vector, or fit it badly, vectors run on over the columns that lie between the ends of rows: `flat`. */
typedef struct {
    ptrdiff_t rows, cols, pitch; /* outputs, and the pitch that they are read with */
    ptrdiff_t row_to, plane_to;  /* steps between rows and planes that are written */
    int flat;
    ptrdiff_t count, per_row;
    const ptrdiff_t *base, *to;
} Places;

/* `count` things dealt to groups of at most `most`: the first `larger` groups have `size` + 1 of them, the others `size`. */
typedef struct {
    ptrdiff_t groups, size, larger;
} Groups;

INLINE Groups deal(ptrdiff_t count, ptrdiff_t most) {
    ptrdiff_t groups = UP(count, most);
    return (Groups){groups, count / groups, count % groups};
}

INLINE ptrdiff_t group_size(const Groups *g, ptrdiff_t i) { return g->size + (i < g->larger); }

/* Memory that is needed soon, to be fetched while other work is done, in so many steps. */
typedef struct {
    const char *from, *end;
    ptrdiff_t step;
} Ahead;

INLINE Ahead look_ahead(const void *from, ptrdiff_t bytes, ptrdiff_t steps) {
    return (Ahead){from, (const char *)from + bytes, UP(bytes, MAX(steps, 1))};
}

INLINE void fetch(Ahead *a) {
    for (const char *end = MIN(a->from + a->step, a->end); a->from < end; a->from += 64) __builtin_prefetch(a->from, 0, 2);
}

/* Bytes of planes, or of tiles, to work on at a time, so that they stay in the second-level cache. */
#define BAND_BYTES ((ptrdiff_t)512 << 10)
