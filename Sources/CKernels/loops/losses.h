// Losses that are computed from a network's logits.

/// Σ wᵢ (log Σⱼ exp zᵢⱼ − zᵢ,class), and error = scale wᵢ (softmax zᵢ − onehot) where error is not NULL.
///
/// The sum without the largest term is accumulated apart: where the class is the largest, the loss is log(1 + rest),
/// exact also when it is tiny.
static double DH_NAME(softmax_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes,
                                             const float *weights, float scale, float *error, ptrdiff_t error_row,
                                             size_t rows, size_t columns) {
  double sum = 0;
  for (size_t i = 0; i < rows; i++, z += z_row) {
    const size_t class = (size_t)classes[i];
    const float weight = weights ? weights[i] : 1.0f;
    size_t top = 0;
    for (size_t j = 1; j < columns; j++) top = z[j] > z[top] ? j : top;
    const float largest = z[top];
    float rest = 0;
    if (error) {
      for (size_t j = 0; j < columns; j++) error[j] = DH_NAME(exp)(z[j] - largest);
      error[top] = 0;
      for (size_t j = 0; j < columns; j++) rest += error[j];
      error[top] = 1;
      const float factor = scale * weight / (1.0f + rest);
      for (size_t j = 0; j < columns; j++) error[j] *= factor;
      error[class] -= scale * weight;
      // 1 − 1/(1 + rest) without cancellation.
      if (class == top) error[class] = -factor * rest;
      error += error_row;
    } else {
      for (size_t j = 0; j < columns; j++) rest += j == top ? 0.0f : DH_NAME(exp)(z[j] - largest);
    }
    sum += weight * (log1p(rest) + ((double)largest - (double)z[class]));
  }
  return sum;
}

/// The same for labels that are distributions: Σ wᵢ Σⱼ yᵢⱼ (log Σ exp zᵢ − zᵢⱼ), and error = scale wᵢ (softmax zᵢ Σ yᵢ − yᵢ).
static double DH_NAME(softmax_cross_entropy_soft)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                                  const float *weights, float scale, float *error,
                                                  ptrdiff_t error_row, size_t rows, size_t columns) {
  double sum = 0;
  for (size_t i = 0; i < rows; i++, z += z_row, y += y_row) {
    const float weight = weights ? weights[i] : 1.0f;
    const float largest = DH_NAME(maximum)(z, columns);
    float total = 0, mass = 0;
    for (size_t j = 0; j < columns; j++) total += DH_NAME(exp)(z[j] - largest);
    for (size_t j = 0; j < columns; j++) mass += y[j];
    const double log_total = log(total);
    for (size_t j = 0; j < columns; j++) sum += weight * (double)y[j] * (log_total + ((double)largest - (double)z[j]));
    if (error) {
      for (size_t j = 0; j < columns; j++) {
        error[j] = scale * weight * (DH_NAME(exp)(z[j] - largest) * (mass / total) - y[j]);
      }
      error += error_row;
    }
  }
  return sum;
}
