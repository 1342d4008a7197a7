// Loops over the rows of a matrix, and the plain vector operations.

/// The largest of `count` floats (count ≥ 1).
static inline float DH_NAME(maximum)(const float *x, size_t count) {
  float best = x[0];
  for (size_t i = 1; i < count; i++) best = x[i] > best ? x[i] : best;
  return best;
}

static void DH_NAME(softmax)(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    const float largest = DH_NAME(maximum)(x, columns);
    for (size_t j = 0; j < columns; j++) y[j] = DH_NAME(exp)(x[j] - largest);
    float sum = 0;
    for (size_t j = 0; j < columns; j++) sum += y[j];
    const float scale = 1.0f / sum;
    for (size_t j = 0; j < columns; j++) y[j] *= scale;
  }
}

static void DH_NAME(softmax_derivative)(const float *y, ptrdiff_t y_row, const float *dy, ptrdiff_t dy_row, float *dx,
                                        ptrdiff_t dx_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, y += y_row, dy += dy_row, dx += dx_row) {
    float sum = 0;
    for (size_t j = 0; j < columns; j++) sum += y[j] * dy[j];
    for (size_t j = 0; j < columns; j++) dx[j] = y[j] * (dy[j] - sum);
  }
}

static void DH_NAME(column_sums)(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, float *restrict out,
                                 int accumulate) {
  if (!accumulate) {
    for (size_t j = 0; j < columns; j++) out[j] = 0;
  }
  for (size_t i = 0; i < rows; i++, x += x_row) {
    for (size_t j = 0; j < columns; j++) out[j] += x[j];
  }
}

static void DH_NAME(multiply)(const float *x, const float *y, float *z, size_t count) {
  for (size_t i = 0; i < count; i++) z[i] = x[i] * y[i];
}

static void DH_NAME(add)(const float *x, const float *y, float *z, size_t count) {
  for (size_t i = 0; i < count; i++) z[i] = x[i] + y[i];
}

static void DH_NAME(add_scaled)(float a, const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += a * x[i];
}

static void DH_NAME(standardize)(const float *x, ptrdiff_t x_row, const float *offset, const float *scale, float *y,
                                 ptrdiff_t y_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t j = 0; j < columns; j++) y[j] = (x[j] - offset[j]) * scale[j];
  }
}
