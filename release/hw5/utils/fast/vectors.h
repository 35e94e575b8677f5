/* Vectors of LANES numbers of type T: loads, stores, and the shuffles that split and merge alternate columns. */
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

#undef SHUFFLE
#if defined(__clang__)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (IVEC){__VA_ARGS__})
#endif

#undef EVEN
#undef ODD
#undef LOW
#undef HIGH
#if LANES == 2
#define EVEN 0, 2
#define ODD 1, 3
#define LOW 0, 2
#define HIGH 1, 3
#elif LANES == 4
#define EVEN 0, 2, 4, 6
#define ODD 1, 3, 5, 7
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#elif LANES == 8
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define ODD 1, 3, 5, 7, 9, 11, 13, 15
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

/* Of the lanes of a followed by those of b: each second one. */
INLINE VEC NAME(even)(VEC a, VEC b) { return SHUFFLE(a, b, EVEN); }
INLINE VEC NAME(odd)(VEC a, VEC b) { return SHUFFLE(a, b, ODD); }
/* The lanes of a and b in turns: the first half of that, and the second. */
INLINE VEC NAME(low)(VEC a, VEC b) { return SHUFFLE(a, b, LOW); }
INLINE VEC NAME(high)(VEC a, VEC b) { return SHUFFLE(a, b, HIGH); }

INLINE VEC NAME(choose)(IVEC mask, VEC a, VEC b) { return (VEC)(((IVEC)a & mask) | ((IVEC)b & ~mask)); }
