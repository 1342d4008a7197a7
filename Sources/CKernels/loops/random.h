// Random bits in the loop that uses them.

typedef uint32_t words __attribute__((ext_vector_type(DH_LANES)));
typedef uint64_t long_words __attribute__((ext_vector_type(DH_LANES)));

/// The lower half of each lane times a constant: one instruction, for which the upper half may hold anything.
DH_INLINE long_words times(long_words x, uint32_t factor) { return (x & 0xFFFFFFFFu) * factor; }

/// `dh_philox` on DH_LANES successive counters at once. A word is the lower half of its lane; the upper half is whatever the
/// multiplications left there.
DH_INLINE void philox_wide(uint64_t block, const uint32_t counter[2], const uint32_t key[2], long_words out[4]) {
  long_words c0 = block + __builtin_convertvector((words)DH_COUNTING, long_words), c1 = c0 >> 32;
  long_words c2 = (long_words)(uint64_t)counter[0], c3 = (long_words)(uint64_t)counter[1];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    const long_words p0 = times(c0, 0xD2511F53u), p1 = times(c2, 0xCD9E8D57u);
    c0 = p1 >> 32 ^ c1 ^ (uint64_t)k0;
    c1 = p1;
    c2 = p0 >> 32 ^ c3 ^ (uint64_t)k1;
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

/// The same, in lanes of a word each.
DH_INLINE void philox(uint64_t block, const uint32_t counter[2], const uint32_t key[2], words out[4]) {
  long_words wide[4];
  philox_wide(block, counter, key, wide);
  DH_UNROLL
  for (int w = 0; w < 4; w++) out[w] = __builtin_convertvector(wide[w], words);
}

/// Element `position` takes word `position mod 4` of block `position / 4`. `first` need not be a multiple of four. Where
/// `multiplies`, y becomes x ⊙ mask while the mask is in registers.
DH_INLINE void draw_mask(const int multiplies, const uint32_t key[2], const uint32_t counter[2], uint64_t first,
                         float probability, const float *x, float *mask, float *y, size_t count) {
  const vector scale = broadcast(1.0f / (1.0f - probability)), zero = broadcast(0);
  const int32_t threshold = (int32_t)(probability * 16777216.0f);
  size_t skipped = first & 3;  // of the first block
  for (size_t i = 0; i < count; skipped = 0) {
    words bits[4];
    philox((first + i) >> 2, counter, key, bits);
    vector kept[4];
    DH_UNROLL
    for (int w = 0; w < 4; w++) kept[w] = choose((integers)(bits[w] >> 8) >= threshold, scale, zero);
    // Word by word to block by block.
    const vector even_low = interleave_low(kept[0], kept[2]), even_high = interleave_high(kept[0], kept[2]);
    const vector odd_low = interleave_low(kept[1], kept[3]), odd_high = interleave_high(kept[1], kept[3]);
    const vector blocks[4] = {interleave_low(even_low, odd_low), interleave_high(even_low, odd_low),
                              interleave_low(even_high, odd_high), interleave_high(even_high, odd_high)};
    const size_t wanted = count - i < 4 * DH_LANES - skipped ? count - i : 4 * DH_LANES - skipped;
    if (wanted == 4 * DH_LANES) {
      DH_UNROLL
      for (int w = 0; w < 4; w++) {
        store(mask + i + w * DH_LANES, blocks[w]);
        if (multiplies) store(y + i + w * DH_LANES, load(x + i + w * DH_LANES) * blocks[w]);
      }
    } else {
      float elements[4 * DH_LANES];
      __builtin_memcpy(elements, blocks, sizeof blocks);
      for (size_t j = 0; j < wanted; j++) {
        mask[i + j] = elements[skipped + j];
        if (multiplies) y[i + j] = x[i + j] * elements[skipped + j];
      }
    }
    i += wanted;
  }
}

static void DH_NAME(dropout_mask)(const uint32_t key[2], const uint32_t counter[2], uint64_t first, float probability,
                                  float *mask, size_t count) {
  draw_mask(0, key, counter, first, probability, NULL, mask, NULL, count);
}

static void DH_NAME(dropout)(const uint32_t key[2], const uint32_t counter[2], uint64_t first, float probability,
                             const float *x, float *mask, float *y, size_t count) {
  draw_mask(1, key, counter, first, probability, x, mask, y, count);
}
