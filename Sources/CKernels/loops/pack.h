// Packing of operands, a block at a time. A block of B: 400 × 384 floats are 600 KiB.
#define DH_BLOCK_K 400
#define DH_BLOCK_N 384

// Packing puts k slices of `width` elements one behind the other, `stride` floats apart. The last vector of a slice is
// written whole, zeros behind its elements: the next slice overwrites what goes beyond `stride`.

/// Slices that are contiguous: B's rows, or A's columns where A is transposed.
DH_INLINE void pack_contiguous(const float *x, ptrdiff_t step, size_t k, size_t width, size_t stride, float *packed) {
  const size_t whole = width / DH_LANES * DH_LANES;
  for (size_t l = 0; l < k; l++, x += step, packed += stride) {
    for (size_t j = 0; j < whole; j += DH_LANES) store(packed + j, load(x + j));
    if (whole < width) store(packed + whole, load_part(x + whole, width - whole));
  }
}

/// Slices whose elements are `step` floats apart, and that are neighbours: a transposition.
static void DH_NAME(pack_strided)(const float *x, ptrdiff_t step, size_t k, size_t width, size_t stride,
                                  float *packed) {
  const size_t whole = k / 4 * 4;
  for (size_t j = 0; j < width; j += DH_LANES, x += DH_LANES * step) {
    const size_t rows = width - j < DH_LANES ? width - j : DH_LANES;
    float *to = packed + j;
    vector slices[4];
    for (size_t l = 0; l < whole; l += 4, to += 4 * stride) {
      if (rows == DH_LANES) load_four(x + l, step, DH_LANES, 4, slices);
      else load_four(x + l, step, rows, 4, slices);
      DH_UNROLL
      for (int s = 0; s < 4; s++) store(to + s * stride, slices[s]);
    }
    if (whole < k) load_four(x + whole, step, rows, k - whole, slices);
    DH_UNROLL
    for (int s = 0; s < 3; s++) {
      if (whole + (size_t)s < k) store(to + s * stride, slices[s]);
    }
  }
}

/// From one slice of a panel of so many rows to the next: room for quarters.
#define DH_PANEL_STRIDE(rows) (((rows) + 3) / 4 * 4)
/// A panel, and room for what its last slice writes beyond it.
#define DH_PANEL_FLOATS(stride, k) ((stride) * (k) + DH_LANES)
// Panels that are packed side by side where A's rows are neighbours in memory: slices are far apart then, and all that is of
// use in a cache line is taken while it is there.
#define DH_PANELS_ABREAST 64

/// Packs a block of B into panels of a tile's width.
static void DH_NAME(pack_b)(const float *b, ptrdiff_t b_row, ptrdiff_t b_col, size_t k, size_t n, float *packed) {
  for (size_t j = 0; j < n; j += DH_TILE_COLUMNS) {
    const size_t width = n - j < DH_TILE_COLUMNS ? n - j : DH_TILE_COLUMNS;
    const size_t stride = (width + DH_LANES - 1) / DH_LANES * DH_LANES;
    if (b_col != 1) DH_NAME(pack_strided)(b + (ptrdiff_t)j * b_col, b_col, k, width, stride, packed + j * k);
    else if (width == DH_TILE_COLUMNS) pack_contiguous(b + j, b_row, k, DH_TILE_COLUMNS, DH_TILE_COLUMNS, packed + j * k);
    else pack_contiguous(b + j, b_row, k, width, stride, packed + j * k);
  }
}

/// Packs some rows of A, at most a tile's, for which element (i, l) goes to packed[l * stride + i].
static void DH_NAME(pack_a)(const float *a, ptrdiff_t a_row, ptrdiff_t a_col, size_t rows, size_t k, size_t stride,
                            float *packed) {
  if (a_row == 1) pack_contiguous(a, a_col, k, rows, stride, packed);
  else DH_NAME(pack_strided)(a, a_row, k, rows, stride, packed);
}

/// Packs the rows of A of the tiles `tile` ..< `tiles` into panels one behind the other. Tiles are `height` rows high, the
/// first `taller` by one more; i is the first row.
static void DH_NAME(pack_rows)(const float *a, ptrdiff_t a_row, ptrdiff_t a_col, size_t i, size_t tile, size_t tiles,
                               size_t height, size_t taller, size_t k, float *packed) {
  while (tile < tiles) {
    const size_t rows = height + (tile < taller), stride = DH_PANEL_STRIDE(rows);
    const float *from = a + (ptrdiff_t)i * a_row;
    // Panels of the same height, as many as may be.
    size_t abreast = 1;
    while (a_row == 1 && abreast < DH_PANELS_ABREAST && tile + abreast < tiles &&
           height + (tile + abreast < taller) == rows) {
      abreast++;
    }
    if (abreast > 1) {
      for (size_t l = 0; l < k; l++, from += a_col) {
        for (size_t t = 0; t < abreast; t++) {
          pack_contiguous(from + t * rows, 0, 1, rows, stride, packed + t * DH_PANEL_FLOATS(stride, k) + l * stride);
        }
      }
    } else {
      DH_NAME(pack_a)(from, a_row, a_col, rows, k, stride, packed);
    }
    packed += abreast * DH_PANEL_FLOATS(stride, k);
    i += abreast * rows;
    tile += abreast;
  }
}
