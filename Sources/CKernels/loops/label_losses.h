// Cross-entropies of softmax with labels that are changed on their way: smoothed, weighted by class, or focused on what is
// still wrong.

/// Σ wᵢ Σⱼ tᵢⱼ (log Σ exp zᵢ − zᵢⱼ) with tᵢⱼ = cⱼ ((1 − ε) yᵢⱼ + ε/K), and error = scale wᵢ (softmax zᵢ Σ tᵢ − tᵢ) where error
/// is not NULL. y is one-hot where there are classes; c is 1 where there are no class weights.
static double DH_NAME(softmax_cross_entropy_adjusted)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                                      const int32_t *classes, const float *class_weights,
                                                      float smoothing, const float *weights, float scale, float *error,
                                                      ptrdiff_t error_row, size_t rows, size_t columns) {
  const float sharp = 1.0f - smoothing, everywhere = smoothing / (float)columns;
  double sum = 0;
  for (size_t start = 0; start < rows; start += DH_LOSS_ROWS) {
    const size_t end = rows - start < DH_LOSS_ROWS ? rows : start + DH_LOSS_ROWS;
    float rest[DH_LOSS_ROWS];
    double mass[DH_LOSS_ROWS], gap[DH_LOSS_ROWS];
    for (size_t i = start; i < end; i++, z += z_row) {
      const peak p = find_peak(z, columns, error);
      vector masses = broadcast(0), gaps = broadcast(0);
      // The second time, with the sum of t known, for the derivative.
      for (int again = 0; again < (error ? 2 : 1); again++) {
        const float weight = scale * (weights ? weights[i] : 1.0f), share = sum_of(masses) / (1.0f + p.rest);
        for (size_t j = 0; j < columns; j += DH_LANES) {
          const size_t left = columns - j < DH_LANES ? columns - j : DH_LANES;
          const vector hot = classes ? choose(is_column(j, (size_t)classes[i]), broadcast(1), broadcast(0))
                                     : load_part(y + j, left);
          vector label = choose(first_lanes(left), sharp * hot + everywhere, broadcast(0));
          if (class_weights) label *= load_part(class_weights + j, left);
          if (!again) {
            masses += label;
            gaps += label * (p.largest - load_part(z + j, left));
          } else {
            const vector e = columns > DH_LANES ? load_part(error + j, left) : p.first;
            store_part(error + j, weight * (e * share - label), left);
          }
        }
      }
      rest[i - start] = p.rest;
      mass[i - start] = sum_of(masses);
      gap[i - start] = sum_of(gaps);
      if (!classes) y += y_row;
      if (error) error += error_row;
    }
    sum += sum_losses(rest, mass, gap, weights ? weights + start : NULL, end - start);
  }
  return sum;
}

/// Σ wᵢ c uᵞ (−log p), p the probability softmax zᵢ gives the class, u = 1 − p, c the weight of the class or 1; and error =
/// scale wᵢ ∂/∂zᵢ of that where error is not NULL: c (uᵞ − γ uᵞ⁻¹ p log p) (softmax zᵢ − onehot).
static double DH_NAME(focal_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes,
                                           const float *class_weights, float gamma, const float *weights, float scale,
                                           float *error, ptrdiff_t error_row, size_t rows, size_t columns) {
  double sum = 0;
  for (size_t start = 0; start < rows; start += DH_LOSS_ROWS) {
    const size_t count = rows - start < DH_LOSS_ROWS ? rows - start : DH_LOSS_ROWS;
    float rest[DH_LOSS_ROWS], own[DH_LOSS_ROWS], other[DH_LOSS_ROWS], gap[DH_LOSS_ROWS], factor[DH_LOSS_ROWS];
    for (size_t i = 0; i < count; i++) {
      const size_t class = (size_t)classes[start + i];
      const float *row = z + (ptrdiff_t)i * z_row;
      float *to = error ? error + (ptrdiff_t)i * error_row : NULL;
      const peak p = find_peak(row, columns, to);
      if (to && columns <= DH_LANES) store_row(to, 0, columns, p.first);
      rest[i] = p.rest;
      gap[i] = p.largest - row[class];
      // 1 or exp(z − largest); and the exponentials of the other classes, without cancellation.
      own[i] = class == p.top ? 1.0f : v_exp(broadcast(-gap[i]))[0];
      other[i] = (class == p.top ? p.rest : 1.0f + p.rest - own[i]) / (1.0f + p.rest);
    }
    float losses[DH_LOSS_ROWS];
    for (size_t i = 0; i < count; i += DH_LANES) {
      const vector u = load_row(other, i, count), r = load_row(rest, i, count);
      const vector minus_log = v_log1p(r) + load_row(gap, i, count), raised = power(u, gamma);
      const vector p = load_row(own, i, count) / (1.0f + r);
      store_row(losses, i, count, raised * minus_log);
      store_row(factor, i, count, raised * (1.0f + gamma * p * (minus_log / at_least(u, 0x1p-126f))));
    }
    for (size_t i = 0; i < count; i++) {
      const size_t class = (size_t)classes[start + i];
      const float weight = (weights ? weights[start + i] : 1.0f) * (class_weights ? class_weights[class] : 1.0f);
      sum += (double)weight * (double)losses[i];
      if (!error) continue;
      const float times = scale * weight * factor[i], share = times / (1.0f + rest[i]);
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const vector e = share * load_row(error, j, columns);
        store_row(error, j, columns, choose(is_column(j, class), broadcast(-times * other[i]), e));
      }
      error += error_row;
    }
    z += DH_LOSS_ROWS * z_row;
  }
  return sum;
}
