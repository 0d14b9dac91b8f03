/* Where the blocks of a deflate stream (RFC 1951) begin and how much text lies before each: the codes
 * are followed and their lengths added up, nothing is unpacked.
 */
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

enum { MORE_BLOCKS = 0, LAST_BLOCK = 1, MORE_BYTES = 2, INVALID = 3 };
enum { LONGEST_CODE = 15, LENGTHS = 288, DISTANCES = 32, END_OF_BLOCK = 256 };

/* Bits from `at` on; 16 bytes behind the last may be read. */
typedef struct {
    const uint8_t *bytes;
    int64_t at, end;
} stream;

/* For the next `bits` bits the code they begin with: symbol << 4 | length, 0 where there is none. */
typedef struct {
    int bits;
    uint16_t codes[1 << LONGEST_CODE];
} codes;

static inline uint64_t peek(const stream *s) { /* 57 bits or more */
    uint64_t word;
    memcpy(&word, s->bytes + (s->at >> 3), 8);
    return word >> (s->at & 7);
}

static inline uint32_t take(stream *s, int n) {
    uint32_t found = (uint32_t)(peek(s) & ((1u << n) - 1));
    s->at += n;
    return found;
}

static inline int next_symbol(stream *s, const codes *c) {
    uint16_t found = c->codes[peek(s) & ((1u << c->bits) - 1)];
    s->at += found & 15;
    return found ? found >> 4 : -1;
}

static uint32_t reversed(uint32_t code, int n) {
    uint32_t found = 0;
    for (int i = 0; i < n; i++) found |= (code >> i & 1) << (n - 1 - i);
    return found;
}

/* The canonical code of these lengths; 0 where there are too many codes. */
static int make_codes(codes *c, const uint8_t *lengths, int n) {
    uint32_t counts[LONGEST_CODE + 1] = {0}, next[LONGEST_CODE + 2] = {0};
    for (int i = 0; i < n; i++) counts[lengths[i]]++;
    counts[0] = 0;
    c->bits = 1;
    for (int length = 1; length <= LONGEST_CODE; length++) {
        next[length + 1] = (next[length] + counts[length]) << 1;
        if (next[length] + counts[length] > 1u << length) return 0;
        if (counts[length]) c->bits = length;
    }
    memset(c->codes, 0, sizeof(uint16_t) << c->bits);
    for (int symbol = 0; symbol < n; symbol++) {
        int length = lengths[symbol];
        if (!length) continue;
        uint32_t code = reversed(next[length]++, length);
        for (; code < 1u << c->bits; code += 1u << length)
            c->codes[code] = (uint16_t)(symbol << 4 | length);
    }
    return 1;
}

static int fixed_codes(codes *symbols, codes *distances) {
    uint8_t lengths[LENGTHS + DISTANCES];
    for (int i = 0; i < LENGTHS; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    memset(lengths + LENGTHS, 5, DISTANCES);
    return make_codes(symbols, lengths, LENGTHS) &&
           make_codes(distances, lengths + LENGTHS, DISTANCES);
}

static int read_codes(stream *s, codes *symbols, codes *distances) {
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    int n_symbols = (int)take(s, 5) + 257, n_distances = (int)take(s, 5) + 1;
    int n_first = (int)take(s, 4) + 4, n = 0;
    uint8_t first[19] = {0}, lengths[LENGTHS + 2 * DISTANCES] = {0};
    for (int i = 0; i < n_first; i++) first[order[i]] = (uint8_t)take(s, 3);
    if (n_symbols > LENGTHS || !make_codes(symbols, first, 19)) return 0;
    while (n < n_symbols + n_distances) {
        if (s->at > s->end) return 1; /* the caller sees that bytes are missing */
        int symbol = next_symbol(s, symbols);
        if (symbol < 0) return 0;
        if (symbol < 16) {
            lengths[n++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16 && !n) return 0;
        uint8_t length = symbol == 16 ? lengths[n - 1] : 0;
        int times = symbol == 16 ? 3 + (int)take(s, 2)
                                 : symbol == 17 ? 3 + (int)take(s, 3) : 11 + (int)take(s, 7);
        if (n + times > n_symbols + n_distances) return 0;
        for (; times; times--) lengths[n++] = length;
    }
    return make_codes(symbols, lengths, n_symbols) &&
           make_codes(distances, lengths + n_symbols, n_distances);
}

static int follow_codes(stream *s, const codes *symbols, const codes *distances, int64_t *length) {
    static const uint16_t starts[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                        31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t extras[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    while (s->at <= s->end) {
        int symbol = next_symbol(s, symbols);
        if (symbol < 0) return INVALID;
        if (symbol == END_OF_BLOCK) return s->at <= s->end ? MORE_BLOCKS : MORE_BYTES;
        if (symbol < END_OF_BLOCK) {
            ++*length;
            continue;
        }
        if (symbol - 257 > 28) return INVALID;
        *length += starts[symbol - 257] + take(s, extras[symbol - 257]);
        int distance = next_symbol(s, distances);
        if (distance < 0 || distance > 29) return INVALID;
        s->at += distance < 4 ? 0 : distance / 2 - 1;
    }
    return MORE_BYTES;
}

static int stored_block(stream *s, int64_t *length) {
    s->at = (s->at + 7) & ~7ll;
    uint32_t n = take(s, 16), other = take(s, 16);
    if (s->at > s->end) return MORE_BYTES;
    if ((n ^ other) != 0xFFFF) return INVALID;
    s->at += 8ll * n;
    *length += n;
    return s->at <= s->end ? MORE_BLOCKS : MORE_BYTES;
}

/* Go from a block that begins at bit *bit of bytes[0, n) to the first one behind `wanted` bytes of
 * text, or behind the last block. *bit and *length are those of the last block that was reached. */
EXPORT int deflate_blocks(const uint8_t *bytes, int64_t n, int64_t wanted, int64_t *bit,
                          int64_t *length) {
    static _Thread_local codes symbols, distances;
    stream s = {bytes, *bit, 8 * n};
    int64_t done = 0;
    *length = 0;
    while (*length < wanted) {
        uint32_t head = s.at + 3 <= s.end ? take(&s, 3) : 8;
        int kind = (int)(head >> 1), found = INVALID;
        if (head == 8) return MORE_BYTES;
        if (kind == 0) found = stored_block(&s, &done);
        else if (kind < 3) {
            int good = kind == 1 ? fixed_codes(&symbols, &distances)
                                 : read_codes(&s, &symbols, &distances);
            if (s.at > s.end) return MORE_BYTES;
            if (good) found = follow_codes(&s, &symbols, &distances, &done);
        }
        if (found != MORE_BLOCKS) return found;
        *bit = s.at;
        *length = done;
        if (head & 1) return LAST_BLOCK;
    }
    return MORE_BLOCKS;
}
