/* The Voronoi cell of one atom. */
#ifndef MLIPVIEWER_VORONOI_H
#define MLIPVIEWER_VORONOI_H

#include "nearest.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MOST_FACES = 96, MOST_CORNERS = 48 };

typedef struct {
    int32_t atom; /* whose face it is; -1: of the box that the cell started from */
    int n;
    double vector[3]; /* to the atom, A */
    double area;      /* A^2 */
    double far2;      /* A^2, of the corner farthest from the atom in the cell */
    double corners[MOST_CORNERS][3];
} Face;

typedef struct {
    int n_faces;
    int open; /* the cell is not closed by atoms */
    double volume; /* A^3, NaN for an open cell */
    Face faces[MOST_FACES];
} Voronoi;

/* The cell of the atom at `place`; `list` is room for its neighbours. 0 where memory is short. */
int voronoi_cell(const Grid *grid, int64_t place, Nears *list, Voronoi *cell);

#ifdef __cplusplus
}
#endif
#endif
