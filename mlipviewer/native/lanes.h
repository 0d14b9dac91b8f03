/* Numbers of up to 16 bytes whose ends are known, by vectors (x86 with SSE2, which all have).
 *
 * A lane holds the last 8 bytes of a number, or those before, zeros in front. The bytes behind the
 * point move up by one, so the lane reads as ten times the digits, over ten times the power of ten:
 * the same quotient, and 0 or 8 digits are always converted alike, without a branch. The divisor
 * comes from a table by where the point is; a minus makes the divisor negative.
 */
#ifndef LANES_H
#define LANES_H
#ifdef __SSE2__
#include "decimal.h"
#include <emmintrin.h>

/* By a bit for each byte that is a point; NaN where there are several. */
static double low_divisors[512], high_divisors[256], high_weights[256];
/* 16 zeros, 16 ones: where n bytes at the end are to be kept, from KEEP + n on */
static const uint64_t KEEP[4] = {0, 0, ~0ull, ~0ull};

static void prepare_lanes(void) {
    for (int mask = 0; mask < 256; mask++) {
        low_divisors[mask] = high_divisors[mask] = mask ? __builtin_nan("") : 1.0;
        high_weights[mask] = mask ? 1e7 : 1e8;
    }
    for (int k = 0; k < 8; k++) {
        low_divisors[1 << k] = POWERS[8 - k];
        high_divisors[1 << k] = POWERS[15 - k];
    }
    for (int mask = 0; mask < 256; mask++) low_divisors[256 + mask] = -low_divisors[mask];
}

/* The lanes as doubles; `points` has a bit for each byte that is a point. `bad` collects bytes
 * that are neither digit nor point. */
static inline __m128i whole_lanes(__m128i bytes, int *points, __m128i *bad) {
    const __m128i each = _mm_set1_epi8(1), ten = _mm_set1_epi16(10);
    const __m128i hundred = _mm_set1_epi32(100 | 1 << 16), many = _mm_set1_epi64x(10000);
    __m128i point = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.' ^ '0'));
    *points = _mm_movemask_epi8(point);
    __m128i before = _mm_sub_epi64(_mm_and_si128(point, each), _mm_set1_epi64x(1));
    __m128i behind = _mm_andnot_si128(_mm_or_si128(before, point), bytes);
    bytes = _mm_or_si128(_mm_and_si128(bytes, before), _mm_srli_epi64(behind, 8));
    *bad = _mm_or_si128(*bad, _mm_cmpgt_epi8(bytes, _mm_set1_epi8(9)));
    /* pairs of digits, then of pairs, then of those */
    __m128i first = _mm_mullo_epi16(_mm_and_si128(bytes, _mm_set1_epi16(255)), ten);
    bytes = _mm_madd_epi16(_mm_add_epi16(first, _mm_srli_epi16(bytes, 8)), hundred);
    return _mm_add_epi64(_mm_mul_epu32(bytes, many), _mm_srli_epi64(bytes, 32));
}

static inline __m128d as_doubles(__m128i whole) { /* below 2^52 */
    const __m128i magic = _mm_set1_epi64x(0x4330000000000000);
    __m128d shifted = _mm_castsi128_pd(_mm_or_si128(whole, magic));
    return _mm_sub_pd(shifted, _mm_castsi128_pd(magic));
}

static inline __m128i eight_before(const char *end) { return _mm_loadl_epi64((const void *)(end - 8)); }

static inline __m128i kept_eight(int64_t n) {
    return _mm_loadl_epi64((const void *)((const char *)(KEEP + 1) + n));
}

/* Two numbers of 1 to 8 bytes without sign, each before its end. */
static inline __m128i two_short(const char *const *ends, const int64_t *n, int *points,
                                __m128i *bad) {
    __m128i bytes = _mm_unpacklo_epi64(eight_before(ends[0]), eight_before(ends[1]));
    __m128i kept = _mm_unpacklo_epi64(kept_eight(n[0]), kept_eight(n[1]));
    bytes = _mm_and_si128(_mm_xor_si128(bytes, _mm_set1_epi8('0')), kept);
    return whole_lanes(bytes, points, bad);
}

static inline void two_reals(const char *const *ends, const int64_t *n, const int *negative,
                             char *const *targets, __m128i *bad) {
    int points;
    __m128d whole = as_doubles(two_short(ends, n, &points, bad));
    __m128d divisors = _mm_set_pd(low_divisors[256 * negative[1] + (points >> 8)],
                                  low_divisors[256 * negative[0] + (points & 255)]);
    __m128d values = _mm_div_pd(whole, divisors);
    *bad = _mm_or_si128(*bad, _mm_castpd_si128(_mm_cmpunord_pd(values, values)));
    _mm_storel_pd((double *)targets[0], values);
    _mm_storeh_pd((double *)targets[1], values);
}

/* One number of 1 to 16 bytes without sign. */
static inline void one_real(const char *end, int64_t n, int negative, char *target, __m128i *bad) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(end - 16));
    __m128i kept = _mm_loadu_si128((const __m128i *)((const char *)KEEP + n));
    bytes = _mm_and_si128(_mm_xor_si128(bytes, _mm_set1_epi8('0')), kept);
    int points;
    __m128d whole = as_doubles(whole_lanes(bytes, &points, bad));
    double high = _mm_cvtsd_f64(whole), low = _mm_cvtsd_f64(_mm_unpackhi_pd(whole, whole));
    int high_points = points & 255, low_points = points >> 8;
    double value = (high * high_weights[high_points] + low) /
                   (low_divisors[256 * negative + low_points] * high_divisors[high_points]);
    __m128d checked = _mm_set_sd(value);
    *bad = _mm_or_si128(*bad, _mm_castpd_si128(_mm_cmpunord_sd(checked, checked)));
    *bad = _mm_or_si128(*bad, _mm_cvtsi32_si128(points & (points - 1)));
    memcpy(target, &value, 8);
}
#endif
#endif
