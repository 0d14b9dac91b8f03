/* Where atoms are drawn: wrapped into the cell, cut by slabs, listed; a million in milliseconds. */
#include <math.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* Moves positions (n, 3) by whole vectors of the cell (3, 3) to parts 0..1 of those that repeat.
 * `inverse` is that of the cell. Positions that are not finite stay as they are. */
EXPORT void wrap_places(const double *positions, int64_t n, const double *cell, const double *inverse,
                        const double *origin, const uint8_t *repeats, double *places)
{
    for (int64_t i = 0; i < n; i++) {
        const double *p = positions + 3 * i;
        double *to = places + 3 * i;
        const double d[3] = {p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]};
        for (int k = 0; k < 3; k++)
            to[k] = p[k];
        if (!isfinite(d[0] + d[1] + d[2]))
            continue;
        for (int axis = 0; axis < 3; axis++) {
            if (!repeats[axis])
                continue;
            const double whole =
                floor(d[0] * inverse[axis] + d[1] * inverse[3 + axis] + d[2] * inverse[6 + axis]);
            for (int k = 0; k < 3 && whole != 0.0; k++)
                to[k] -= whole * cell[3 * axis + k];
        }
    }
}

/* Writes 1 to `kept` (n,) where a place, moved by `shift`, lies within all of m slabs: (m, 5) of a
 * direction and the least and greatest product with it. NaN lies in none. */
EXPORT void within_slabs(const double *places, int64_t n, const double *shift, const double *slabs,
                         int64_t m, uint8_t *kept)
{
    for (int64_t i = 0; i < n; i++) {
        const double x = places[3 * i] + shift[0], y = places[3 * i + 1] + shift[1];
        const double z = places[3 * i + 2] + shift[2];
        int inside = 1;
        for (int64_t j = 0; j < m; j++) {
            const double *slab = slabs + 5 * j;
            const double along = slab[0] * x + slab[1] * y + slab[2] * z;
            inside &= along >= slab[3] && along <= slab[4];
        }
        kept[i] = (uint8_t)inside;
    }
}

/* Lists the rows that are kept (all without `kept`) and where they are drawn, moved by `shift`.
 * Returns how many. */
EXPORT int64_t list_kept(const double *places, int64_t n, const double *shift, const uint8_t *kept,
                         int32_t *rows, float *positions)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        if (kept && !kept[i])
            continue;
        rows[count] = (int32_t)i;
        for (int k = 0; k < 3; k++)
            positions[3 * count + k] = (float)(places[3 * i + k] + shift[k]);
        count++;
    }
    return count;
}
