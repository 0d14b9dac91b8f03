// Polyhedral template matching by the library of its authors (packaging/third_party/ptm).

#include "nearest.h"

#include "ptm_functions.h"

#include <cmath>
#include <cstring>

#ifdef _WIN32
#define EXPORT extern "C" __declspec(dllexport)
#else
#define EXPORT extern "C" __attribute__((visibility("default")))
#endif

namespace {

struct Around {
    const Grid *grid;
    const int32_t *numbers; // by atom, or NULL
    ptm_local_handle_t handle;
};

// The library asks for the neighbours of an atom in the order of the faces of its Voronoi cell.
int neighbours(void *about, size_t, size_t atom, int, ptm_atomicenv_t *env) {
    const Around *around = static_cast<const Around *>(about);
    Near near[PTM_MAX_INPUT_POINTS - 1];
    double points[PTM_MAX_INPUT_POINTS][3];
    int64_t place = grid_place(around->grid, static_cast<int64_t>(atom));
    int n = grid_nearest(around->grid, place, PTM_MAX_INPUT_POINTS - 1, near);
    for (int i = 0; i < n; i++) std::memcpy(points[i], near[i].vector, sizeof points[i]);

    uint64_t order = 0;
    int unused = 0;
    ptm_preorder_neighbours(around->handle, n, points, &order);
    ptm_decode_correspondences(PTM_MATCH_FCC, order, env->correspondences, &unused);
    env->atom_indices[0] = atom;
    env->numbers[0] = around->numbers ? around->numbers[atom] : 0;
    std::memset(env->points[0], 0, sizeof env->points[0]);
    for (int i = 0; i < n; i++) {
        int from = env->correspondences[i + 1] - 1;
        const Near &one = near[from < 0 || from >= n ? i : from];
        env->atom_indices[i + 1] = static_cast<size_t>(one.atom);
        env->numbers[i + 1] = around->numbers ? around->numbers[one.atom] : 0;
        std::memcpy(env->points[i + 1], one.vector, sizeof one.vector);
    }
    env->num = n + 1;
    return n + 1;
}

} // namespace

// Once, before any other call.
EXPORT int32_t ptm_prepare() { return ptm_initialize_global(); }

// For the places begin..end, by atom: the template's number, its chemical order, the root mean
// square deviation (infinite for no match), the distance of nearest neighbours (A), and the
// orientation (n, 4) as a quaternion w x y z.
EXPORT void ptm_types(const Grid *grid, int64_t begin, int64_t end, int32_t templates,
                      const int32_t *numbers, uint8_t *types, uint8_t *orders, float *deviations,
                      float *distances, float *orientations) {
    Around around = {grid, numbers, ptm_initialize_local()};
    for (int64_t place = begin; place < end; place++) {
        int32_t atom = grid_atom(grid, place);
        ptm_result_t result;
        ptm_atomicenv_t unused;
        int failed = ptm_index(around.handle, static_cast<size_t>(atom), neighbours, &around, templates,
                               false, &result, &unused);
        bool matched = failed == 0 && result.structure_type != PTM_MATCH_NONE;
        types[atom] = static_cast<uint8_t>(matched ? result.structure_type : PTM_MATCH_NONE);
        orders[atom] = static_cast<uint8_t>(matched ? result.ordering_type : PTM_ALLOY_NONE);
        deviations[atom] = matched ? static_cast<float>(result.rmsd) : INFINITY;
        distances[atom] = matched ? static_cast<float>(result.interatomic_distance) : NAN;
        for (int c = 0; c < 4; c++)
            orientations[4 * atom + c] = matched ? static_cast<float>(result.orientation[c]) : NAN;
    }
    ptm_uninitialize_local(around.handle);
}
