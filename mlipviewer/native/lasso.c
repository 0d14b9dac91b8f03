/* A path of Lasso fits by coordinate descent: Friedman, Hastie and Tibshirani, J. Stat. Softw. 33, 1
 * (2010), on the scalar products of the columns, so that the number of rows does not matter. */
#include <math.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* w.w', p long */
static double product(const double *one, const double *other, int64_t p)
{
    double sum = 0.0;
    for (int64_t i = 0; i < p; i++)
        sum += one[i] * other[i];
    return sum;
}

/* How far the sum that is to be least can lie above its least value, from the dual problem.
 * `left` is X^T (y - X w) / n, `square` is y^T y / n. */
static double gap(const double *left, const double *xy, double square, int64_t p, double penalty,
                  const double *w)
{
    double largest = 0.0, size = 0.0;
    for (int64_t i = 0; i < p; i++) {
        largest = fmax(largest, fabs(left[i]));
        size += fabs(w[i]);
    }
    const double along = square - product(xy, w, p); /* y^T (y - X w) / n */
    const double rest = along - product(left, w, p); /* |y - X w|^2 / n */
    const double scale = largest > penalty ? penalty / largest : 1.0;
    return 0.5 * rest * (1.0 + scale * scale) + penalty * size - scale * along;
}

/* One round over all coefficients. Returns the largest change as a part of the largest one. */
static double round_of(const double *gram, double *left, int64_t p, double penalty, double *w)
{
    double most = 0.0, largest = 0.0;
    for (int64_t i = 0; i < p; i++) {
        const double *row = gram + i * p;
        if (!(row[i] > 0.0))
            continue; /* a column of zeros says nothing */
        const double alone = left[i] + row[i] * w[i];
        const double over = fabs(alone) - penalty;
        const double next = over > 0.0 ? copysign(over, alone) / row[i] : 0.0;
        const double change = next - w[i];
        if (change != 0.0) {
            for (int64_t k = 0; k < p; k++)
                left[k] -= change * row[k];
            w[i] = next;
        }
        most = fmax(most, fabs(change));
        largest = fmax(largest, fabs(next));
    }
    return largest > 0.0 ? most / largest : 0.0;
}

/* Minimum over w (p,) of |y - X w|^2 / (2 n) + penalty |w|_1 for each of m penalties; a fit begins
 * where the one before it ended, the first at 0. `gram` (p, p) is X^T X / n, `xy` (p,) X^T y / n,
 * `square` y^T y / n; `left` (p,) is for work. Ends at a duality gap of `close` times `square`, or
 * after `most_rounds`. Writes `found` (m, p). Returns how many fits ended close enough. */
EXPORT int64_t lasso_path(const double *gram, const double *xy, double square, int64_t p,
                          const double *penalties, int64_t m, int64_t most_rounds, double close,
                          double *left, double *found)
{
    int64_t n_close = 0;
    for (int64_t one = 0; one < m; one++) {
        double *w = found + one * p;
        for (int64_t i = 0; i < p; i++)
            w[i] = one ? w[i - p] : 0.0;
        for (int64_t i = 0; i < p; i++) /* anew, so that rounding does not add up */
            left[i] = xy[i] - product(gram + i * p, w, p);
        for (int64_t round = 0; round < most_rounds; round++) {
            const double moved = round_of(gram, left, p, penalties[one], w);
            if (moved <= close && gap(left, xy, square, p, penalties[one], w) <= close * square) {
                n_close++;
                break;
            }
        }
    }
    return n_close;
}
