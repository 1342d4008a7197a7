// The transcendental functions, without branches or tables, so that loops over them become vector code.
// Each is accurate to a few units in the last place over the whole range of float.

static inline float DH_NAME(bits_to_float)(int32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/// exp x = 2ⁿ exp r, n = round(x / ln 2): Cody–Waite reduction, then a polynomial on |r| ≤ ln 2 / 2.
static inline float DH_NAME(exp)(float x) {
  x = x < -104.0f ? -104.0f : x;
  x = x > 89.0f ? 89.0f : x;
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  // Two factors, so that results near the ends of the range neither overflow nor flush early.
  const int32_t exponent = (int32_t)n, half = exponent / 2;
  return p * DH_NAME(bits_to_float)((half + 127) << 23) * DH_NAME(bits_to_float)((exponent - half + 127) << 23);
}

// The four below are to be replaced by branch-free forms of the same names.
static inline float DH_NAME(expm1)(float x) { return expm1f(x); }
static inline float DH_NAME(log1p)(float x) { return log1pf(x); }
static inline float DH_NAME(log)(float x) { return logf(x); }
static inline float DH_NAME(tanh)(float x) { return tanhf(x); }
static inline float DH_NAME(erf)(float x) { return erff(x); }
