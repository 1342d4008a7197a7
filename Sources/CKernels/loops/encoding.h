// From the columns of a table, or the bytes of images, to rows of floats.
//
// Numbers are scaled in double, operation by operation as IEEE 754 has them: with the same bits by every instruction set,
// and wherever a number stands.

typedef uint8_t bytes __attribute__((ext_vector_type(DH_LANES)));

/// `dh_scaling`'s z of x, none of which is missing, from x − offset and the scale.
DH_INLINE vector scaled(doubles difference, doubles scale, int clips) {
#pragma clang fp contract(off)
  const doubles limit = (doubles)0x1p64, exact = difference * scale;
  const doubles above = exact > -limit ? exact : -limit;
  doubles z = above < limit ? above : limit;
  if (clips) {
    // 1/√s of float, and a step of Newton's method in double, which leaves an error of 2⁻⁴⁵: less than rounding to float.
    const doubles s = 1.0 + z * z * (1.0 / 9);
    const doubles rough = widen(1.0f / __builtin_elementwise_sqrt(narrow(s)));
    z *= rough * (1.5 - 0.5 * s * (rough * rough));
  }
  return choose(__builtin_convertvector(scale != 0.0, integers), narrow(z), broadcast(0));
}

/// Numbers i, i + 1, … of the rows; 0 in lanes behind the last of the `wanted`.
DH_INLINE doubles load_numbers(const double *x, const int32_t *rows, size_t i, size_t wanted) {
  double numbers[DH_LANES] = {0};
  doubles v;
  if (wanted == DH_LANES && !rows) {
    __builtin_memcpy(&v, x + i, sizeof v);
  } else if (wanted == DH_LANES) {
    DH_UNROLL
    for (int l = 0; l < DH_LANES; l++) v[l] = x[rows[i + (size_t)l]];
  } else {
    for (size_t l = 0; l < wanted; l++) numbers[l] = x[rows ? (size_t)rows[i + l] : i + l];
    __builtin_memcpy(&v, numbers, sizeof v);
  }
  return v;
}

/// Fetches numbers of the next block of a column. Other columns come before it, and the processor sees no pattern.
DH_INLINE void fetch_numbers(const double *x, const int32_t *rows, size_t i) {
  const double *next = x + (rows ? (size_t)rows[i] : i) + dh_block_rows;
  for (int l = 0; l < DH_LANES; l += 8) __builtin_prefetch(next + l);
}

DH_INLINE void scale_column(const int clips, const dh_scaling *scaling, const double *x, const int32_t *rows, float *y,
                            float *marks, size_t count) {
#pragma clang fp contract(off)
  // A difference that overflows is beyond the limit, except where the scale is tiny: there everything is a quarter of it.
  const double unit = scaling->scale < 0x1p-900 ? 0.25 : 1;
  const doubles offset = (doubles)(scaling->offset * unit), scale = (doubles)(scaling->scale / unit);
  const vector filling = broadcast(scaling->filling), one = broadcast(1), zero = broadcast(0);
  for (size_t i = 0; i < count; i += DH_LANES) {
    const doubles v = load_numbers(x, rows, i, count - i < DH_LANES ? count - i : DH_LANES);
    fetch_numbers(x, rows, i);
    const integers missing = __builtin_convertvector(v != v, integers);
    store_row(y, i, count, choose(missing, filling, scaled(v * unit - offset, scale, clips)));
    if (marks) store_row(marks, i, count, choose(missing, one, zero));
  }
}

static void DH_NAME(scale_numbers)(const dh_scaling *scaling, const double *x, const int32_t *rows, float *y,
                                   float *marks, size_t count) {
  if (scaling->clips) scale_column(1, scaling, x, rows, y, marks, count);
  else scale_column(0, scaling, x, rows, y, marks, count);
}

static void DH_NAME(scale_bytes)(const uint8_t *x, const double *offsets, const double *scales, int clips, float *y,
                                 size_t count) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < count; i += DH_LANES) {
    const size_t wanted = count - i < DH_LANES ? count - i : DH_LANES;
    bytes b = (bytes)0;
    if (wanted == DH_LANES) __builtin_memcpy(&b, x + i, sizeof b);
    else for (size_t l = 0; l < wanted; l++) b[l] = x[i + l];
    const doubles v = __builtin_convertvector(__builtin_convertvector(b, integers), doubles);
    const doubles offset = load_numbers(offsets, NULL, i, wanted), scale = load_numbers(scales, NULL, i, wanted);
    store_row(y, i, count, scaled(v - offset, scale, clips));
  }
}

static void DH_NAME(look_up)(const int32_t *codes, const int32_t *rows, const float *values, float *y, size_t count) {
  if (rows) {
    for (size_t i = 0; i < count; i++) y[i] = values[codes[rows[i]] + 1];
  } else {
    for (size_t i = 0; i < count; i++) y[i] = values[codes[i] + 1];
  }
}

static size_t DH_NAME(mark_places)(const int32_t *codes, const int32_t *rows, const int32_t *places, float *y,
                                   ptrdiff_t y_row, size_t count) {
  size_t unknown = 0;
  for (size_t i = 0; i < count; i++, y += y_row) {
    const int32_t place = places[codes[rows ? (size_t)rows[i] : i] + 1];
    if (place >= 0) y[place] = 1;
    unknown += place == dh_unknown_place;
  }
  return unknown;
}
