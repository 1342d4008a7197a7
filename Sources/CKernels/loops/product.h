// The matrix product, in the manner of Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
// 2008), with B's block in the second-level cache and a panel of A's rows in the first.
#include "tiles.h"

// A block of B: 384 × 384 floats are 576 KiB.
#ifndef DH_BLOCK_K
#define DH_BLOCK_K 384
#define DH_BLOCK_N 384
#endif
#define DH_PRODUCT_SCRATCH (DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS + DH_TILE_ROWS + 3) + DH_LANES)

// Packing costs about as much as one pass over the operand by a tile, so it pays where many tiles pass over it. Where rows
// are short to the eye of a tile but far apart, they drive each other out of the nearest cache, and it pays sooner.
#define DH_FAR_APART 256
#if DH_LANES == 16
#define DH_PACK_B_ROWS(stride) (13 * DH_TILE_ROWS)
#else
#define DH_PACK_B_ROWS(stride) (((stride) < DH_FAR_APART ? 8 : 4) * DH_TILE_ROWS)
#endif
#define DH_PACK_A_COLUMNS (10 * DH_TILE_COLUMNS)

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

/// Slices whose elements are `step` floats apart, and that are neighbours: a transposition, done on squares of
/// DH_LANES × DH_LANES elements in registers.
static void DH_NAME(pack_strided)(const float *x, ptrdiff_t step, size_t k, size_t width, size_t stride,
                                  float *packed) {
  for (size_t j = 0; j < width; j += DH_LANES) {
    const size_t columns = width - j < DH_LANES ? width - j : DH_LANES;
    for (size_t l = 0; l < k; l += DH_LANES) {
      const size_t count = k - l < DH_LANES ? k - l : DH_LANES;
      const float *from = x + (ptrdiff_t)j * step + l;
      float *to = packed + l * stride + j;
      vector square[DH_LANES];
      if (count == DH_LANES) {
        DH_UNROLL
        for (int i = 0; i < DH_LANES; i++) square[i] = (size_t)i < columns ? load(from + i * step) : broadcast(0);
      } else {
        DH_UNROLL
        for (int i = 0; i < DH_LANES; i++) {
          square[i] = (size_t)i < columns ? load_part(from + i * step, count) : broadcast(0);
        }
      }
      transpose(square);
      DH_UNROLL
      for (int i = 0; i < DH_LANES; i++) {
        if ((size_t)i < count) store(to + i * stride, square[i]);
      }
    }
  }
}

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

/// Sums of a narrow product with A transposed, at most.
#define DH_NARROW_FLOATS (DH_LANES * 3 / 4 * DH_MOST_VECTORS / 2 * DH_LANES)

/// f of some rows of C that are finished, and in the first-level cache. ReLU was taken when they were stored.
static void DH_NAME(activate_rows)(const dh_product *p, size_t row, size_t rows, size_t column, size_t columns) {
  if (p->activation == dh_identity || (p->activation == dh_relu && !p->derivative)) return;
  for (size_t i = row; i < row + rows; i++) {
    float *c = p->c + (ptrdiff_t)i * p->c_row + column;
    if (p->derivative) {
      float *derivative = p->derivative + (ptrdiff_t)i * p->derivative_row + column;
      DH_NAME(activate_keeping)(p->activation, p->activation_parameter, c, c, derivative, columns);
    } else {
      DH_NAME(activate)(p->activation, p->activation_parameter, c, c, columns);
    }
  }
}

// Rows at a time, so that their sums fit the registers beside the columns of B.
#if DH_LANES == 16 || defined(__aarch64__)
#define DH_DOT_SUMS 24
#else
#define DH_DOT_SUMS 12
#endif
#define DH_DOT_ROWS 8
#define DH_DOT_COLUMNS (DH_DOT_SUMS / 2)
#define DH_ROWS_OF_DOTS(columns) (DH_DOT_SUMS / (columns) < DH_DOT_ROWS ? DH_DOT_SUMS / (columns) : DH_DOT_ROWS)

/// Products with few columns and rows of A in one run of memory: dot products, `rows` × `columns` of them at a time (constants
/// where this is inlined), each with one sum a lane along k. B is given as its columns, each in one run.
DH_INLINE void dot_rows(const int rows, const int columns, const dh_product *p, size_t i, const float *b, ptrdiff_t b_col,
                        float floor) {
  const float *a = p->a + (ptrdiff_t)i * p->a_row;
  const size_t k = p->k, whole = k / DH_LANES * DH_LANES;
  vector sums[DH_DOT_ROWS][DH_DOT_COLUMNS];
  DH_UNROLL
  for (int r = 0; r < rows; r++) {
    DH_UNROLL
    for (int j = 0; j < columns; j++) sums[r][j] = broadcast(0);
  }
  for (size_t l = 0; l < whole; l += DH_LANES) {
    vector y[DH_DOT_COLUMNS];
    DH_UNROLL
    for (int j = 0; j < columns; j++) y[j] = load(b + j * b_col + l);
    DH_UNROLL
    for (int r = 0; r < rows; r++) {
      const vector x = load(a + r * p->a_row + l);
      DH_UNROLL
      for (int j = 0; j < columns; j++) sums[r][j] += x * y[j];
    }
  }
  if (whole < k) {
    vector y[DH_DOT_COLUMNS];
    DH_UNROLL
    for (int j = 0; j < columns; j++) y[j] = load_part(b + j * b_col + whole, k - whole);
    DH_UNROLL
    for (int r = 0; r < rows; r++) {
      const vector x = load_part(a + r * p->a_row + whole, k - whole);
      DH_UNROLL
      for (int j = 0; j < columns; j++) sums[r][j] += x * y[j];
    }
  }
  DH_UNROLL
  for (int r = 0; r < rows; r++) {
    float *c = p->c + (ptrdiff_t)(i + r) * p->c_row;
    DH_UNROLL
    for (int j = 0; j < columns; j++) {
      const float start = p->accumulate ? c[j] : p->bias ? p->bias[j] : 0.0f;
      const float sum = start + sum_of(sums[r][j]);
      c[j] = sum < floor ? floor : sum;
    }
  }
}

#define DH_DOTS(columns)                                                                                           \
  static void DH_NAME(dots_##columns)(const dh_product *p, const float *b, ptrdiff_t b_col, float floor) {        \
    size_t i = 0;                                                                                                  \
    for (; i + DH_ROWS_OF_DOTS(columns) <= p->m; i += DH_ROWS_OF_DOTS(columns)) {                                  \
      dot_rows(DH_ROWS_OF_DOTS(columns), columns, p, i, b, b_col, floor);                                          \
    }                                                                                                              \
    for (; i < p->m; i++) dot_rows(1, columns, p, i, b, b_col, floor);                                             \
  }
DH_DOTS(1) DH_DOTS(2) DH_DOTS(3) DH_DOTS(4) DH_DOTS(5) DH_DOTS(6)
#if DH_DOT_COLUMNS == 12
DH_DOTS(7) DH_DOTS(8) DH_DOTS(9) DH_DOTS(10) DH_DOTS(11) DH_DOTS(12)
#endif

/// [columns − 1]
static void (*const dots[DH_DOT_COLUMNS])(const dh_product *, const float *, ptrdiff_t, float) = {
    DH_NAME(dots_1), DH_NAME(dots_2), DH_NAME(dots_3), DH_NAME(dots_4), DH_NAME(dots_5), DH_NAME(dots_6),
#if DH_DOT_COLUMNS == 12
    DH_NAME(dots_7), DH_NAME(dots_8), DH_NAME(dots_9), DH_NAME(dots_10), DH_NAME(dots_11), DH_NAME(dots_12),
#endif
};
#undef DH_DOTS

/// Shorter dot products would spend their time on adding up lanes; longer ones need more scratch memory.
#define DH_SHORTEST_DOT 32
#define DH_LONGEST_DOT 8192

static void DH_NAME(narrow_product)(const dh_product *p, float floor, float *packed) {
  const float *b = p->b;
  ptrdiff_t b_col = p->b_col;
  if (p->b_row != 1) {
    b_col = (ptrdiff_t)((p->k + DH_LANES - 1) / DH_LANES * DH_LANES);
    DH_NAME(transpose)(p->b, p->b_row, p->k, p->n, packed, b_col);
    b = packed;
  }
  dots[p->n - 1](p, b, b_col, floor);
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

/// Runs the tile at t.c, `width` columns wide: the last one of a row of tiles, or one that is whole.
DH_INLINE void run_tile_of(size_t rows, size_t width, tile *t) {
  const size_t halves = DH_HALVES ? (width + DH_LANES / 2 - 1) / (DH_LANES / 2) : (width + DH_LANES - 1) / DH_LANES * 2;
  t->last = width - (halves - 1) / 2 * DH_LANES;
  if (halves % 2) t->last = width - (halves - 1) * (DH_LANES / 2);
  tiles[rows - 1][t->a_row == 1][halves - 1](t);
}

/// The plain road: blocks of B, panels of A's rows, tiles.
static void DH_NAME(blocked_product)(const dh_product *p, float floor, float *scratch) {
  const size_t m = p->m, n = p->n, k = p->k;
  float *packed_b = scratch, *packed_a = scratch + DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS);
  // Tiles over m, as equal in height as they can be: `taller` of them by one row. Divisions take as long as many sums.
  const size_t tall = (m + DH_TILE_ROWS - 1) / DH_TILE_ROWS;
  const size_t height = tall == 1 ? m : m / tall, taller = m - height * tall;
  const size_t blocks = k ? (k + DH_BLOCK_K - 1) / DH_BLOCK_K : 1;

  for (size_t j0 = 0; j0 < n; j0 += DH_BLOCK_N) {
    const size_t columns = n - j0 < DH_BLOCK_N ? n - j0 : DH_BLOCK_N;
    for (size_t block = 0; block < blocks; block++) {
      const size_t l0 = block ? k * block / blocks : 0, depth = (blocks > 1 ? k * (block + 1) / blocks : k) - l0;
      const int is_last = block == blocks - 1;
      const float *b = p->b + l0 * p->b_row + j0 * p->b_col;
      int pack_b = m >= DH_PACK_B_ROWS((size_t)p->b_row) || p->b_col != 1;
#if DH_MASKS != 512
      pack_b = pack_b || columns % DH_LANES;  // so that the last vector can be read whole
#endif
      if (pack_b) DH_NAME(pack_b)(b, p->b_row, p->b_col, depth, columns, packed_b);
      const int pack_a = columns >= DH_PACK_A_COLUMNS;

      for (size_t i = 0, down = 0; down < tall; down++) {
        const size_t rows = height + (down < taller);
        tile t = {.a = p->a + i * p->a_row + l0 * p->a_col, .a_row = p->a_row, .a_col = p->a_col, .k = depth};
        if (pack_a) {
          const size_t stride = (rows + 3) / 4 * 4;
          DH_NAME(pack_a)(t.a, t.a_row, t.a_col, rows, depth, stride, packed_a);
          t.a = packed_a, t.a_row = 1, t.a_col = (ptrdiff_t)stride;
        }
        t.b = b, t.b_row = p->b_row;
        t.c = p->c + i * p->c_row + j0, t.c_row = p->c_row;
        if (block || p->accumulate) t.start = t.c, t.start_row = p->c_row;
        else t.start = p->bias ? p->bias + j0 : NULL, t.start_row = 0;
        t.floor = is_last ? floor : DH_NO_FLOOR;

        // Few rows take wider tiles, and one vector alone: a half saves nothing where loads decide.
        const int is_wide = rows <= DH_FEW_ROWS && !pack_b && (t.a_row == 1 || t.a_col == 1);
        const size_t step = !is_wide ? DH_TILE_COLUMNS : (rows == 1 ? DH_MOST_VECTORS : DH_MOST_VECTORS / 2) * DH_LANES;
        for (size_t j = 0; j < columns; j += step) {
          const size_t width = columns - j < step ? columns - j : step;
          if (pack_b) {
            t.b = packed_b + j * depth, t.b_row = (ptrdiff_t)((width + DH_LANES - 1) / DH_LANES * DH_LANES);
          }
          if (is_wide) {
            const size_t vectors = (width + DH_LANES - 1) / DH_LANES;
            t.last = width - (vectors - 1) * DH_LANES;
            wide_tiles[t.a_row == 1][rows - 1][vectors - 1](&t);
          } else {
            run_tile_of(rows, width, &t);
          }
          t.b += step, t.c += step;
          if (t.start) t.start += step;
        }
        if (is_last) DH_NAME(activate_rows)(p, i, rows, j0, columns);
        i += rows;
      }
    }
  }
}

static void DH_NAME(product)(const dh_product *p, float *scratch) {
  const size_t m = p->m, n = p->n, k = p->k;
  if (!m || !n) return;
  const float floor = p->activation == dh_relu && !p->derivative ? 0.0f : DH_NO_FLOOR;
  if (p->b_sums) DH_NAME(column_sums)(p->b, p->b_row, k, n, p->b_sums, 0);
  if (n <= DH_DOT_COLUMNS && k >= DH_SHORTEST_DOT && k <= DH_LONGEST_DOT && p->a_col == 1 && p->a_row != 1) {
    DH_NAME(narrow_product)(p, floor, scratch);
  } else if (n <= DH_LANES * 3 / 4 && m >= DH_LANES && k && p->a_row == 1) {
    DH_NAME(narrow_transposed)(p, floor, scratch);
  } else if (m <= DH_TILE_ROWS && n <= DH_TILE_COLUMNS && k <= DH_BLOCK_K && p->b_col == 1 && DH_MASKS == 512) {
    // All in one tile.
    tile t = {.a = p->a, .a_row = p->a_row, .a_col = p->a_col, .b = p->b, .b_row = p->b_row, .k = k, .c = p->c,
              .c_row = p->c_row, .floor = floor};
    if (p->accumulate) t.start = t.c, t.start_row = p->c_row;
    else t.start = p->bias;
    run_tile_of(m, n, &t);
    DH_NAME(activate_rows)(p, 0, m, 0, n);
  } else {
    DH_NAME(blocked_product)(p, floor, scratch);
  }
}
