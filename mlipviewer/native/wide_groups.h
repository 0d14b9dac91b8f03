/* Rows of tokens by wide vectors: which are read together, and how far that goes. */
#ifndef WIDE_GROUPS_H
#define WIDE_GROUPS_H
#include "rows.h"
#include "wide_rows.h"

#ifdef __x86_64__
/* Tokens of a row that are read in one go: up to four numbers of one kind, else a single token. */
typedef struct {
    int kind, count;
    int64_t first; /* token */
    char *targets[4]; /* in the row to be read; those behind `count` are that of the last */
    int64_t strides[4];
} token_group;

static int64_t grouped(token_group *groups, token_spec *specs, int64_t n_specs, int64_t row) {
    int64_t n = 0;
    for (int64_t k = 0; k < n_specs; k++) {
        token_spec *spec = specs + k;
        if (spec->kind == SKIP) continue;
        token_group *last = n ? groups + n - 1 : NULL;
        int number = spec->kind == REAL || spec->kind == WHOLE;
        if (!last || !number || last->kind != spec->kind || last->count == 4 ||
            last->first + last->count != k) {
            last = groups + n++;
            *last = (token_group){.kind = spec->kind, .first = k};
        }
        for (int i = last->count++; i < 4; i++) {
            last->targets[i] = spec->target + row * spec->stride;
            last->strides[i] = spec->stride;
        }
    }
    return n;
}

static void move_on_groups(token_group *groups, int64_t n_groups, int64_t n_rows) {
    for (token_group *group = groups; group < groups + n_groups; group++)
        for (int i = 0; i < 4; i++) group->targets[i] += n_rows * group->strides[i];
}

/* One group of a row, `edge` being the first of the row; 0 where the row is to be read otherwise. */
WIDE_INLINE int wide_group(const char *base, const int16_t *edge, token_group *group,
                           token_spec *specs, int64_t row, __m256i *bad) {
    int done = 0;
    edge += 2 * group->first;
    switch (4 * group->kind + group->count - 1) {
    case 4 * REAL + 3: done = wide_numbers(base, edge, 4, 1, group->targets, bad); break;
    case 4 * REAL + 2: done = wide_numbers(base, edge, 3, 1, group->targets, bad); break;
    case 4 * REAL + 1: done = wide_numbers(base, edge, 2, 1, group->targets, bad); break;
    case 4 * REAL: done = wide_numbers(base, edge, 1, 1, group->targets, bad); break;
    case 4 * WHOLE + 3: done = wide_numbers(base, edge, 4, 0, group->targets, bad); break;
    case 4 * WHOLE + 2: done = wide_numbers(base, edge, 3, 0, group->targets, bad); break;
    case 4 * WHOLE + 1: done = wide_numbers(base, edge, 2, 0, group->targets, bad); break;
    case 4 * WHOLE: done = wide_numbers(base, edge, 1, 0, group->targets, bad);
    }
    __m256i next = _mm256_loadu_si256((const void *)group->targets);
    next = _mm256_add_epi64(next, _mm256_loadu_si256((const void *)group->strides));
    _mm256_storeu_si256((void *)group->targets, next);
    if (done) return 1;
    token_spec *spec = specs + group->first, *last = spec + group->count;
    for (; spec < last; spec++, edge += 2)
        if (!quick_token(base + edge[0], base + edge[1], spec, row)) return 0;
    return 1;
}

/* Rows up to `last` whose edges are known and that are plain; returns the row where that ends. */
WIDE static int64_t known_rows(wide_edges *wide, const char **cursor, int64_t row, int64_t last,
                               token_spec *specs, int64_t n_specs, token_group *groups,
                               int64_t n_groups) {
    const char *base = wide->found.text + wide->found.base;
    const int16_t *edge = wide->found.edges + wide->found.edge;
    const int16_t *line = wide->lines + wide->line, *last_line = wide->lines + wide->n_lines;
    const int16_t *last_edge = wide->found.edges + wide->found.n_edges;
    const int16_t *last_row = last_edge - 2 * n_specs;
    for (; row < last && edge <= last_row && line < last_line; row++, edge += 2 * n_specs) {
        if (!ends_line(edge, last_edge, n_specs, *line)) break;
        __m256i bad = _mm256_setzero_si256();
        int64_t i = 0;
        while (i < n_groups && wide_group(base, edge, groups + i, specs, row, &bad)) i++;
        if (i < n_groups || !_mm256_testz_si256(bad, bad)) {
            move_on_groups(groups, i < n_groups ? i + 1 : i, -1);
            break;
        }
        *cursor = base + *line++ + 1;
    }
    wide->found.edge = (int)(edge - wide->found.edges);
    wide->line = (int)(line - wide->lines);
    return row;
}

/* Read rows up to `last`, as far as there is nothing odd; a row that is not plain is read byte by
 * byte. Returns the row where that ends; a fault fills the result. */
static int64_t wide_rows(const char **cursor, const char *text, int64_t end, int64_t row,
                         int64_t last, token_spec *specs, int64_t n_specs, scan_result *result) {
    wide_edges wide;
    token_group groups[MOST_TOKENS];
    begin_wide(&wide, text, *cursor - text, end);
    int64_t n_groups = grouped(groups, specs, n_specs, row);
    while (row < last) {
        if (wide_row_known(&wide, n_specs)) {
            int64_t now = known_rows(&wide, cursor, row, last, specs, n_specs, groups, n_groups);
            if (now > row) {
                row = now;
                continue;
            }
        }
        if (wide.odd || *cursor >= text + end) return row;
        if (read_row(text, cursor, row, specs, n_specs, result)) return row;
        go_to_wide(&wide, *cursor - text);
        move_on_groups(groups, n_groups, 1);
        row++;
    }
    return row;
}
#endif
#endif
