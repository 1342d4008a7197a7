// Products of few columns, or of few rows with B transposed. Uses dots.h, pack.h and tiles.h.

#define DH_FLAT_ROWS 4  // at most DH_DOT_COLUMNS

/// Sums of a narrow product with A transposed, at most.
#define DH_NARROW_FLOATS (DH_LANES * 3 / 4 * DH_MOST_VECTORS / 2 * DH_LANES)

/// Few columns: dot products with the columns of B, made one run each where they are not.
static void DH_NAME(narrow_product)(const dh_product *p, float floor, float *packed) {
  dot_products d = {.a = p->a, .a_row = p->a_row, .b = p->b, .b_col = p->b_col, .m = p->m, .k = p->k,
                    .c = p->c, .c_row = p->c_row, .c_col = 1, .floor = floor};
  d.start = p->bias, d.start_col = 1;
  if (p->accumulate) d.start = p->c, d.start_row = p->c_row;
  if (p->b_row != 1) {
    d.b_col = (ptrdiff_t)((p->k + DH_LANES - 1) / DH_LANES * DH_LANES);
    DH_NAME(transpose)(p->b, p->b_row, p->k, p->n, packed, d.b_col);
    d.b = packed;
  }
  dots[p->n - 1](&d);
  DH_NAME(activate_rows)(p, 0, p->m, 0, p->n);
}

/// Few rows, and B transposed: Cᵀ = Bᵀ Aᵀ in dot products, for packing B would cost more than they do.
static void DH_NAME(flat_product)(const dh_product *p, float floor) {
  dot_products d = {.a = p->b, .a_row = p->b_col, .b = p->a, .b_col = p->a_row, .m = p->n, .k = p->k,
                    .c = p->c, .c_row = 1, .c_col = p->c_row, .floor = floor};
  d.start = p->bias, d.start_row = 1;
  if (p->accumulate) d.start = p->c, d.start_col = p->c_row;
  dots[p->m - 1](&d);
  DH_NAME(activate_rows)(p, 0, p->m, 0, p->n);
}

/// Products with few columns where A is transposed, so that its vectors along m are in memory: Cᵀ = Bᵀ Aᵀ, by tiles.
static void DH_NAME(narrow_transposed)(const dh_product *p, float floor, float *packed) {
  const size_t m = p->m, n = p->n, k = p->k;
  const int is_wide = n <= DH_FEW_ROWS && DH_MASKS == 512;
  const size_t step = (!is_wide ? DH_TILE_VECTORS : n == 1 ? DH_MOST_VECTORS : DH_MOST_VECTORS / 2) * DH_LANES;
  float sums[DH_NARROW_FLOATS];
  for (size_t i = 0; i < m; i += step) {
    const size_t width = m - i < step ? m - i : step;
    const size_t vectors = (width + DH_LANES - 1) / DH_LANES;
    float *c = p->c + (ptrdiff_t)i * p->c_row;
    for (size_t j = 0; j < n; j++) {
      float *row = sums + j * step;
      const float start = p->bias ? p->bias[j] : 0.0f;
      for (size_t r = 0; r < vectors * DH_LANES; r += DH_LANES) store(row + r, broadcast(start));
      if (p->accumulate) {
        for (size_t r = 0; r < width; r++) row[r] = c[(ptrdiff_t)r * p->c_row + j];
      }
    }
    for (size_t l = 0; l < k; l += DH_BLOCK_K) {
      const size_t depth = k - l < DH_BLOCK_K ? k - l : DH_BLOCK_K;
      const float *a = p->a + i + (ptrdiff_t)l * p->a_col;
      tile t = {.a = p->b + (ptrdiff_t)l * p->b_row, .a_row = p->b_col, .a_col = p->b_row, .k = depth};
      t.start = t.c = sums, t.start_row = t.c_row = (ptrdiff_t)step;
      t.last = DH_LANES;
      t.floor = l + depth == k ? floor : DH_NO_FLOOR;
      if (DH_MASKS == 512 || width % DH_LANES == 0) {
        t.b = a, t.b_row = p->a_col;
        t.last = width - (vectors - 1) * DH_LANES;
      } else {
        DH_NAME(pack_b)(a, p->a_col, 1, depth, width, packed);
        t.b = packed, t.b_row = (ptrdiff_t)(vectors * DH_LANES);
      }
      if (is_wide) wide_tiles[t.a_row == 1][n - 1][vectors - 1](&t);
      else tiles[n - 1][t.a_row == 1][2 * vectors - 1](&t);
    }
    if (n == 1) {
      for (size_t r = 0; r < width; r++) c[(ptrdiff_t)r * p->c_row] = sums[r];
    }
    for (size_t r = 0; r < width && n > 1; r += DH_LANES) {
      const size_t count = width - r < DH_LANES ? width - r : DH_LANES;
      vector square[DH_LANES];
      load_square(sums + r, (ptrdiff_t)step, n, count, square);
      DH_UNROLL
      for (int q = 0; q < DH_LANES; q++) {
        if ((size_t)q < count) store_part(c + (ptrdiff_t)(r + q) * p->c_row, square[q], n);
      }
    }
    DH_NAME(activate_rows)(p, i, width, 0, n);
  }
}
