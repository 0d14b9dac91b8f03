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

/* All neighbours of the atom at `place` up to `cutoff` A, its own images among them, in no order. At
   most `room` are written; returns how many there are. */
int64_t grid_within(const Grid *grid, int64_t place, double cutoff, Near *found, int64_t room);

/* Neighbours in a list that grows as needed. */
typedef struct {
    Near *found;
    int64_t n, room;
} Nears;

/* As grid_within into a list; 0 where memory is short. */
int nears_within(Nears *list, const Grid *grid, int64_t place, double cutoff);

/* The k nearest into a list; 0 where memory is short. */
int nears_nearest(Nears *list, const Grid *grid, int64_t place, int k);

#ifdef __cplusplus
}
#endif
#endif
