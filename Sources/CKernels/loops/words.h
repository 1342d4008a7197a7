// Random bits for whoever draws many numbers one after the other.

/// The two 64-bit numbers of each of some successive blocks.
static void DH_NAME(random_numbers)(const uint32_t key[2], const uint32_t counter[2], uint64_t block, uint64_t *numbers,
                                    size_t blocks) {
  for (size_t i = 0; i < blocks; i += DH_LANES) {
    words bits[4];
    philox(block + i, counter, key, bits);
    const size_t wanted = blocks - i < DH_LANES ? blocks - i : DH_LANES;
    for (size_t j = 0; j < wanted; j++) {
      numbers[2 * (i + j)] = bits[0][j] | (uint64_t)bits[1][j] << 32;
      numbers[2 * (i + j) + 1] = bits[2][j] | (uint64_t)bits[3][j] << 32;
    }
  }
}
