// Rows or columns brought to mean 0 and variance 1, and log-softmax. x̂ = (x − mean) / √(variance + ε) throughout.

static void DH_NAME(log_softmax)(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, size_t rows,
                                 size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    const float largest = maximum(x, columns);
    vector sum = broadcast(0);
    for (size_t j = 0; j < columns; j += DH_LANES) sum += v_exp(load_row(x, j, columns) - largest);
    const float logarithm = v_log(broadcast(sum_of(sum)))[0];
    // In two steps: largest + logarithm would lose the smaller one's digits.
    for (size_t j = 0; j < columns; j += DH_LANES) {
      store_row(y, j, columns, (load_inside(x, j, columns) - largest) - logarithm);
    }
  }
}

static void DH_NAME(log_softmax_derivative)(const float *y, ptrdiff_t y_row, const float *dy, ptrdiff_t dy_row,
                                            float *dx, ptrdiff_t dx_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, y += y_row, dy += dy_row, dx += dx_row) {
    vector sum = broadcast(0);
    for (size_t j = 0; j < columns; j += DH_LANES) sum += load_inside(dy, j, columns);
    const float total = sum_of(sum);
    for (size_t j = 0; j < columns; j += DH_LANES) {
      store_row(dx, j, columns, load_inside(dy, j, columns) - v_exp(load_inside(y, j, columns)) * total);
    }
  }
}

DH_INLINE vector inverse_root(vector variance, float epsilon) {
  return 1.0f / __builtin_elementwise_sqrt(variance + epsilon);
}

static void DH_NAME(layer_norm)(const float *x, ptrdiff_t x_row, const float *gamma, const float *beta, float epsilon,
                                float *y, ptrdiff_t y_row, float *kept, ptrdiff_t kept_row, size_t rows,
                                size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    vector sum = broadcast(0), squares = sum;
    for (size_t j = 0; j < columns; j += DH_LANES) sum += load_inside(x, j, columns);
    const float mean = sum_of(sum) / (float)columns;
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector d = inside(load_inside(x, j, columns) - mean, j, columns);
      squares += d * d;
    }
    const float scale = inverse_root(broadcast(sum_of(squares) / (float)columns), epsilon)[0];
    if (kept) {
      kept[0] = mean, kept[1] = scale;
      kept += kept_row;
    }
    for (size_t j = 0; j < columns; j += DH_LANES) {
      vector v = (load_inside(x, j, columns) - mean) * scale;
      if (gamma) v = v * load_inside(gamma, j, columns) + load_inside(beta, j, columns);
      store_row(y, j, columns, v);
    }
  }
}

static void DH_NAME(layer_norm_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                           const float *kept, ptrdiff_t kept_row, const float *gamma, float *dx,
                                           ptrdiff_t dx_row, size_t rows, size_t columns) {
  const vector one = broadcast(1);
  for (size_t i = 0; i < rows; i++, x += x_row, dy += dy_row, dx += dx_row, kept += kept_row) {
    const float mean = kept[0], scale = kept[1];
    vector sum = broadcast(0), products = sum;
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector g = load_inside(dy, j, columns) * (gamma ? load_inside(gamma, j, columns) : one);
      sum += g;
      products += g * ((load_inside(x, j, columns) - mean) * scale);  // g is 0 behind the end
    }
    const float shift = sum_of(sum) / (float)columns, slope = sum_of(products) / (float)columns;
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector g = load_inside(dy, j, columns) * (gamma ? load_inside(gamma, j, columns) : one);
      const vector normal = (load_inside(x, j, columns) - mean) * scale;
      store_row(dx, j, columns, scale * (g - shift - normal * slope));
    }
  }
}

static void DH_NAME(layer_norm_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                     const float *kept, ptrdiff_t kept_row, float *gamma, float *beta, size_t rows,
                                     size_t columns) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    vector sum = broadcast(0), products = sum;
    const float *of_row = kept;
    for (size_t i = 0; i < rows; i++, of_row += kept_row) {
      const vector g = load_inside(dy + (ptrdiff_t)i * dy_row, j, columns);
      sum += g;
      products += g * ((load_inside(x + (ptrdiff_t)i * x_row, j, columns) - of_row[0]) * of_row[1]);
    }
    store_row(gamma, j, columns, products);
    store_row(beta, j, columns, sum);
  }
}

/// In double: a batch may be a whole table.
static void DH_NAME(column_moments)(const float *x, ptrdiff_t x_row, float *mean, float *variance, size_t rows,
                                    size_t columns) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    doubles sum = 0, squares = 0;
    for (size_t i = 0; i < rows; i++) sum += widen(load_inside(x + (ptrdiff_t)i * x_row, j, columns));
    const doubles middle = sum / (double)rows;
    for (size_t i = 0; i < rows; i++) {
      const doubles d = widen(load_inside(x + (ptrdiff_t)i * x_row, j, columns)) - middle;
      squares += d * d;
    }
    store_row(mean, j, columns, narrow(middle));
    store_row(variance, j, columns, narrow(squares / (double)rows));
  }
}

static void DH_NAME(batch_norm)(const float *x, ptrdiff_t x_row, const float *mean, const float *variance,
                                const float *gamma, const float *beta, float epsilon, float *y, ptrdiff_t y_row,
                                size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    const vector middle = load_inside(mean, j, columns);
    vector scale = inverse_root(load_inside(variance, j, columns), epsilon);
    if (gamma) scale *= load_inside(gamma, j, columns);
    const vector shift = beta ? load_inside(beta, j, columns) : broadcast(0);
    for (size_t i = 0; i < rows; i++) {
      const vector v = load_inside(x + (ptrdiff_t)i * x_row, j, columns);
      store_row(y + (ptrdiff_t)i * y_row, j, columns, (v - middle) * scale + shift);
    }
  }
}

/// Σ dy x̂ and Σ dy of the columns from j on.
DH_INLINE void sum_normalized(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, vector middle,
                              vector scale, size_t j, size_t rows, size_t columns, vector *products, vector *sum) {
  *products = *sum = broadcast(0);
  for (size_t i = 0; i < rows; i++) {
    const vector g = load_inside(dy + (ptrdiff_t)i * dy_row, j, columns);
    *sum += g;
    *products += g * ((load_inside(x + (ptrdiff_t)i * x_row, j, columns) - middle) * scale);
  }
}

static void DH_NAME(batch_norm_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                     const float *mean, const float *variance, float epsilon, float *gamma,
                                     float *beta, size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    vector products, sum;
    sum_normalized(x, x_row, dy, dy_row, load_inside(mean, j, columns),
                   inverse_root(load_inside(variance, j, columns), epsilon), j, rows, columns, &products, &sum);
    store_row(gamma, j, columns, products);
    store_row(beta, j, columns, sum);
  }
}

static void DH_NAME(batch_norm_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                           const float *mean, const float *variance, const float *gamma, float epsilon,
                                           float *dx, ptrdiff_t dx_row, size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    const vector middle = load_inside(mean, j, columns);
    const vector scale = inverse_root(load_inside(variance, j, columns), epsilon);
    vector products, sum;
    sum_normalized(x, x_row, dy, dy_row, middle, scale, j, rows, columns, &products, &sum);
    const vector slope = products / (float)rows, shift = sum / (float)rows;
    const vector factor = gamma ? scale * load_inside(gamma, j, columns) : scale;
    for (size_t i = 0; i < rows; i++) {
      const vector normal = (load_inside(x + (ptrdiff_t)i * x_row, j, columns) - middle) * scale;
      const vector g = load_inside(dy + (ptrdiff_t)i * dy_row, j, columns);
      store_row(dx + (ptrdiff_t)i * dx_row, j, columns, factor * (g - shift - normal * slope));
    }
  }
}
