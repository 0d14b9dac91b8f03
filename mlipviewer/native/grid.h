/* What a grid is made of, for the loops over its bins. */
#ifndef MLIPVIEWER_GRID_H
#define MLIPVIEWER_GRID_H

#include "nearest.h"

struct Grid {
    int64_t n;
    int periodic[3];
    int64_t bins[3];
    double cell[9];  /* rows are vectors */
    double width[3]; /* the distance between opposite faces of a bin */
    int64_t *first;  /* of each bin, its first place; one more at the end */
    int32_t *atoms;  /* (n) the atom at each place */
    int64_t *places; /* (n) the place of each atom */
    double *points;  /* (n, 3) positions by place, wrapped along periodic directions */
    int32_t *bin_of; /* (n, 3) the bin of each place */
};

/* Bin number `b` of direction a, brought into the cell; 0 where there is none. Adds to `shift`. */
static inline int64_t brought_inside(const Grid *g, int a, int64_t b, double *shift, int *there) {
    int64_t turns = 0, n = g->bins[a];
    if (b < 0 || b >= n) {
        if (!g->periodic[a]) *there = 0;
        turns = b >= 0 ? b / n : -((n - 1 - b) / n);
    }
    for (int c = 0; c < 3; c++) shift[c] += (double)turns * g->cell[3 * a + c];
    return b - turns * n;
}

#endif
