// Eight bytes at a time, the first in the lowest bits.
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>
#include <string.h>

#define EACH(byte) ((uint64_t)(byte) * 0x0101010101010101u)
#define HIGH_BITS EACH(0x80)

static inline uint64_t load_word(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// The tests below set the high bit of each byte that passes. Above the first such byte they may err.

static inline uint64_t bytes_equal(uint64_t word, uint64_t pattern) {
  const uint64_t difference = word ^ pattern;
  return (difference - EACH(1)) & ~difference & HIGH_BITS;
}

static inline uint64_t bytes_below(uint64_t word, uint8_t bound) { return (word - EACH(bound)) & ~word & HIGH_BITS; }

/// The place of the first byte that passed; 8: none did.
static inline unsigned first_byte(uint64_t passed) { return passed ? (unsigned)__builtin_ctzll(passed) / 8 : 8; }

#endif
