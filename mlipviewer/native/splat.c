/* Draws lit spheres into memory, one pixel after the other: what a machine without a graphics card
 * does faster than software OpenGL, and away from the window's thread.
 *
 * `view` is described in pick.c (its last number is not used here). A picture has `width` x `height`
 * pixels, the first row at the top. `depth` holds the height towards the viewer of what is seen,
 * `owner` the row of its sphere or -1. The look is that of the shaders in gui/scene/draw_spheres.py.
 */
#include "splat.h"

#define RING_HEIGHT 0.3f
#define MISSING_FROM 1e37f

typedef struct {
    const uint8_t *classes; /* either classes or values, into the table of 256 colours */
    const float *values;
    float times, plus; /* values * times + plus is the place in the table, 0..255 */
    const uint8_t *table, *missing, *background, *ring, *edge, *hover;
} colours;

typedef struct {
    float x, y, z, radius, pixels, reach;
} disc;

/* Where a point is seen; 0 when it is not before the eye (or has no place at all). */
static int project(const scene *s, const float *point, float radius, disc *seen)
{
    float at[3];
    from_view(s, point, at);
    seen->z = at[2];
    const float w = 1.0f - seen->z * (float)s->view[12];
    if (!(w > NEAREST))
        return 0;
    const float scale = s->scale / w;
    seen->x = s->mid_x + at[0] * scale;
    seen->y = s->mid_y - at[1] * scale;
    seen->radius = radius;
    seen->pixels = radius * scale > s->least ? radius * scale : s->least;
    seen->reach = seen->pixels;
    return 1;
}

static int sphere(const scene *s, int64_t i, disc *seen)
{
    if (!project(s, s->positions + 3 * i, s->radii[s->codes[i]], seen))
        return 0;
    if (s->marks[i] & (HOVERED | SELECTED))
        seen->reach += between(0.3f * s->halo, s->halo, 0.4f * seen->pixels);
    return seen->x + seen->reach > 0 && seen->x - seen->reach < (float)s->width &&
           seen->y + seen->reach > 0 && seen->y - seen->reach < (float)s->height;
}

static int two_by_two(int32_t x, int32_t y)
{
    return 2 * (x ^ y) + y;
}

/* Whether a dimmed or transparent sphere leaves out a pixel; the same pattern as in the shaders. */
static int left_out(const scene *s, uint8_t mark, int32_t row, int32_t column)
{
    const int32_t x = column + s->left, y = row + s->top;
    if (mark & DIMMED && (x + y) & 1)
        return 1;
    const int step = 4 * two_by_two(x & 1, y & 1) + two_by_two(x >> 1 & 1, y >> 1 & 1);
    return ((step + 4 * PHASE(mark)) & 15) < 2 * LEVEL(mark);
}

static void splat(const scene *s, int64_t i, const disc *d, int32_t top, int32_t bottom)
{
    const float square = d->pixels * d->pixels, per_square = 1.0f / square, whole = d->reach * d->reach;
    const float front = d->z + d->radius;
    const uint8_t mark = s->marks[i];
    const int veiled = mark & DIMMED || LEVEL(mark);
    const int32_t left = first_pixel(d->x - d->reach), right = last_pixel(d->x + d->reach, s->width);
    const int32_t low = last_pixel(d->y + d->reach, bottom), high = first_pixel(d->y - d->reach);
    for (int32_t row = high > top ? high : top; row <= low; row++) {
        const float dy = (float)row + 0.5f - d->y;
        float *depth = s->depth + (int64_t)row * s->width;
        int32_t *owner = s->owner + (int64_t)row * s->width;
        for (int32_t column = left; column <= right; column++) {
            if (depth[column] >= front)
                continue;
            const float dx = (float)column + 0.5f - d->x;
            const float away = dx * dx + dy * dy;
            if (away > whole || (veiled && away <= square && left_out(s, mark, row, column)))
                continue;
            const float up = away <= square ? sqrtf(fmaxf(1.0f - away * per_square, 0.0f)) : RING_HEIGHT;
            const float z = d->z + d->radius * up;
            if (z > depth[column]) {
                depth[column] = z;
                owner[column] = (int32_t)i;
            }
        }
    }
}

/* Makes `depth` and `owner` of some rows empty. */
EXPORT void clear_rows(const scene *s, int32_t first, int32_t end)
{
    const int64_t last = (int64_t)end * s->width;
    for (int64_t p = (int64_t)first * s->width; p < last; p++) {
        s->depth[p] = -INFINITY;
        s->owner[p] = -1;
    }
}

/* Finds what of the spheres `first` .. `end` - 1 is seen at each pixel: fills `depth` and `owner`. */
EXPORT void splat_spheres(const scene *s, int64_t first, int64_t end)
{
    disc seen;
    for (int64_t i = first; i < end; i++)
        if (sphere(s, i, &seen))
            splat(s, i, &seen, 0, s->height);
}

/* Where a block of spheres (its box: low x y z, high x y z) may be seen: pixels, and how near it
 * comes. 0 when it is not in the rows `top` .. `bottom` - 1. */
static int block_rect(const scene *s, const float *box, float radius, int32_t top, int32_t bottom,
                      int32_t *rect, float *nearest)
{
    float left = INFINITY, right = -INFINITY, high = INFINITY, low = -INFINITY;
    *nearest = -INFINITY;
    if (!(box[0] <= box[3]))
        return 0; /* of nothing that has a place */
    for (int corner = 0; corner < 8; corner++) {
        const float point[3] = {box[corner & 1 ? 3 : 0], box[corner & 2 ? 4 : 1], box[corner & 4 ? 5 : 2]};
        disc d;
        if (!project(s, point, radius, &d)) { /* partly beside the eye: it may be anywhere */
            rect[0] = 0, rect[1] = s->width - 1, rect[2] = top, rect[3] = bottom - 1;
            *nearest = INFINITY;
            return 1;
        }
        const float reach = d.pixels + s->halo + 1.0f;
        left = fminf(left, d.x - reach), right = fmaxf(right, d.x + reach);
        high = fminf(high, d.y - reach), low = fmaxf(low, d.y + reach);
        *nearest = fmaxf(*nearest, d.z + radius);
    }
    if (!(right > 0 && left < (float)s->width && low > (float)top && high < (float)bottom))
        return 0;
    rect[0] = first_pixel(left), rect[1] = last_pixel(right, s->width);
    rect[2] = first_pixel(high) > top ? first_pixel(high) : top, rect[3] = last_pixel(low, bottom);
    return 1;
}

static int is_hidden(const scene *s, const int32_t *rect, float nearest)
{
    for (int32_t row = rect[2]; row <= rect[3]; row++) {
        const float *depth = s->depth + (int64_t)row * s->width;
        for (int32_t column = rect[0]; column <= rect[1]; column++)
            if (depth[column] < nearest)
                return 0;
    }
    return 1;
}

/* Finds what is seen in the rows `top` .. `bottom` - 1 of blocks of spheres, which come in the order
 * `blocks` (b,), best the nearest first: those that others hide as a whole are passed over. Block k
 * has the spheres order[starts[k]] .. order[starts[k + 1] - 1]; `radius` is the largest of all. */
EXPORT void splat_blocks(const scene *s, const int32_t *order, const int32_t *starts,
                         const float *boxes, const int32_t *blocks, int64_t b, float radius,
                         int32_t top, int32_t bottom)
{
    disc seen;
    for (int64_t j = 0; j < b; j++) {
        const int32_t k = blocks[j];
        int32_t rect[4];
        float nearest;
        if (!block_rect(s, boxes + 6 * k, radius, top, bottom, rect, &nearest) ||
            is_hidden(s, rect, nearest))
            continue;
        for (int32_t i = starts[k]; i < starts[k + 1]; i++)
            if (sphere(s, order[i], &seen))
                splat(s, order[i], &seen, top, bottom);
    }
}

/* Sorts positions (n, 3) into cells of a grid: `starts` (cells + 1,) is filled with where each cell's
 * rows begin in `order` (n,), `boxes` (cells, 6) with what they fill. `scale` is cells per length. */
EXPORT void sort_blocks(const float *positions, int64_t n, const float *low, const float *scale,
                        const int32_t *counts, int32_t *cells, int32_t *order, int32_t *starts,
                        float *boxes)
{
    const int64_t total = (int64_t)counts[0] * counts[1] * counts[2];
    for (int64_t k = 0; k <= total; k++)
        starts[k] = 0;
    for (int64_t k = 0; k < 6 * total; k++)
        boxes[k] = k % 6 < 3 ? INFINITY : -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        int32_t cell = 0;
        for (int axis = 0; axis < 3; axis++) {
            const float place = (positions[3 * i + axis] - low[axis]) * scale[axis];
            const int32_t most = counts[axis] - 1;
            cell = cell * counts[axis] +
                   (!(place > 0.0f) ? 0 : place >= (float)most ? most : (int32_t)place);
        }
        cells[i] = cell;
        starts[cell + 1]++;
        for (int axis = 0; axis < 3; axis++) {
            const float x = positions[3 * i + axis];
            if (!isfinite(x))
                continue;
            float *box = boxes + 6 * (int64_t)cell;
            box[axis] = x < box[axis] ? x : box[axis];
            box[axis + 3] = x > box[axis + 3] ? x : box[axis + 3];
        }
    }
    for (int64_t k = 0; k < total; k++)
        starts[k + 1] += starts[k];
    for (int64_t i = n - 1; i >= 0; i--)
        order[--starts[cells[i] + 1]] = (int32_t)i;
    for (int64_t k = 0; k < total; k++)
        starts[k] = starts[k + 1];
    starts[total] = (int32_t)n;
}

/* Puts what another scene of the same size holds in front of this one's, from row to row. */
EXPORT void merge_scene(const scene *s, const scene *other, int32_t first, int32_t end)
{
    const int64_t last = (int64_t)end * s->width;
    for (int64_t p = (int64_t)first * s->width; p < last; p++)
        if (other->depth[p] > s->depth[p]) {
            s->depth[p] = other->depth[p];
            s->owner[p] = other->owner[p];
        }
}

static const uint8_t *face(const colours *c, int64_t i)
{
    if (c->classes)
        return c->table + 3 * c->classes[i];
    if (c->values[i] > MISSING_FROM)
        return c->missing;
    const float place = c->values[i] * c->times + c->plus;
    const int index = place <= 0.0f ? 0 : place >= 255.0f ? 255 : (int)(place + 0.5f);
    return c->table + 3 * index;
}

/* The colour of a sphere's face: a marked one of a few pixels takes some of the ring's. */
static void base_colour(const scene *s, const colours *c, int64_t i, const disc *d, float *base)
{
    const uint8_t *own = face(c, i);
    const float told = s->marks[i] & SELECTED ? between(0.0f, 0.8f, 1.2f - d->pixels / 5.0f) : 0.0f;
    for (int k = 0; k < 3; k++)
        base[k] = (float)own[k] + told * ((float)c->ring[k] - (float)own[k]);
    if (s->marks[i] & DIMMED) { /* greyer, and half of the way to the background */
        const float grey = (base[0] + base[1] + base[2]) / 3.0f;
        for (int k = 0; k < 3; k++)
            base[k] = 0.5f * (0.3f * base[k] + 0.7f * grey) + 0.5f * (float)c->background[k];
    }
}

/* Colours the pixels (height, width, 4) of some rows by what `splat_spheres` found; those of rods,
 * whose owners count on from the spheres', are left. */
EXPORT void shade_spheres(const scene *s, const colours *c, uint8_t *picture, int32_t first,
                          int32_t end)
{
    int32_t last = -1;
    disc d = {0};
    float base[3] = {0};
    for (int32_t row = first; row < end; row++)
        for (int32_t column = 0; column < s->width; column++) {
            const int64_t p = (int64_t)row * s->width + column;
            const int32_t i = s->owner[p];
            uint8_t *pixel = picture + 4 * p;
            if (i < 0) {
                put(pixel, c->background[0], c->background[1], c->background[2]);
                continue;
            }
            if (i >= s->n)
                continue;
            if (i != last) {
                sphere(s, i, &d);
                base_colour(s, c, i, &d, base);
                last = i;
            }
            const float x = ((float)column + 0.5f - d.x) / d.pixels;
            const float y = (d.y - (float)row - 0.5f) / d.pixels;
            const float away = x * x + y * y;
            if (away <= 1.0f) {
                light(base, x, y, sqrtf(fmaxf(1.0f - away, 0.0f)), pixel);
                continue;
            }
            const uint8_t *ring = s->marks[i] & HOVERED ? c->hover : c->ring;
            const uint8_t *tint = d.reach - sqrtf(away) * d.pixels < 1.0f ? c->edge : ring;
            put(pixel, tint[0], tint[1], tint[2]);
        }
}

/* The rings of `k` marked spheres where others hide them. */
EXPORT void splat_rings(const scene *s, const colours *c, const int32_t *rows, int64_t k,
                        uint8_t *picture)
{
    disc d;
    for (int64_t j = 0; j < k; j++) {
        if (!sphere(s, rows[j], &d))
            continue;
        const uint8_t *ring = s->marks[rows[j]] & HOVERED ? c->hover : c->ring;
        const float inner = d.reach - fmaxf(0.25f * d.reach, 1.5f), z = d.z + RING_HEIGHT * d.radius;
        const int32_t right = last_pixel(d.x + d.reach, s->width);
        const int32_t low = last_pixel(d.y + d.reach, s->height);
        for (int32_t row = first_pixel(d.y - d.reach); row <= low; row++)
            for (int32_t column = first_pixel(d.x - d.reach); column <= right; column++) {
                const float dx = (float)column + 0.5f - d.x, dy = (float)row + 0.5f - d.y;
                const float away = dx * dx + dy * dy;
                const int64_t p = (int64_t)row * s->width + column;
                if (away < inner * inner || away > d.reach * d.reach || s->depth[p] <= z)
                    continue;
                uint8_t *pixel = picture + 4 * p;
                put(pixel, 0.25f * pixel[0] + 0.75f * ring[0], 0.25f * pixel[1] + 0.75f * ring[1],
                    0.25f * pixel[2] + 0.75f * ring[2]);
            }
    }
}

/* Straight lines between `k` pairs of ends (2k, 3), `thick` pixels wide, where nothing hides them. */
EXPORT void splat_lines(const scene *s, const float *ends, int64_t k, const uint8_t *colour,
                        int32_t thick, uint8_t *picture)
{
    for (int64_t j = 0; j < k; j++) {
        const float *a = ends + 6 * j, *b = a + 3;
        const int steps = 3 * (s->width > s->height ? s->width : s->height);
        for (int t = 0; t <= steps; t++) {
            const float f = (float)t / (float)steps;
            const float point[3] = {a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]),
                                    a[2] + f * (b[2] - a[2])};
            disc d;
            if (!project(s, point, 0.0f, &d) || !(d.x >= 0 && d.x < (float)s->width) ||
                !(d.y >= 0 && d.y < (float)s->height))
                continue;
            for (int32_t v = 0; v < thick; v++)
                for (int32_t u = 0; u < thick; u++) {
                    const int32_t column = (int32_t)d.x + u, row = (int32_t)d.y + v;
                    if (column >= s->width || row >= s->height)
                        continue;
                    const int64_t p = (int64_t)row * s->width + column;
                    if (s->depth[p] < d.z)
                        put(picture + 4 * p, colour[0], colour[1], colour[2]);
                }
        }
    }
}
