// Loops over the rows of a matrix, and the plain vector operations.
//
// A reduction over a row has one sum (or maximum) a lane: lane j adds up elements j, j + DH_LANES, …; then the lanes are
// folded. So its order depends on the row's length alone.

/// The vector at x + j of a row, and lanes of −∞ behind its end.
DH_INLINE vector load_row(const float *x, size_t j, size_t columns) {
  if (j + DH_LANES <= columns) return load(x + j);
  return choose(first_lanes(columns - j), load_part(x + j, columns - j), broadcast(-__builtin_inff()));
}

/// The same with zeros behind the end.
DH_INLINE vector load_inside(const float *x, size_t j, size_t columns) {
  return j + DH_LANES <= columns ? load(x + j) : load_part(x + j, columns - j);
}

/// v, with zeros behind the end of a row.
DH_INLINE vector inside(vector v, size_t j, size_t columns) {
  return j + DH_LANES <= columns ? v : choose(first_lanes(columns - j), v, broadcast(0));
}

DH_INLINE void store_row(float *y, size_t j, size_t columns, vector v) {
  if (j + DH_LANES <= columns) store(y + j, v);
  else store_part(y + j, v, columns - j);
}

DH_INLINE float maximum(const float *x, size_t columns) {
  vector largest = load_row(x, 0, columns);
  for (size_t j = DH_LANES; j < columns; j += DH_LANES) {
    const vector v = load_row(x, j, columns);
    largest = choose(v > largest, v, largest);
  }
  return largest_of(largest);
}

static void DH_NAME(softmax)(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  if (columns <= DH_LANES) {
    for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
      const vector v = load_row(x, 0, columns);
      // exp(−∞) = 0 behind the end of the row, unless the row is not finite; then the sum is not either.
      const vector e = v_exp(v - largest_of(v));
      store_row(y, 0, columns, e * (1.0f / sum_of(e)));
    }
    return;
  }
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    const float largest = maximum(x, columns);
    vector sum = broadcast(0);
    for (size_t j = 0; j < columns; j += DH_LANES) {
      const vector e = v_exp(load_row(x, j, columns) - largest);
      store_row(y, j, columns, e);
      sum += e;
    }
    const float scale = 1.0f / sum_of(sum);
    for (size_t j = 0; j < columns; j += DH_LANES) store_row(y, j, columns, load_row(y, j, columns) * scale);
  }
}

static void DH_NAME(softmax_derivative)(const float *y, ptrdiff_t y_row, const float *dy, ptrdiff_t dy_row, float *dx,
                                        ptrdiff_t dx_row, size_t rows, size_t columns) {
  const size_t whole = columns / DH_LANES * DH_LANES, left = columns - whole;
  for (size_t i = 0; i < rows; i++, y += y_row, dy += dy_row, dx += dx_row) {
    vector sum = broadcast(0), last_y = sum, last_dy = sum;
    for (size_t j = 0; j < whole; j += DH_LANES) sum += load(y + j) * load(dy + j);
    if (left) {
      last_y = load_part(y + whole, left), last_dy = load_part(dy + whole, left);
      sum += last_y * last_dy;
    }
    const float dot = sum_of(sum);
    for (size_t j = 0; j < whole; j += DH_LANES) store(dx + j, load(y + j) * (load(dy + j) - dot));
    if (left) store_part(dx + whole, last_y * (last_dy - dot), left);
  }
}

/// The sums of `width` columns, in `vectors` registers (a constant where this is inlined).
DH_INLINE void sum_columns(const int vectors, const float *x, ptrdiff_t x_row, size_t rows, size_t width, float *out,
                           int accumulate) {
  const size_t last = width - (size_t)(vectors - 1) * DH_LANES;
  const int whole = last == DH_LANES;
  vector sums[4];
  DH_UNROLL
  for (int v = 0; v < vectors; v++) {
    const float *from = out + v * DH_LANES;
    sums[v] = !accumulate ? broadcast(0) : v < vectors - 1 || whole ? load(from) : load_part(from, last);
  }
  for (size_t i = 0; i < rows; i++, x += x_row) {
    DH_UNROLL
    for (int v = 0; v < vectors; v++) {
      sums[v] += v < vectors - 1 || whole ? load(x + v * DH_LANES) : load_part(x + v * DH_LANES, last);
    }
  }
  DH_UNROLL
  for (int v = 0; v < vectors; v++) {
    if (v < vectors - 1 || whole) store(out + v * DH_LANES, sums[v]);
    else store_part(out + v * DH_LANES, sums[v], last);
  }
}

static void DH_NAME(column_sums)(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, float *out,
                                 int accumulate) {
  for (size_t j = 0; j < columns;) {
    const size_t left = columns - j;
    if (left >= 4 * DH_LANES) {
      sum_columns(4, x + j, x_row, rows, 4 * DH_LANES, out + j, accumulate);
      j += 4 * DH_LANES;
    } else {
      const size_t width = left < DH_LANES ? left : DH_LANES;
      sum_columns(1, x + j, x_row, rows, width, out + j, accumulate);
      j += width;
    }
  }
}

/// y[i] = x[indices[i]], rows of them. Short rows are moved here: a call of memcpy takes longer than its few bytes.
static void DH_NAME(gather)(const float *x, ptrdiff_t x_row, const int32_t *indices, float *y, ptrdiff_t y_row,
                            size_t rows, size_t columns) {
  const size_t whole = columns / DH_LANES * DH_LANES, left = columns - whole;
  for (size_t i = 0; i < rows; i++, y += y_row) {
    const float *from = x + indices[i] * x_row;
    for (size_t j = 0; j < whole; j += DH_LANES) store(y + j, load(from + j));
    if (left) store_part(y + whole, load_part(from + whole, left), left);
  }
}

/// y[j][i] = x[i][j]
static void DH_NAME(transpose)(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, float *y, ptrdiff_t y_row) {
  const size_t whole = columns / DH_LANES * DH_LANES;
  for (size_t i = 0; i < rows; i += DH_LANES) {
    const size_t height = rows - i < DH_LANES ? rows - i : DH_LANES;
    const float *from = x + (ptrdiff_t)i * x_row;
    float *to = y + i;
    vector square[DH_LANES];
    size_t j = 0;
    if (height == DH_LANES) {
      for (; j < whole; j += DH_LANES, to += DH_LANES * y_row) {
        DH_UNROLL
        for (int r = 0; r < DH_LANES; r++) square[r] = load(from + j + r * x_row);
        transpose(square);
        DH_UNROLL
        for (int c = 0; c < DH_LANES; c++) store(to + c * y_row, square[c]);
      }
    }
    for (; j < columns; j += DH_LANES, to += DH_LANES * y_row) {
      const size_t width = columns - j < DH_LANES ? columns - j : DH_LANES;
      load_square(from + j, x_row, height, width, square);
      DH_UNROLL
      for (int c = 0; c < DH_LANES; c++) {
        if ((size_t)c >= width) break;
        store_part(to + c * y_row, square[c], height);
      }
    }
  }
}

static void DH_NAME(multiply)(const float *x, const float *y, float *z, size_t count) { DH_EACH_PAIR(v * w) }

static void DH_NAME(add)(const float *x, const float *y, float *z, size_t count) { DH_EACH_PAIR(v + w) }

static void DH_NAME(add_scaled)(float a, const float *x, float *z, size_t count) {
  const float *y = z;
  DH_EACH_PAIR(w + a * v)
}

static void DH_NAME(standardize)(const float *x, ptrdiff_t x_row, const float *offset, const float *scale, float *y,
                                 ptrdiff_t y_row, size_t rows, size_t columns) {
  const size_t whole = columns / DH_LANES * DH_LANES, left = columns - whole;
  for (size_t i = 0; i < rows; i++, x += x_row, y += y_row) {
    for (size_t j = 0; j < whole; j += DH_LANES) store(y + j, (load(x + j) - load(offset + j)) * load(scale + j));
    if (left) {
      const vector v = load_part(x + whole, left) - load_part(offset + whole, left);
      store_part(y + whole, v * load_part(scale + whole, left), left);
    }
  }
}
