/* Numbers whose first and last byte are known, eight digits at once and without a branch for each.
 *
 * Decimals of varying length make a loop guess wrongly where they end, which costs more than all
 * arithmetic. What these functions do not understand they leave to decimal.h. Up to 8 bytes before
 * the token are looked at, and none behind it.
 */
#ifndef SHORT_NUMBERS_H
#define SHORT_NUMBERS_H
#include "decimal.h"

#define EACH_BYTE 0x0101010101010101ull
#define TOP_BITS (0x80 * EACH_BYTE)

static inline uint64_t word_at(const char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

/* The last n bytes before `end`, 1 <= n <= 8, digits as their values, with zeros in front. */
static inline uint64_t last_bytes(const char *end, int64_t n) {
    return (word_at(end - 8) ^ 0x30 * EACH_BYTE) & (~0ull << (64 - 8 * n));
}

/* The highest bit of each byte that is no digit. Exact up to the first such byte. */
static inline uint64_t no_digits(uint64_t bytes) {
    return ((bytes + 0x76 * EACH_BYTE) | bytes) & TOP_BITS;
}

/* The number that eight digits are, the first in the lowest byte. */
static inline uint64_t eight_digits(uint64_t bytes) {
    bytes = bytes * 10 + (bytes >> 8);
    return ((bytes & 0x000000FF000000FFull) * 0x000F424000000064ull +
            ((bytes >> 16) & 0x000000FF000000FFull) * 0x0000271000000001ull) >> 32;
}

/* Up to 16 digits that end before `end`; 0 where other bytes are among them. */
static inline int digits_before(const char *end, int64_t n, uint64_t *m) {
    if (n <= 8) {
        uint64_t bytes = last_bytes(end, n);
        *m = eight_digits(bytes);
        return !no_digits(bytes);
    }
    uint64_t high = last_bytes(end - 8, n - 8), low = last_bytes(end, 8);
    *m = eight_digits(high) * 100000000 + eight_digits(low);
    return !(no_digits(high) | no_digits(low));
}

/* Up to eight bytes, one of which may be a point. */
static inline int tiny_real(const char *end, int64_t n, uint64_t *m, int64_t *n_decimals) {
    uint64_t bytes = last_bytes(end, n), point = bytes ^ ('.' ^ '0') * EACH_BYTE;
    /* the lowest byte that is zero; digits and the zeros in front are none */
    point = (point - EACH_BYTE) & ~point & TOP_BITS;
    *n_decimals = 0;
    if (!point) {
        *m = eight_digits(bytes);
        return !no_digits(bytes);
    }
    point &= -point;
    uint64_t before = (point >> 7) - 1, behind = ~((point << 1) - 1);
    bytes = (bytes & before) << 8 | (bytes & behind);
    *m = eight_digits(bytes);
    *n_decimals = (63 - __builtin_ctzll(point)) >> 3;
    return n > 1 && !no_digits(bytes);
}

/* Nine bytes and more: up to seven digits, a point, one to sixteen decimals. */
static inline int small_real(const char *first, const char *end, uint64_t *m, int64_t *n_decimals) {
    uint64_t bytes = word_at(first) ^ 0x30 * EACH_BYTE, others = no_digits(bytes);
    if (!others) return 0;
    int64_t n_whole = __builtin_ctzll(others) >> 3, n = end - first - n_whole - 1;
    if (first[n_whole] != '.' || n < 1 || n > 16 || n_whole + n > MOST_DIGITS) return 0;
    uint64_t whole = n_whole ? eight_digits(bytes << (64 - 8 * n_whole)) : 0, decimals;
    if (!digits_before(end, n, &decimals)) return 0;
    *m = whole * WHOLE_POWERS[n] + decimals;
    *n_decimals = n;
    return 1;
}

/* The real number in [first, end); 0 where another way must be tried. */
static inline int short_real(const char *first, const char *end, double *value) {
    int negative = *first == '-';
    first += negative | (*first == '+');
    int64_t n = end - first, n_decimals;
    uint64_t m;
    if (n <= 0) return 0;
    if (!(n <= 8 ? tiny_real(end, n, &m, &n_decimals) : small_real(first, end, &m, &n_decimals)))
        return 0;
    double size = m < 1ull << 53 ? (double)m / POWERS[n_decimals] : scaled(m, -n_decimals);
    uint64_t bits;
    memcpy(&bits, &size, 8);
    bits |= (uint64_t)negative << 63;
    memcpy(value, &bits, 8);
    return 1;
}

/* The integer in [first, end); 0 where another way must be tried. */
static inline int short_whole(const char *first, const char *end, int64_t *value) {
    int negative = *first == '-';
    first += negative | (*first == '+');
    uint64_t m;
    if (end - first < 1 || end - first > 16 || !digits_before(end, end - first, &m)) return 0;
    *value = negative ? -(int64_t)m : (int64_t)m;
    return 1;
}
#endif
