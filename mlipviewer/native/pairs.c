/* Pairs of atoms by distance: each pair is met once, and bins beyond the cut-off are never looked into. */

#include "grid.h"

#include <math.h>
#include <stdlib.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define ROOM 512
static const double ROUNDING = 1e-6; /* of a bin: how far an atom may stand outside of its own */

/* Bins at the offsets (i, j, from..to) of a bin. Of two opposite offsets only the later is among the rows,
   as a pair that one atom sees at an offset is seen by the other at the opposite one. */
typedef struct {
    int64_t i, j, from, to;
} Row;

typedef struct {
    int64_t n;
    Row *rows;
} Rows;

/* The vectors of a bin in axes of their own: the first along axis 0, the second in the plane of 0 and 1. */
static void bin_vectors(const Grid *g, double *v) {
    double rest[9];
    for (int a = 0; a < 9; a++) rest[a] = g->cell[a] / (double)g->bins[a / 3], v[a] = 0.0;
    for (int axis = 0; axis < 3; axis++) {
        double *e = rest + 3 * axis, length = sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]), unit[3];
        for (int c = 0; c < 3; c++) unit[c] = e[c] / length;
        for (int a = axis; a < 3; a++) {
            double *r = rest + 3 * a, along = r[0] * unit[0] + r[1] * unit[1] + r[2] * unit[2];
            v[3 * a + axis] = along;
            for (int c = 0; c < 3; c++) r[c] -= along * unit[c];
        }
    }
}

/* No atoms of two bins at an offset are nearer than the root of this: the sum over axes of what an
   interval's points have at least. */
static double least_distance2(const double *v, const int64_t *offset) {
    double sum = 0.0;
    for (int axis = 0; axis < 3; axis++) {
        double middle = 0.0, half = 0.0;
        for (int a = 0; a <= 2; a++) {
            middle += (double)offset[a] * v[3 * a + axis];
            half += (1.0 + ROUNDING) * fabs(v[3 * a + axis]);
        }
        double least = fabs(middle) - half;
        if (least > 0.0) sum += least * least;
    }
    return sum;
}

static int64_t reach_of(const Grid *g, int a, double cutoff) {
    int64_t reach = (int64_t)ceil(cutoff / g->width[a] + ROUNDING);
    return !g->periodic[a] && reach >= g->bins[a] ? g->bins[a] - 1 : reach;
}

/* The rows that a ball around any atom of a bin may touch; 0 where memory is short. */
static int find_rows(const Grid *g, double cutoff, Rows *found) {
    double v[9];
    int64_t reach[3];
    bin_vectors(g, v);
    for (int a = 0; a < 3; a++) reach[a] = reach_of(g, a, cutoff);
    found->n = 0;
    found->rows = malloc(sizeof(Row) * (size_t)((reach[0] + 1) * (2 * reach[1] + 1)));
    if (!found->rows) return 0;
    for (int64_t i = 0; i <= reach[0]; i++) {
        for (int64_t j = i ? -reach[1] : 0; j <= reach[1]; j++) {
            Row row = {i, j, INT64_MAX, INT64_MIN};
            for (int64_t k = i || j ? -reach[2] : 0; k <= reach[2]; k++) {
                if (least_distance2(v, (int64_t[3]){i, j, k}) > cutoff * cutoff) continue;
                if (k < row.from) row.from = k;
                row.to = k;
            }
            if (row.from <= row.to) found->rows[found->n++] = row;
        }
    }
    return 1;
}

/* The pairs of one atom that wait to be counted. */
typedef struct {
    const Grid *grid;
    const int32_t *kinds;
    double cutoff2, scale;
    int64_t *counts; /* (n_kinds, bins) of the atom's kind */
    double *sums;    /* and their distances, or NULL */
    int32_t bins, n;
    double distances2[ROOM];
    int64_t places[ROOM];
} Pairs;

static void count_them(Pairs *pairs) {
    for (int32_t i = 0; i < pairs->n; i++) {
        int32_t other = pairs->kinds[pairs->grid->atoms[pairs->places[i]]];
        double distance = sqrt(pairs->distances2[i]);
        int bin = (int)(distance * pairs->scale);
        if (other < 0 || bin >= pairs->bins) continue;
        int64_t at = (int64_t)other * pairs->bins + bin;
        pairs->counts[at]++;
        if (pairs->sums) pairs->sums[at] += distance;
    }
    pairs->n = 0;
}

/* The atoms at the places first..last, moved by `shift`, seen from `here`. */
static void look_along(Pairs *pairs, int64_t first, int64_t last, const double *shift, const double *here) {
    double x = shift[0] - here[0], y = shift[1] - here[1], z = shift[2] - here[2];
    while (first < last) {
        int64_t stop = last - first > ROOM - pairs->n ? first + ROOM - pairs->n : last;
        int32_t n = pairs->n;
        for (const double *q = pairs->grid->points + 3 * first; first < stop; first++, q += 3) {
            double dx = q[0] + x, dy = q[1] + y, dz = q[2] + z;
            double d2 = dx * dx + dy * dy + dz * dz;
            pairs->distances2[n] = d2; /* without a branch: one in four is within the cut-off */
            pairs->places[n] = first;
            n += d2 <= pairs->cutoff2;
        }
        pairs->n = n;
        if (n == ROOM) count_them(pairs);
    }
}

/* A row of bins around the atom at `place`, in pieces where it leaves the cell and comes back. */
static void look_into_row(Pairs *pairs, int64_t place, const Row *row) {
    const Grid *g = pairs->grid;
    const int32_t *home = g->bin_of + 3 * place;
    int there = 1, own = !row->i && !row->j;
    double aside[3] = {0, 0, 0};
    int64_t a = brought_inside(g, 0, home[0] + row->i, aside, &there);
    int64_t b = brought_inside(g, 1, home[1] + row->j, aside, &there);
    if (!there) return;
    int64_t line = (a * g->bins[1] + b) * g->bins[2], n = g->bins[2];
    int64_t k = home[2] + row->from, last = home[2] + row->to;
    if (!g->periodic[2]) k = k < 0 ? 0 : k, last = last < n ? last : n - 1;
    while (k <= last) {
        double shift[3] = {aside[0], aside[1], aside[2]};
        int64_t c = brought_inside(g, 2, k, shift, &there);
        int64_t end = last - k < n - c ? c + last - k + 1 : n;
        int64_t first = own && k == home[2] ? place + 1 : g->first[line + c];
        look_along(pairs, first, g->first[line + end], shift, g->points + 3 * place);
        k += end - c;
    }
}

/* Add to counts (n_kinds, n_kinds, bins) the pairs up to `cutoff` by distance that the atoms at the places
   begin..end see first: kind of the atom, of the other; kind -1 takes no part. The whole of it plus its
   transpose is what all atoms see. Unless `sums` is NULL, it is the sum of the distances in each bin.
   Returns 0 where memory is short. */
EXPORT int32_t pair_moments(const Grid *grid, int64_t begin, int64_t end, double cutoff, int32_t bins,
                            const int32_t *kinds, int32_t n_kinds, int64_t *counts, double *sums) {
    Rows near;
    if (!find_rows(grid, cutoff, &near)) return 0;
    Pairs pairs = {.grid = grid, .kinds = kinds, .cutoff2 = cutoff * cutoff, .scale = bins / cutoff,
                   .bins = bins};
    for (int64_t place = begin; place < end; place++) {
        int32_t kind = kinds[grid->atoms[place]];
        if (kind < 0) continue;
        pairs.counts = counts + (int64_t)kind * n_kinds * bins;
        pairs.sums = sums ? sums + (int64_t)kind * n_kinds * bins : NULL;
        for (int64_t r = 0; r < near.n; r++) look_into_row(&pairs, place, near.rows + r);
        count_them(&pairs);
    }
    free(near.rows);
    return 1;
}

/* As pair_moments, without the sums. */
EXPORT int32_t pair_counts(const Grid *grid, int64_t begin, int64_t end, double cutoff, int32_t bins,
                           const int32_t *kinds, int32_t n_kinds, int64_t *counts) {
    return pair_moments(grid, begin, end, cutoff, bins, kinds, n_kinds, counts, NULL);
}
