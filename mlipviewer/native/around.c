/* What stands around atoms up to a distance: counts by kind, angle histograms, local entropy. */

#include "nearest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

static const double PI = 3.141592653589793;

/* counts (n, n_kinds) of the neighbours of each kind, by atom for the places begin..end; kind -1 is not
   counted. Returns 0 where memory is short. */
EXPORT int32_t around_counts(const Grid *grid, int64_t begin, int64_t end, double cutoff,
                             const int32_t *kinds, int32_t n_kinds, int32_t *counts) {
    Nears list = {NULL, 0, 0};
    int whole = 1;
    for (int64_t place = begin; whole && place < end; place++) {
        int32_t *own = counts + (int64_t)n_kinds * grid_atom(grid, place);
        memset(own, 0, sizeof(int32_t) * (size_t)n_kinds);
        whole = nears_within(&list, grid, place, cutoff);
        for (int64_t i = 0; whole && i < list.n; i++) {
            int32_t kind = kinds[list.found[i].atom];
            if (kind >= 0) own[kind]++;
        }
    }
    free(list.found);
    return whole;
}

/* Add to counts (bins over 0..180 degrees) the angles at atoms with centre[atom], between neighbours that
   are ends. Returns 0 where memory is short. */
EXPORT int32_t angle_counts(const Grid *grid, int64_t begin, int64_t end, double cutoff, int32_t bins,
                            const uint8_t *centre, const uint8_t *ends, int64_t *counts) {
    Nears list = {NULL, 0, 0};
    int whole = 1;
    for (int64_t place = begin; whole && place < end; place++) {
        if (!centre[grid_atom(grid, place)]) continue;
        whole = nears_within(&list, grid, place, cutoff);
        if (!whole) break;
        int64_t n = 0;
        for (int64_t i = 0; i < list.n; i++)
            if (ends[list.found[i].atom] && list.found[i].distance2 > 0.0) list.found[n++] = list.found[i];
        for (int64_t i = 0; i < n; i++) {
            const Near *a = list.found + i;
            for (int64_t j = i + 1; j < n; j++) {
                const Near *b = list.found + j;
                double product = a->vector[0] * b->vector[0] + a->vector[1] * b->vector[1] +
                                 a->vector[2] * b->vector[2];
                double c = product / sqrt(a->distance2 * b->distance2);
                int bin = (int)(acos(c > 1.0 ? 1.0 : c < -1.0 ? -1.0 : c) / PI * bins);
                counts[bin < bins ? bin : bins - 1]++;
            }
        }
    }
    free(list.found);
    return whole;
}

/* g(r) of one atom at the points r_i = i * step, as a sum of Gaussians without its factor. */
static void smear(const Nears *list, double sigma, double step, int points, double *g) {
    memset(g, 0, sizeof(double) * (size_t)points);
    int reach = (int)ceil(4.0 * sigma / step);
    for (int64_t j = 0; j < list->n; j++) {
        double r = sqrt(list->found[j].distance2);
        int middle = (int)lround(r / step);
        int low = middle > reach ? middle - reach : 0;
        int high = middle + reach < points - 1 ? middle + reach : points - 1;
        /* exp(-(x + step)^2 / 2s^2) from exp(-x^2 / 2s^2): two factors instead of one exp a point */
        double x = low * step - r, f = 1.0 / (2.0 * sigma * sigma);
        double value = exp(-x * x * f), ratio = exp(-(2.0 * x * step + step * step) * f);
        double bend = exp(-2.0 * step * step * f);
        for (int i = low; i <= high; i++) {
            g[i] += value;
            value *= ratio;
            ratio *= bend;
        }
    }
}

/* values (n) in k_B, by atom for the places begin..end: -2 pi rho int_0^cutoff (g ln g - g + 1) r^2 dr with
   neighbours smeared by sigma; rho in 1/A^3, 0: of the atom's own ball. Returns 0 where memory is short. */
EXPORT int32_t local_entropies(const Grid *grid, int64_t begin, int64_t end, double cutoff, double sigma,
                               double density, int32_t points, float *values) {
    Nears list = {NULL, 0, 0};
    double *g = malloc(sizeof(double) * (size_t)points), step = cutoff / (points - 1);
    int whole = g != NULL;
    for (int64_t place = begin; whole && place < end; place++) {
        whole = nears_within(&list, grid, place, cutoff + 4.0 * sigma);
        if (!whole) break;
        double rho = density, inside = 0.0, sum = 0.0;
        if (rho <= 0.0) {
            for (int64_t j = 0; j < list.n; j++) inside += list.found[j].distance2 <= cutoff * cutoff;
            rho = inside / (4.0 / 3.0 * PI * cutoff * cutoff * cutoff);
        }
        smear(&list, sigma, step, points, g);
        double factor = 1.0 / (4.0 * PI * rho * sqrt(2.0 * PI) * sigma);
        for (int i = 1; i < points; i++) {
            double r = i * step, own = factor * g[i] / (r * r);
            double inner = own > 1e-300 ? own * log(own) - own + 1.0 : 1.0;
            sum += (i == points - 1 ? 0.5 : 1.0) * inner * r * r;
        }
        values[grid_atom(grid, place)] = (float)(rho > 0.0 ? -2.0 * PI * rho * sum * step : NAN);
    }
    free(g);
    free(list.found);
    return whole;
}

/* means (n) of values over each atom and its neighbours, by atom for the places begin..end. Returns 0
   where memory is short. */
EXPORT int32_t local_means(const Grid *grid, int64_t begin, int64_t end, double cutoff, const float *values,
                           float *means) {
    Nears list = {NULL, 0, 0};
    int whole = 1;
    for (int64_t place = begin; whole && place < end; place++) {
        int64_t atom = grid_atom(grid, place);
        double sum = values[atom];
        whole = nears_within(&list, grid, place, cutoff);
        for (int64_t i = 0; whole && i < list.n; i++) sum += values[list.found[i].atom];
        means[atom] = (float)(sum / (double)(list.n + 1));
    }
    free(list.found);
    return whole;
}
