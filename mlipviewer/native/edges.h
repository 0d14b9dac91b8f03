/* Where the tokens of a text begin and end, found for 64 bytes at once. */
#ifndef EDGES_H
#define EDGES_H
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define LOOKED_AT 2048 /* bytes at once; a multiple of 64 */
#define MOST_TOKENS 256 /* of a row */
#define LONGEST_ROW (1 << 14) /* bytes: its edges still are int16 */

/* The edges of what lies in text[base, at), counted from `base`: begin, end, begin, end, ... Those
 * before `edge` are done with; one below 0 lies before `base`. A gap between tokens is made of the
 * bytes up to ' ' and those that are not ASCII: whoever uses an edge looks which they are. */
typedef struct {
    const char *text;
    int64_t base, at, end;
    uint64_t inside; /* 1 where the byte before `at` belongs to a token */
    int edge, n_edges;
    int16_t edges[2 * MOST_TOKENS + LOOKED_AT + 8];
} edges;

static uint8_t bits_of_byte[256][8], n_bits_of_byte[256];

static void prepare_edges(void) {
    for (int byte = 0; byte < 256; byte++) {
        int n = 0;
        for (int i = 0; i < 8; i++)
            if (byte >> i & 1) bits_of_byte[byte][n++] = (uint8_t)i;
        n_bits_of_byte[byte] = (uint8_t)n;
    }
}

/* Bit i: whether byte i belongs to a token. */
static inline uint64_t in_tokens(const char *p) {
    uint64_t found = 0;
#ifdef __SSE2__
    for (int i = 0; i < 64; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(p + i));
        __m128i some = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(' '));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(some) << i;
    }
#else
    for (int i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        uint64_t some = ((word & 0x7F7F7F7F7F7F7F7Full) + 0x5F5F5F5F5F5F5F5Full) & ~word;
        found |= ((some & 0x8080808080808080ull) * 0x0002040810204081ull) >> 56 << i;
    }
#endif
    return found;
}

/* Write the places of the bits, up to seven more than there are; returns how many there are. */
static inline int write_places(int16_t *to, uint64_t bits, int first) {
    int16_t *start = to;
    for (int byte = 0; byte < 8; byte++, bits >>= 8, first += 8) {
        const uint8_t *places = bits_of_byte[bits & 255];
#ifdef __SSE2__
        __m128i eight = _mm_loadl_epi64((const __m128i *)places);
        eight = _mm_unpacklo_epi8(eight, _mm_setzero_si128());
        eight = _mm_add_epi16(eight, _mm_set1_epi16((int16_t)first));
        _mm_storeu_si128((__m128i *)to, eight);
#else
        for (int i = 0; i < 8; i++) to[i] = (int16_t)(first + places[i]);
#endif
        to += n_bits_of_byte[bits & 255];
    }
    return (int)(to - start);
}

static void begin_edges(edges *found, const char *text, int64_t start, int64_t end) {
    found->text = text;
    found->base = found->at = start;
    found->end = end;
    found->inside = 0;
    found->edge = found->n_edges = 0;
}

/* Forget what is done with; places count from `at` then. */
static inline void move_on(edges *found) {
    int32_t gone = (int32_t)(found->at - found->base);
    int kept = found->n_edges - found->edge;
    for (int i = 0; i < kept; i++) found->edges[i] = (int16_t)(found->edges[found->edge + i] - gone);
    found->base = found->at;
    found->edge = 0;
    found->n_edges = kept;
}

/* Look at more bytes; there must be room for edges, at most 2 * MOST_TOKENS be left. */
static void look_on(edges *found) {
    move_on(found);
    const char *text = found->text + found->base;
    int64_t left = found->end - found->base, n = left < LOOKED_AT ? left : LOOKED_AT;
    for (int64_t i = 0; i < n; i += 64) {
        char rest[64];
        const char *bytes = text + i;
        if (n - i < 64) {
            memset(rest, '\n', 64);
            memcpy(rest, bytes, (size_t)(n - i));
            bytes = rest;
        }
        uint64_t tokens = in_tokens(bytes), changes = tokens ^ (tokens << 1 | found->inside);
        found->inside = tokens >> 63;
        found->n_edges += write_places(found->edges + found->n_edges, changes, (int)i);
    }
    found->at += n;
}

/* What lies before `place`, where a line begins, is done with. */
static void go_to(edges *found, int64_t place) {
    if (place >= found->at) {
        begin_edges(found, found->text, place, found->end);
        return;
    }
    int32_t here = (int32_t)(place - found->base);
    while (found->edge < found->n_edges && found->edges[found->edge] < here) found->edge++;
}
#endif
