/* Counts for density images: how many points fall into each pixel, how many lines cross it. */

#include <math.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* Adds each of n points to its bin: counts is (height, width, groups), row 0 the highest y.
 * What is not finite, or outside of x0..x0 + width / per_x and likewise in y, is left out. */
EXPORT void count_points(const double *x, const double *y, const int32_t *group, int64_t n, double x0,
                  double per_x, double y0, double per_y, int64_t width, int64_t height,
                  int64_t n_groups, int32_t *counts)
{
    for (int64_t i = 0; i < n; i++) {
        double column = (x[i] - x0) * per_x, row = (y[i] - y0) * per_y;
        /* written so that NaN is outside */
        if (!(column >= 0 && column < (double)width && row >= 0 && row < (double)height))
            continue;
        int64_t at = (height - 1 - (int64_t)row) * width + (int64_t)column;
        counts[at * n_groups + (group ? group[i] : 0)]++;
    }
}

/* Colours of pixels (n, groups) by counts: the mean of rgb (groups, 3) by count, and the opacity of
 * their total from a table of n_alpha entries, the last one for all above. out is (n, 4). */
EXPORT void mix_counts(const int32_t *counts, int64_t n, int64_t n_groups, const uint8_t *rgb,
                       const uint8_t *alpha, int64_t n_alpha, uint8_t *out)
{
    for (int64_t i = 0; i < n; i++, counts += n_groups, out += 4) {
        float sum[3] = {0, 0, 0};
        int64_t total = 0;
        for (int64_t g = 0; g < n_groups; g++) {
            if (!counts[g])
                continue;
            total += counts[g];
            for (int k = 0; k < 3; k++)
                sum[k] += (float)counts[g] * rgb[3 * g + k];
        }
        for (int k = 0; k < 3; k++)
            out[k] = total ? (uint8_t)(sum[k] / (float)total + 0.5f) : 0;
        out[3] = alpha[total < n_alpha ? total : n_alpha - 1];
    }
}

static int64_t row_of(float y, int64_t height)
{
    if (y <= 0)
        return 0;
    return y >= (float)height ? height : (int64_t)y;
}

/* n lines over the same rising x (m), y (m, n), in pixels, between the columns begin and end.
 * changes is (end - begin, height + 1): the running sum over a column is how many lines cross
 * each of its pixels. A NaN vertex is a gap. */
EXPORT void count_crossings(const float *x, const float *y, int64_t n, int64_t m, int64_t begin,
                            int64_t end, int64_t height, int32_t *changes)
{
    int64_t k = 0; /* the segment that holds the left side of the column */
    for (int64_t c = begin; c < end; c++) {
        while (k + 2 < m && x[k + 1] <= (float)c)
            k++;
        int64_t q = k; /* and its right side */
        while (q + 2 < m && x[q + 1] <= (float)(c + 1))
            q++;
        float here = ((float)c - x[k]) / (x[k + 1] - x[k]);
        float next = ((float)(c + 1) - x[q]) / (x[q + 1] - x[q]);
        const float *a0 = y + k * n, *a1 = a0 + n, *b0 = y + q * n, *b1 = b0 + n;
        int32_t *column = changes + (c - begin) * (height + 1);
        for (int64_t i = 0; i < n; i++) {
            float a = a0[i] + (a1[i] - a0[i]) * here, b = b0[i] + (b1[i] - b0[i]) * next;
            if (!(isfinite(a) && isfinite(b)))
                continue;
            column[row_of(a < b ? a : b, height)]++;
            column[row_of((a < b ? b : a) + 1, height)]--;
        }
    }
}
