/* Which of many ids are chosen, and how many atoms of each kind that makes: a million in a
 * millisecond or two. */
#include <stdint.h>
#include <stdlib.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* Writes to `mask` (n,) which ids are among the m chosen ones, in any order, by a table over the
 * range of the ids. Returns how many, or -1 where ids lie too far apart for one (over 8 n + 1024),
 * or where there is no memory for it. */
#define MARK_MEMBERS(NAME, ID)                                                                      \
    EXPORT int64_t NAME(const ID *ids, int64_t n, const int64_t *chosen, int64_t m, uint8_t *mask)  \
    {                                                                                               \
        ID low = n ? ids[0] : 0, high = low;                                                        \
        for (int64_t i = 0; i < n; i++) {                                                           \
            low = ids[i] < low ? ids[i] : low;                                                      \
            high = ids[i] > high ? ids[i] : high;                                                   \
        }                                                                                           \
        const uint64_t range = (uint64_t)(int64_t)high - (uint64_t)(int64_t)low;                    \
        if (range > 8 * (uint64_t)n + 1024)                                                         \
            return -1;                                                                              \
        uint8_t *table = calloc(range + 1, 1);                                                      \
        if (!table)                                                                                 \
            return -1;                                                                              \
        for (int64_t k = 0; k < m; k++)                                                             \
            if (chosen[k] >= low && chosen[k] <= high)                                              \
                table[chosen[k] - low] = 1;                                                         \
        int64_t count = 0;                                                                          \
        for (int64_t i = 0; i < n; i++) {                                                           \
            mask[i] = table[(int64_t)ids[i] - low];                                                 \
            count += mask[i];                                                                       \
        }                                                                                           \
        free(table);                                                                                \
        return count;                                                                               \
    }

MARK_MEMBERS(mark_members_32, int32_t)
MARK_MEMBERS(mark_members_64, int64_t)

/* Adds up in `counts` (256,) how often each code occurs where `mask` (n,) is 1, not 0. Neighbours
 * are counted apart, for a count need not wait for the one before it. */
EXPORT void count_codes(const uint8_t *codes, const uint8_t *mask, int64_t n, int64_t *counts)
{
    uint32_t parts[4][256] = {{0}};
    int64_t i = 0;
    while (i + 4 <= n) {
        /* a count of 32 bits holds what a part of 2^30 codes can give */
        const int64_t end = n - i > (1 << 30) ? i + (1 << 30) : n;
        for (; i + 4 <= end; i += 4)
            for (int k = 0; k < 4; k++)
                parts[k][codes[i + k]] += mask[i + k];
        for (int k = 0; k < 4; k++)
            for (int code = 0; code < 256; code++) {
                counts[code] += parts[k][code];
                parts[k][code] = 0;
            }
    }
    for (; i < n; i++)
        counts[codes[i]] += mask[i];
}
