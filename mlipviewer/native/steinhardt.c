/* Bond order parameters: Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784 (1983), averaged
   after Lechner and Dellago, J. Chem. Phys. 129, 114707 (2008), for l = 4, 6, 8. */

#include "nearest.h"
#include "voronoi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define MOST 8
#define SUMS 42 /* re and im of q_lm for m = 0..l of l = 4, 6, 8 */
static const int ORDERS[3] = {4, 6, 8};
static const int STARTS[3] = {0, 10, 24};
static const double PI = 3.141592653589793;

typedef struct {
    double first[MOST + 1];           /* of l = m */
    double a[MOST + 1][MOST + 1], b[MOST + 1][MOST + 1];
} Recurrence;

static void prepare(Recurrence *r) {
    r->first[0] = sqrt(1.0 / (4.0 * PI));
    for (int m = 1; m <= MOST; m++) r->first[m] = r->first[m - 1] * sqrt((2.0 * m + 1.0) / (2.0 * m));
    for (int l = 1; l <= MOST; l++) {
        for (int m = 0; m < l; m++) {
            double below = l - 1.0;
            r->a[l][m] = sqrt((4.0 * l * l - 1.0) / ((double)l * l - (double)m * m));
            r->b[l][m] = sqrt((below * below - (double)m * m) / (4.0 * below * below - 1.0));
        }
    }
}

/* Add weight * Y_lm of a direction (the phase of Condon and Shortley left out: nothing depends on it). */
static void add_harmonics(const Recurrence *r, const double *vector, double weight, double *sums) {
    double d = sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
    if (!(d > 0.0)) return;
    double x = vector[0] / d, y = vector[1] / d, z = vector[2] / d;
    double re = weight, im = 0.0; /* weight (x + iy)^m */
    for (int m = 0; m <= MOST; m++) {
        double before = 0.0, value = r->first[m];
        for (int l = m; l <= MOST; l++) {
            if (l > m) {
                double next = r->a[l][m] * (z * value - (l > m + 1 ? r->b[l][m] * before : 0.0));
                before = value;
                value = next;
            }
            if (l >= 4 && l % 2 == 0) {
                double *sum = sums + STARTS[l / 2 - 2] + 2 * m;
                sum[0] += value * re;
                sum[1] += value * im;
            }
        }
        double turned = re * x - im * y;
        im = re * y + im * x;
        re = turned;
    }
}

/* How the neighbours of an atom are found: by number, by distance, or by faces of Voronoi cells. */
typedef struct {
    int32_t k;
    double cutoff;
    int32_t by_faces;
} Choice;

static int neighbours_of(const Grid *grid, int64_t place, const Choice *by, Nears *list, Voronoi *cell) {
    if (by->by_faces) return voronoi_cell(grid, place, list, cell);
    if (by->cutoff > 0.0) return nears_within(list, grid, place, by->cutoff);
    return nears_nearest(list, grid, place, by->k);
}

/* sums (n, 42): the mean q_lm of each atom at the places begin..end, NaN without neighbours. Returns 0
   where memory is short. */
EXPORT int32_t steinhardt_sums(const Grid *grid, int64_t begin, int64_t end, int32_t k, double cutoff,
                               int32_t by_faces, float *sums) {
    Choice by = {k, cutoff, by_faces};
    Recurrence r;
    Nears list = {NULL, 0, 0};
    Voronoi *cell = by_faces ? malloc(sizeof(Voronoi)) : NULL;
    int whole = !by_faces || cell;
    prepare(&r);
    for (int64_t place = begin; whole && place < end; place++) {
        double sum[SUMS] = {0}, total = 0.0;
        whole = neighbours_of(grid, place, &by, &list, cell);
        int64_t n = by_faces ? cell->n_faces : list.n;
        for (int64_t i = 0; whole && i < n; i++) {
            const Face *face = by_faces ? cell->faces + i : NULL;
            if (face && face->atom < 0) continue;
            double weight = face ? face->area : 1.0;
            add_harmonics(&r, face ? face->vector : list.found[i].vector, weight, sum);
            total += weight;
        }
        float *out = sums + SUMS * (int64_t)grid_atom(grid, place);
        for (int i = 0; i < SUMS; i++) out[i] = (float)(total > 0.0 ? sum[i] / total : NAN);
    }
    free(list.found);
    free(cell);
    return whole;
}

/* means (n, 42): of sums over each atom and its neighbours. Returns 0 where memory is short. */
EXPORT int32_t steinhardt_means(const Grid *grid, int64_t begin, int64_t end, int32_t k, double cutoff,
                                int32_t by_faces, const float *sums, float *means) {
    Choice by = {k, cutoff, by_faces};
    Nears list = {NULL, 0, 0};
    Voronoi *cell = by_faces ? malloc(sizeof(Voronoi)) : NULL;
    int whole = !by_faces || cell;
    for (int64_t place = begin; whole && place < end; place++) {
        int64_t atom = grid_atom(grid, place), counted = 1;
        double sum[SUMS];
        for (int c = 0; c < SUMS; c++) sum[c] = sums[SUMS * atom + c];
        whole = neighbours_of(grid, place, &by, &list, cell);
        int64_t n = by_faces ? cell->n_faces : list.n;
        for (int64_t i = 0; whole && i < n; i++) {
            int64_t other = by_faces ? cell->faces[i].atom : list.found[i].atom;
            if (other < 0) continue;
            for (int c = 0; c < SUMS; c++) sum[c] += sums[SUMS * other + c];
            counted++;
        }
        for (int c = 0; c < SUMS; c++) means[SUMS * atom + c] = (float)(sum[c] / (double)counted);
    }
    free(list.found);
    free(cell);
    return whole;
}

/* re, im of q_lm for m of any sign. */
static void part(const double *q, int m, double *re, double *im) {
    int a = abs(m);
    double sign = m < 0 && a % 2 ? -1.0 : 1.0;
    *re = sign * q[2 * a];
    *im = m < 0 ? -sign * q[2 * a + 1] : q[2 * a + 1];
}

static double third_order(const double *q, int l, const double *symbols) {
    double sum = 0.0;
    for (int m = -l; m <= l; m++) {
        double ar, ai;
        part(q, m, &ar, &ai);
        for (int n = -l; n <= l; n++) {
            double symbol = symbols[(m + l) * (2 * l + 1) + n + l], br, bi, cr, ci;
            if (symbol == 0.0) continue;
            part(q, n, &br, &bi);
            part(q, -m - n, &cr, &ci);
            sum += symbol * ((ar * br - ai * bi) * cr - (ar * bi + ai * br) * ci);
        }
    }
    return sum;
}

/* q, w (n, 3) of rows begin..end of sums (n, 42), for l = 4, 6, 8; w is normalised. `symbols`: Wigner's
   3j for (m, n, -m-n), (2l+1) x (2l+1) for each l in turn. */
EXPORT void steinhardt_invariants(const float *sums, int64_t begin, int64_t end, const double *symbols,
                                  float *q, float *w) {
    for (int64_t row = begin; row < end; row++) {
        const double *own = symbols;
        for (int i = 0; i < 3; i++) {
            int l = ORDERS[i];
            double parts[2 * (MOST + 1)], norm = 0.0;
            for (int c = 0; c < 2 * (l + 1); c++) {
                parts[c] = sums[SUMS * row + STARTS[i] + c];
                norm += (c < 2 ? 1.0 : 2.0) * parts[c] * parts[c];
            }
            q[3 * row + i] = (float)sqrt(4.0 * PI / (2.0 * l + 1.0) * norm);
            w[3 * row + i] = (float)(third_order(parts, l, own) / (norm * sqrt(norm)));
            own += (2 * l + 1) * (2 * l + 1);
        }
    }
}
