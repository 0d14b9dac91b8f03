/* Blocks of text rows to columns of numbers, strictly and at the speed of memory.
 *
 * A row is a line of tokens between blanks. Every token must be consumed whole and every line must
 * hold exactly the declared tokens; the first that does not is reported with its row and column.
 * Decimal numbers become the nearest double (ties to even), as Python's float() gives them.
 * Nothing is read outside [start, end): the caller sees to it that the byte before `end` is '\n',
 * at which every loop below stops.
 *
 * Rows are read twice as fast where it is known beforehand where their tokens begin and end
 * (edges.h, short_numbers.h). A row that is not plain in any way is read byte by byte instead,
 * which is the rule by which all is judged.
 */
#include "decimal.h"
#include "edges.h"
#include "lanes.h"
#include "short_numbers.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

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

/* Called once, before anything is read. */
EXPORT void scan_prepare(void) {
    prepare_decimals();
    prepare_edges();
#ifdef __SSE2__
    prepare_lanes();
#endif
}

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

/* Fill empty slots with the labels that are known. */
EXPORT void scan_slots(token_spec *spec) {
    for (int32_t code = 0; code < spec->count; code++)
        *slot_of(spec->letters + spec->starts[code], spec->lengths[code], spec) = code;
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

/* The real numbers of a row, noted to be read together. */
typedef struct {
    int count;
    const char *ends[MOST_TOKENS + 1];
    int64_t n[MOST_TOKENS + 1];
    int negative[MOST_TOKENS + 1];
    char *targets[MOST_TOKENS + 1];
} reals;

#ifdef __SSE2__
/* As quick_token for a real number; whether it is one is known when they are read. */
static inline __attribute__((always_inline)) int quick_real(const char *first, const char *end,
                                                            token_spec *spec, int64_t row,
                                                            reals *noted) {
    int negative = *first == '-';
    int64_t n = end - first - negative;
    if ((uint64_t)(n - 1) > 15 || (n == 1 && *(end - 1) == '.'))
        return quick_token(first, end, spec, row);
    int k = noted->count++;
    noted->ends[k] = end;
    noted->n[k] = n;
    noted->negative[k] = negative;
    noted->targets[k] = spec->target + row * spec->stride;
    return 1;
}

/* Read what was noted; 0 where something is no plain number. */
static inline int read_reals(reals *noted) {
    int k = noted->count;
    noted->ends[k] = noted->ends[k - 1]; /* the last of an odd number is read twice */
    noted->n[k] = noted->n[k - 1];
    noted->negative[k] = noted->negative[k - 1];
    noted->targets[k] = noted->targets[k - 1];
    __m128i bad = _mm_setzero_si128();
    for (k = 0; k < noted->count; k += 2) {
        const int64_t *n = noted->n + k;
        const int *negative = noted->negative + k;
        if (n[0] <= 8 && n[1] <= 8) {
            two_reals(noted->ends + k, n, negative, noted->targets + k, &bad);
            continue;
        }
        for (int i = 0; i < 2; i++)
            one_real(noted->ends[k + i], n[i], negative[i], noted->targets[k + i], &bad);
    }
    return _mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128())) == 0xFFFF;
}
#else
static inline int quick_real(const char *first, const char *end, token_spec *spec, int64_t row,
                             reals *noted) {
    return (void)noted, quick_token(first, end, spec, row);
}

static inline int read_reals(reals *noted) { return (void)noted, 1; }
#endif

/* Whether all of [first, end) is blank. */
static int all_blank(const char *first, const char *end) {
    while (first < end && is_blank(*first)) first++;
    return first == end;
}

/* The next 2 * n_specs edges; NULL where there are none before the end. */
static inline const int16_t *next_edges(edges *found, int64_t n_specs) {
    while (found->n_edges - found->edge < 2 * n_specs) {
        int endless = found->n_edges > found->edge && found->edges[found->edge] < -LONGEST_ROW;
        if (found->at == found->end || endless) return NULL;
        look_on(found);
    }
    return found->edges + found->edge;
}

/* The row at *cursor by its edges; 0 where it is not plain. */
static inline __attribute__((always_inline)) int quick_row(edges *found, const char **cursor,
                                                           int64_t row, token_spec *specs,
                                                           int64_t n_specs, reals *noted) {
    const int16_t *edge = next_edges(found, n_specs);
    if (!edge) return 0;
    const char *base = found->text + found->base, *done = base + edge[0];
    if (*cursor != done && !all_blank(*cursor, done)) return 0;
    noted->count = 0;
    for (token_spec *spec = specs; spec < specs + n_specs; spec++, edge += 2) {
        const char *first = base + edge[0], *end = base + edge[1];
        if (!(first == done + 1 && *done == ' ') && !all_blank(done, first)) return 0;
        if (!(spec->kind == REAL ? quick_real(first, end, spec, row, noted)
                                 : quick_token(first, end, spec, row)))
            return 0;
        done = end;
    }
    while (is_blank(*done)) done++;
    if (*done != '\n' || (noted->count && !read_reals(noted))) return 0;
    found->edge += 2 * (int)n_specs;
    *cursor = done + 1;
    return 1;
}

/* Read `n_rows` rows from text[start, end) into the rows of the targets from `first_row` on.
 * text[end - 1] must be '\n' unless start == end. */
EXPORT void scan_rows(const char *text, int64_t start, int64_t end, int64_t first_row,
                      int64_t n_rows, token_spec *specs, int64_t n_specs, scan_result *result) {
    edges found;
    reals noted;
    begin_edges(&found, text, start, end);
    int64_t row = first_row, last = first_row + n_rows;
    int quick = n_specs > 0 && n_specs <= MOST_TOKENS && start >= LOOKED_BEFORE;
    const char *p = text + start;
    for (; row < last; row++) {
        if (quick && quick_row(&found, &p, row, specs, n_specs, &noted)) continue;
        if (p >= text + end) {
            *result = (scan_result){row, 0, FEW_ROWS, p - text, p - text};
            return;
        }
        if (read_row(text, &p, row, specs, n_specs, result)) return;
        go_to(&found, p - text);
    }
    *result = (scan_result){row, 0, NONE, p - text, p - text};
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
