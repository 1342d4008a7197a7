// What scalings are fitted to. Sums of doubles have sixteen parts in every instruction set: the same bits.

typedef double sixteen __attribute__((ext_vector_type(16)));

/// Σ (x · unit − centre), or of the squares.
DH_INLINE double sum_differences(const int squared, const double *x, size_t count, double unit, double centre) {
#pragma clang fp contract(off)
  sixteen sums = (sixteen)0.0;
  for (size_t i = 0; i < count; i += 16) {
    sixteen v = (sixteen)0.0;
    const size_t wanted = count - i < 16 ? count - i : 16;
    if (wanted == 16) {
      __builtin_memcpy(&v, x + i, sizeof v);
      const sixteen d = v * unit - centre;
      sums += squared ? d * d : d;
    } else {
      for (size_t l = 0; l < wanted; l++) {
        const double d = x[i + l] * unit - centre;
        sums[l] += squared ? d * d : d;
      }
    }
  }
  const double __attribute__((ext_vector_type(8))) eighths = sums.lo + sums.hi;
  const double __attribute__((ext_vector_type(4))) quarters = eighths.lo + eighths.hi;
  return (quarters.x + quarters.z) + (quarters.y + quarters.w);
}

static double DH_NAME(sum_of_differences)(const double *x, size_t count, double unit, double centre) {
  return sum_differences(0, x, count, unit, centre);
}

static double DH_NAME(sum_of_squares)(const double *x, size_t count, double unit, double centre) {
  return sum_differences(1, x, count, unit, centre);
}

static void DH_NAME(extremes)(const double *x, size_t count, double *smallest, double *largest) {
  sixteen low = (sixteen)x[0], high = low;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    sixteen v;
    __builtin_memcpy(&v, x + i, sizeof v);
    low = v < low ? v : low;
    high = v > high ? v : high;
  }
  double lowest = low[0], highest = high[0];
  for (int l = 1; l < 16; l++) {
    if (low[l] < lowest) lowest = low[l];
    if (high[l] > highest) highest = high[l];
  }
  for (; i < count; i++) {
    if (x[i] < lowest) lowest = x[i];
    if (x[i] > highest) highest = x[i];
  }
  *smallest = lowest, *largest = highest;
}

/// The compiler makes vectors of it.
static void DH_NAME(add_bytes)(const uint8_t *restrict x, uint32_t *restrict sums, uint32_t *restrict squares,
                               size_t count) {
  for (size_t i = 0; i < count; i++) {
    sums[i] += x[i];
    squares[i] += (uint32_t)x[i] * x[i];
  }
}
