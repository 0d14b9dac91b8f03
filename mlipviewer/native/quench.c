/* Thermal noise taken out of positions: a descent (FIRE) in a plain soft potential, without knowing the
   material. In units of length L and of the height of the repulsion:

       E = sum over pairs of exp(-r^2 / 2 s^2) - cohesion exp(-r^2 / 2 w^2)  +  stiffness / 2 sum (d_i - d_i0)^2

   with s = 0.4 L, w = sqrt(3) s, and d_i = sum over j of exp(-r_ij^2 / 2 w^2), the density around an atom, that
   is held near what it was, so that free surfaces and loose parts stay what they are. */

#include "nearest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

EXPORT void grid_free(Grid *grid); /* of nearest.c */
EXPORT Grid *grid_make(const double *positions, int64_t n, const double *cell, const double *origin,
                       const int32_t *periodic, int32_t k);

static const double WIDTH = 0.4, REACH = 2.3, SKIN = 0.2, FARTHEST_STEP = 0.1;

typedef struct {
    double shift[3]; /* what brings atom b to the image that is meant */
    int32_t a, b;
} Pair;

typedef struct {
    int64_t n;
    const double *cell;
    const int32_t *periodic;
    double length, cohesion, stiffness;
    Pair *pairs;
    int64_t n_pairs, room;
    double *listed;      /* (n, 3) where atoms were when pairs were listed */
    double *wide;        /* of each pair, exp(-r^2 / 2 w^2); 0 beyond reach */
    double *density, *first;
} Soft;

static int list_pairs(Soft *p, const double *x) {
    double origin[3] = {0.0, 0.0, 0.0};
    Grid *grid = grid_make(x, p->n, p->cell, origin, p->periodic, 50);
    if (!grid) return 0;
    Nears near = {NULL, 0, 0};
    int whole = 1;
    p->n_pairs = 0;
    for (int64_t place = 0; whole && place < p->n; place++) {
        int64_t a = grid_atom(grid, place);
        whole = nears_within(&near, grid, place, (REACH + SKIN) * p->length);
        if (whole && p->n_pairs + near.n > p->room) {
            int64_t room = 2 * (p->n_pairs + near.n);
            Pair *pairs = realloc(p->pairs, sizeof(Pair) * (size_t)room);
            if (pairs) p->pairs = pairs;
            double *wide = realloc(p->wide, sizeof(double) * (size_t)room);
            if (wide) p->wide = wide;
            whole = pairs && wide;
            p->room = whole ? room : p->room;
        }
        for (int64_t k = 0; whole && k < near.n; k++) {
            int64_t b = near.found[k].atom;
            if (b <= a) continue; /* each pair once; its own images do not push an atom */
            Pair *pair = p->pairs + p->n_pairs++;
            pair->a = (int32_t)a;
            pair->b = (int32_t)b;
            for (int c = 0; c < 3; c++) pair->shift[c] = near.found[k].vector[c] - (x[3 * b + c] - x[3 * a + c]);
        }
    }
    memcpy(p->listed, x, sizeof(double) * 3 * (size_t)p->n);
    free(near.found);
    grid_free(grid);
    return whole;
}

static int pairs_are_old(const Soft *p, const double *x) {
    double most = 0.0, limit = 0.5 * SKIN * p->length;
    for (int64_t i = 0; i < p->n; i++) {
        double d2 = 0.0;
        for (int c = 0; c < 3; c++) d2 += (x[3 * i + c] - p->listed[3 * i + c]) * (x[3 * i + c] - p->listed[3 * i + c]);
        if (d2 > most) most = d2;
    }
    return most > limit * limit;
}

/* Forces (n, 3) in units of length times stiffness of a bond, so that a step of time 1 is a long one. */
static void push(Soft *p, const double *x, double *force) {
    double s2 = WIDTH * p->length * WIDTH * p->length, w2 = 3.0 * s2;
    double reach2 = REACH * p->length * REACH * p->length, scale = s2 / 0.12;
    memset(p->density, 0, sizeof(double) * (size_t)p->n);
    memset(force, 0, sizeof(double) * 3 * (size_t)p->n);
    for (int64_t k = 0; k < p->n_pairs; k++) {
        const Pair *pair = p->pairs + k;
        double r2 = 0.0;
        for (int c = 0; c < 3; c++) {
            double v = x[3 * (int64_t)pair->b + c] - x[3 * (int64_t)pair->a + c] + pair->shift[c];
            r2 += v * v;
        }
        p->wide[k] = r2 < reach2 ? exp(-r2 / (2.0 * w2)) : 0.0;
        p->density[pair->a] += p->wide[k];
        p->density[pair->b] += p->wide[k];
    }
    if (p->first[0] < 0.0) memcpy(p->first, p->density, sizeof(double) * (size_t)p->n);
    for (int64_t k = 0; k < p->n_pairs; k++) {
        const Pair *pair = p->pairs + k;
        double wide = p->wide[k], narrow = wide * wide * wide;
        double held = p->stiffness *
                      (p->density[pair->a] - p->first[pair->a] + p->density[pair->b] - p->first[pair->b]);
        double apart = scale * (narrow / s2 + (held - p->cohesion) * wide / w2);
        for (int c = 0; c < 3; c++) {
            double v = x[3 * (int64_t)pair->b + c] - x[3 * (int64_t)pair->a + c] + pair->shift[c];
            force[3 * (int64_t)pair->b + c] += apart * v;
            force[3 * (int64_t)pair->a + c] -= apart * v;
        }
    }
}

static double longest(const double *vectors, int64_t n) {
    double most = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double d2 = vectors[3 * i] * vectors[3 * i] + vectors[3 * i + 1] * vectors[3 * i + 1] +
                    vectors[3 * i + 2] * vectors[3 * i + 2];
        if (d2 > most) most = d2;
    }
    return sqrt(most);
}

typedef struct {
    double step, mix;
    int downhill;
} Fire;

/* Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006). */
static void speed_up(Fire *fire, double *speed, const double *force, int64_t n) {
    double power = 0.0, ff = 0.0, vv = 0.0;
    for (int64_t k = 0; k < 3 * n; k++) {
        power += force[k] * speed[k];
        ff += force[k] * force[k];
        vv += speed[k] * speed[k];
    }
    if (power > 0.0) {
        double turn = fire->mix * sqrt(vv / ff);
        for (int64_t k = 0; k < 3 * n; k++) speed[k] = (1.0 - fire->mix) * speed[k] + turn * force[k];
        if (++fire->downhill > 5) {
            fire->step = fmin(1.1 * fire->step, 1.0);
            fire->mix *= 0.99;
        }
    } else {
        memset(speed, 0, sizeof(double) * 3 * (size_t)n);
        fire->step *= 0.5;
        fire->mix = 0.1;
        fire->downhill = 0;
    }
    for (int64_t k = 0; k < 3 * n; k++) speed[k] += fire->step * force[k];
}

static int descend(Soft *p, double *x, double *speed, double *force, int32_t steps, double tolerance) {
    Fire fire = {0.1, 0.1, 0};
    int done = 0;
    for (; done < steps; done++) {
        if ((done == 0 || pairs_are_old(p, x)) && !list_pairs(p, x)) return -1;
        push(p, x, force);
        if (longest(force, p->n) <= tolerance * p->length) break;
        speed_up(&fire, speed, force, p->n);
        double most = fire.step * longest(speed, p->n), limit = FARTHEST_STEP * p->length;
        double part = fire.step * (most > limit ? limit / most : 1.0);
        for (int64_t k = 0; k < 3 * p->n; k++) x[k] += part * speed[k];
    }
    return done;
}

/* Moves positions (n, 3) in place, in at most `steps`; `length` is the cube root of the volume of an atom.
   Returns the number of steps, -1 where memory is short. */
EXPORT int32_t quench_positions(double *positions, int64_t n, const double *cell, const int32_t *periodic,
                                double length, double cohesion, double stiffness, int32_t steps,
                                double tolerance) {
    size_t one = sizeof(double) * (size_t)(n > 0 ? n : 1);
    double *speed = calloc(3, one), *force = malloc(3 * one);
    Soft p = {n, cell, periodic, length, cohesion, stiffness, NULL, 0, 0, malloc(3 * one), NULL, malloc(one),
              malloc(one)};
    int32_t done = -1;
    if (speed && force && p.listed && p.density && p.first) {
        p.first[0] = -1.0;
        done = n > 0 ? descend(&p, positions, speed, force, steps, tolerance) : 0;
    }
    free(speed);
    free(force);
    free(p.listed);
    free(p.density);
    free(p.first);
    free(p.pairs);
    free(p.wide);
    return done;
}
