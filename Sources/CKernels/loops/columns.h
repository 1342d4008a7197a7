// Loops in which each column has numbers of its own: scales, parametric activations, embeddings.

static void DH_NAME(scale_columns)(const float *x, ptrdiff_t x_row, const float *scale, float *y, ptrdiff_t y_row,
                                   size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      store_row(y, j, columns, load_inside(x, j, columns) * load_inside(scale, j, columns));
    }
  }
}

static void DH_NAME(product_sums)(const float *x, ptrdiff_t x_row, const float *y, ptrdiff_t y_row, size_t rows,
                                  size_t columns, float *out) {
  for (size_t j = 0; j < columns; j += DH_LANES) {
    vector sum = broadcast(0);
    for (size_t i = 0; i < rows; i++) {
      sum += load_inside(x + (ptrdiff_t)i * x_row, j, columns) * load_inside(y + (ptrdiff_t)i * y_row, j, columns);
    }
    store_row(out, j, columns, sum);
  }
}

DH_INLINE vector load_slope(const float *slope, int shared, size_t j, size_t columns) {
  return shared ? broadcast(slope[0]) : load_inside(slope, j, columns);
}

static void DH_NAME(prelu)(const float *x, ptrdiff_t x_row, const float *slope, int shared, float *y, ptrdiff_t y_row,
                           size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector v = load_inside(x, j, columns);
      store_row(y, j, columns, choose(v > 0.0f, v, v * load_slope(slope, shared, j, columns)));
    }
  }
}

static void DH_NAME(prelu_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                      const float *slope, int shared, float *dx, ptrdiff_t dx_row, size_t rows,
                                      size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, dy += dy_row, dx += dx_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector g = load_inside(dy, j, columns);
      store_row(dx, j, columns,
                choose(load_inside(x, j, columns) > 0.0f, g, g * load_slope(slope, shared, j, columns)));
    }
  }
}

static void DH_NAME(prelu_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, int shared,
                                float *out, size_t rows, size_t columns) {
  const vector zero = broadcast(0);
  vector total = zero;
  for (size_t j = 0; j < columns; j += DH_LANES) {
    vector sum = zero;
    for (size_t i = 0; i < rows; i++) {
      const vector v = load_inside(x + (ptrdiff_t)i * x_row, j, columns);
      sum += choose(v > 0.0f, zero, v) * load_inside(dy + (ptrdiff_t)i * dy_row, j, columns);
    }
    if (shared) total += sum;
    else store_row(out, j, columns, sum);
  }
  if (shared) out[0] = sum_of(total);
}

static void DH_NAME(blend)(const float *x, ptrdiff_t x_row, float *s, ptrdiff_t s_row, const float *share, float *y,
                           ptrdiff_t y_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, s += s_row, y += y_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector v = load_inside(x, j, columns), difference = load_inside(s, j, columns) - v;
      store_row(s, j, columns, difference);
      store_row(y, j, columns, v + load_inside(share, j, columns) * difference);
    }
  }
}

static void DH_NAME(blend_derivative)(const float *dy, ptrdiff_t dy_row, const float *slope, ptrdiff_t slope_row,
                                      const float *share, float *dx, ptrdiff_t dx_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, dy += dy_row, slope += slope_row, dx += dx_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector factor = 1.0f + load_inside(share, j, columns) * (load_inside(slope, j, columns) - 1.0f);
      store_row(dx, j, columns, load_inside(dy, j, columns) * factor);
    }
  }
}

static void DH_NAME(maxout)(const float *x, ptrdiff_t x_row, size_t pieces, float *y, ptrdiff_t y_row, size_t rows,
                            size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      vector largest = load_inside(x, j, columns);
      for (size_t p = 1; p < pieces; p++) {
        const vector v = load_inside(x + p * columns, j, columns);
        largest = choose((v > largest) | (v != v), v, largest);  // NaN goes through
      }
      store_row(y, j, columns, largest);
    }
  }
}

static void DH_NAME(maxout_derivative)(const float *x, ptrdiff_t x_row, const float *y, ptrdiff_t y_row,
                                       const float *dy, ptrdiff_t dy_row, size_t pieces, float *dx, ptrdiff_t dx_row,
                                       size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row, dy += dy_row, dx += dx_row) {
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector largest = load_inside(y, j, columns);
      vector g = load_inside(dy, j, columns);
      for (size_t p = 0; p < pieces; p++) {
        const integers is_it = load_inside(x + p * columns, j, columns) == largest;
        store_row(dx + p * columns, j, columns, choose(is_it, g, broadcast(0)));
        g = choose(is_it, broadcast(0), g);  // the first of several that are the largest gets it all
      }
    }
  }
}

/// The row of a table that a code stands for; 0 for what is no code of it.
DH_INLINE size_t row_of(float code, int32_t count) {
  return code >= 0.5f && code < (float)count - 0.5f ? (size_t)(code + 0.5f) : 0;
}

static void DH_NAME(embed)(const float *x, ptrdiff_t x_row, const float *table, const int32_t *starts,
                           const int32_t *counts, int shared, size_t width, float *y, ptrdiff_t y_row, size_t rows,
                           size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t c = 0; c < columns; c++) {
      const size_t row = (shared ? 0 : (size_t)starts[c]) + row_of(x[c], counts[shared ? 0 : c]);
      for (size_t j = 0; j < width; j += DH_LANES) {
        store_row(y + c * width, j, width, load_inside(table + row * width, j, width));
      }
    }
  }
}

static void DH_NAME(embed_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                const int32_t *starts, const int32_t *counts, int shared, size_t first, size_t end,
                                size_t width, float *out, size_t rows, size_t columns) {
  __builtin_memset(out, 0, (end - first) * width * sizeof *out);
  for (size_t i = 0; i < rows; i++, x += x_row, dy += dy_row) {
    for (size_t c = 0; c < columns; c++) {
      const size_t row = (shared ? 0 : (size_t)starts[c]) + row_of(x[c], counts[shared ? 0 : c]);
      if (row < first || row >= end) continue;
      float *to = out + (row - first) * width;
      for (size_t j = 0; j < width; j += DH_LANES) {
        store_row(to, j, width, load_inside(to, j, width) + load_inside(dy + c * width, j, width));
      }
    }
  }
}

static void DH_NAME(periodic)(const float *x, ptrdiff_t x_row, const float *frequencies, const float *phases,
                              size_t width, float *y, ptrdiff_t y_row, float *slopes, ptrdiff_t slopes_row, size_t rows,
                              size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t c = 0; c < columns; c++) {
      const size_t start = c * width;
      for (size_t j = 0; j < width; j += DH_LANES) {
        // Whole turns go before the phase is added, which would lose digits beside many of them.
        const vector turns = part_of_turn(load_inside(frequencies + start, j, width) * x[c]) +
                             load_inside(phases + start, j, width) * 0.15915494f;
        store_row(y + start, j, width, v_cos_turns(turns));
        if (slopes) store_row(slopes + start, j, width, -v_sin_turns(turns));
      }
    }
    if (slopes) slopes += slopes_row;
  }
}

static void DH_NAME(periodic_derivative)(const float *dy, ptrdiff_t dy_row, const float *slopes, ptrdiff_t slopes_row,
                                         const float *frequencies, size_t width, float *dx, ptrdiff_t dx_row,
                                         size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, dy += dy_row, slopes += slopes_row, dx += dx_row) {
    for (size_t c = 0; c < columns; c++) {
      const size_t start = c * width;
      vector sum = broadcast(0);
      for (size_t j = 0; j < width; j += DH_LANES) {
        sum += load_inside(dy + start, j, width) * load_inside(slopes + start, j, width) *
               load_inside(frequencies + start, j, width);
      }
      dx[c] = 6.2831853f * sum_of(sum);
    }
  }
}

static void DH_NAME(periodic_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                   const float *slopes, ptrdiff_t slopes_row, size_t width, float *out, size_t rows,
                                   size_t columns) {
  for (size_t c = 0; c < columns; c++) {
    const size_t start = c * width;
    for (size_t j = 0; j < width; j += DH_LANES) {
      vector sum = broadcast(0);
      for (size_t i = 0; i < rows; i++) {
        const vector g = load_inside(dy + (ptrdiff_t)i * dy_row + start, j, width) *
                         load_inside(slopes + (ptrdiff_t)i * slopes_row + start, j, width);
        sum += g * x[(ptrdiff_t)i * x_row + c];
      }
      store_row(out + start, j, width, sum * 6.2831853f);
    }
  }
}

/// Lanes whose bin may be left below (the first bin of a column goes on there) and above (the last one).
DH_INLINE vector bin_floor(size_t j) {
  return choose((integers)DH_COUNTING == (integers)(j ? -1 : 0), broadcast(-__builtin_inff()), broadcast(0));
}
DH_INLINE vector bin_ceiling(size_t j, size_t bins) {
  return choose((integers)DH_COUNTING == (integers)((int32_t)(bins - 1) - (int32_t)j), broadcast(__builtin_inff()),
                broadcast(1));
}

static void DH_NAME(piecewise)(const float *x, ptrdiff_t x_row, const float *edges, const float *scales,
                               const int32_t *bins, float *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    size_t start = 0;
    for (size_t c = 0; c < columns; c++) {
      const size_t count = (size_t)bins[c];
      for (size_t j = 0; j < count; j += DH_LANES) {
        const vector v = (x[c] - load_inside(edges + start, j, count)) * load_inside(scales + start, j, count);
        const vector ceiling = bin_ceiling(j, count);
        store_row(y + start, j, count, choose(v > ceiling, ceiling, larger(v, bin_floor(j))));
      }
      start += count;
    }
  }
}

static void DH_NAME(piecewise_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row,
                                          const float *edges, const float *scales, const int32_t *bins, float *dx,
                                          ptrdiff_t dx_row, size_t rows, size_t columns) {
  const vector zero = broadcast(0);
  for (size_t i = 0; i < rows; i++, x += x_row, dy += dy_row, dx += dx_row) {
    size_t start = 0;
    for (size_t c = 0; c < columns; c++) {
      const size_t count = (size_t)bins[c];
      vector sum = zero;
      for (size_t j = 0; j < count; j += DH_LANES) {
        const vector scale = load_inside(scales + start, j, count);
        const vector v = (x[c] - load_inside(edges + start, j, count)) * scale;
        const integers rises = (v >= bin_floor(j)) & (v < bin_ceiling(j, count));
        sum += choose(rises, load_inside(dy + start, j, count) * scale, zero);
      }
      dx[c] = sum_of(sum);
      start += count;
    }
  }
}
