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
#include "short_numbers.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

enum kind { SKIP = 0, REAL = 1, WHOLE = 2, LABEL = 3 };

#define LONGEST_LABEL 256
#define LONGEST_ROW (1 << 24) /* bytes; longer ones are read byte by byte */

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

static int read_token(const char *text, const char **p, token_spec *spec, int64_t row) {
    char *target = spec->target + row * spec->stride;
    switch (spec->kind) {
    case REAL: return read_real(p, (double *)target);
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

/* The row at *cursor, byte by byte. A fault fills the result. */
static int read_row(const char *text, const char **cursor, int64_t row, token_spec *specs,
                    int64_t n_specs, scan_result *result) {
    const char *p = *cursor;
    for (int64_t column = 0; column < n_specs; column++) {
        while (is_blank(*p)) p++;
        const char *token = p;
        int fault = *p == '\n' ? FEW_COLUMNS : read_token(text, &p, specs + column, row);
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
static inline __attribute__((always_inline)) int quick_token(const char *text, const char *first, const char *end,
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
        if (read_label(text, &p, spec, target)) return 0;
        remember_label(first, end, spec, *(int32_t *)target);
        return 1;
    default: return 1;
    }
}

/* Whether all of [first, end) is blank. */
static inline int all_blank(const char *first, const char *end) {
    if (end - first == 1) return is_blank(*first);
    while (first < end && is_blank(*first)) first++;
    return first == end;
}

/* The next 2 * n_specs edges; NULL where there are none before the end. */
static inline const int32_t *next_edges(edges *found, int64_t n_specs) {
    while (found->n_edges - found->edge < 2 * n_specs) {
        int endless = found->n_edges > found->edge && found->edges[found->edge] < -LONGEST_ROW;
        if (found->at == found->end || endless) return NULL;
        look_on(found);
    }
    return found->edges + found->edge;
}

/* The row at *cursor by its edges; 0 where it is not plain. */
static inline int quick_row(edges *found, const char **cursor, int64_t row, token_spec *specs,
                            int64_t n_specs) {
    const int32_t *edge = next_edges(found, n_specs);
    if (!edge) return 0;
    const char *base = found->text + found->base, *done = *cursor;
    for (int64_t column = 0; column < n_specs; column++, edge += 2) {
        const char *first = base + edge[0], *end = base + edge[1];
        if (!all_blank(done, first) || !quick_token(found->text, first, end, specs + column, row))
            return 0;
        done = end;
    }
    while (is_blank(*done)) done++;
    if (*done != '\n') return 0;
    found->edge += 2 * (int)n_specs;
    *cursor = done + 1;
    return 1;
}

/* Read `n_rows` rows from text[start, end) into the rows of the targets from `first_row` on.
 * text[end - 1] must be '\n' unless start == end. */
EXPORT void scan_rows(const char *text, int64_t start, int64_t end, int64_t first_row,
                      int64_t n_rows, token_spec *specs, int64_t n_specs, scan_result *result) {
    edges found;
    begin_edges(&found, text, start, end);
    int64_t row = first_row, last = first_row + n_rows;
    int quick = n_specs > 0 && n_specs <= MOST_TOKENS && start >= 8;
    const char *p = text + start;
    for (; row < last; row++) {
        if (quick && quick_row(&found, &p, row, specs, n_specs)) continue;
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
