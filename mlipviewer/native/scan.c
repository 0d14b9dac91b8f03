/* Blocks of text rows to columns of numbers, strictly and at the speed of memory.
 *
 * A row is a line of tokens between blanks. Every token must be consumed whole and every line must
 * hold exactly the declared tokens; the first that does not is reported with its row and column.
 * Decimal numbers become the nearest double (ties to even), as Python's float() gives them.
 * Nothing is read outside [start, end): the caller sees to it that the byte before `end` is '\n',
 * at which every loop below stops.
 */
#define _GNU_SOURCE
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
typedef _locale_t c_locale;
#define C_LOCALE() _create_locale(LC_ALL, "C")
#define TO_DOUBLE _strtod_l
#else
#define EXPORT __attribute__((visibility("default")))
typedef locale_t c_locale;
#define C_LOCALE() newlocale(LC_ALL_MASK, "C", (locale_t)0)
#define TO_DOUBLE strtod_l
#endif

typedef unsigned __int128 wide;

enum kind { SKIP = 0, REAL = 1, WHOLE = 2, LABEL = 3 };

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

#define LONGEST_LABEL 256
#define LONGEST_NUMBER 2048

/* One token of every row. REAL and WHOLE write 8 bytes every `stride` bytes from `target`; LABEL
 * writes an int32 code, and where each distinct label first stood to `starts` and `lengths`. */
typedef struct {
    int32_t kind;
    int32_t capacity; /* of starts and lengths; `slots` has a power of two >= 2 * capacity */
    int32_t slot_mask;
    int32_t count;
    char *target;
    int64_t stride;
    int64_t *starts;
    int32_t *lengths;
    int32_t *slots; /* -1 where free */
} token_spec;

typedef struct {
    int64_t row;    /* rows that were read without fault */
    int64_t column; /* of the fault; for FEW_ and MANY_COLUMNS the number of columns found */
    int64_t code;
    int64_t end; /* where the next row begins; at a fault, where the faulty token begins */
} scan_result;

static const double POWERS[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t WHOLE_POWERS[20] = {1ull,
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
                                          10000000000000000ull,
                                          100000000000000000ull,
                                          1000000000000000000ull,
                                          10000000000000000000ull};

static c_locale plain_locale;

/* Called once when the library is loaded: a decimal comma of the user's locale must not matter. */
EXPORT void scan_prepare(void) {
    if (!plain_locale) plain_locale = C_LOCALE();
}

static inline int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static inline int ends_token(char c) { return is_blank(c) || c == '\n'; }

static inline unsigned digit(char c) { return (unsigned)(unsigned char)c - '0'; }

/* m / d correctly rounded, for m > 0: 64 to 128 bits of quotient and what is left over. */
static double quotient(uint64_t m, uint64_t d) {
    int shift = __builtin_clzll(m);
    m <<= shift;
    wide high = m / d, rest = (wide)(m % d) << 64;
    wide q = high << 64 | rest / d;
    int sticky = rest % d != 0;
    int zeros = (uint64_t)(q >> 64) ? __builtin_clzll((uint64_t)(q >> 64))
                                    : 64 + __builtin_clzll((uint64_t)q);
    q <<= zeros;
    uint64_t top = (uint64_t)(q >> 64), mantissa = top >> 11, tail = top & 2047;
    sticky |= (uint64_t)q != 0;
    if (tail > 1024 || (tail == 1024 && (sticky || (mantissa & 1)))) mantissa++;
    uint64_t bits = (uint64_t)(1023 + 11 - shift - zeros) << 52;
    double scale;
    memcpy(&scale, &bits, 8);
    return (double)mantissa * scale;
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

/* Digits from `p` on are added to `m`; returns what is behind them. Up to eight at once, without a
 * branch for each: decimals of varying length would make the processor guess wrongly each time (of
 * few digits, as before the point and in ids, a loop is faster). */
static inline const char *digits(const char *p, const char *end, uint64_t *m) {
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= 0x3030303030303030ull; /* a digit becomes its value; all else is above 9 */
        uint64_t others = ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
        int n = others ? __builtin_ctzll(others) >> 3 : 8;
        if (!n) return p;
        word <<= 64 - 8 * n; /* zeros in front */
        word = word * 10 + (word >> 8);
        word = ((word & 0x000000FF000000FFull) * 0x000F424000000064ull +
                ((word >> 16) & 0x000000FF000000FFull) * 0x0000271000000001ull) >> 32;
        *m = *m * WHOLE_POWERS[n] + word;
        p += n;
        if (n < 8) return p;
    }
    for (; digit(*p) < 10; p++) *m = *m * 10 + digit(*p);
    return p;
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

static int read_real(const char **cursor, const char *end, double *value) {
    const char *token = *cursor, *p = token;
    int negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    uint64_t m = 0;
    const char *first = p;
    for (; digit(*p) < 10; p++) m = m * 10 + digit(*p);
    int64_t n_digits = p - first, n_decimals = 0, exponent = 0;
    if (*p == '.') {
        const char *point = ++p;
        p = digits(p, end, &m);
        n_decimals = p - point;
    }
    n_digits += n_decimals;
    if (!n_digits) return special(p, negative, cursor, value);
    if ((*p | 32) == 'e' && !(p = exponent_of(p, &exponent))) return NO_NUMBER;
    if (!ends_token(*p)) return NO_NUMBER;
    *cursor = p;
    if (n_digits > 19) return by_library(token, p, value);
    int64_t power = exponent - n_decimals;
    double size;
    if (m == 0) size = 0.0;
    else if (m < 1ull << 53 && power >= -22 && power <= 22)
        size = power < 0 ? (double)m / POWERS[-power] : (double)m * POWERS[power];
    else if (power >= -19 && power < 0) size = quotient(m, WHOLE_POWERS[-power]);
    else if (power >= 0 && power <= 19) size = (double)((wide)m * WHOLE_POWERS[power]);
    else return by_library(token, p, value);
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

static uint32_t hash_of(const char *p, int32_t n) {
    uint32_t h = 2166136261u;
    for (int32_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h ^ h >> 15;
}

/* The code of a label: its place in the list of labels met so far. */
static int code_of(const char *text, const char *label, int32_t n, token_spec *spec, int32_t *code) {
    uint32_t slot = hash_of(label, n);
    for (;; slot++) {
        slot &= (uint32_t)spec->slot_mask;
        int32_t at = spec->slots[slot];
        if (at < 0) break;
        if (spec->lengths[at] == n && !memcmp(text + spec->starts[at], label, (size_t)n)) {
            *code = at;
            return NONE;
        }
    }
    if (spec->count == spec->capacity) return MANY_LABELS;
    spec->starts[spec->count] = label - text;
    spec->lengths[spec->count] = n;
    *code = spec->slots[slot] = spec->count++;
    return NONE;
}

static int read_label(const char *text, const char **cursor, token_spec *spec, char *target) {
    const char *p = *cursor;
    while (!ends_token(*p)) p++;
    if (p - *cursor > LONGEST_LABEL) return LONG_LABEL;
    int32_t code;
    int fault = code_of(text, *cursor, (int32_t)(p - *cursor), spec, &code);
    if (fault) return fault;
    memcpy(target, &code, 4);
    *cursor = p;
    return NONE;
}

static int read_token(const char *text, const char **p, const char *end, token_spec *spec,
                      int64_t row) {
    char *target = spec->target + row * spec->stride;
    switch (spec->kind) {
    case REAL: return read_real(p, end, (double *)target);
    case WHOLE: return read_whole(p, (int64_t *)target);
    case LABEL: return read_label(text, p, spec, target);
    default:
        while (!ends_token(**p)) ++*p;
        return NONE;
    }
}

static int64_t tokens_left(const char *p) {
    int64_t n = 0;
    while (*p != '\n') {
        for (n++; !ends_token(*p); p++) {}
        while (is_blank(*p)) p++;
    }
    return n;
}

/* Read `n_rows` rows from text[start, end). text[end - 1] must be '\n' unless start == end. */
EXPORT void scan_rows(const char *text, int64_t start, int64_t end, int64_t n_rows,
                      token_spec *specs, int64_t n_specs, scan_result *result) {
    const char *p = text + start, *stop = text + end;
    *result = (scan_result){0, 0, NONE, start};
    for (int64_t row = 0; row < n_rows; row++) {
        result->row = row;
        result->end = p - text;
        if (p >= stop) {
            result->code = FEW_ROWS;
            return;
        }
        for (int64_t column = 0; column < n_specs; column++) {
            while (is_blank(*p)) p++;
            const char *token = p;
            int fault = *p == '\n' ? FEW_COLUMNS : read_token(text, &p, stop, specs + column, row);
            if (fault) {
                *result = (scan_result){row, column, fault, token - text};
                return;
            }
        }
        while (is_blank(*p)) p++;
        if (*p != '\n') {
            *result = (scan_result){row, n_specs + tokens_left(p), MANY_COLUMNS, p - text};
            return;
        }
        p++;
    }
    result->row = n_rows;
    result->end = p - text;
}

static int64_t newlines(const char *p, int64_t n) {
    int64_t total = 0;
    for (; n >= 128; n -= 128, p += 128) {
        uint8_t few = 0; /* at most 128: stays in a byte, so that the loop becomes vectors */
        for (int i = 0; i < 128; i++) few += p[i] == '\n';
        total += few;
    }
    for (int64_t i = 0; i < n; i++) total += p[i] == '\n';
    return total;
}

EXPORT int64_t count_lines(const char *text, int64_t start, int64_t end) {
    return newlines(text + start, end - start);
}

/* The offset behind the n-th newline from `start`, or -1 - (newlines found) where there are fewer. */
EXPORT int64_t skip_lines(const char *text, int64_t start, int64_t end, int64_t n) {
    int64_t at = start, found = 0;
    while (found < n && at < end) {
        int64_t step = end - at < 4096 ? end - at : 4096;
        int64_t here = newlines(text + at, step);
        if (found + here >= n) break;
        found += here;
        at += step;
    }
    while (found < n && at < end) {
        const char *hit = memchr(text + at, '\n', (size_t)(end - at));
        if (!hit) break;
        at = hit - text + 1;
        found++;
    }
    return found == n ? at : -1 - found;
}
