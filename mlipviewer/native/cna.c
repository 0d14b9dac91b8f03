/* Common neighbour analysis (Honeycutt & Andersen, J. Phys. Chem. 91, 4950 (1987)), with a cut-off
   of the atom's own (adaptive: Stukowski, Modelling Simul. Mater. Sci. Eng. 20, 045021 (2012)) or
   one for all; and the centro-symmetry parameter (Kelchner et al., Phys. Rev. B 58, 11085 (1998)). */

#include "nearest.h"

#include <math.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

enum { OTHER, FCC, HCP, BCC, ICO };

#define MOST 16 /* neighbours that are looked at */
static const double HALFWAY = 1.2071067811865475; /* (1 + sqrt 2) / 2 */

static int bits(uint32_t word) {
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_popcount(word);
#else
    int n = 0;
    for (; word; word &= word - 1) n++;
    return n;
#endif
}

/* Which of the first n neighbours are nearer to each other than the cut-off. */
static void bonds_between(const Near *near, int n, double cutoff2, uint32_t *bonds) {
    memset(bonds, 0, sizeof(uint32_t) * (size_t)n);
    for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
            double x = near[i].vector[0] - near[j].vector[0], y = near[i].vector[1] - near[j].vector[1],
                   z = near[i].vector[2] - near[j].vector[2];
            if (x * x + y * y + z * z <= cutoff2) {
                bonds[i] |= 1u << j;
                bonds[j] |= 1u << i;
            }
        }
    }
}

/* The number of bonds in the largest connected group of the members. */
static int longest_chain(uint32_t members, const uint32_t *bonds) {
    int most = 0;
    while (members) {
        uint32_t group = members & (~members + 1u), edge = group;
        while (edge) { /* grow by the bonds of the newest */
            uint32_t next = 0;
            for (int i = 0; i < MOST; i++)
                if (edge >> i & 1u) next |= bonds[i] & members;
            edge = next & ~group;
            group |= next;
        }
        int ends = 0;
        for (int i = 0; i < MOST; i++)
            if (group >> i & 1u) ends += bits(bonds[i] & group);
        if (ends / 2 > most) most = ends / 2;
        members &= ~group;
    }
    return most;
}

/* (common neighbours, bonds between them, longest chain) as a number of three digits. */
static int signature(int i, int n, const uint32_t *bonds) {
    uint32_t common = bonds[i];
    int ends = 0;
    for (int j = 0; j < n; j++)
        if (common >> j & 1u) ends += bits(bonds[j] & common);
    return 100 * bits(common) + 10 * (ends / 2) + longest_chain(common, bonds);
}

static int of_twelve(const uint32_t *bonds) {
    int n421 = 0, n422 = 0, n555 = 0;
    for (int i = 0; i < 12; i++) {
        switch (signature(i, 12, bonds)) {
        case 421: n421++; break;
        case 422: n422++; break;
        case 555: n555++; break;
        default: return OTHER;
        }
    }
    if (n421 == 12) return FCC;
    if (n421 == 6 && n422 == 6) return HCP;
    return n555 == 12 ? ICO : OTHER;
}

static int of_fourteen(const uint32_t *bonds) {
    int n444 = 0, n666 = 0;
    for (int i = 0; i < 14; i++) {
        switch (signature(i, 14, bonds)) {
        case 444: n444++; break;
        case 666: n666++; break;
        default: return OTHER;
        }
    }
    return n444 == 6 && n666 == 8 ? BCC : OTHER;
}

/* Whether the first m of the n neighbours alone lie within the cut-off. */
static int alone_within(const Near *near, int n, int m, double cutoff2) {
    return n >= m && near[m - 1].distance2 <= cutoff2 && (n == m || near[m].distance2 > cutoff2);
}

static int adaptive(const Near *near, int n) {
    uint32_t bonds[MOST];
    double sum = 0.0;
    if (n < 12) return OTHER;
    for (int i = 0; i < 12; i++) sum += sqrt(near[i].distance2);
    double cutoff = HALFWAY * sum / 12.0;
    bonds_between(near, 12, cutoff * cutoff, bonds);
    int type = of_twelve(bonds);
    if (type != OTHER) return type;
    if (n < 14) return OTHER;
    sum = 0.0;
    for (int i = 0; i < 8; i++) sum += 1.1547005383792517 * sqrt(near[i].distance2);
    for (int i = 8; i < 14; i++) sum += sqrt(near[i].distance2);
    cutoff = HALFWAY * sum / 14.0;
    bonds_between(near, 14, cutoff * cutoff, bonds);
    return of_fourteen(bonds);
}

static int fixed(const Near *near, int n, double cutoff2) {
    uint32_t bonds[MOST];
    if (alone_within(near, n, 12, cutoff2)) {
        bonds_between(near, 12, cutoff2, bonds);
        return of_twelve(bonds);
    }
    if (!alone_within(near, n, 14, cutoff2)) return OTHER;
    bonds_between(near, 14, cutoff2, bonds);
    return of_fourteen(bonds);
}

/* types (n) by atom for the places begin..end; adaptive where the cut-off is 0. */
EXPORT void cna_types(const Grid *grid, int64_t begin, int64_t end, double cutoff, uint8_t *types) {
    Near near[MOST];
    for (int64_t place = begin; place < end; place++) {
        int n = grid_nearest(grid, place, cutoff > 0.0 ? 15 : 14, near);
        int type = cutoff > 0.0 ? fixed(near, n, cutoff * cutoff) : adaptive(near, n);
        types[grid_atom(grid, place)] = (uint8_t)type;
    }
}

/* The k/2 smallest |r_i + r_j|^2 of all pairs of the k nearest, summed (A^2). */
static double centro_symmetry(const Near *near, int k) {
    double least[32];
    int wanted = k / 2, n = 0;
    for (int i = 0; i < k; i++) {
        for (int j = i + 1; j < k; j++) {
            double x = near[i].vector[0] + near[j].vector[0], y = near[i].vector[1] + near[j].vector[1],
                   z = near[i].vector[2] + near[j].vector[2];
            double value = x * x + y * y + z * z;
            if (n == wanted && value >= least[n - 1]) continue;
            int at = n < wanted ? n++ : wanted - 1;
            for (; at > 0 && least[at - 1] > value; at--) least[at] = least[at - 1];
            least[at] = value;
        }
    }
    double sum = 0.0;
    for (int i = 0; i < n; i++) sum += least[i];
    return sum;
}

/* values (n) by atom, NaN where there are fewer than k neighbours; k is even and at most 32. */
EXPORT void centro_symmetries(const Grid *grid, int64_t begin, int64_t end, int32_t k, float *values) {
    Near near[32];
    for (int64_t place = begin; place < end; place++) {
        int n = grid_nearest(grid, place, k, near);
        values[grid_atom(grid, place)] = n < k ? NAN : (float)centro_symmetry(near, k);
    }
}
