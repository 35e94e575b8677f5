/* Convolution forward, and its two gradients, image by image and, where images are large, by bands of rows. */

/* How many rows of outputs a band has whose planes take `row_bytes` for each. */
INLINE ptrdiff_t NAME(band)(ptrdiff_t rows, ptrdiff_t row_bytes) {
    ptrdiff_t bands = UP(rows, MAX(BAND_BYTES / MAX(row_bytes, 1), 1));
    return UP(rows, bands);
}

typedef struct {
    const Conv *conv;
    Split split;
    Places places;
    ptrdiff_t bands;
    const ptrdiff_t *taps;
    const T *from, *end, *weights, *bias;
    T *to;
    int failed;
} NAME(Forward);

/* Geometry of the input's planes for bands of `rows` rows of outputs. */
INLINE Split NAME(input_split)(const Conv *c, ptrdiff_t rows) {
    ptrdiff_t s = c->stride;
    return (Split){s, rows + (c->kh - 1) / s, c->ow + (c->kw - 1) / s, c->pad, c->pad, c->h, c->w};
}

/* Offsets of the taps (c, kh, kw) into planes that are split so. */
static void NAME(input_taps)(const Conv *c, const Split *s, ptrdiff_t *taps) {
    ptrdiff_t phase = phase_size(s), step = s->step;
    for (ptrdiff_t ch = 0; ch < c->c; ch++)
        for (ptrdiff_t kh = 0; kh < c->kh; kh++)
            for (ptrdiff_t kw = 0; kw < c->kw; kw++)
                *taps++ = ((ch * step + kh % step) * step + kw % step) * phase + kh / step * s->pitch + kw / step;
}

static void NAME(forward_band)(void *job, ptrdiff_t i) {
    NAME(Forward) *j = job;
    const Conv *c = j->conv;
    ptrdiff_t image = i / j->bands, first = i % j->bands * j->places.rows;
    T *planes = nndl_scratch(0, (c->c * plane_size(&j->split) + NAME(slack)(&j->split)) * sizeof(T));
    if (!planes) {
        j->failed = 1;
        return;
    }
    NAME(split)(&j->split, j->from + image * c->c * c->h * c->w, c->c, first, c->h, planes, j->end);
    Correlation task = {&j->places, MIN(j->places.rows, c->oh - first), planes, j->taps, c->c * c->kh * c->kw,
                        j->to + image * c->f * c->oh * c->ow + first * c->ow};
    if (j->bands == 1 && image + c->threads < c->n) /* the next image */
        task.ahead = look_ahead(j->from + (image + c->threads) * c->c * c->h * c->w, c->c * c->h * c->w * sizeof(T),
                                UP(c->f, FILTERS));
    NAME(correlate)(&task, j->weights, j->bias, c->f);
}

static int NAME(forward)(const Conv *c, const void *x, const void *w, const void *b, void *out) {
    const NAME(Tiles) *tiles = NAME(choose_tiles)(c, 0);
    if (tiles) return tiles->forward(c, x, w, b, out);
    ptrdiff_t ntaps = c->c * c->kh * c->kw, s = c->stride;
    ptrdiff_t rows = NAME(band)(c->oh, c->c * s * s * (c->ow + (c->kw - 1) / s) * sizeof(T));
    NAME(Forward) job = {c, NAME(input_split)(c, rows), {rows, c->ow, 0, c->ow, c->oh * c->ow}, UP(c->oh, rows)};
    job.places.pitch = job.split.pitch;
    ptrdiff_t most = NAME(places_most)(rows, c->ow, job.split.pitch);
    ptrdiff_t *tables = malloc((2 * ntaps + 2 * most) * sizeof *tables);
    T *weights = malloc(c->f * ntaps * sizeof(T));
    if (tables && weights) {
        NAME(place)(&job.places, tables + 2 * ntaps, 1, 1);
        NAME(input_taps)(c, &job.split, tables);
        for (ptrdiff_t k = 0; k < ntaps; k++) tables[ntaps + k] = k;
        NAME(lay_out)(w, tables + ntaps, ntaps, ntaps, c->f, weights);
        job.taps = tables, job.weights = weights, job.bias = b;
        job.from = x, job.end = job.from + c->n * c->c * c->h * c->w, job.to = out;
        nndl_parallel(c->threads, c->n * job.bands, NAME(forward_band), &job);
    }
    int failed = !tables || !weights || job.failed;
    free(tables);
    free(weights);
    return -failed;
}

/* The gradient of the input: for each phase (a, b) of padded rows and columns, row s * i + a of it is the correlation of
 * rows i, i - 1, ... of dout with rows a, a + s, ... of the filters. */
typedef struct {
    const Conv *conv;
    Split split; /* of dout */
    Places places;
    ptrdiff_t bands, first_row, first_col, phase_to;
    const ptrdiff_t *taps, *ntaps; /* of all phases; their numbers, phase by phase */
    const T *from, *end, *weights;
    T *to;
    int failed;
} NAME(InputGradient);

INLINE void NAME(copy)(T *to, const T *from, ptrdiff_t n) {
    for (ptrdiff_t j = 0; j < n; j += LANES) {
        if (n < LANES) {
            memcpy(to, from, n * sizeof(T));
            return;
        }
        j = MIN(j, n - LANES);
        NAME(store)(to + j, NAME(load)(from + j));
    }
}

/* Merge the phases of a band, which `phases` holds as [c][a][b][row][col], into its rows of dx. */
static void NAME(merge)(const NAME(InputGradient) *j, const T *phases, ptrdiff_t first, ptrdiff_t rows, T *line, T *dx) {
    const Conv *c = j->conv;
    ptrdiff_t s = c->stride, cols = j->places.cols, pitch = j->places.row_to;
    ptrdiff_t left = c->pad - s * j->first_col; /* columns of the phases that lie before dx */
    for (ptrdiff_t ch = 0; ch < c->c; ch++)
        for (ptrdiff_t a = 0; a < s; a++)
            for (ptrdiff_t i = 0; i < rows; i++) {
                ptrdiff_t row = s * (j->first_row + first + i) + a - c->pad;
                if (row < 0 || row >= c->h) continue;
                const T *from = phases + (ch * s + a) * s * j->phase_to + i * pitch;
                if (s == 2)
                    for (ptrdiff_t k = 0; k < cols; k += LANES) {
                        VEC even = NAME(load)(from + k), odd = NAME(load)(from + j->phase_to + k);
                        NAME(store)(line + 2 * k, NAME(low)(even, odd));
                        NAME(store)(line + 2 * k + LANES, NAME(high)(even, odd));
                    }
                else
                    for (ptrdiff_t b = 0; b < s; b++)
                        for (ptrdiff_t k = 0; k < cols; k++) line[s * k + b] = from[b * j->phase_to + k];
                NAME(copy)(dx + (ch * c->h + row) * c->w, line + left, c->w);
            }
}

static void NAME(input_gradient_band)(void *job, ptrdiff_t i) {
    NAME(InputGradient) *j = job;
    const Conv *c = j->conv;
    ptrdiff_t s = c->stride, image = i / j->bands, first = i % j->bands * j->places.rows;
    ptrdiff_t all_rows = (c->pad + c->h - 1) / s - j->first_row + 1, rows = MIN(j->places.rows, all_rows - first);
    ptrdiff_t planes_size = c->f * plane_size(&j->split) + NAME(slack)(&j->split);
    ptrdiff_t phases_size = s > 1 ? c->c * s * s * j->phase_to + LANES : 0;
    T *planes = nndl_scratch(0, (planes_size + phases_size + s * (j->places.cols + 2 * LANES)) * sizeof(T));
    if (!planes) {
        j->failed = 1;
        return;
    }
    NAME(split)(&j->split, j->from + image * c->f * c->oh * c->ow, c->f, first, c->oh, planes, j->end);
    T *phases = planes + planes_size, *dx = j->to + image * c->c * c->h * c->w;
    const ptrdiff_t *taps = j->taps;
    const T *weights = j->weights;
    for (ptrdiff_t phase = 0; phase < s * s; phase++) {
        T *to = s > 1 ? phases + phase * j->phase_to : dx + first * c->w;
        Correlation task = {&j->places, rows, planes, taps, j->ntaps[phase], to};
        NAME(correlate)(&task, weights, NULL, c->c);
        taps += j->ntaps[phase];
        weights += j->ntaps[phase] * c->c;
    }
    if (s > 1) NAME(merge)(j, phases, first, rows, phases + phases_size, dx);
}

/* Offsets into dout's planes of the taps of phase (a, b), and of their weights. Return how many there are. */
static ptrdiff_t NAME(phase_taps)(const Conv *c, const Split *split, ptrdiff_t a, ptrdiff_t b, ptrdiff_t *taps, ptrdiff_t *at) {
    ptrdiff_t s = c->stride, last_row = (c->kh - 1) / s, last_col = (c->kw - 1) / s, count = 0;
    for (ptrdiff_t f = 0; f < c->f; f++)
        for (ptrdiff_t kh = a; kh < c->kh; kh += s)
            for (ptrdiff_t kw = b; kw < c->kw; kw += s, count++) {
                taps[count] = f * plane_size(split) + (last_row - kh / s) * split->pitch + last_col - kw / s;
                at[count] = (f * c->c * c->kh + kh) * c->kw + kw;
            }
    return count;
}

/* A gradient of the input that is ready to run: `count` tasks, one for each image where that suffices. */
#undef InputTask
#define InputTask NAME(InputTask)
typedef struct {
    ptrdiff_t count;
    ptrdiff_t *tables;
    T *weights;
    NAME(InputGradient) job;
} InputTask;

static NAME(InputGradient) NAME(input_geometry)(const Conv *c, const T *dout, T *dx) {
    ptrdiff_t s = c->stride, last_row = (c->kh - 1) / s, last_col = (c->kw - 1) / s, before = c->pad / s;
    ptrdiff_t all_rows = (c->pad + c->h - 1) / s - before + 1, cols = (c->pad + c->w - 1) / s - before + 1;
    ptrdiff_t rows = NAME(band)(all_rows, c->f * (cols + last_col) * sizeof(T)), pitch_to = UP(cols, LANES) * LANES;
    return (NAME(InputGradient)){
        .conv = c,
        .split = {1, rows + last_row, cols + last_col, last_row - before, last_col - before, c->oh, c->ow},
        .places = {rows, cols, cols + last_col, s > 1 ? pitch_to : c->w, s > 1 ? s * s * rows * pitch_to : c->h * c->w},
        .bands = UP(all_rows, rows),
        .first_row = before, .first_col = before,
        .phase_to = rows * pitch_to,
        .from = dout, .end = dout + c->n * c->f * c->oh * c->ow, .to = dx,
    };
}

/* Prepare to compute the gradient of the input. */
static int NAME(prepare)(const Conv *c, const T *w, const T *dout, T *dx, InputTask *task) {
    NAME(InputGradient) *j = &task->job;
    *j = NAME(input_geometry)(c, dout, dx);
    ptrdiff_t s = c->stride, all = c->f * c->kh * c->kw;
    ptrdiff_t most = NAME(places_most)(j->places.rows, j->places.cols, j->split.pitch);
    task->count = c->n * j->bands;
    task->tables = malloc((2 * all + s * s + 2 * most) * sizeof *task->tables);
    task->weights = malloc(all * c->c * sizeof(T));
    if (!task->tables || !task->weights) return -1;
    ptrdiff_t *taps = task->tables, *at = taps + all, *ntaps = at + all;
    T *to = task->weights;
    j->taps = taps, j->ntaps = ntaps, j->weights = to;
    NAME(place)(&j->places, ntaps + s * s, 1, 1);
    for (ptrdiff_t phase = 0; phase < s * s; phase++) {
        ntaps[phase] = NAME(phase_taps)(c, &j->split, phase / s, phase % s, taps, at);
        NAME(lay_out)(w, at, ntaps[phase], c->kh * c->kw, c->c, to);
        taps += ntaps[phase];
        to += ntaps[phase] * c->c;
    }
    return 0;
}
