/* Geometry that does not depend on the type of numbers. */

/* Planes as `split` makes them: row i, column j of phase (a, b) is row step * i + a - top, column step * j + b - left
 * of the source, or 0 outside of it. */
typedef struct {
    ptrdiff_t step, rows, pitch, top, left;
    ptrdiff_t h, w; /* of a source plane */
} Split;

INLINE ptrdiff_t phase_size(const Split *s) { return s->rows * s->pitch; }
INLINE ptrdiff_t plane_size(const Split *s) { return s->step * s->step * s->rows * s->pitch; }
/* Vectors of outputs: `base` is where each reads, `to` where its first lane is written. Where rows are shorter than
 * a vector, or fit it badly, vectors run on over the columns that lie between the ends of rows: `flat`. */
typedef struct {
    ptrdiff_t rows, cols, pitch; /* outputs, and the pitch that they are read with */
    ptrdiff_t row_to, plane_to;  /* steps between rows and planes that are written */
    int flat;
    ptrdiff_t count, per_row;
    const ptrdiff_t *base, *to;
} Places;

/* Filters [first, next) of the tile with number i, when `count` are dealt evenly to tiles of at most `most`. */
INLINE ptrdiff_t dealt(ptrdiff_t i, ptrdiff_t count, ptrdiff_t most) { return i * count / UP(count, most); }

/* Bytes of planes, or of tiles, to work on at a time, so that they stay in the second-level cache. */
#define BAND_BYTES ((ptrdiff_t)512 << 10)
