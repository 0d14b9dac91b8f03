/* A row of tokens byte by byte, the rule by which all other ways are judged, and single tokens
 * whose ends are known. */
#ifndef ROWS_H
#define ROWS_H
#include "decimal.h"
#include "short_numbers.h"

enum kind { SKIP = 0, REAL = 1, WHOLE = 2, LABEL = 3 };

#define LONGEST_LABEL 256
#define LOOKED_BEFORE 16 /* bytes before a token */

/* One token of every row. REAL and WHOLE write 8 bytes every `stride` bytes from `target`; LABEL
 * writes an int32 code, and each distinct label with its first row where it is told to. */
typedef struct {
    int32_t kind;
    int32_t capacity; /* of starts and lengths; `slots` has a power of two >= 2 * capacity */
    int32_t slot_mask;
    int32_t count;
    char *target;
    int64_t stride;
    char *letters; /* of all labels, one after the other */
    int64_t n_letters, most_letters;
    int64_t *starts; /* of each label among the letters */
    int32_t *lengths;
    int64_t *rows; /* the first of each label */
    int32_t *slots; /* -1 where free */
    uint64_t short_words[16]; /* labels of up to 8 bytes that were met, where their hash says */
    int32_t short_codes[16];
} token_spec;

typedef struct {
    int64_t row;    /* rows that were read without fault */
    int64_t column; /* of the fault; for FEW_ and MANY_COLUMNS the number of columns found */
    int64_t code;
    int64_t end; /* where the next row begins; at a fault, where the faulty token begins */
    int64_t row_start; /* where the next row, or that of the fault, begins */
} scan_result;

static uint32_t hash_of(const char *p, int32_t n) {
    uint32_t h = 2166136261u;
    for (int32_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h ^ h >> 15;
}

/* The slot of a label: that of its code, or the free one where it belongs. */
static int32_t *slot_of(const char *label, int32_t n, token_spec *spec) {
    for (uint32_t slot = hash_of(label, n);; slot++) {
        int32_t *at = spec->slots + (slot & (uint32_t)spec->slot_mask);
        if (*at < 0) return at;
        if (spec->lengths[*at] == n &&
            !memcmp(spec->letters + spec->starts[*at], label, (size_t)n))
            return at;
    }
}

/* The code of a label: its place in the list of labels met so far. */
static int code_of(const char *label, int32_t n, token_spec *spec, int64_t row, int32_t *code) {
    int32_t *slot = slot_of(label, n, spec);
    if (*slot < 0) {
        if (spec->count == spec->capacity || spec->n_letters + n > spec->most_letters)
            return MANY_LABELS;
        memcpy(spec->letters + spec->n_letters, label, (size_t)n);
        spec->starts[spec->count] = spec->n_letters;
        spec->lengths[spec->count] = n;
        spec->rows[spec->count] = row;
        spec->n_letters += n;
        *slot = spec->count++;
    }
    *code = *slot;
    return NONE;
}

static int read_label(const char **cursor, token_spec *spec, int64_t row) {
    const char *p = *cursor;
    while (!ends_token(*p)) p++;
    if (p - *cursor > LONGEST_LABEL) return LONG_LABEL;
    int32_t code;
    int fault = code_of(*cursor, (int32_t)(p - *cursor), spec, row, &code);
    if (fault) return fault;
    memcpy(spec->target + row * spec->stride, &code, 4);
    *cursor = p;
    return NONE;
}

static int read_token(const char **p, token_spec *spec, int64_t row) {
    char *target = spec->target + row * spec->stride;
    switch (spec->kind) {
    case REAL: return read_real(p, (double *)target);
    case WHOLE: return read_whole(p, (int64_t *)target);
    case LABEL: return read_label(p, spec, row);
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

/* The row at *cursor, byte by byte. A fault fills the result. */
static int read_row(const char *text, const char **cursor, int64_t row, token_spec *specs,
                    int64_t n_specs, scan_result *result) {
    const char *p = *cursor;
    for (int64_t column = 0; column < n_specs; column++) {
        while (is_blank(*p)) p++;
        const char *token = p;
        int fault = *p == '\n' ? FEW_COLUMNS : read_token(&p, specs + column, row);
        if (fault) {
            *result = (scan_result){row, column, fault, token - text, *cursor - text};
            return fault;
        }
    }
    while (is_blank(*p)) p++;
    if (*p != '\n') {
        int64_t found = n_specs + tokens_left(p);
        *result = (scan_result){row, found, MANY_COLUMNS, p - text, *cursor - text};
        return MANY_COLUMNS;
    }
    *cursor = p + 1;
    return NONE;
}

/* A short label that was met before, by its bytes alone. */
static inline int short_label(const char *first, const char *end, token_spec *spec, int32_t *code) {
    if (end - first > 8) return 0;
    uint64_t word = word_at(end - 8) >> (64 - 8 * (end - first));
    int place = (int)(word * 0x9E3779B97F4A7C15ull >> 60);
    *code = spec->short_codes[place];
    return spec->short_words[place] == word;
}

static void remember_label(const char *first, const char *end, token_spec *spec, int32_t code) {
    if (end - first > 8) return;
    uint64_t word = word_at(end - 8) >> (64 - 8 * (end - first));
    int place = (int)(word * 0x9E3779B97F4A7C15ull >> 60);
    spec->short_words[place] = word;
    spec->short_codes[place] = code;
}

/* The token in [first, end); 0 where the row must be read byte by byte. */
static inline __attribute__((always_inline)) int quick_token(const char *first, const char *end,
                                                              token_spec *spec, int64_t row) {
    char *target = spec->target + row * spec->stride;
    switch (spec->kind) {
    case REAL:
        if (short_real(first, end, (double *)target)) return 1;
        return read_real(&first, (double *)target) == NONE;
    case WHOLE: return short_whole(first, end, (int64_t *)target);
    case LABEL:
        if (short_label(first, end, spec, (int32_t *)target)) return 1;
        const char *p = first;
        if (read_label(&p, spec, row)) return 0;
        remember_label(first, end, spec, *(int32_t *)target);
        return 1;
    default: return 1;
    }
}
#endif
