// Losses that are means over a network's outputs of a function of one output and its target.

/// Writes the derivative of a loss to `slope` and returns the loss, element by element. What is set for a whole loss stands in
/// `settings`, what is set for each output in `own`.
typedef doubles element_loss(vector prediction, vector target, vector own, const float *settings, vector *slope);

/// (ŷ − y)², slope 2 (ŷ − y).
DH_INLINE doubles squared_error(vector prediction, vector target, vector own, const float *settings, vector *slope) {
  const vector difference = prediction - target;
  *slope = 2.0f * difference;
  const doubles wide = widen(difference);  // its square may be too large for a float
  return wide * wide;
}

/// max(z, 0) − zy + log(1 + exp −|z|), slope σ(z) − y.
DH_INLINE doubles sigmoid_cross_entropy(vector z, vector y, vector own, const float *settings, vector *slope) {
  const vector zero = broadcast(0), e = v_exp(-magnitude(z));
  const vector share = e / (1.0f + e);  // σ(−|z|)
  const integers positive = z > 0.0f;
  // σ(z) = 1 − σ(−z): without cancellation where y is 1.
  *slope = choose(positive, (1.0f - y) - share, share - y);
  // z(1 − y) or −zy: neither is the small difference of large numbers.
  return widen(choose(positive, z * (1.0f - y), zero - z * y)) + widen(v_log1p(e));
}

/// |ŷ − y|, slope the sign of ŷ − y, and 0 where both are equal.
DH_INLINE doubles absolute_error(vector prediction, vector target, vector own, const float *settings, vector *slope) {
  const vector difference = prediction - target;
  *slope = choose(difference == 0.0f, difference, with_sign(broadcast(1), difference));
  return widen(magnitude(difference));
}

/// With d = ŷ − y: d²/2 where |d| ≤ δ, slope d; else δ (|d| − δ/2), slope ±δ. δ is the setting.
DH_INLINE doubles huber_error(vector prediction, vector target, vector own, const float *settings, vector *slope) {
  const vector difference = prediction - target, size = magnitude(difference), delta = broadcast(settings[0]);
  const vector held = choose(size > delta, delta, size);  // NaN stays NaN
  *slope = with_sign(held, difference);
  return widen(held) * (widen(size) - 0.5 * widen(held));
}

/// τ (y − ŷ) where y > ŷ, slope −τ; else (1 − τ) (ŷ − y), slope 1 − τ, and 0 where both are equal. τ is the output's own.
DH_INLINE doubles pinball(vector prediction, vector target, vector own, const float *settings, vector *slope) {
  const vector difference = prediction - target;
  *slope = choose(difference == 0.0f, difference, choose(difference > 0.0f, 1.0f - own, -own));
  return widen(difference) * widen(choose(difference > 0.0f, 1.0f - own, -own));
}

/// exp z − yz, slope exp z − y.
DH_INLINE doubles poisson_error(vector z, vector y, vector own, const float *settings, vector *slope) {
  const vector rate = v_exp(z);
  *slope = rate - y;
  return widen(rate) - widen(y) * widen(z);
}

/// `sigmoid_cross_entropy` with the part of y times p, the output's own: −p y log σ(z) − (1 − y) log(1 − σ(z)).
DH_INLINE doubles weighted_sigmoid_cross_entropy(vector z, vector y, vector own, const float *settings,
                                                 vector *slope) {
  const vector e = v_exp(-magnitude(z)), share = e / (1.0f + e);  // σ(−|z|)
  const integers positive = z > 0.0f;
  const vector yes = own * y, no = 1.0f - y;
  // σ(z) is 1 − share where z is positive, else share.
  *slope = choose(positive, no * (1.0f - share) - yes * share, no * share - yes * (1.0f - share));
  return widen(choose(positive, no * z, -(yes * z))) + widen(yes + no) * widen(v_log1p(e));
}

/// xᵞ for x ≥ 0, where 0 counts as the smallest float.
DH_INLINE vector power(vector x, float exponent) { return v_exp(exponent * v_log(at_least(x, 0x1p-126f))); }

/// a uᵞ l: l the binary cross-entropy, u = 1 − p the probability of the other answer, and a = αy + (1 − α)(1 − y), or 1
/// where α is negative. γ and α are the settings.
DH_INLINE doubles focal_sigmoid_cross_entropy(vector z, vector y, vector own, const float *settings, vector *slope) {
  const float gamma = settings[0], alpha = settings[1];
  vector straight;
  const doubles loss = sigmoid_cross_entropy(z, y, own, settings, &straight);
  const vector e = v_exp(-magnitude(z)), share = e / (1.0f + e), most = 1.0f / (1.0f + e);
  const integers positive = z > 0.0f;
  const vector yes = choose(positive, most, share), no = choose(positive, share, most);  // σ(z), 1 − σ(z)
  const vector other = y * no + (1.0f - y) * yes;
  const vector factor = power(other, gamma) * (alpha < 0 ? broadcast(1) : alpha * y + (1.0f - alpha) * (1.0f - y));
  // u′ = (1 − 2y) σ (1 − σ), over u first: where one is tiny, so is the other.
  const vector bend = (1.0f - 2.0f * y) * (yes * no / at_least(other, 0x1p-126f));
  *slope = factor * (straight + gamma * bend * narrow(loss));
  return widen(factor) * loss;
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

/// Σᵢ wᵢ/K Σₖ loss(ŷᵢₖ, yᵢₖ), and error = scale wᵢ/K · slope where error is not NULL. `owns`: one number for each column, or
/// NULL. `shared`: the target has one column, which all outputs are compared with.
DH_INLINE double sum_element_losses(element_loss loss, const float *owns, const float *settings, const int shared,
                                    const float *prediction, ptrdiff_t prediction_row, const float *target,
                                    ptrdiff_t target_row, const int32_t *classes, const float *weights, float scale,
                                    float *error, ptrdiff_t error_row, size_t rows, size_t columns) {
  doubles sums = 0;
  const vector zero = broadcast(0);
  if (columns == 1 && prediction_row == 1 && (classes || target_row == 1) && (!error || error_row == 1)) {
    const vector own = broadcast(owns ? owns[0] : 0);
    for (size_t i = 0; i < rows; i += DH_LANES) {
      const size_t count = rows - i < DH_LANES ? rows - i : DH_LANES;
      const vector weight = weights ? load_part(weights + i, count) : choose(first_lanes(count), broadcast(1), zero);
      vector slope;
      // Lanes behind the end have the weight 0.
      sums += widen(weight) * loss(load_part(prediction + i, count), load_targets(target, classes, i, count), own,
                                   settings, &slope);
      if (error) store_part(error + i, scale * weight * slope, count);
    }
  } else {
    for (size_t i = 0; i < rows; i++) {
      const float weight = weights ? weights[i] : 1.0f, factor = scale * weight / (float)columns;
      doubles row_sums = 0;
      for (size_t j = 0; j < columns; j += DH_LANES) {
        const size_t count = columns - j < DH_LANES ? columns - j : DH_LANES;
        vector slope;
        const vector y = !target  ? load_targets(NULL, classes, i, 1)
                         : shared ? broadcast(target[0])
                                  : load_targets(target, NULL, j, count);
        const vector own = owns ? load_part(owns + j, count) : zero;
        const vector inside = choose(first_lanes(count), broadcast(1), zero);
        row_sums += widen(inside) * loss(load_part(prediction + j, count), y, own, settings, &slope);
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
  return sum_element_losses(squared_error, NULL, NULL, 0, prediction, prediction_row, target, target_row, NULL, weights,
                            scale, error, error_row, rows, columns);
}

static double DH_NAME(binary_cross_entropy)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                            const int32_t *classes, const float *weights, float scale, float *error,
                                            ptrdiff_t error_row, size_t rows, size_t columns) {
  return sum_element_losses(sigmoid_cross_entropy, NULL, NULL, 0, z, z_row, y, y_row, classes, weights, scale, error,
                            error_row, rows, columns);
}

static double DH_NAME(element_loss)(dh_element_loss kind, const float *owns, const float *settings, int shared,
                                    const float *prediction, ptrdiff_t prediction_row, const float *target,
                                    ptrdiff_t target_row, const int32_t *classes, const float *weights, float scale,
                                    float *error, ptrdiff_t error_row, size_t rows, size_t columns) {
#define DH_LOSS(loss)                                                                                              \
  return sum_element_losses(loss, owns, settings, shared, prediction, prediction_row, target, target_row, classes, \
                            weights, scale, error, error_row, rows, columns)
  switch (kind) {
    case dh_absolute: DH_LOSS(absolute_error);
    case dh_huber: DH_LOSS(huber_error);
    case dh_pinball: DH_LOSS(pinball);
    case dh_poisson: DH_LOSS(poisson_error);
    case dh_weighted_binary: DH_LOSS(weighted_sigmoid_cross_entropy);
    case dh_focal_binary: DH_LOSS(focal_sigmoid_cross_entropy);
  }
#undef DH_LOSS
  return __builtin_nan("");
}
