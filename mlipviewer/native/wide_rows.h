/* Rows of plain numbers by vectors of 32 bytes, for processors that have them (x86 with AVX2).
 *
 * As quick_row in scan.c, in about 0.6 of its time: no gap between tokens is looked at, for the
 * places of all line ends are known and all gaps are made of ' ' and '\n' alone. Where a text holds
 * other blanks (tabs, '\r', bytes that are not ASCII), `odd` says so and this way ends. Four numbers
 * are read at once; lanes.h says how.
 */
#ifndef WIDE_ROWS_H
#define WIDE_ROWS_H
#ifdef __x86_64__
#include "edges.h"
#include "lanes.h"
#include <cpuid.h>
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,popcnt,sse4.1")))
#define WIDE_INLINE static inline __attribute__((always_inline, target("avx2,bmi,popcnt,sse4.1")))
#define MOST_WAITING 64 /* line ends that may be left when more bytes are looked at */

/* Whether processor and system have the vectors: leaf 7 of cpuid, and bits 1 and 2 of XCR0. */
static int has_wide(void) {
    unsigned a, b, c, d, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_POPCNT)) return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 6) != 6 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    return (b & bit_AVX2) && (b & bit_BMI);
}

/* Edges with the places of the line ends, counted alike. */
typedef struct {
    edges found;
    int line, n_lines, odd;
    int16_t lines[MOST_WAITING + LOOKED_AT + 8];
} wide_edges;

static void begin_wide(wide_edges *wide, const char *text, int64_t start, int64_t end) {
    begin_edges(&wide->found, text, start, end);
    wide->line = wide->n_lines = wide->odd = 0;
}

/* As write_places. */
WIDE_INLINE int16_t *write_edges(int16_t *to, uint64_t bits, int first) {
    const __m128i eight = _mm_set1_epi16(8);
    __m128i begin = _mm_set1_epi16((int16_t)first);
    for (int byte = 0; byte < 8; byte++, bits >>= 8, begin = _mm_add_epi16(begin, eight)) {
        __m128i places = _mm_loadl_epi64((const void *)bits_of_byte[bits & 255]);
        _mm_storeu_si128((void *)to, _mm_add_epi16(_mm_cvtepu8_epi16(places), begin));
        to += n_bits_of_byte[bits & 255];
    }
    return to;
}

/* Two at once: few rows are so short that 64 bytes hold more line ends. */
WIDE_INLINE int write_lines(int16_t *to, uint64_t bits, int first) {
    int n = (int)_mm_popcnt_u64(bits);
    for (int written = 0; written < n; written += 2) {
        to[written] = (int16_t)(first + (int)_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
        to[written + 1] = (int16_t)(first + (int)_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
    }
    return n;
}

/* As look_on; at most MOST_WAITING line ends may be left. */
WIDE static void look_on_wide(wide_edges *wide) {
    edges *found = &wide->found;
    int32_t gone = (int32_t)(found->at - found->base);
    int waiting = wide->n_lines - wide->line;
    for (int i = 0; i < waiting; i++)
        wide->lines[i] = (int16_t)(wide->lines[wide->line + i] - gone);
    wide->line = 0;
    move_on(found);
    int16_t *edge = found->edges + found->n_edges;
    int n_lines = waiting;
    const char *text = found->text + found->base;
    int64_t left = found->end - found->base, n = left < LOOKED_AT ? left : LOOKED_AT;
    const __m256i blank = _mm256_set1_epi8(' '), below = _mm256_set1_epi8(' ' - 1);
    const __m256i newline = _mm256_set1_epi8('\n');
    __m256i plain = _mm256_set1_epi8(-1);
    for (int64_t i = 0; i < n; i += 64) {
        char rest[64];
        const char *bytes = text + i;
        if (n - i < 64) {
            memset(rest, ' ', 64);
            memcpy(rest, bytes, (size_t)(n - i));
            bytes = rest;
        }
        uint64_t tokens = 0, ends = 0;
        for (int k = 0; k < 64; k += 32) {
            __m256i some = _mm256_loadu_si256((const void *)(bytes + k));
            __m256i end = _mm256_cmpeq_epi8(some, newline);
            __m256i token = _mm256_cmpgt_epi8(some, blank);
            plain = _mm256_and_si256(plain, _mm256_or_si256(end, _mm256_cmpgt_epi8(some, below)));
            tokens |= (uint64_t)(uint32_t)_mm256_movemask_epi8(token) << k;
            ends |= (uint64_t)(uint32_t)_mm256_movemask_epi8(end) << k;
        }
        uint64_t changes = tokens ^ (tokens << 1 | found->inside);
        found->inside = tokens >> 63;
        edge = write_edges(edge, changes, (int)i);
        n_lines += write_lines(wide->lines + n_lines, ends, (int)i);
    }
    found->n_edges = (int)(edge - found->edges);
    wide->n_lines = n_lines;
    wide->odd |= _mm256_movemask_epi8(plain) != -1;
    found->at += n;
}

/* What lies before `place`, where a line begins, is done with. */
static void go_to_wide(wide_edges *wide, int64_t place) {
    edges *found = &wide->found;
    if (place >= found->at) wide->line = wide->n_lines = 0;
    go_to(found, place);
    int32_t here = (int32_t)(place - found->base);
    while (wide->line < wide->n_lines && wide->lines[wide->line] < here) wide->line++;
}

/* See to it that the edges of a row of n tokens and its line end are known; 0 where they are not
 * before the end, or something is odd. */
static int wide_row_known(wide_edges *wide, int64_t n) {
    edges *found = &wide->found;
    while (found->n_edges - found->edge < 2 * n || wide->line == wide->n_lines) {
        int left = found->n_edges - found->edge, waiting = wide->n_lines - wide->line;
        int endless = left && found->edges[found->edge] < -LONGEST_ROW;
        if (found->at == found->end || endless) return 0;
        if (waiting > MOST_WAITING || left > 2 * MOST_TOKENS) return 0;
        look_on_wide(wide);
        if (wide->odd) return 0;
    }
    return 1;
}

/* Whether a row of n tokens ends at the line end, `edge` being its first of those that are known. */
WIDE_INLINE int ends_line(const int16_t *edge, const int16_t *last_edge, int64_t n, int newline) {
    int end = edge[2 * n - 1];
    if (newline == end) return 1;
    /* blanks behind the last token, or another number of tokens */
    return newline > end && (edge + 2 * n >= last_edge || edge[2 * n] > newline);
}

/* Eight digits in each lane, some of which may be followed by a point, which moves them up: the
 * whole numbers, as whole_lanes gives them. `bad` collects what is no digit. */
WIDE_INLINE __m256i wide_wholes(__m256i bytes, __m256i *bad) {
    const __m256i hundred = _mm256_set1_epi32(100 | 1 << 16);
    const __m256i ten = _mm256_set1_epi16(10 | 1 << 8), many = _mm256_set1_epi64x(10000);
    *bad = _mm256_or_si256(*bad, _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8(9)));
    bytes = _mm256_madd_epi16(_mm256_maddubs_epi16(bytes, ten), hundred);
    return _mm256_add_epi64(_mm256_mul_epu32(bytes, many), _mm256_srli_epi64(bytes, 32));
}

WIDE_INLINE __m256d wide_lanes(__m256i bytes, __m256i point, __m256i *bad) {
    const __m256i one = _mm256_set1_epi64x(1), magic = _mm256_set1_epi64x(0x4330000000000000);
    __m256i before = _mm256_and_si256(point, _mm256_set1_epi8(1));
    before = _mm256_sub_epi64(before, one);
    __m256i behind = _mm256_andnot_si256(_mm256_or_si256(before, point), bytes);
    bytes = _mm256_or_si256(_mm256_and_si256(bytes, before), _mm256_srli_epi64(behind, 8));
    __m256d shifted = _mm256_castsi256_pd(_mm256_or_si256(wide_wholes(bytes, bad), magic));
    return _mm256_sub_pd(shifted, _mm256_castsi256_pd(magic));
}

/* The 8 bytes before each end. */
WIDE_INLINE __m256i four_before(const char *const *ends, int back) {
    __m128 low = _mm_castsi128_ps(_mm_loadl_epi64((const void *)(ends[0] - back)));
    __m128 high = _mm_castsi128_ps(_mm_loadl_epi64((const void *)(ends[2] - back)));
    low = _mm_loadh_pi(low, (const void *)(ends[1] - back));
    high = _mm_loadh_pi(high, (const void *)(ends[3] - back));
    __m256i both = _mm256_castsi128_si256(_mm_castps_si128(low));
    return _mm256_inserti128_si256(both, _mm_castps_si128(high), 1);
}

/* Eight bytes of four numbers each: digits as their values, zeros in front. */
typedef struct {
    __m256i bytes;
    __m256i kept; /* ones where the bytes are those of the number */
    __m256i minus; /* ones where its sign is, which is taken off */
} four_lanes;

/* `zeros` bits in front are not of the number; one that begins before has ones in `earlier`. */
WIDE_INLINE four_lanes lanes_of(__m256i bytes, __m128i zeros, __m256i earlier) {
    __m256i kept = _mm256_sllv_epi64(_mm256_set1_epi8(-1), _mm256_cvtepi32_epi64(zeros));
    bytes = _mm256_and_si256(_mm256_xor_si256(bytes, _mm256_set1_epi8('0')), kept);
    __m256i later = _mm256_or_si256(_mm256_slli_epi64(kept, 8), _mm256_srli_epi64(earlier, 56));
    __m256i minus = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-' ^ '0'));
    minus = _mm256_and_si256(minus, _mm256_andnot_si256(later, kept));
    return (four_lanes){_mm256_andnot_si256(minus, bytes), kept, minus};
}

/* Ones in the lanes of negative numbers. */
WIDE_INLINE __m256i negative_lanes(__m256i minus) {
    __m256i positive = _mm256_cmpeq_epi64(minus, _mm256_setzero_si256());
    return _mm256_xor_si256(positive, _mm256_set1_epi8(-1));
}

WIDE_INLINE __m256i points_of(four_lanes lanes) {
    return _mm256_cmpeq_epi8(lanes.bytes, _mm256_set1_epi8('.' ^ '0'));
}

WIDE_INLINE __m256i digits_of(four_lanes lanes, __m256i point) {
    return _mm256_andnot_si256(_mm256_or_si256(lanes.minus, point), lanes.kept);
}

/* What a table says of each lane's byte in `points`. */
WIDE_INLINE __m256d four_of(const double *table, __m256i points) {
    unsigned places = (unsigned)_mm256_movemask_epi8(points);
    return _mm256_set_pd(table[places >> 24], table[places >> 16 & 255], table[places >> 8 & 255],
                         table[places & 255]);
}

WIDE_INLINE void store_four(__m256d values, char *const *targets) {
    __m128d low = _mm256_castpd256_pd128(values), high = _mm256_extractf128_pd(values, 1);
    _mm_storel_pd((double *)targets[0], low);
    _mm_storeh_pd((double *)targets[1], low);
    _mm_storel_pd((double *)targets[2], high);
    _mm_storeh_pd((double *)targets[3], high);
}

/* Signs and stores quotients; a divisor that is no number tells of several points. */
WIDE_INLINE void divide_and_store(__m256d wholes, __m256d divisors, __m256i minus,
                                  char *const *targets, __m256i *bad) {
    __m256d values = _mm256_div_pd(wholes, divisors);
    __m256d several = _mm256_cmp_pd(divisors, divisors, _CMP_UNORD_Q);
    *bad = _mm256_or_si256(*bad, _mm256_castpd_si256(several));
    __m256i signs = _mm256_slli_epi64(negative_lanes(minus), 63);
    store_four(_mm256_or_pd(values, _mm256_castsi256_pd(signs)), targets);
}

/* Numbers of up to 8 bytes, each before its end. */
WIDE_INLINE void short_reals(const char *const *ends, __m128i zeros, char *const *targets,
                             __m256i *bad) {
    const __m256i none = _mm256_setzero_si256();
    four_lanes of = lanes_of(four_before(ends, 8), zeros, none);
    __m256i point = points_of(of);
    *bad = _mm256_or_si256(*bad, _mm256_cmpeq_epi64(digits_of(of, point), none));
    __m256d wholes = wide_lanes(of.bytes, point, bad);
    divide_and_store(wholes, four_of(low_divisors, point), of.minus, targets, bad);
}

WIDE_INLINE void short_integers(const char *const *ends, __m128i zeros, char *const *targets,
                                __m256i *bad) {
    const __m256i none = _mm256_setzero_si256();
    four_lanes of = lanes_of(four_before(ends, 8), zeros, none);
    *bad = _mm256_or_si256(*bad, _mm256_cmpeq_epi64(digits_of(of, none), none));
    __m256i signs = negative_lanes(of.minus);
    __m256i values = _mm256_xor_si256(wide_wholes(of.bytes, bad), signs);
    store_four(_mm256_castsi256_pd(_mm256_sub_epi64(values, signs)), targets);
}

/* Numbers of up to 16 bytes, in two lanes each. */
WIDE_INLINE void longer_reals(const char *const *ends, __m128i zeros, char *const *targets,
                              __m256i *bad) {
    const __m256i none = _mm256_setzero_si256();
    __m128i more = _mm_add_epi32(zeros, _mm_set1_epi32(64));
    four_lanes high = lanes_of(four_before(ends, 16), more, none);
    zeros = _mm_max_epi32(zeros, _mm_setzero_si128());
    four_lanes low = lanes_of(four_before(ends, 8), zeros, high.kept);
    __m256i high_point = points_of(high), low_point = points_of(low);
    __m256i digits = _mm256_or_si256(digits_of(high, high_point), digits_of(low, low_point));
    *bad = _mm256_or_si256(*bad, _mm256_cmpeq_epi64(digits, none));
    __m256d wholes = wide_lanes(high.bytes, high_point, bad);
    __m256i without = _mm256_cmpeq_epi64(high_point, none);
    __m256d divisors = four_of(high_divisors, high_point);
    __m256d weights = _mm256_blendv_pd(_mm256_set1_pd(1e7), _mm256_set1_pd(1e8),
                                       _mm256_castsi256_pd(without));
    wholes = _mm256_mul_pd(wholes, weights);
    wholes = _mm256_add_pd(wholes, wide_lanes(low.bytes, low_point, bad));
    if (!_mm256_testz_si256(low_point, low_point)) {
        __m256i one = _mm256_or_si256(without, _mm256_cmpeq_epi64(low_point, none));
        *bad = _mm256_or_si256(*bad, _mm256_cmpeq_epi64(one, none));
        divisors = _mm256_mul_pd(divisors, four_of(low_divisors, low_point));
    }
    divide_and_store(wholes, divisors, _mm256_or_si256(high.minus, low.minus), targets, bad);
}

/* Up to four numbers side by side, the last of them again in the targets that are left; 0 where
 * one is too long. */
WIDE_INLINE int wide_numbers(const char *base, const int16_t *edge, const int count, const int real,
                             char *const *to, __m256i *bad) {
    __m128i both = _mm_loadu_si128((const void *)edge);
    __m128i firsts = _mm_srai_epi32(_mm_slli_epi32(both, 16), 16);
    __m128i n = _mm_sub_epi32(_mm_srai_epi32(both, 16), firsts);
    const int b = count > 1, c = count > 2 ? 2 : b, d = count > 3 ? 3 : c;
    if (count == 3) n = _mm_shuffle_epi32(n, 0xA4);
    if (count == 2) n = _mm_shuffle_epi32(n, 0x54);
    if (count == 1) n = _mm_shuffle_epi32(n, 0x00);
    const char *ends[4] = {base + edge[1], base + edge[2 * b + 1], base + edge[2 * c + 1],
                           base + edge[2 * d + 1]};
    __m128i zeros = _mm_sub_epi32(_mm_set1_epi32(64), _mm_slli_epi32(n, 3)); /* bits */
    if (!_mm_movemask_ps(_mm_castsi128_ps(zeros))) {
        if (real)
            short_reals(ends, zeros, to, bad);
        else
            short_integers(ends, zeros, to, bad);
        return 1;
    }
    if (!real || _mm_movemask_epi8(_mm_cmpgt_epi32(n, _mm_set1_epi32(16)))) return 0;
    longer_reals(ends, zeros, to, bad);
    return 1;
}
#endif
#endif
