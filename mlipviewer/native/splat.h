/* What the files that draw without a graphics card share: the scene, and where a point is seen. */
#ifndef SPLAT_H
#define SPLAT_H
#include <math.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define NEAREST 0.02f /* of the eye's distance: what is nearer is not drawn */

/* the bits of a mark; dimmed spheres cover every other pixel, so that others show through */
#define HOVERED 1
#define SELECTED 2
#define DIMMED 4
/* three bits say how many eighths of its pixels a sphere leaves out, two shift the pattern */
#define LEVEL(mark) (((mark) >> 3) & 7)
#define PHASE(mark) ((mark) >> 6)

typedef struct {
    const float *positions;
    const uint8_t *codes, *marks;
    const float *radii;
    int64_t n;
    const double *view;
    float scale, halo, least; /* pixels per A, of a ring, of the smallest sphere */
    float mid_x, mid_y; /* the pixel of the camera's centre */
    int32_t width, height;
    float *depth;
    int32_t *owner;
    int32_t left, top; /* of the picture in the whole of which it is a part */
} scene;

/* Tapered rods between two ends (m, 6) of two radii (m, 2), and triangles (t, 9), in flat colours. */
typedef struct {
    const float *ends, *radii;
    const uint8_t *rod_tints; /* (m, 3) */
    int64_t n_rods;
    const float *corners;
    const uint8_t *face_tints; /* (t, 3) */
    int64_t n_faces;
    float opacity; /* of the triangles */
} solids;

/* How depth is told: strengths 0..1, sizes in pixels, the depths at which fog begins and ends. */
typedef struct {
    float shade, reach, outline, thick, step, fog, fog_from, fog_to;
    const uint8_t *background, *line;
} cues;

static inline float between(float low, float high, float value)
{
    return value < low ? low : value > high ? high : value;
}

static inline float dot(const double *axis, float x, float y, float z)
{
    return (float)axis[0] * x + (float)axis[1] * y + (float)axis[2] * z;
}

/* View coordinates (right, up, towards the viewer) of a point, from the camera's centre. */
static inline void from_view(const scene *s, const float *point, float *seen)
{
    const float x = point[0] - (float)s->view[9];
    const float y = point[1] - (float)s->view[10];
    const float z = point[2] - (float)s->view[11];
    seen[0] = dot(s->view, x, y, z);
    seen[1] = dot(s->view + 3, x, y, z);
    seen[2] = dot(s->view + 6, x, y, z);
}

/* The first and last pixel whose middle lies within; by casts, since ceilf and floorf are calls. */
static inline int32_t first_pixel(float from)
{
    if (from <= 0.5f)
        return 0;
    const int32_t whole = (int32_t)(from - 0.5f);
    return whole + ((float)whole < from - 0.5f);
}

static inline int32_t last_pixel(float to, int32_t size)
{
    return to >= (float)size ? size - 1 : to < 0.5f ? -1 : (int32_t)(to - 0.5f);
}

static inline void put(uint8_t *pixel, float red, float green, float blue)
{
    pixel[0] = (uint8_t)fminf(red + 0.5f, 255.0f);
    pixel[1] = (uint8_t)fminf(green + 0.5f, 255.0f);
    pixel[2] = (uint8_t)fminf(blue + 0.5f, 255.0f);
    pixel[3] = 255;
}

/* Lights a surface of colour `base` whose unit normal in view coordinates is (x, y, up). */
static inline void light(const float *base, float x, float y, float up, uint8_t *pixel)
{
    const float lit = fmaxf(-0.35f * x + 0.5f * y + 0.79f * up, 0.0f);
    const float rim = between(0.0f, 1.0f, up / 0.5f);
    const float shade = (0.53f + 0.52f * lit) * (0.66f + 0.34f * rim * rim * (3.0f - 2.0f * rim));
    const float l2 = lit * lit, l4 = l2 * l2, l8 = l4 * l4;
    const float shine = 255.0f * 0.18f * l8 * l8 * l8;
    put(pixel, base[0] * shade + shine, base[1] * shade + shine, base[2] * shade + shine);
}

#endif
