/* Decimal numbers to the nearest double (ties to even), byte by byte, as Python's float() reads them.
 *
 * Every loop stops at '\n' at the latest: the caller sees to it that there is one.
 */
#ifndef DECIMAL_H
#define DECIMAL_H
#define _GNU_SOURCE
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#ifdef _WIN32
typedef _locale_t c_locale;
#define C_LOCALE() _create_locale(LC_ALL, "C")
#define TO_DOUBLE _strtod_l
#else
typedef locale_t c_locale;
#define C_LOCALE() newlocale(LC_ALL_MASK, "C", (locale_t)0)
#define TO_DOUBLE strtod_l
#endif

typedef unsigned __int128 wide;

enum fault {
    NONE = 0,
    FEW_COLUMNS = 1,
    MANY_COLUMNS = 2,
    NO_NUMBER = 3,
    NO_INTEGER = 4,
    LONG_LABEL = 5,
    MANY_LABELS = 6,
    FEW_ROWS = 7,
};

#define LONGEST_NUMBER 2048
#define MOST_DIGITS 19 /* that surely fit 64 bits */
#define WIDEST_POWER 27 /* 5^27 fits 64 bits */

static const double POWERS[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t WHOLE_POWERS[17] = {1ull,
                                          10ull,
                                          100ull,
                                          1000ull,
                                          10000ull,
                                          100000ull,
                                          1000000ull,
                                          10000000ull,
                                          100000000ull,
                                          1000000000ull,
                                          10000000000ull,
                                          100000000000ull,
                                          1000000000000ull,
                                          10000000000000ull,
                                          100000000000000ull,
                                          1000000000000000ull,
                                          10000000000000000ull};

static c_locale plain_locale;
static wide fives[2 * WIDEST_POWER + 1]; /* the first 128 bits of 5^-27 ... 5^27 */

/* 2^(127 + bits of d) / d, cut to 128 bits, for d that is no power of two. */
static wide reciprocal(uint64_t d) {
    int bits = 64 - __builtin_clzll(d);
    uint64_t top = 1ull << (bits - 1); /* the dividend is top, 0, 0 in digits of 64 bits */
    wide first = (wide)top << 64;
    wide second = (first % d) << 64;
    return (first / d) << 64 | second / d;
}

static void prepare_decimals(void) {
    if (plain_locale) return;
    uint64_t power = 1;
    for (int q = 0; q <= WIDEST_POWER; q++, power *= 5) {
        fives[WIDEST_POWER + q] = (wide)power << (64 + __builtin_clzll(power));
        if (q) fives[WIDEST_POWER - q] = reciprocal(power) + 1;
    }
    plain_locale = C_LOCALE(); /* a decimal comma of the user's locale must not matter */
}

static inline int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static inline int ends_token(char c) { return is_blank(c) || c == '\n'; }

static inline unsigned digit(char c) { return (unsigned)(unsigned char)c - '0'; }

/* m 10^q correctly rounded, for m > 0 and |q| <= WIDEST_POWER: the algorithm of Eisel and Lemire
 * (Lemire 2021, doi 10.1002/spe.2984; that it needs no way out: Mushtak, Lemire 2023, 10.1002/spe.3198). */
static double scaled(uint64_t m, int64_t q) {
    int shift = __builtin_clzll(m);
    m <<= shift;
    wide five = fives[WIDEST_POWER + q];
    wide product = (wide)m * (uint64_t)(five >> 64);
    if (((uint64_t)(product >> 64) & 0x1FF) == 0x1FF)
        product += ((wide)m * (uint64_t)five) >> 64;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    int upper = (int)(high >> 63), cut = upper + 9;
    uint64_t mantissa = high >> cut;
    int64_t exponent = ((217706 * q) >> 16) + 63 + upper - shift + 1023;
    if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << cut == high)
        mantissa &= ~1ull; /* a tie */
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    uint64_t bits = ((uint64_t)exponent << 52) + (mantissa - (1ull << 52));
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

/* m 10^power correctly rounded. NO_NUMBER where that is left to the C library. */
static inline int rounded(uint64_t m, int64_t power, double *value) {
    if (m < 1ull << 53 && power >= -22 && power <= 22)
        *value = power < 0 ? (double)m / POWERS[-power] : (double)m * POWERS[power];
    else if (m && power >= -WIDEST_POWER && power <= WIDEST_POWER) *value = scaled(m, power);
    else if (!m) *value = 0.0;
    else return NO_NUMBER;
    return NONE;
}

/* The rare rest (20 digits and more, great exponents): the C library, on a copy that ends. */
static int by_library(const char *token, const char *end, double *value) {
    char copy[LONGEST_NUMBER + 1];
    size_t n = (size_t)(end - token);
    if (n > LONGEST_NUMBER) return NO_NUMBER;
    memcpy(copy, token, n);
    copy[n] = 0;
    char *stop;
    *value = TO_DOUBLE(copy, &stop, plain_locale);
    return stop == copy + n ? NONE : NO_NUMBER;
}

static int same_word(const char *p, const char *word, size_t n) {
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 32) != word[i]) return 0;
    return ends_token(p[n]);
}

/* nan, inf, infinity in any case, as Python reads them. */
static int special(const char *p, int negative, const char **stop, double *value) {
    static const struct { const char *word; size_t n; } words[] = {
        {"nan", 3}, {"inf", 3}, {"infinity", 8}};
    for (int i = 0; i < 3; i++)
        if (same_word(p, words[i].word, words[i].n)) {
            double found = i ? __builtin_inf() : __builtin_nan("");
            *value = negative ? -found : found;
            *stop = p + words[i].n;
            return NONE;
        }
    return NO_NUMBER;
}

static const char *exponent_of(const char *p, int64_t *exponent) {
    const char *q = p + 1;
    int negative = *q == '-';
    if (*q == '-' || *q == '+') q++;
    if (digit(*q) > 9) return NULL;
    int64_t e = 0;
    for (; digit(*q) < 10; q++)
        if (e < 100000) e = e * 10 + digit(*q);
    *exponent = negative ? -e : e;
    return q;
}

static int read_real(const char **cursor, double *value) {
    const char *token = *cursor, *p = token;
    int negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    uint64_t m = 0;
    const char *first = p;
    for (; digit(*p) < 10; p++) m = m * 10 + digit(*p);
    int64_t n_digits = p - first, n_decimals = 0, exponent = 0;
    if (*p == '.') {
        const char *point = ++p;
        for (; digit(*p) < 10; p++) m = m * 10 + digit(*p);
        n_decimals = p - point;
    }
    n_digits += n_decimals;
    if (!n_digits) return special(p, negative, cursor, value);
    if ((*p | 32) == 'e' && !(p = exponent_of(p, &exponent))) return NO_NUMBER;
    if (!ends_token(*p)) return NO_NUMBER;
    *cursor = p;
    double size;
    if (n_digits > MOST_DIGITS || rounded(m, exponent - n_decimals, &size))
        return by_library(token, p, value);
    *value = negative ? -size : size;
    return NONE;
}

static int read_whole(const char **cursor, int64_t *value) {
    const char *p = *cursor;
    int negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    const char *first = p;
    uint64_t m = 0;
    for (; digit(*p) < 10; p++) m = m * 10 + digit(*p);
    if (p == first || p - first > 18 || !ends_token(*p)) return NO_INTEGER;
    *value = negative ? -(int64_t)m : (int64_t)m;
    *cursor = p;
    return NONE;
}
#endif
