/* Rods (bonds, arrows), triangles (polyhedra) and the cues of depth, drawn without a graphics card.
 *
 * The look is that of the shaders in gui/scene/rods.py, faces.py and depth_cues.py. A pixel's ray is
 * (sx * w, sy * w, z) with w = 1 - z * k: sx, sy in A at the depth of the camera's centre, k the
 * inverse distance of the eye. Owners of rods count on from those of the spheres.
 */
#include "splat.h"

typedef struct {
    float start[3], axis[3], length, radius, slope; /* the radius grows by `slope` along the axis */
    float middle; /* the depth from which rays are counted, for the sake of precision */
    float left, right, top, bottom; /* pixels */
} rod;

static float inner(const float *a, const float *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static int rod_of(const scene *s, const solids *o, int64_t j, rod *r)
{
    float end[3];
    from_view(s, o->ends + 6 * j, r->start);
    from_view(s, o->ends + 6 * j + 3, end);
    const float k = (float)s->view[12], first = o->radii[2 * j], second = o->radii[2 * j + 1];
    r->left = r->top = INFINITY;
    r->right = r->bottom = -INFINITY;
    float least = 0.0f;
    for (int i = 0; i < 2; i++) {
        const float *at = i ? end : r->start;
        const float w = 1.0f - at[2] * k;
        if (!(w > NEAREST))
            return 0;
        const float own = fmaxf(i ? second : first, 0.0f);
        const float reach = own * s->scale / fmaxf(w - own * k, NEAREST) + 1.0f;
        const float x = s->mid_x + at[0] * s->scale / w;
        const float y = s->mid_y - at[1] * s->scale / w;
        r->left = fminf(r->left, x - reach);
        r->right = fmaxf(r->right, x + reach);
        r->top = fminf(r->top, y - reach);
        r->bottom = fmaxf(r->bottom, y + reach);
        least = fmaxf(least, 0.5f * w / s->scale);
    }
    float square = 0.0f;
    for (int i = 0; i < 3; i++) {
        r->axis[i] = end[i] - r->start[i];
        square += r->axis[i] * r->axis[i];
    }
    r->length = sqrtf(square);
    if (!(r->length > 1e-6f && r->length < 1e9f))
        return 0;
    for (int i = 0; i < 3; i++)
        r->axis[i] /= r->length;
    const int even = first == second;
    r->radius = even ? fmaxf(first, least) : first;
    r->slope = even ? 0.0f : (second - first) / r->length;
    r->middle = 0.5f * (r->start[2] + end[2]);
    return r->right > 0 && r->left < (float)s->width && r->bottom > 0 && r->top < (float)s->height;
}

/* Where the ray of a screen point meets a rod nearest to the viewer: its depth and unit normal. */
static int meet(const rod *r, float sx, float sy, float k, float *z, float *normal)
{
    const float w = 1.0f - r->middle * k;
    const float from[3] = {sx * w - r->start[0], sy * w - r->start[1], r->middle - r->start[2]};
    const float ray[3] = {-sx * k, -sy * k, 1.0f};
    const float h = inner(from, r->axis), rise = inner(ray, r->axis), g = r->slope;
    const float own = r->radius + g * h;
    const float a = inner(ray, ray) - rise * rise * (1.0f + g * g);
    const float b = inner(from, ray) - h * rise - g * rise * own;
    const float c = inner(from, from) - h * h - own * own;
    const float root = b * b - a * c;
    float best = -INFINITY;
    for (int side = -1; side <= 1 && root >= 0.0f && fabsf(a) > 1e-7f; side += 2) {
        const float t = (-b + (float)side * sqrtf(root)) / a, along = h + t * rise;
        if (along < 0.0f || along > r->length || t <= best)
            continue;
        best = t;
        for (int i = 0; i < 3; i++)
            normal[i] = from[i] + t * ray[i] - along * r->axis[i];
        const float out = sqrtf(fmaxf(inner(normal, normal), 1e-20f)), tilt = 1.0f / sqrtf(1.0f + g * g);
        for (int i = 0; i < 3; i++)
            normal[i] = (normal[i] / out - g * r->axis[i]) * tilt;
    }
    for (int cap = 0; cap < 2 && fabsf(rise) > 1e-5f; cap++) {
        const float at = cap ? r->length : 0.0f, t = (at - h) / rise, size = r->radius + g * at;
        if (t <= best)
            continue;
        float away = 0.0f;
        for (int i = 0; i < 3; i++) {
            const float d = from[i] + t * ray[i] - at * r->axis[i];
            away += d * d;
        }
        if (away > size * size)
            continue;
        best = t;
        for (int i = 0; i < 3; i++)
            normal[i] = cap ? r->axis[i] : -r->axis[i];
    }
    *z = r->middle + best;
    return best > -INFINITY;
}

/* Finds what of the rods `first` .. `end` - 1 is seen. */
EXPORT void splat_rods(const scene *s, const solids *o, int64_t first, int64_t end)
{
    const float k = (float)s->view[12];
    rod r;
    for (int64_t j = first; j < end; j++) {
        if (!rod_of(s, o, j, &r))
            continue;
        const int32_t left = first_pixel(r.left), right = last_pixel(r.right, s->width);
        const int32_t low = last_pixel(r.bottom, s->height);
        for (int32_t row = first_pixel(r.top); row <= low; row++)
            for (int32_t column = left; column <= right; column++) {
                const float sx = ((float)column + 0.5f - s->mid_x) / s->scale;
                const float sy = (s->mid_y - (float)row - 0.5f) / s->scale;
                const int64_t p = (int64_t)row * s->width + column;
                float z, normal[3];
                if (!meet(&r, sx, sy, k, &z, normal) || !(z > s->depth[p]))
                    continue;
                s->depth[p] = z;
                s->owner[p] = (int32_t)(s->n + j);
            }
    }
}

/* Colours the pixels that rods own. */
EXPORT void shade_rods(const scene *s, const solids *o, uint8_t *picture, int32_t first, int32_t end)
{
    int64_t last = -1;
    rod r;
    for (int32_t row = first; row < end; row++)
        for (int32_t column = 0; column < s->width; column++) {
            const int64_t p = (int64_t)row * s->width + column, j = s->owner[p] - s->n;
            if (j < 0)
                continue;
            if (j != last)
                rod_of(s, o, j, &r);
            last = j;
            const float sx = ((float)column + 0.5f - s->mid_x) / s->scale;
            const float sy = (s->mid_y - (float)row - 0.5f) / s->scale;
            float z, normal[3] = {0.0f, 0.0f, 1.0f};
            meet(&r, sx, sy, (float)s->view[12], &z, normal);
            const uint8_t *tint = o->rod_tints + 3 * j;
            const float base[3] = {tint[0], tint[1], tint[2]};
            light(base, normal[0], normal[1], normal[2], picture + 4 * p);
        }
}

typedef struct {
    float x[3], y[3], q[3], area; /* pixels; 1 / w of the corners */
    float z[3];
} face;

static int face_of(const scene *s, const float *corners, face *f)
{
    for (int i = 0; i < 3; i++) {
        float at[3];
        from_view(s, corners + 3 * i, at);
        const float w = 1.0f - at[2] * (float)s->view[12];
        if (!(w > NEAREST))
            return 0;
        f->q[i] = 1.0f / w;
        f->z[i] = at[2];
        f->x[i] = s->mid_x + at[0] * s->scale / w;
        f->y[i] = s->mid_y - at[1] * s->scale / w;
        if (!(fabsf(f->x[i]) < 1e8f && fabsf(f->y[i]) < 1e8f))
            return 0;
    }
    f->area = (f->x[1] - f->x[0]) * (f->y[2] - f->y[0]) - (f->x[2] - f->x[0]) * (f->y[1] - f->y[0]);
    return fabsf(f->area) > 1e-6f;
}

/* The depth of a triangle at a pixel; 0 when it does not cover it. */
static int cover(const face *f, float x, float y, float k, float *z)
{
    float part[3], q = 0.0f, flat = 0.0f;
    for (int i = 0; i < 3; i++) {
        const int a = (i + 1) % 3, b = (i + 2) % 3;
        part[i] = ((f->x[a] - x) * (f->y[b] - y) - (f->x[b] - x) * (f->y[a] - y)) / f->area;
        if (part[i] < 0.0f)
            return 0;
        q += part[i] * f->q[i];
        flat += part[i] * f->z[i];
    }
    *z = k > 0.0f ? (1.0f - 1.0f / q) / k : flat;
    return 1;
}

/* Finds the nearest triangle before all else: fills `veil` like depth, `of` like owner. */
EXPORT void splat_faces(const scene *s, const solids *o, float *veil, int32_t *of)
{
    for (int64_t p = 0; p < (int64_t)s->width * s->height; p++) {
        veil[p] = s->depth[p];
        of[p] = -1;
    }
    face f;
    for (int64_t j = 0; j < o->n_faces; j++) {
        if (!face_of(s, o->corners + 9 * j, &f))
            continue;
        const float left = fminf(f.x[0], fminf(f.x[1], f.x[2])), top = fminf(f.y[0], fminf(f.y[1], f.y[2]));
        const int32_t right = last_pixel(fmaxf(f.x[0], fmaxf(f.x[1], f.x[2])), s->width);
        const int32_t low = last_pixel(fmaxf(f.y[0], fmaxf(f.y[1], f.y[2])), s->height);
        for (int32_t row = first_pixel(top); row <= low; row++)
            for (int32_t column = first_pixel(left); column <= right; column++) {
                const int64_t p = (int64_t)row * s->width + column;
                float z;
                if (!cover(&f, (float)column + 0.5f, (float)row + 0.5f, (float)s->view[12], &z))
                    continue;
                if (z > veil[p]) {
                    veil[p] = z;
                    of[p] = (int32_t)j;
                }
            }
    }
}

/* Lays the lit triangles over the picture by their opacity; opaque ones take the depth. */
EXPORT void shade_faces(const scene *s, const solids *o, const float *veil, const int32_t *of,
                        uint8_t *picture)
{
    for (int64_t p = 0; p < (int64_t)s->width * s->height; p++) {
        if (of[p] < 0)
            continue;
        const float *corners = o->corners + 9 * (int64_t)of[p];
        float at[3][3], u[3], v[3];
        for (int i = 0; i < 3; i++)
            from_view(s, corners + 3 * i, at[i]);
        for (int i = 0; i < 3; i++) {
            u[i] = at[1][i] - at[0][i];
            v[i] = at[2][i] - at[0][i];
        }
        float n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
        const float size = (n[2] < 0.0f ? -1.0f : 1.0f) * sqrtf(fmaxf(inner(n, n), 1e-20f));
        const uint8_t *tint = o->face_tints + 3 * (int64_t)of[p];
        const float base[3] = {tint[0], tint[1], tint[2]};
        uint8_t lit[4], *pixel = picture + 4 * p;
        light(base, n[0] / size, n[1] / size, n[2] / size, lit);
        const float a = o->opacity, b = 1.0f - a;
        put(pixel, a * lit[0] + b * pixel[0], a * lit[1] + b * pixel[1], a * lit[2] + b * pixel[2]);
        if (a >= 1.0f)
            s->depth[p] = veil[p];
    }
}

static const float AROUND[8][2] = {{1, 0}, {0.707f, 0.707f}, {0, 1}, {-0.707f, 0.707f},
                                   {-1, 0}, {-0.707f, -0.707f}, {0, -1}, {0.707f, -0.707f}};

static float depth_at(const scene *s, float x, float y)
{
    const int32_t column = (int32_t)between(0, (float)s->width - 1, floorf(x));
    const int32_t row = (int32_t)between(0, (float)s->height - 1, floorf(y));
    return s->depth[(int64_t)row * s->width + column];
}

#define PLACES 64

/* Places in a disc of the size of the reach, evenly spread. */
static void in_disc(float reach, float places[PLACES][2])
{
    for (int k = 0; k < PLACES; k++) {
        const float far = reach * sqrtf(((float)k + 0.5f) / PLACES), angle = 2.3999632f * (float)k;
        places[k][0] = far * cosf(angle);
        places[k][1] = far * sinf(angle);
    }
}

/* How much is hidden from the sky, 0..1: what stands before a place, near it, takes its light.
   Each pixel looks at a quarter of the places, its three neighbours at the others: where four
   pixels become one, the edges of single shadows are not seen. */
static float hidden(const scene *s, const cues *q, float places[PLACES][2], int32_t column, int32_t row, float z)
{
    const float x = (float)column + 0.5f, y = (float)row + 0.5f;
    float sum = 0.0f;
    for (int k = ((column + s->left) & 1) + 2 * ((row + s->top) & 1); k < PLACES; k += 4) {
        const float over = (depth_at(s, x + places[k][0], y + places[k][1]) - z) / q->step;
        sum += over > 0.0f ? between(0, 1, over) * between(0.25f, 1, 2.0f - 0.25f * over) : 0.0f;
    }
    return between(0, 1, 1.25f * sum / 16.0f - 0.2f); /* what is only beside others is not hidden */
}

static float edge(const scene *s, const cues *q, float x, float y, float z)
{
    float most = 0.0f;
    for (int i = 0; i < 8; i++) {
        const float nearer = depth_at(s, x + AROUND[i][0] * q->thick, y + AROUND[i][1] * q->thick);
        if (nearer > -INFINITY)
            most = fmaxf(most, z > -INFINITY ? (nearer - z) / q->step : 2.0f);
    }
    return between(0, 1, 2.0f * most - 0.6f);
}

/* Shades crevices, draws outlines and fog into some rows of the picture. */
EXPORT void tell_depth(const scene *s, const cues *q, uint8_t *picture, int32_t first, int32_t end)
{
    float places[PLACES][2];
    in_disc(q->reach, places);
    for (int32_t row = first; row < end; row++)
        for (int32_t column = 0; column < s->width; column++) {
            const int64_t p = (int64_t)row * s->width + column;
            const float z = s->depth[p], x = (float)column + 0.5f, y = (float)row + 0.5f;
            uint8_t *pixel = picture + 4 * p;
            const int some = z > -INFINITY;
            const float dark = some && q->shade > 0 ? 1.0f - q->shade * hidden(s, q, places, column, row, z) : 1.0f;
            const float ink = q->outline > 0 ? q->outline * edge(s, q, x, y, z) : 0.0f;
            const float mist =
                some ? q->fog * between(0, 1, (q->fog_from - z) / fmaxf(q->fog_from - q->fog_to, 1e-6f)) : 0.0f;
            float colour[3];
            for (int i = 0; i < 3; i++) {
                const float inked = pixel[i] * dark + ink * (q->line[i] - pixel[i] * dark);
                colour[i] = inked + mist * (q->background[i] - inked);
            }
            put(pixel, colour[0], colour[1], colour[2]);
        }
}
