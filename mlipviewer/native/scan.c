/* Blocks of text rows to columns of numbers, strictly and at the speed of memory.
 *
 * A row is a line of tokens between blanks. Every token must be consumed whole and every line must
 * hold exactly the declared tokens; the first that does not is reported with its row and column.
 * Decimal numbers become the nearest double (ties to even), as Python's float() gives them.
 * Nothing is read outside [start, end): the caller sees to it that the byte before `end` is '\n',
 * at which every loop below stops.
 *
 * Rows are read twice as fast where it is known beforehand where their tokens begin and end
 * (edges.h, short_numbers.h), and three times as fast by wide vectors (wide_rows.h). A row that is
 * not plain in any way is read byte by byte instead (rows.h), which is the rule for all ways.
 */
#include "rows.h" /* first: decimal.h asks for what the library offers beside the standard */
#include "edges.h"
#include "lanes.h"
#include "wide_groups.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* How rows are read: 0 byte by byte, 1 by the edges of their tokens, 2 by wide vectors. */
static int way, best_way = 1;

/* Called once, before anything is read. */
EXPORT void scan_prepare(void) {
    prepare_decimals();
    prepare_edges();
#ifdef __SSE2__
    prepare_lanes();
#endif
#ifdef __x86_64__
    if (has_wide()) best_way = 2;
#endif
    way = best_way;
}

/* Read in no better way than this one, to compare them; returns the one that is taken. */
EXPORT int32_t scan_way(int32_t most) { return way = most < best_way ? most : best_way; }

/* Fill empty slots with the labels that are known. */
EXPORT void scan_slots(token_spec *spec) {
    for (int32_t code = 0; code < spec->count; code++)
        *slot_of(spec->letters + spec->starts[code], spec->lengths[code], spec) = code;
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
    int64_t row = first_row, last = first_row + n_rows;
    int quick = way && n_specs > 0 && n_specs <= MOST_TOKENS && start >= LOOKED_BEFORE;
    const char *p = text + start;
    result->code = NONE;
#ifdef __x86_64__
    if (quick && way == 2) row = wide_rows(&p, text, end, row, last, specs, n_specs, result);
    if (result->code) return;
#endif
    begin_edges(&found, text, p - text, end);
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
