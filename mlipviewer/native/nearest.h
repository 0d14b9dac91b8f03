/* Atoms sorted into bins of a (periodic) cell, to find the nearest of each. */
#ifndef MLIPVIEWER_NEAREST_H
#define MLIPVIEWER_NEAREST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Grid Grid;

typedef struct {
    double distance2;
    double vector[3]; /* from the atom to its neighbour, A */
    int32_t atom;
} Near;

/* The atom that stands at `place` of the bins' order: neighbours in that order are near in memory. */
int32_t grid_atom(const Grid *grid, int64_t place);

/* The place of an atom in the bins' order. */
int64_t grid_place(const Grid *grid, int64_t atom);

/* Up to k nearest neighbours of the atom at `place`, sorted by distance; returns their number. */
int grid_nearest(const Grid *grid, int64_t place, int k, Near *found);

#ifdef __cplusplus
}
#endif
#endif
