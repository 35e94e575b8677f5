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

/* Of the lanes of a followed by those of b: each second one. AVX2 has that within 128 bits only; `in_order` then brings the
 * halves of each 128 bits into their places. */
#undef GROUP
#if BYTES == 32
#define GROUP (16 / (int)sizeof(T)) /* lanes in 128 bits */
#else
#define GROUP LANES
#endif
#define EVEN(l) ((l) / GROUP * GROUP + (l) % (GROUP / 2) * 2 + (l) % GROUP / (GROUP / 2) * LANES)
#define ODD(l) (EVEN(l) + 1)
#define HALVES(l) ((l) % (LANES / 2) / (GROUP / 2) * GROUP + (l) / (LANES / 2) * (GROUP / 2) + (l) % (GROUP / 2))
INLINE VEC NAME(even_within)(VEC a, VEC b) { return SHUFFLE(a, b, EVEN); }
INLINE VEC NAME(odd_within)(VEC a, VEC b) { return SHUFFLE(a, b, ODD); }
INLINE VEC NAME(in_order)(VEC v) {
#if BYTES == 32
    KEEP(v); /* else the compiler would join both shuffles into a longer one */
    return SHUFFLE(v, v, HALVES);
#else
    return v;
#endif
}
INLINE VEC NAME(even)(VEC a, VEC b) { return NAME(in_order)(NAME(even_within)(a, b)); }
INLINE VEC NAME(odd)(VEC a, VEC b) { return NAME(in_order)(NAME(odd_within)(a, b)); }
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

/* Each lane of the first half of v twice, and of the second half. */
#define TWICE_LOW(l) ((l) / 2)
#define TWICE_HIGH(l) (LANES / 2 + (l) / 2)
INLINE VEC NAME(twice_low)(VEC v) { return SHUFFLE(v, v, TWICE_LOW); }
INLINE VEC NAME(twice_high)(VEC v) { return SHUFFLE(v, v, TWICE_HIGH); }

/* Lane by lane, a if it is larger than b, else b. */
INLINE VEC NAME(larger)(VEC a, VEC b) {
#if defined(__x86_64__)
    return (VEC)X86(max)(a, b);
#else
    IVEC mask = a > b;
    return (VEC)(((IVEC)a & mask) | ((IVEC)b & ~mask));
#endif
}

/* Lane by lane, the square root. */
INLINE VEC NAME(root)(VEC v) {
#if defined(__x86_64__)
    return (VEC)X86(sqrt)(v);
#else
    for (int l = 0; l < LANES; l++) v[l] = (T)__builtin_sqrt(v[l]);
    return v;
#endif
}

#if defined(__x86_64__)
/* Bit l of the result is set where all of lane l is. */
INLINE uint64_t NAME(bits)(IVEC mask) {
#if BYTES == 64
    return LANES == 8 ? _mm512_movepi64_mask((__m512i)mask) : _mm512_movepi32_mask((__m512i)mask);
#else
    return (uint64_t)X86(movemask)((VEC)mask);
#endif
}

/* For each eight bits, eight bytes of 0 or 1, in the order that `in_order` gives lanes. */
#define PLACE(i) (UINT64_C(1) << (8 * (i) + (i) / LANES * LANES + HALVES((i) % LANES)))
#define PLACES (PLACE(0) | PLACE(1) | PLACE(2) | PLACE(3) | PLACE(4) | PLACE(5) | PLACE(6) | PLACE(7))
#define BYTES_OF(bits) ((((uint64_t)(bits) * ONES & PLACES) + 127 * ONES) >> 7 & ONES)
#define ONES UINT64_C(0x0101010101010101)
#define ROW4(of, i) of(i), of(i + 1), of(i + 2), of(i + 3)
#define ROW16(of, i) ROW4(of, i), ROW4(of, i + 4), ROW4(of, i + 8), ROW4(of, i + 12)
#define ROW64(of, i) ROW16(of, i), ROW16(of, i + 16), ROW16(of, i + 32), ROW16(of, i + 48)
static const uint64_t NAME(bytes_of)[256] = {ROW64(BYTES_OF, 0), ROW64(BYTES_OF, 64), ROW64(BYTES_OF, 128), ROW64(BYTES_OF, 192)};
#endif

INLINE int NAME(any)(IVEC mask) {
#if defined(__x86_64__)
    return NAME(bits)(mask) != 0;
#else
    INT all = 0;
    for (int l = 0; l < LANES; l++) all |= mask[l];
    return all != 0;
#endif
}

typedef uint8_t NAME(bytes) __attribute__((vector_size(LANES)));
typedef uint8_t NAME(loose_bytes) __attribute__((vector_size(LANES), aligned(1), may_alias));

/* Load a byte for each lane. */
INLINE IVEC NAME(load_bytes)(const uint8_t *from) {
#if defined(__x86_64__) && BYTES > 16
    __m128i bytes = {0};
    memcpy(&bytes, from, LANES);
    return (IVEC)WIDENED(bytes);
#else
    return __builtin_convertvector(*(const NAME(loose_bytes) *)from, IVEC);
#endif
}

/* Store a byte for each lane, brought in order after `even_within`: 2 where `twos` is set, plus 1 where `ones` is. */
INLINE void NAME(store_bits)(uint8_t *to, IVEC twos, IVEC ones) {
#if defined(__x86_64__)
    uint64_t two = NAME(bits)(twos), one = NAME(bits)(ones), bytes;
#if LANES < 8
    bytes = NAME(bytes_of)[one | two << LANES];
    bytes += bytes >> (8 * LANES) << 1;
    memcpy(to, &bytes, LANES);
#else
    for (int l = 0; l < LANES; l += 8) {
        bytes = NAME(bytes_of)[one >> l & 255] + 2 * NAME(bytes_of)[two >> l & 255];
        memcpy(to + l, &bytes, 8);
    }
#endif
#else
    for (int l = 0; l < LANES; l++) to[l] = (uint8_t)((twos[l] & 2) | (ones[l] & 1));
#endif
}
