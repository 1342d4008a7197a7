// Losses that are means over a network's outputs of a function of one output and its target.

/// Writes the derivative of a loss to `slope` and returns the loss, element by element.
typedef doubles element_loss(vector prediction, vector target, vector *slope);

/// (ŷ − y)², slope 2 (ŷ − y).
DH_INLINE doubles squared_error(vector prediction, vector target, vector *slope) {
  const vector difference = prediction - target;
  *slope = 2.0f * difference;
  const doubles wide = widen(difference);  // its square may be too large for a float
  return wide * wide;
}

/// max(z, 0) − zy + log(1 + exp −|z|), slope σ(z) − y.
DH_INLINE doubles sigmoid_cross_entropy(vector z, vector y, vector *slope) {
  const vector zero = broadcast(0), e = v_exp(-magnitude(z));
  const vector share = e / (1.0f + e);  // σ(−|z|)
  const integers positive = z > 0.0f;
  // σ(z) = 1 − σ(−z): without cancellation where y is 1.
  *slope = choose(positive, (1.0f - y) - share, share - y);
  // z(1 − y) or −zy: neither is the small difference of large numbers.
  return widen(choose(positive, z * (1.0f - y), zero - z * y)) + widen(v_log1p(e));
}

/// Some targets, from floats or from classes 0 and 1.
DH_INLINE vector load_targets(const float *y, const int32_t *classes, size_t i, size_t count) {
  if (y) return load_part(y + i, count);
  int32_t labels[DH_LANES] = {0};
  for (size_t j = 0; j < count; j++) labels[j] = classes[i + j];
  integers whole;
  __builtin_memcpy(&whole, labels, sizeof whole);
  return __builtin_convertvector(whole, vector);
}

/// Σᵢ wᵢ/K Σₖ loss(ŷᵢₖ, yᵢₖ), and error = scale wᵢ/K · slope where error is not NULL.
DH_INLINE double sum_element_losses(element_loss loss, const float *prediction, ptrdiff_t prediction_row,
                                    const float *target, ptrdiff_t target_row, const int32_t *classes,
                                    const float *weights, float scale, float *error, ptrdiff_t error_row, size_t rows,
                                    size_t columns) {
  doubles sums = 0;
  const vector zero = broadcast(0);
  if (columns == 1 && prediction_row == 1 && (classes || target_row == 1) && (!error || error_row == 1)) {
    for (size_t i = 0; i < rows; i += DH_LANES) {
      const size_t count = rows - i < DH_LANES ? rows - i : DH_LANES;
      const vector weight = weights ? load_part(weights + i, count) : choose(first_lanes(count), broadcast(1), zero);
      vector slope;
      // Lanes behind the end have the weight 0.
      sums += widen(weight) * loss(load_part(prediction + i, count), load_targets(target, classes, i, count), &slope);
      if (error) store_part(error + i, scale * weight * slope, count);
    }
  } else {
    for (size_t i = 0; i < rows; i++) {
      const float weight = weights ? weights[i] : 1.0f, factor = scale * weight / (float)columns;
      doubles row_sums = 0;
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const size_t count = columns - j < DH_LANES ? columns - j : DH_LANES;
        vector slope;
        const vector y = target ? load_targets(target, NULL, j, count) : load_targets(NULL, classes, i, 1);
        const vector inside = choose(first_lanes(count), broadcast(1), zero);
        row_sums += widen(inside) * loss(load_part(prediction + j, count), y, &slope);
        if (error) store_part(error + j, factor * slope, count);
      }
      sums += row_sums * ((double)weight / (double)columns);
      prediction += prediction_row;
      if (target) target += target_row;
      if (error) error += error_row;
    }
  }
  double sum = 0;
  for (int lane = 0; lane < DH_LANES; lane++) sum += sums[lane];
  return sum;
}

static double DH_NAME(mean_squared_error)(const float *prediction, ptrdiff_t prediction_row, const float *target,
                                          ptrdiff_t target_row, const float *weights, float scale, float *error,
                                          ptrdiff_t error_row, size_t rows, size_t columns) {
  return sum_element_losses(squared_error, prediction, prediction_row, target, target_row, NULL, weights, scale, error,
                            error_row, rows, columns);
}

static double DH_NAME(binary_cross_entropy)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                            const int32_t *classes, const float *weights, float scale, float *error,
                                            ptrdiff_t error_row, size_t rows, size_t columns) {
  return sum_element_losses(sigmoid_cross_entropy, z, z_row, y, y_row, classes, weights, scale, error, error_row, rows,
                            columns);
}
