/* Vectors of LANES numbers of type T: loads, stores, and shuffles. */
typedef T NAME(vec) __attribute__((vector_size(BYTES)));
typedef INT NAME(ivec) __attribute__((vector_size(BYTES)));
typedef T NAME(loose) __attribute__((vector_size(BYTES), aligned(sizeof(T)), may_alias));
#undef VEC
#undef IVEC
#define VEC NAME(vec)
#define IVEC NAME(ivec)

INLINE VEC NAME(load)(const T *from) { return *(const NAME(loose) *)from; }
INLINE void NAME(store)(T *to, VEC v) { *(NAME(loose) *)to = v; }
INLINE VEC NAME(splat)(T s) { return s - (VEC){0}; } /* 0 + s would cost an addition, because of -0 */

/* LIST(of) is of(0), of(1), ... for all lanes, and TIMES(step) the statements step(0) step(1) ... */
#define LIST2(of) of(0), of(1)
#define LIST4(of) LIST2(of), of(2), of(3)
#define LIST8(of) LIST4(of), of(4), of(5), of(6), of(7)
#define LIST16(of) LIST8(of), of(8), of(9), of(10), of(11), of(12), of(13), of(14), of(15)
#define TIMES2(step) step(0) step(1)
#define TIMES4(step) TIMES2(step) step(2) step(3)
#define TIMES8(step) TIMES4(step) step(4) step(5) step(6) step(7)
#define TIMES16(step) TIMES8(step) step(8) step(9) step(10) step(11) step(12) step(13) step(14) step(15)
#undef LIST
#undef TIMES
#if LANES == 2
#define LIST LIST2
#define TIMES TIMES2
#elif LANES == 4
#define LIST LIST4
#define TIMES TIMES4
#elif LANES == 8
#define LIST LIST8
#define TIMES TIMES8
#else
#define LIST LIST16
#define TIMES TIMES16
#endif

/* Shuffle two vectors: lane l of the result is number `of(l)` of the lanes of a followed by those of b. */
#undef SHUFFLE
#if defined(__clang__)
#define SHUFFLE(a, b, of) __builtin_shufflevector(a, b, LIST(of))
#else
#define SHUFFLE(a, b, of) __builtin_shuffle(a, b, (IVEC){LIST(of)})
#endif

/* Of the lanes of a followed by those of b: each second one. */
#define EVEN(l) (2 * (l))
#define ODD(l) (2 * (l) + 1)
INLINE VEC NAME(even)(VEC a, VEC b) { return SHUFFLE(a, b, EVEN); }
INLINE VEC NAME(odd)(VEC a, VEC b) { return SHUFFLE(a, b, ODD); }
/* The lanes of a and b in turns: the first half of that, and the second. */
#define LOW(l) ((l) / 2 + (l) % 2 * LANES)
#define HIGH(l) (LANES / 2 + LOW(l))
INLINE VEC NAME(low)(VEC a, VEC b) { return SHUFFLE(a, b, LOW); }
INLINE VEC NAME(high)(VEC a, VEC b) { return SHUFFLE(a, b, HIGH); }

/* Transpose LANES vectors: for each bit of a lane's number, lanes that have it, of vectors whose number has it not, change
 * places with lanes that have it not, of vectors whose number has it. */
#define LACK1(l) ((l) & 1 ? LANES + (l) - 1 : (l))
#define HAVE1(l) ((l) & 1 ? LANES + (l) : (l) + 1)
#define LACK2(l) ((l) & 2 ? LANES + (l) - 2 : (l))
#define HAVE2(l) ((l) & 2 ? LANES + (l) : (l) + 2)
#define LACK4(l) ((l) & 4 ? LANES + (l) - 4 : (l))
#define HAVE4(l) ((l) & 4 ? LANES + (l) : (l) + 4)
#define LACK8(l) ((l) & 8 ? LANES + (l) - 8 : (l))
#define HAVE8(l) ((l) & 8 ? LANES + (l) : (l) + 8)
/* For bit 1 of floats, pairs of vectors are merged within 128 bits instead, which takes one instruction. */
#define MERGE_LOW(l) ((l) / 4 * 4 + (l) % 4 / 2 + (l) % 2 * LANES)
#define MERGE_HIGH(l) (MERGE_LOW(l) + 2)
#define EXCHANGE(i, bit, lack, have) \
    if (!((i) & (bit))) { \
        VEC a = v[i], b = v[(i) + (bit)]; \
        v[i] = SHUFFLE(a, b, lack), v[(i) + (bit)] = SHUFFLE(a, b, have); \
    }
#define EXCHANGE1(i) EXCHANGE(i, 1, LACK1, HAVE1)
#define EXCHANGE2(i) EXCHANGE(i, 2, LACK2, HAVE2)
#define EXCHANGE4(i) EXCHANGE(i, 4, LACK4, HAVE4)
#define EXCHANGE8(i) EXCHANGE(i, 8, LACK8, HAVE8)
#define MERGE1(i) EXCHANGE(i, 1, MERGE_LOW, MERGE_HIGH)
#define REORDER(i) \
    if ((i) % 4 == 1) { \
        VEC a = v[i]; \
        v[i] = v[(i) + 1], v[(i) + 1] = a; \
    }
INLINE void NAME(transpose)(VEC *v) {
#if LANES * 8 == BYTES
    TIMES(EXCHANGE1)
#else
    TIMES(MERGE1)
#endif
#if LANES > 2
    TIMES(EXCHANGE2)
#endif
#if LANES > 4
    TIMES(EXCHANGE4)
#endif
#if LANES > 8
    TIMES(EXCHANGE8)
#endif
#if LANES * 4 == BYTES
    TIMES(REORDER)
#endif
}

INLINE VEC NAME(choose)(IVEC mask, VEC a, VEC b) { return (VEC)(((IVEC)a & mask) | ((IVEC)b & ~mask)); }
