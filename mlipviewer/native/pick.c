/* Which spheres lie under a pixel or inside an outline, over a million atoms in milliseconds.
 *
 * Positions are float32 (n, 3). `view` is 14 numbers: the rotation's rows (right, up, towards the
 * viewer), the centre, 1 / distance of the eye (0 without perspective), the smallest radius that
 * counts as hit. Lengths on the screen are in the positions' unit at the depth of the centre; a
 * sphere at depth z looks smaller there by w = 1 - z / distance.
 */
#include <math.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef struct {
    float right[3], up[3], back[3], centre[3], inverse_distance, smallest;
} view;

static view view_of(const double *numbers)
{
    view v;
    for (int i = 0; i < 3; i++) {
        v.right[i] = (float)numbers[i];
        v.up[i] = (float)numbers[3 + i];
        v.back[i] = (float)numbers[6 + i];
        v.centre[i] = (float)numbers[9 + i];
    }
    v.inverse_distance = (float)numbers[12];
    v.smallest = (float)numbers[13];
    return v;
}

static float along(const float *axis, float x, float y, float z)
{
    return axis[0] * x + axis[1] * y + axis[2] * z;
}

/* The row of the sphere nearest to the viewer at the point (px, py), -1 for none.
 * `radii` is one radius for each of the 256 codes; NaN positions and radius 0 are never hit. */
EXPORT int64_t pick_sphere(const float *positions, const uint8_t *codes, const float *radii,
                           int64_t n, const double *numbers, double px, double py)
{
    const view v = view_of(numbers);
    const float at_x = (float)px, at_y = (float)py;
    float nearest = -INFINITY;
    int64_t found = -1;
    for (int64_t i = 0; i < n; i++) {
        const float x = positions[3 * i] - v.centre[0];
        const float y = positions[3 * i + 1] - v.centre[1];
        const float z = positions[3 * i + 2] - v.centre[2];
        const float depth = along(v.back, x, y, z);
        const float w = 1.0f - depth * v.inverse_distance;
        const float dx = along(v.right, x, y, z) - at_x * w;
        const float dy = along(v.up, x, y, z) - at_y * w;
        const float radius = radii[codes[i]];
        const float reach = fmaxf(radius, v.smallest * w);
        const float away = dx * dx + dy * dy;
        if (!(away <= reach * reach) || w <= 0.0f || radius <= 0.0f)
            continue;
        const float inside = radius * radius - away;
        const float front = depth + (inside > 0.0f ? sqrtf(inside) : 0.0f);
        if (front > nearest) {
            nearest = front;
            found = i;
        }
    }
    return found;
}

/* Even-odd rule: is (x, y) inside the closed outline of k corners? */
static int is_inside(const float *outline, int64_t k, float x, float y)
{
    int inside = 0;
    for (int64_t i = 0, j = k - 1; i < k; j = i++) {
        const float xi = outline[2 * i], yi = outline[2 * i + 1];
        const float xj = outline[2 * j], yj = outline[2 * j + 1];
        if ((yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi)
            inside = !inside;
    }
    return inside;
}

/* Writes 1 to `mask` where an atom's centre is seen inside the outline (k, 2), else 0.
 * `box` is the outline's (low x, low y, high x, high y). Returns how many are inside. */
EXPORT int64_t inside_outline(const float *positions, int64_t n, const double *numbers,
                              const float *outline, int64_t k, const float *box, uint8_t *mask)
{
    const view v = view_of(numbers);
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        const float x = positions[3 * i] - v.centre[0];
        const float y = positions[3 * i + 1] - v.centre[1];
        const float z = positions[3 * i + 2] - v.centre[2];
        const float w = 1.0f - along(v.back, x, y, z) * v.inverse_distance;
        const float sx = along(v.right, x, y, z) / w;
        const float sy = along(v.up, x, y, z) / w;
        const int near = w > 0.0f && sx >= box[0] && sy >= box[1] && sx <= box[2] && sy <= box[3];
        mask[i] = (uint8_t)(near && is_inside(outline, k, sx, sy));
        count += mask[i];
    }
    return count;
}

/* Writes 1 to `mask` for each sphere that is seen at one pixel or more of a picture of width x
 * height pixels, `scale` of them per unit of length at the depth of the centre. `front` (height,
 * width) and `owner` (height, width) are room for the depth and the row of what is seen. */
EXPORT void seen_spheres(const float *positions, const uint8_t *codes, const float *radii, int64_t n,
                         const double *numbers, float scale, int32_t width, int32_t height,
                         float *front, int32_t *owner, uint8_t *mask)
{
    const view v = view_of(numbers);
    for (int64_t p = 0; p < (int64_t)width * height; p++) {
        front[p] = -INFINITY;
        owner[p] = -1;
    }
    for (int64_t i = 0; i < n; i++) {
        const float x = positions[3 * i] - v.centre[0];
        const float y = positions[3 * i + 1] - v.centre[1];
        const float z = positions[3 * i + 2] - v.centre[2];
        const float depth = along(v.back, x, y, z), radius = radii[codes[i]];
        const float w = 1.0f - depth * v.inverse_distance;
        mask[i] = 0;
        if (!(w > 0.02f) || radius <= 0.0f)
            continue;
        const float per = scale / w, r = fmaxf(radius * per, 0.6f);
        const float px = 0.5f * (float)width + along(v.right, x, y, z) * per;
        const float py = 0.5f * (float)height - along(v.up, x, y, z) * per;
        if (!(px + r > 0 && px - r < (float)width && py + r > 0 && py - r < (float)height))
            continue;
        const int32_t left = (int32_t)fmaxf(0.0f, ceilf(px - r - 0.5f));
        const int32_t right = (int32_t)fminf((float)width - 1, floorf(px + r - 0.5f));
        const int32_t low = (int32_t)fminf((float)height - 1, floorf(py + r - 0.5f));
        for (int32_t row = (int32_t)fmaxf(0.0f, ceilf(py - r - 0.5f)); row <= low; row++)
            for (int32_t column = left; column <= right; column++) {
                const float dx = (float)column + 0.5f - px, dy = (float)row + 0.5f - py;
                const float up = 1.0f - (dx * dx + dy * dy) / (r * r);
                const int64_t p = (int64_t)row * width + column;
                const float here = up < 0.0f ? -INFINITY : depth + radius * sqrtf(up);
                if (here > front[p]) {
                    front[p] = here;
                    owner[p] = (int32_t)i;
                }
            }
    }
    for (int64_t p = 0; p < (int64_t)width * height; p++)
        if (owner[p] >= 0)
            mask[owner[p]] = 1;
}
