/* Voronoi cells: a box cut by the planes halfway to the neighbours, nearest first, until none that
   follows can reach it. */

#include "voronoi.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define FIRST_LOOK 32
#define LAST_LOOK 512
static const double EXACT = 1e-9; /* of lengths relative to the cell */

static double dot(const double *a, const double *b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

static void cross(const double *a, const double *b, double *out) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void find_far(Face *face) {
    double most = 0.0;
    for (int i = 0; i < face->n; i++) {
        double r2 = dot(face->corners[i], face->corners[i]);
        most = r2 > most ? r2 : most;
    }
    face->far2 = most;
}

static void start(Voronoi *cell, double half) {
    static const int around[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    cell->n_faces = 6;
    for (int f = 0; f < 6; f++) {
        Face *face = cell->faces + f;
        int a = f / 2;
        face->atom = -1;
        face->n = 4;
        memset(face->vector, 0, sizeof face->vector);
        face->vector[a] = f % 2 ? 2.0 * half : -2.0 * half;
        for (int i = 0; i < 4; i++) {
            face->corners[i][a] = 0.5 * face->vector[a];
            face->corners[i][(a + 1) % 3] = half * around[i][0];
            face->corners[i][(a + 2) % 3] = half * around[i][1];
        }
        find_far(face);
    }
}

/* Corners of the new face, each found once by every face that meets there. */
typedef struct {
    int n;
    double corners[2 * MOST_FACES][3];
} Cut;

static void add_corner(Cut *cut, const double *p, double exact) {
    for (int i = 0; i < cut->n; i++) {
        double d[3] = {p[0] - cut->corners[i][0], p[1] - cut->corners[i][1], p[2] - cut->corners[i][2]};
        if (dot(d, d) <= exact * exact) return;
    }
    if (cut->n < 2 * MOST_FACES) memcpy(cut->corners[cut->n++], p, 3 * sizeof(double));
}

/* Keep the part of a face on the near side of the plane x . normal = height. */
static void cut_face(Face *face, const double *normal, double height, double exact, Cut *cut) {
    double kept[MOST_CORNERS][3], side[MOST_CORNERS];
    int n = 0, outside = 0;
    if (face->far2 <= height * height) return; /* the plane is farther away than all corners */
    for (int i = 0; i < face->n; i++) {
        side[i] = dot(face->corners[i], normal) - height;
        outside += side[i] > exact;
    }
    if (!outside) return;
    if (outside == face->n) {
        face->n = 0;
        return;
    }
    for (int i = 0; i < face->n; i++) {
        int j = i + 1 < face->n ? i + 1 : 0, in = side[i] <= exact, next_in = side[j] <= exact;
        if (in && n < MOST_CORNERS) memcpy(kept[n++], face->corners[i], sizeof kept[0]);
        if (in == next_in) continue;
        double t = side[i] / (side[i] - side[j]), p[3];
        t = t > 0.0 ? t : 0.0, t = t < 1.0 ? t : 1.0;
        for (int c = 0; c < 3; c++)
            p[c] = face->corners[i][c] + t * (face->corners[j][c] - face->corners[i][c]);
        add_corner(cut, p, exact);
        double *last = n ? kept[n - 1] : p, d[3] = {p[0] - last[0], p[1] - last[1], p[2] - last[2]};
        if ((!n || dot(d, d) > exact * exact) && n < MOST_CORNERS) memcpy(kept[n++], p, sizeof p);
    }
    if (n > 1) { /* the last may be the first once more */
        double d[3] = {kept[0][0] - kept[n - 1][0], kept[0][1] - kept[n - 1][1], kept[0][2] - kept[n - 1][2]};
        n -= dot(d, d) <= exact * exact;
    }
    face->n = n;
    memcpy(face->corners, kept, sizeof(kept[0]) * (size_t)n);
    find_far(face);
}

/* Grows with the angle of (x, y) from -2 to 2: as good as atan2 to sort by, and quick. */
static double turn_of(double x, double y) {
    double size = fabs(x) + fabs(y), part = size > 0.0 ? y / size : 0.0;
    if (x >= 0.0) return part;
    return y < 0.0 ? -2.0 - part : 2.0 - part;
}

/* The corners of a cut in turn around its middle, as a face. */
static void close_cut(const Cut *cut, const double *normal, Face *face) {
    double middle[3] = {0, 0, 0}, u[3], v[3], w[3] = {0, 0, 0};
    double turns[2 * MOST_FACES];
    int order[2 * MOST_FACES];
    int least = fabs(normal[0]) < fabs(normal[1]) ? 0 : 1;
    if (fabs(normal[2]) < fabs(normal[least])) least = 2;
    w[least] = 1.0;
    cross(normal, w, u);
    cross(normal, u, v);
    double scale = sqrt(dot(u, u) / dot(v, v));
    for (int i = 0; i < cut->n; i++)
        for (int c = 0; c < 3; c++) middle[c] += cut->corners[i][c] / cut->n;
    for (int i = 0; i < cut->n; i++) {
        double d[3];
        for (int c = 0; c < 3; c++) d[c] = cut->corners[i][c] - middle[c];
        double turn = turn_of(dot(d, u), dot(d, v) * scale);
        int at = i;
        for (; at > 0 && turns[at - 1] > turn; at--) turns[at] = turns[at - 1], order[at] = order[at - 1];
        turns[at] = turn, order[at] = i;
    }
    face->n = cut->n < MOST_CORNERS ? cut->n : MOST_CORNERS;
    for (int i = 0; i < face->n; i++) memcpy(face->corners[i], cut->corners[order[i]], 3 * sizeof(double));
    find_far(face);
}

/* Without the room behind its corners. */
static void copy_face(Face *to, const Face *from) {
    memcpy(to, from, offsetof(Face, corners) + sizeof(from->corners[0]) * (size_t)from->n);
}

static void cut_cell(Voronoi *cell, const Near *near, double exact) {
    const double *p = near->vector;
    double length = sqrt(near->distance2), normal[3] = {p[0] / length, p[1] / length, p[2] / length};
    Cut cut;
    cut.n = 0;
    int n = 0;
    for (int f = 0; f < cell->n_faces; f++) {
        cut_face(cell->faces + f, normal, 0.5 * length, exact, &cut);
        if (cell->faces[f].n < 3) continue;
        if (n != f) copy_face(cell->faces + n, cell->faces + f);
        n++;
    }
    if (cut.n >= 3 && n < MOST_FACES) {
        Face *face = cell->faces + n++;
        face->atom = near->atom;
        memcpy(face->vector, p, sizeof face->vector);
        close_cut(&cut, normal, face);
    }
    cell->n_faces = n;
}

static double farthest(const Voronoi *cell) {
    double most = 0.0;
    for (int f = 0; f < cell->n_faces; f++)
        if (cell->faces[f].far2 > most) most = cell->faces[f].far2;
    return sqrt(most);
}

/* Areas, and the volume as pyramids below the faces. */
static void measure(Voronoi *cell) {
    cell->volume = 0.0;
    cell->open = cell->n_faces < 4;
    for (int f = 0; f < cell->n_faces; f++) {
        Face *face = cell->faces + f;
        double sum[3] = {0, 0, 0};
        for (int i = 1; i + 1 < face->n; i++) {
            double a[3], b[3], c[3];
            for (int x = 0; x < 3; x++) {
                a[x] = face->corners[i][x] - face->corners[0][x];
                b[x] = face->corners[i + 1][x] - face->corners[0][x];
            }
            cross(a, b, c);
            for (int x = 0; x < 3; x++) sum[x] += 0.5 * c[x];
        }
        face->area = sqrt(dot(sum, sum));
        cell->volume += face->area * 0.5 * sqrt(dot(face->vector, face->vector)) / 3.0;
        cell->open |= face->atom < 0;
    }
    if (cell->open) cell->volume = NAN;
}

int voronoi_cell(const Grid *grid, int64_t place, Nears *list, Voronoi *cell) {
    int64_t done = 0;
    double half = 0.0;
    cell->n_faces = 0;
    for (int k = FIRST_LOOK; k <= LAST_LOOK; k *= 4) {
        if (!nears_nearest(list, grid, place, k)) return 0;
        if (!list->n) break;
        if (half == 0.0) {
            half = sqrt(list->found[list->n - 1].distance2);
            if (!(half > 0.0)) break;
            start(cell, half);
        }
        for (; done < list->n; done++) {
            double distance = sqrt(list->found[done].distance2);
            if (distance >= 2.0 * farthest(cell)) break;
            if (distance > 0.0) cut_cell(cell, list->found + done, EXACT * half);
        }
        if (done < list->n || list->n < k) break;
    }
    measure(cell);
    return 1;
}

/* By atom for the places begin..end: volumes (n) in A^3, faces (n), and counts (n, 4) of faces with 3,
   4, 5 and 6 edges. Faces below `least_face` of the cell's surface and edges below `least_edge` of the
   root of a mean face are not counted. Returns 0 where memory is short. */
EXPORT int32_t voronoi_cells(const Grid *grid, int64_t begin, int64_t end, double least_face,
                             double least_edge, float *volumes, int32_t *faces, int32_t *counts) {
    Nears list = {NULL, 0, 0};
    Voronoi *cell = malloc(sizeof(Voronoi));
    int whole = cell != NULL;
    for (int64_t place = begin; whole && place < end; place++) {
        int64_t atom = grid_atom(grid, place);
        whole = voronoi_cell(grid, place, &list, cell);
        double surface = 0.0;
        for (int f = 0; f < cell->n_faces; f++) surface += cell->faces[f].area;
        double shortest = least_edge * sqrt(surface / (cell->n_faces ? cell->n_faces : 1));
        volumes[atom] = (float)cell->volume;
        faces[atom] = 0;
        memset(counts + 4 * atom, 0, 4 * sizeof(int32_t));
        for (int f = 0; f < cell->n_faces; f++) {
            const Face *face = cell->faces + f;
            if (face->atom < 0 || face->area <= least_face * surface) continue;
            int edges = 0;
            for (int i = 0; i < face->n; i++) {
                const double *a = face->corners[i], *b = face->corners[(i + 1) % face->n];
                double d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
                edges += dot(d, d) > shortest * shortest;
            }
            faces[atom]++;
            if (edges >= 3 && edges <= 6) counts[4 * atom + edges - 3]++;
        }
    }
    free(list.found);
    free(cell);
    return whole;
}
