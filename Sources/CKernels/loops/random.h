// Random bits in the loop that uses them.

/// Four elements of the mask a call of the generator; `first` need not be a multiple of four.
static void DH_NAME(dropout_mask)(const uint32_t key[2], const uint32_t counter[2], uint64_t first, float probability,
                                  float *mask, size_t count) {
  const float scale = 1.0f / (1.0f - probability);
  const uint32_t threshold = (uint32_t)(probability * 16777216.0f);
  uint32_t bits[4], block[4] = {0, 0, counter[0], counter[1]};
  for (size_t i = 0; i < count;) {
    const uint64_t position = first + i;
    block[0] = (uint32_t)(position >> 2);
    block[1] = (uint32_t)(position >> 34);
    dh_philox(block, key, bits);
    for (unsigned lane = position & 3; lane < 4 && i < count; lane++, i++) {
      mask[i] = (bits[lane] >> 8) >= threshold ? scale : 0.0f;
    }
  }
}
