/* Nearest neighbours in a periodic cell of any shape: atoms in bins, bins searched shell by shell. */

#include "grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

static double cross_norm(const double *a, const double *b) {
    double x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2], z = a[0] * b[1] - a[1] * b[0];
    return sqrt(x * x + y * y + z * z);
}

static double volume_of(const double *m) {
    return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
           m[2] * (m[3] * m[7] - m[4] * m[6]);
}

static void invert(const double *m, double volume, double *out) {
    double f = 1.0 / volume;
    out[0] = (m[4] * m[8] - m[5] * m[7]) * f;
    out[1] = (m[2] * m[7] - m[1] * m[8]) * f;
    out[2] = (m[1] * m[5] - m[2] * m[4]) * f;
    out[3] = (m[5] * m[6] - m[3] * m[8]) * f;
    out[4] = (m[0] * m[8] - m[2] * m[6]) * f;
    out[5] = (m[2] * m[3] - m[0] * m[5]) * f;
    out[6] = (m[3] * m[7] - m[4] * m[6]) * f;
    out[7] = (m[1] * m[6] - m[0] * m[7]) * f;
    out[8] = (m[0] * m[4] - m[1] * m[3]) * f;
}

/* Fractional coordinates of a position. */
static void fractions(const double *inverse, const double *origin, const double *p, double *s) {
    double x = p[0] - origin[0], y = p[1] - origin[1], z = p[2] - origin[2];
    for (int a = 0; a < 3; a++) s[a] = x * inverse[a] + y * inverse[3 + a] + z * inverse[6 + a];
}

/* Along open directions the cell is stretched to hold all atoms. */
static void stretch(Grid *g, const double *positions, double *origin, const double *inverse) {
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY}, s[3];
    double corner[3] = {origin[0], origin[1], origin[2]};
    for (int64_t i = 0; i < g->n; i++) {
        fractions(inverse, corner, positions + 3 * i, s);
        for (int a = 0; a < 3; a++) {
            if (s[a] < low[a]) low[a] = s[a];
            if (s[a] > high[a]) high[a] = s[a];
        }
    }
    for (int a = 0; a < 3; a++) {
        if (g->periodic[a]) continue;
        double length = sqrt(g->cell[3 * a] * g->cell[3 * a] + g->cell[3 * a + 1] * g->cell[3 * a + 1] +
                             g->cell[3 * a + 2] * g->cell[3 * a + 2]);
        double range = high[a] - low[a] + 1e-3 / length;
        for (int c = 0; c < 3; c++) origin[c] += (low[a] - 0.5e-3 / length) * g->cell[3 * a + c];
        for (int c = 0; c < 3; c++) g->cell[3 * a + c] *= range;
    }
}

static void choose_bins(Grid *g, double volume, double wanted) {
    double most = 2.0 * (double)g->n + 64.0, product;
    do {
        product = 1.0;
        for (int a = 0; a < 3; a++) {
            double height = volume / cross_norm(g->cell + 3 * ((a + 1) % 3), g->cell + 3 * ((a + 2) % 3));
            double count = floor(height / wanted);
            g->bins[a] = count < 1.0 ? 1 : count > 1e6 ? 1000000 : (int64_t)count;
            product *= (double)g->bins[a];
            g->width[a] = height / (double)g->bins[a];
        }
        wanted *= 1.3;
    } while (product > most);
}

static int64_t bin_number(const Grid *g, const int32_t *bin) {
    return ((int64_t)bin[0] * g->bins[1] + bin[1]) * g->bins[2] + bin[2];
}

/* The wrapped position of each atom and its bin. */
static void wrap(Grid *g, const double *positions, const double *origin, const double *inverse,
                 double *points, int32_t *bins) {
    for (int64_t i = 0; i < g->n; i++) {
        double s[3];
        fractions(inverse, origin, positions + 3 * i, s);
        memcpy(points + 3 * i, positions + 3 * i, 3 * sizeof(double));
        for (int a = 0; a < 3; a++) {
            double turns = g->periodic[a] ? floor(s[a]) : 0.0;
            for (int c = 0; c < 3; c++) points[3 * i + c] -= turns * g->cell[3 * a + c];
            int64_t bin = (int64_t)((s[a] - turns) * (double)g->bins[a]);
            bins[3 * i + a] = (int32_t)(bin < 0 ? 0 : bin >= g->bins[a] ? g->bins[a] - 1 : bin);
        }
    }
}

static int sort_into_bins(Grid *g, const double *positions, const double *origin, const double *inverse) {
    int64_t n_bins = g->bins[0] * g->bins[1] * g->bins[2];
    double *points = malloc(sizeof(double) * 3 * (size_t)g->n);
    int32_t *bins = malloc(sizeof(int32_t) * 3 * (size_t)g->n);
    g->first = calloc((size_t)n_bins + 1, sizeof(int64_t));
    g->atoms = malloc(sizeof(int32_t) * (size_t)g->n);
    g->places = malloc(sizeof(int64_t) * (size_t)g->n);
    g->points = malloc(sizeof(double) * 3 * (size_t)g->n);
    g->bin_of = malloc(sizeof(int32_t) * 3 * (size_t)g->n);
    int whole = points && bins && g->first && g->atoms && g->places && g->points && g->bin_of;
    if (whole) {
        wrap(g, positions, origin, inverse, points, bins);
        for (int64_t i = 0; i < g->n; i++) g->first[bin_number(g, bins + 3 * i) + 1]++;
        for (int64_t b = 0; b < n_bins; b++) g->first[b + 1] += g->first[b];
        for (int64_t i = 0; i < g->n; i++) {
            int64_t place = g->first[bin_number(g, bins + 3 * i)]++;
            g->atoms[place] = (int32_t)i;
            g->places[i] = place;
            memcpy(g->points + 3 * place, points + 3 * i, 3 * sizeof(double));
            memcpy(g->bin_of + 3 * place, bins + 3 * i, 3 * sizeof(int32_t));
        }
        memmove(g->first + 1, g->first, sizeof(int64_t) * (size_t)n_bins);
        g->first[0] = 0;
    }
    free(points);
    free(bins);
    return whole;
}

EXPORT void grid_free(Grid *g) {
    if (!g) return;
    free(g->first);
    free(g->atoms);
    free(g->places);
    free(g->points);
    free(g->bin_of);
    free(g);
}

/* positions (n, 3) finite, cell (3, 3) of positive volume; about k neighbours will be asked for.
   NULL where memory is short. */
EXPORT Grid *grid_make(const double *positions, int64_t n, const double *cell, const double *origin,
                       const int32_t *periodic, int32_t k) {
    Grid *g = calloc(1, sizeof(Grid));
    if (!g) return NULL;
    double corner[3], inverse[9];
    g->n = n;
    memcpy(g->cell, cell, sizeof g->cell);
    memcpy(corner, origin, sizeof corner);
    for (int a = 0; a < 3; a++) g->periodic[a] = periodic[a];
    invert(g->cell, volume_of(g->cell), inverse);
    stretch(g, positions, corner, inverse);
    double volume = volume_of(g->cell);
    invert(g->cell, volume, inverse);
    volume = fabs(volume);
    double reach = cbrt(3.0 * k * volume / (4.0 * 3.141592653589793 * (double)(n > 0 ? n : 1)));
    choose_bins(g, volume, 0.6 * reach);
    if (!sort_into_bins(g, positions, corner, inverse)) {
        grid_free(g);
        return NULL;
    }
    return g;
}

int32_t grid_atom(const Grid *g, int64_t place) { return g->atoms[place]; }

int64_t grid_place(const Grid *g, int64_t atom) { return g->places[atom]; }

typedef struct {
    const Grid *grid;
    int64_t place;
    int k, n;
    Near *found;
} Search;

static void look_into(Search *s, int64_t bin, const double *shift) {
    const Grid *g = s->grid;
    const double *here = g->points + 3 * s->place;
    double x = shift[0] - here[0], y = shift[1] - here[1], z = shift[2] - here[2];
    int home = shift[0] == 0.0 && shift[1] == 0.0 && shift[2] == 0.0;
    for (int64_t p = g->first[bin]; p < g->first[bin + 1]; p++) {
        const double *q = g->points + 3 * p;
        double dx = q[0] + x, dy = q[1] + y, dz = q[2] + z;
        double d2 = dx * dx + dy * dy + dz * dz;
        if ((s->n == s->k && d2 >= s->found[s->n - 1].distance2) || (home && p == s->place)) continue;
        int at = s->n < s->k ? s->n++ : s->k - 1;
        for (; at > 0 && s->found[at - 1].distance2 > d2; at--) s->found[at] = s->found[at - 1];
        s->found[at] = (Near){d2, {dx, dy, dz}, g->atoms[p]};
    }
}

static void look_into_shell(Search *s, int64_t reach) {
    const Grid *g = s->grid;
    const int32_t *home = g->bin_of + 3 * s->place;
    for (int64_t i = -reach; i <= reach; i++) {
        for (int64_t j = -reach; j <= reach; j++) {
            int64_t step = llabs(i) == reach || llabs(j) == reach || reach == 0 ? 1 : 2 * reach;
            for (int64_t k = -reach; k <= reach; k += step) {
                int there = 1;
                double shift[3] = {0, 0, 0};
                int64_t a = brought_inside(g, 0, home[0] + i, shift, &there);
                int64_t b = brought_inside(g, 1, home[1] + j, shift, &there);
                int64_t c = brought_inside(g, 2, home[2] + k, shift, &there);
                if (there) look_into(s, (a * g->bins[1] + b) * g->bins[2] + c, shift);
            }
        }
    }
}

static int64_t farthest_shell(const Grid *g) {
    int64_t most = 0;
    for (int a = 0; a < 3; a++) {
        if (g->periodic[a]) return INT64_MAX;
        if (g->bins[a] > most) most = g->bins[a];
    }
    return most;
}

/* All atoms nearer than this have been seen: beyond the grid, open directions hold none. */
static double seen_within(const Grid *g, int64_t reach) {
    double least = INFINITY;
    for (int a = 0; a < 3; a++) {
        if (!g->periodic[a] && reach >= g->bins[a]) continue;
        if ((double)reach * g->width[a] < least) least = (double)reach * g->width[a];
    }
    return least;
}

int grid_nearest(const Grid *g, int64_t place, int k, Near *found) {
    Search s = {g, place, k, 0, found};
    int64_t last = farthest_shell(g);
    for (int64_t reach = 0; reach <= last; reach++) {
        look_into_shell(&s, reach);
        double sure = seen_within(g, reach);
        if (s.n == k && found[k - 1].distance2 <= sure * sure) break;
    }
    return s.n;
}

typedef struct {
    double cutoff2;
    int64_t n, room;
    Near *found;
} Ball;

static void look_within(Ball *ball, const Grid *g, int64_t place, int64_t bin, const double *shift) {
    const double *here = g->points + 3 * place;
    double x = shift[0] - here[0], y = shift[1] - here[1], z = shift[2] - here[2];
    int home = shift[0] == 0.0 && shift[1] == 0.0 && shift[2] == 0.0;
    for (int64_t p = g->first[bin]; p < g->first[bin + 1]; p++) {
        const double *q = g->points + 3 * p;
        double dx = q[0] + x, dy = q[1] + y, dz = q[2] + z;
        double d2 = dx * dx + dy * dy + dz * dz;
        if (d2 > ball->cutoff2 || (home && p == place)) continue;
        if (ball->n < ball->room) ball->found[ball->n] = (Near){d2, {dx, dy, dz}, g->atoms[p]};
        ball->n++;
    }
}

/* The first and last bin of direction a that a ball around a bin may touch. */
static void range_of(const Grid *g, int a, int64_t home, double cutoff, int64_t *ends) {
    int64_t reach = (int64_t)ceil(cutoff / g->width[a]);
    ends[0] = home - reach, ends[1] = home + reach;
    if (g->periodic[a]) return;
    if (ends[0] < 0) ends[0] = 0;
    if (ends[1] >= g->bins[a]) ends[1] = g->bins[a] - 1;
}

int64_t grid_within(const Grid *g, int64_t place, double cutoff, Near *found, int64_t room) {
    Ball ball = {cutoff * cutoff, 0, room, found};
    const int32_t *home = g->bin_of + 3 * place;
    int64_t ends[3][2];
    for (int a = 0; a < 3; a++) range_of(g, a, home[a], cutoff, ends[a]);
    for (int64_t i = ends[0][0]; i <= ends[0][1]; i++) {
        for (int64_t j = ends[1][0]; j <= ends[1][1]; j++) {
            for (int64_t k = ends[2][0]; k <= ends[2][1]; k++) {
                int there = 1;
                double shift[3] = {0, 0, 0};
                int64_t a = brought_inside(g, 0, i, shift, &there);
                int64_t b = brought_inside(g, 1, j, shift, &there);
                int64_t c = brought_inside(g, 2, k, shift, &there);
                look_within(&ball, g, place, (a * g->bins[1] + b) * g->bins[2] + c, shift);
            }
        }
    }
    return ball.n;
}

static int make_room(Nears *list, int64_t wanted) {
    if (wanted <= list->room) return 1;
    Near *larger = realloc(list->found, sizeof(Near) * (size_t)(wanted + wanted / 2 + 32));
    if (!larger) return 0;
    list->found = larger;
    list->room = wanted + wanted / 2 + 32;
    return 1;
}

int nears_within(Nears *list, const Grid *grid, int64_t place, double cutoff) {
    list->n = grid_within(grid, place, cutoff, list->found, list->room);
    if (list->n <= list->room) return 1;
    if (!make_room(list, list->n)) return 0;
    list->n = grid_within(grid, place, cutoff, list->found, list->room);
    return 1;
}

int nears_nearest(Nears *list, const Grid *grid, int64_t place, int k) {
    if (!make_room(list, k)) return 0;
    list->n = grid_nearest(grid, place, k, list->found);
    return 1;
}

/* For the places begin..end: indices (n, k) of the nearest atoms (-1 for none), vectors (n, k, 3) in
   A; rows are by atom. */
EXPORT void grid_nearest_all(const Grid *g, int64_t begin, int64_t end, int32_t k, int32_t *indices,
                             float *vectors) {
    Near *found = malloc(sizeof(Near) * (size_t)k);
    for (int64_t place = begin; found && place < end; place++) {
        int n = grid_nearest(g, place, k, found);
        int64_t row = g->atoms[place];
        for (int i = 0; i < k; i++) {
            indices[row * k + i] = i < n ? found[i].atom : -1;
            for (int c = 0; c < 3; c++)
                vectors[(row * k + i) * 3 + c] = i < n ? (float)found[i].vector[c] : 0.0f;
        }
    }
    free(found);
}
