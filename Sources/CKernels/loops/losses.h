// Losses that are computed from a network's logits.
//
// The sum of exponentials without the largest term is kept apart: where the class is the largest, the loss is
// log(1 + rest), exact also when it is tiny.

/// Rows whose logarithms are taken at a time.
#define DH_LOSS_ROWS 64

/// Where a row has its first largest element, and the sum of exp(z − largest) over the others.
typedef struct {
  float largest;
  size_t top;
  float rest;
  vector first;  ///< exp(z − largest) of the first columns
} peak;

/// Lanes j, j + 1, … that are column `top`.
DH_INLINE integers is_column(size_t j, size_t top) { return (integers)DH_COUNTING == (integers)((int32_t)top - (int32_t)j); }

/// `exponentials`, if not NULL, gets exp(z − largest) where that is more than one vector.
DH_INLINE peak find_peak(const float *z, size_t columns, float *exponentials) {
  const float largest = maximum(z, columns);
  integers first = (integers)INT32_MAX;
  for (size_t j = 0; j < columns; j += DH_LANES) {
    const integers index = (integers)DH_COUNTING + (int32_t)j;
    const integers found = load_row(z, j, columns) == largest ? index : (integers)INT32_MAX;
    first = found < first ? found : first;
  }
  const int32_t top = smallest_of(first);
  peak p = {.largest = largest, .top = top < (int32_t)columns ? (size_t)top : 0};  // none where there are NaN
  vector rest = broadcast(0);
  for (size_t j = 0; j < columns; j += DH_LANES) {
    const vector e = v_exp(load_row(z, j, columns) - largest);
    if (j == 0) p.first = e;
    if (exponentials && columns > DH_LANES) store_row(exponentials, j, columns, e);
    rest += choose(is_column(j, p.top), broadcast(0), e);
  }
  p.rest = sum_of(rest);
  return p;
}

/// Σ wᵢ (mᵢ log(1 + restᵢ) + gapᵢ) for up to DH_LOSS_ROWS rows, in their order.
DH_INLINE double sum_losses(const float *rest, const double *mass, const double *gap, const float *weights,
                            size_t rows) {
  float logarithms[DH_LOSS_ROWS];
  for (size_t i = 0; i < rows; i += DH_LANES) store_row(logarithms, i, rows, v_log1p(load_row(rest, i, rows)));
  double sum = 0;
  for (size_t i = 0; i < rows; i++) {
    sum += (weights ? weights[i] : 1.0) * ((mass ? mass[i] : 1.0) * (double)logarithms[i] + gap[i]);
  }
  return sum;
}

/// Up to so many columns, vectors run along the rows: folding a vector for each row would take longer than the rest.
#define DH_FEW_COLUMNS (DH_LANES == 16 ? 32 : 16)

/// The columns of up to DH_LANES rows, each a vector with one lane a row; 0 in lanes without a row.
DH_INLINE void load_columns(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, vector *out) {
  if (columns <= 4) {
    if (rows == DH_LANES) load_four(x, x_row, DH_LANES, columns, out);
    else load_four(x, x_row, rows, columns, out);
    return;
  }
  for (size_t j = 0; j < columns; j += DH_LANES) {
    vector square[DH_LANES];
    load_square(x + j, x_row, rows, columns - j < DH_LANES ? columns - j : DH_LANES, square);
    __builtin_memcpy(out + j, square, sizeof square);
  }
}

/// The other way round.
DH_INLINE void store_columns(const vector *columns_of, size_t rows, size_t columns, float *x, ptrdiff_t x_row) {
  if (columns <= 4) {
    if (rows == DH_LANES) store_four(columns_of, DH_LANES, columns, x, x_row);
    else store_four(columns_of, rows, columns, x, x_row);
    return;
  }
  for (size_t j = 0; j < columns; j += DH_LANES) {
    const size_t width = columns - j < DH_LANES ? columns - j : DH_LANES;
    vector square[DH_LANES];
    __builtin_memcpy(square, columns_of + j, sizeof square);
    transpose(square);
    DH_UNROLL
    for (int i = 0; i < DH_LANES; i++) {
      if ((size_t)i < rows) store_part(x + i * x_row + j, square[i], width);
    }
  }
}

/// `softmax_cross_entropy` for few columns.
static double DH_NAME(narrow_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes,
                                            const float *weights, float scale, float *error, ptrdiff_t error_row,
                                            size_t rows, size_t columns) {
  doubles sums = 0;
  for (size_t start = 0; start < rows; start += DH_LANES, z += DH_LANES * z_row) {
    const size_t count = rows - start < DH_LANES ? rows - start : DH_LANES;
    vector e[32 + DH_LANES - 1];
    load_columns(z, z_row, count, columns, e);
    int32_t labels[DH_LANES] = {0};
    if (count == DH_LANES) __builtin_memcpy(labels, classes + start, sizeof labels);
    else for (size_t i = 0; i < count; i++) labels[i] = classes[start + i];
    integers class;
    __builtin_memcpy(&class, labels, sizeof class);
    const vector weight =
        weights ? load_part(weights + start, count) : choose(first_lanes(count), broadcast(1), broadcast(0));

    vector largest = e[0], own = e[0];
    integers top = 0;
    for (size_t j = 1; j < columns; j++) {
      const integers larger = e[j] > largest;
      largest = choose(larger, e[j], largest);
      top = larger ? (integers)(int32_t)j : top;
      own = choose(class == (int32_t)j, e[j], own);
    }
    vector rest = broadcast(0);
    for (size_t j = 0; j < columns; j++) {
      e[j] = v_exp(e[j] - largest);
      rest += choose(top == (int32_t)j, broadcast(0), e[j]);
    }
    const doubles gap = __builtin_convertvector(largest, doubles) - __builtin_convertvector(own, doubles);
    sums += __builtin_convertvector(weight, doubles) * (__builtin_convertvector(v_log1p(rest), doubles) + gap);

    if (!error) continue;
    const vector scaled = scale * weight, factor = scaled / (1.0f + rest);
    for (size_t j = 0; j < columns; j++) {
      const vector share = factor * e[j];
      // 1/(1 + rest) − 1 without cancellation where the class is the largest.
      const vector less = choose(class == top, -factor * rest, share - scaled);
      e[j] = choose(class == (int32_t)j, less, share);
    }
    store_columns(e, count, columns, error, error_row);
    error += DH_LANES * error_row;
  }
  double sum = 0;
  for (int lane = 0; lane < DH_LANES; lane++) sum += sums[lane];
  return sum;
}

/// Σ wᵢ (log Σⱼ exp zᵢⱼ − zᵢ,class), and error = scale wᵢ (softmax zᵢ − onehot) where error is not NULL.
static double DH_NAME(softmax_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes,
                                             const float *weights, float scale, float *error, ptrdiff_t error_row,
                                             size_t rows, size_t columns) {
  if (columns <= DH_FEW_COLUMNS) {
    return DH_NAME(narrow_cross_entropy)(z, z_row, classes, weights, scale, error, error_row, rows, columns);
  }
  double sum = 0;
  for (size_t start = 0; start < rows; start += DH_LOSS_ROWS) {
    const size_t end = rows - start < DH_LOSS_ROWS ? rows : start + DH_LOSS_ROWS;
    float rest[DH_LOSS_ROWS];
    double gap[DH_LOSS_ROWS];
    for (size_t i = start; i < end; i++, z += z_row) {
      const size_t class = (size_t)classes[i];
      const peak p = find_peak(z, columns, error);
      rest[i - start] = p.rest;
      gap[i - start] = (double)p.largest - (double)z[class];
      if (!error) continue;
      const float weight = scale * (weights ? weights[i] : 1.0f);
      const float factor = weight / (1.0f + p.rest);
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const vector e = factor * (columns > DH_LANES ? load_row(error, j, columns) : p.first);
        // 1/(1 + rest) − 1 without cancellation where the class is the largest.
        const vector own = class == p.top ? broadcast(-factor * p.rest) : e - weight;
        store_row(error, j, columns, choose(is_column(j, class), own, e));
      }
      error += error_row;
    }
    sum += sum_losses(rest, NULL, gap, weights ? weights + start : NULL, end - start);
  }
  return sum;
}

/// The same for labels that are distributions: Σ wᵢ Σⱼ yᵢⱼ (log Σ exp zᵢ − zᵢⱼ), and error = scale wᵢ (softmax zᵢ Σ yᵢ − yᵢ).
static double DH_NAME(softmax_cross_entropy_soft)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                                  const float *weights, float scale, float *error,
                                                  ptrdiff_t error_row, size_t rows, size_t columns) {
  double sum = 0;
  for (size_t start = 0; start < rows; start += DH_LOSS_ROWS) {
    const size_t end = rows - start < DH_LOSS_ROWS ? rows : start + DH_LOSS_ROWS;
    float rest[DH_LOSS_ROWS];
    double mass[DH_LOSS_ROWS], gap[DH_LOSS_ROWS];
    for (size_t i = start; i < end; i++, z += z_row, y += y_row) {
      const peak p = find_peak(z, columns, error);
      vector masses = broadcast(0), gaps = broadcast(0);
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const size_t left = columns - j < DH_LANES ? columns - j : DH_LANES;
        const vector label = load_part(y + j, left);
        masses += label;
        gaps += label * (p.largest - load_part(z + j, left));
      }
      rest[i - start] = p.rest;
      mass[i - start] = sum_of(masses);
      gap[i - start] = sum_of(gaps);
      if (!error) continue;
      const float weight = scale * (weights ? weights[i] : 1.0f);
      const float share = (float)mass[i - start] / (1.0f + p.rest);
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const size_t left = columns - j < DH_LANES ? columns - j : DH_LANES;
        const vector e = columns > DH_LANES ? load_part(error + j, left) : p.first, label = load_part(y + j, left);
        store_part(error + j, weight * (e * share - label), left);
      }
      error += error_row;
    }
    sum += sum_losses(rest, mass, gap, weights ? weights + start : NULL, end - start);
  }
  return sum;
}
