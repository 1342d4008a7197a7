// Random bits for whoever draws many numbers one after the other.

/// The two 64-bit numbers of each of some successive blocks.
static void DH_NAME(random_numbers)(const uint32_t key[2], const uint32_t counter[2], uint64_t block, uint64_t *numbers,
                                    size_t blocks) {
  for (size_t i = 0; i < blocks; i += DH_LANES) {
    long_words bits[4];
    philox_wide(block + i, counter, key, bits);
    uint64_t pairs[2][DH_LANES];
    const long_words first = (bits[0] & 0xFFFFFFFFu) | bits[1] << 32, second = (bits[2] & 0xFFFFFFFFu) | bits[3] << 32;
    __builtin_memcpy(pairs[0], &first, sizeof first);
    __builtin_memcpy(pairs[1], &second, sizeof second);
    const size_t wanted = blocks - i < DH_LANES ? blocks - i : DH_LANES;
    for (size_t j = 0; j < wanted; j++) {
      numbers[2 * (i + j)] = pairs[0][j];
      numbers[2 * (i + j) + 1] = pairs[1][j];
    }
  }
}
