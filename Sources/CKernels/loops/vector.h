// Vectors of DH_LANES floats in clang's portable vector types, and how they come from memory and go back.
//
// Bodies and tails of a loop run the same operations on the same vectors, so that what becomes of an element does not
// depend on where it stands in its run.

#ifndef DH_MASKS
#define DH_MASKS 0
#endif

#define DH_INLINE static inline __attribute__((always_inline))

/// Before a loop over the registers of a tile, whose length is a constant.
#if DH_COMPACT
#define DH_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define DH_UNROLL _Pragma("clang loop unroll(full)")
#endif

typedef float vector __attribute__((ext_vector_type(DH_LANES)));
typedef int32_t integers __attribute__((ext_vector_type(DH_LANES)));
typedef double doubles __attribute__((ext_vector_type(DH_LANES)));

typedef float half_vector __attribute__((ext_vector_type(DH_LANES / 2)));

DH_INLINE vector load(const float *p) {
  vector v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

DH_INLINE void store(float *p, vector v) { __builtin_memcpy(p, &v, sizeof v); }

DH_INLINE vector broadcast(float x) { return (vector)x; }

DH_INLINE doubles widen(vector v) { return __builtin_convertvector(v, doubles); }
DH_INLINE vector narrow(doubles v) { return __builtin_convertvector(v, vector); }

/// 0, 1, 2, …
#if DH_LANES == 16
#define DH_COUNTING {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
#elif DH_LANES == 8
#define DH_COUNTING {0, 1, 2, 3, 4, 5, 6, 7}
#else
#define DH_COUNTING {0, 1, 2, 3}
#endif

/// All bits set in the first `count` lanes.
DH_INLINE integers first_lanes(size_t count) { return (integers)DH_COUNTING < (integers)(int32_t)count; }

/// Lane by lane, a where the condition holds, else b.
DH_INLINE vector choose(integers condition, vector a, vector b) { return condition ? a : b; }

// The first `count` floats of a vector, 1 ≤ count ≤ DH_LANES; the lanes behind them are 0 and their memory is not touched.
#if DH_MASKS == 512

DH_INLINE vector load_part(const float *p, size_t count) {
  return (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}

DH_INLINE void store_part(float *p, vector v, size_t count) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}

DH_INLINE half_vector load_half_part(const float *p, size_t count) {
  return (half_vector)_mm256_maskz_loadu_ps((__mmask8)((1u << count) - 1), p);
}

DH_INLINE void store_half_part(float *p, half_vector v, size_t count) {
  _mm256_mask_storeu_ps(p, (__mmask8)((1u << count) - 1), (__m256)v);
}

#elif DH_MASKS == 256

DH_INLINE vector load_part(const float *p, size_t count) {
  return (vector)_mm256_maskload_ps(p, (__m256i)first_lanes(count));
}

DH_INLINE void store_part(float *p, vector v, size_t count) {
  _mm256_maskstore_ps(p, (__m256i)first_lanes(count), (__m256)v);
}

#else

DH_INLINE vector load_part(const float *p, size_t count) {
#if DH_LANES == 4
  // The detour through memory below would stall: a load after narrower stores to the same place.
  switch (count) {
    case 1: return (vector){p[0], 0, 0, 0};
    case 2: return (vector){p[0], p[1], 0, 0};
    case 3: return (vector){p[0], p[1], p[2], 0};
    default: return load(p);
  }
#endif
  float lanes[DH_LANES] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = p[i];
  return load(lanes);
}

DH_INLINE void store_part(float *p, vector v, size_t count) {
  float lanes[DH_LANES];
  store(lanes, v);
  for (size_t i = 0; i < count; i++) p[i] = lanes[i];
}

#endif

#if DH_MASKS != 512
DH_INLINE half_vector load_half_part(const float *p, size_t count) { return load_part(p, count).lo; }

DH_INLINE void store_half_part(float *p, half_vector v, size_t count) {
  for (size_t i = 0; i < count; i++) p[i] = v[i];
}
#endif

typedef float eight __attribute__((ext_vector_type(8)));
typedef float quarter __attribute__((ext_vector_type(4)));
typedef int32_t integer_quarter __attribute__((ext_vector_type(4)));

/// The first `count` of four floats, 1 ≤ count ≤ 4, and zeros.
DH_INLINE quarter load_quarter(const float *p, size_t count) {
  quarter q;
  if (count == 4) {
    __builtin_memcpy(&q, p, sizeof q);
    return q;
  }
#if DH_MASKS == 512
  return (quarter)_mm_maskz_loadu_ps((__mmask8)((1u << count) - 1), p);
#elif DH_MASKS == 256
  return (quarter)_mm_maskload_ps(p, (__m128i)((integer_quarter){0, 1, 2, 3} < (integer_quarter)(int32_t)count));
#else
  return (quarter){p[0], count > 1 ? p[1] : 0, count > 2 ? p[2] : 0, 0};
#endif
}

/// The other way: the first `count` of four floats to memory.
DH_INLINE void store_quarter(float *p, quarter q, size_t count) {
  if (count == 4) {
    __builtin_memcpy(p, &q, sizeof q);
    return;
  }
#if DH_MASKS == 512
  _mm_mask_storeu_ps(p, (__mmask8)((1u << count) - 1), (__m128)q);
#elif DH_MASKS == 256
  _mm_maskstore_ps(p, (__m128i)((integer_quarter){0, 1, 2, 3} < (integer_quarter)(int32_t)count), (__m128)q);
#else
  p[0] = q[0];
  if (count > 1) p[1] = q[1];
  if (count > 2) p[2] = q[2];
#endif
}

/// Of each four lanes of x and y in turn: the lower two, or the upper.
DH_INLINE vector unpack_low(vector x, vector y) {
#if DH_LANES == 16
  return __builtin_shufflevector(x, y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
#elif DH_LANES == 8
  return __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13);
#else
  return __builtin_shufflevector(x, y, 0, 4, 1, 5);
#endif
}

DH_INLINE vector unpack_high(vector x, vector y) {
#if DH_LANES == 16
  return __builtin_shufflevector(x, y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
#elif DH_LANES == 8
  return __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15);
#else
  return __builtin_shufflevector(x, y, 2, 6, 3, 7);
#endif
}

/// Exchanges rows with columns in each four lanes of four vectors.
DH_INLINE void turn_quarters(const vector r[4], vector turned[4]) {
  const vector even_low = unpack_low(r[0], r[2]), odd_low = unpack_low(r[1], r[3]);
  const vector even_high = unpack_high(r[0], r[2]), odd_high = unpack_high(r[1], r[3]);
  turned[0] = unpack_low(even_low, odd_low), turned[1] = unpack_high(even_low, odd_low);
  turned[2] = unpack_low(even_high, odd_high), turned[3] = unpack_high(even_high, odd_high);
}

/// Up to four neighbouring columns of up to DH_LANES rows, each a vector with one lane a row; zeros in what is missing. Rows
/// come as quarters, put where they belong as they are loaded, so that only squares of 4 × 4 are left to be turned.
DH_INLINE void load_four(const float *x, ptrdiff_t x_row, size_t rows, size_t count, vector columns[4]) {
  vector r[4];
  DH_UNROLL
  for (int p = 0; p < 4; p++) {
    quarter q[DH_LANES / 4];
    DH_UNROLL
    for (int g = 0; g < DH_LANES / 4; g++) {
      const size_t row = (size_t)(4 * g + p);
      q[g] = row < rows ? load_quarter(x + (ptrdiff_t)row * x_row, count) : (quarter)0.0f;
    }
#if DH_LANES == 16
    const eight low = __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7);
    const eight high = __builtin_shufflevector(q[2], q[3], 0, 1, 2, 3, 4, 5, 6, 7);
    r[p] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif DH_LANES == 8
    r[p] = __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
    r[p] = q[0];
#endif
  }
  turn_quarters(r, columns);
}

/// The other way: up to four columns of up to DH_LANES rows, to where their rows stand.
DH_INLINE void store_four(const vector columns[4], size_t rows, size_t count, float *x, ptrdiff_t x_row) {
  vector r[4];
  turn_quarters(columns, r);
  DH_UNROLL
  for (int p = 0; p < 4; p++) {
    quarter q[DH_LANES / 4];
    __builtin_memcpy(q, &r[p], sizeof q);
    DH_UNROLL
    for (int g = 0; g < DH_LANES / 4; g++) {
      const size_t row = (size_t)(4 * g + p);
      if (row < rows) store_quarter(x + (ptrdiff_t)row * x_row, q[g], count);
    }
  }
}

/// The lanes of x and y in turn: those of the lower halves, or of the upper.
DH_INLINE vector interleave_low(vector x, vector y) {
#if DH_LANES == 16
  return __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#elif DH_LANES == 8
  return __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
#else
  return __builtin_shufflevector(x, y, 0, 4, 1, 5);
#endif
}

DH_INLINE vector interleave_high(vector x, vector y) {
#if DH_LANES == 16
  return __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif DH_LANES == 8
  return __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  return __builtin_shufflevector(x, y, 2, 6, 3, 7);
#endif
}

/// Exchanges rows with columns: DH_LANES vectors as a square matrix, by perfect shuffles of the upper half with the lower.
DH_INLINE void transpose(vector rows[DH_LANES]) {
  const int half = DH_LANES / 2;
  DH_UNROLL
  for (int stage = 1; stage < DH_LANES; stage *= 2) {
    vector mixed[DH_LANES];
    DH_UNROLL
    for (int i = 0; i < half; i++) {
      mixed[2 * i] = interleave_low(rows[i], rows[i + half]);
      mixed[2 * i + 1] = interleave_high(rows[i], rows[i + half]);
    }
    DH_UNROLL
    for (int i = 0; i < DH_LANES; i++) rows[i] = mixed[i];
  }
}

/// Up to DH_LANES columns of up to DH_LANES rows, each a vector with one lane a row; zeros in what is missing.
DH_INLINE void load_square(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, vector square[DH_LANES]) {
  DH_UNROLL
  for (int j = 0; j < DH_LANES; j += 4) {
    const size_t left = (size_t)j < columns ? columns - (size_t)j : 0;
    if (rows == DH_LANES && left >= 4) {
      load_four(x + j, x_row, DH_LANES, 4, square + j);
    } else if (left) {
      load_four(x + j, x_row, rows, left < 4 ? left : 4, square + j);
    } else {
      DH_UNROLL
      for (int c = 0; c < 4; c++) square[j + c] = broadcast(0);
    }
  }
}

// Reductions over the lanes fold the upper half onto the lower, until one is left.
#if DH_LANES == 16
#define DH_FOLD_TO_4(f, v) f(f(v.lo.lo, v.hi.lo), f(v.lo.hi, v.hi.hi))
#elif DH_LANES == 8
#define DH_FOLD_TO_4(f, v) f(v.lo, v.hi)
#else
#define DH_FOLD_TO_4(f, v) v
#endif
#define DH_FOLD_TO_1(f, q) f(f(q.x, q.z), f(q.y, q.w))

#define DH_PLUS(a, b) ((a) + (b))
#define DH_LARGER(a, b) ((a) > (b) ? (a) : (b))
#define DH_SMALLER(a, b) ((a) < (b) ? (a) : (b))

DH_INLINE float sum_of(vector v) {
  const quarter q = DH_FOLD_TO_4(DH_PLUS, v);
  return DH_FOLD_TO_1(DH_PLUS, q);
}

DH_INLINE float largest_of(vector v) {
  const quarter q = DH_FOLD_TO_4(DH_LARGER, v);
  return DH_FOLD_TO_1(DH_LARGER, q);
}

/// The sums of eight vectors, each added up in the order of `sum_of`: a fold for all at once.
DH_INLINE eight sums_of(const vector v[8]) {
  eight quarters[4];
  DH_UNROLL
  for (int i = 0; i < 4; i++) {
#if DH_LANES == 4
    quarters[i] = __builtin_shufflevector(v[i], v[i + 4], 0, 1, 2, 3, 4, 5, 6, 7);
#else
#if DH_LANES == 16
    const eight x = v[i].lo + v[i].hi, y = v[i + 4].lo + v[i + 4].hi;
#else
    const eight x = v[i], y = v[i + 4];
#endif
    quarters[i] = __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11) +
                  __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
#endif
  }
  eight pairs[2];
  DH_UNROLL
  for (int i = 0; i < 2; i++) {
    const eight x = quarters[2 * i], y = quarters[2 * i + 1];
    pairs[i] = __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  return __builtin_shufflevector(pairs[0], pairs[1], 0, 2, 8, 10, 4, 6, 12, 14) +
         __builtin_shufflevector(pairs[0], pairs[1], 1, 3, 9, 11, 5, 7, 13, 15);
}

DH_INLINE int32_t smallest_of(integers v) {
  const integer_quarter q = DH_FOLD_TO_4(DH_SMALLER, v);
  return DH_FOLD_TO_1(DH_SMALLER, q);
}
