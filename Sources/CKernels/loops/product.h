// The matrix product, in the manner of Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
// 2008), with B's block in the second-level cache and a panel of A's rows in the first.
#include "tiles.h"

// A block of B: 384 × 384 floats are 576 KiB.
#ifndef DH_BLOCK_K
#define DH_BLOCK_K 384
#define DH_BLOCK_N 384
#endif
#define DH_PRODUCT_SCRATCH (DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS + DH_TILE_ROWS + 3) + DH_LANES)

// Packing costs about as much as one pass over the operand by a tile, so it pays where many tiles pass over it.
#ifndef DH_PACK_B_ROWS
#define DH_PACK_B_ROWS 160
#endif
#ifndef DH_PACK_A_COLUMNS
#define DH_PACK_A_COLUMNS 320
#endif

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

/// A product with few columns, computed as Cᵀ = Bᵀ Aᵀ, so that vectors run along m and have all their lanes used.
static void DH_NAME(narrow_product)(const dh_product *p, float *packed) {
  const size_t m = p->m, n = p->n, k = p->k;
  float sums[DH_TILE_ROWS * DH_TILE_COLUMNS];
  for (size_t i = 0; i < m; i += DH_TILE_COLUMNS) {
    const size_t width = m - i < DH_TILE_COLUMNS ? m - i : DH_TILE_COLUMNS;
    const size_t vectors = (width + DH_LANES - 1) / DH_LANES;
    float *c = p->c + (ptrdiff_t)i * p->c_row;
    for (size_t j = 0; j < n; j++) {
      float *row = sums + j * DH_TILE_COLUMNS;
      const float start = p->bias ? p->bias[j] : 0.0f;
      for (size_t r = 0; r < vectors * DH_LANES; r += DH_LANES) store(row + r, broadcast(start));
      if (p->accumulate) {
        for (size_t r = 0; r < width; r++) row[r] = c[(ptrdiff_t)r * p->c_row + j];
      }
    }
    for (size_t l = 0; l < k; l += DH_BLOCK_K) {
      const size_t depth = k - l < DH_BLOCK_K ? k - l : DH_BLOCK_K;
      const float *a = p->a + (ptrdiff_t)i * p->a_row + (ptrdiff_t)l * p->a_col;
      tile t = {.a = p->b + (ptrdiff_t)l * p->b_row, .a_row = p->b_col, .a_col = p->b_row, .k = depth};
      t.start = t.c = sums, t.start_row = t.c_row = DH_TILE_COLUMNS;
      t.last = DH_LANES;
      if (p->a_row == 1 && (DH_MASKS == 512 || width % DH_LANES == 0)) {
        t.b = a, t.b_row = p->a_col;
        t.last = width - (vectors - 1) * DH_LANES;
      } else {
        DH_NAME(pack_b)(a, p->a_col, p->a_row, depth, width, packed);
        t.b = packed, t.b_row = (ptrdiff_t)(vectors * DH_LANES);
      }
      tiles[n - 1][t.a_row == 1][vectors - 1](&t);
    }
    for (size_t r = 0; r < width; r++, c += p->c_row) {
      for (size_t j = 0; j < n; j++) c[j] = sums[j * DH_TILE_COLUMNS + r];
    }
  }
}

static void DH_NAME(product)(const dh_product *p, float *scratch) {
  const size_t m = p->m, n = p->n, k = p->k;
  if (!m || !n) return;
  // Where A is not transposed, it has to be packed for that, which pays for fewer columns.
  const size_t narrow = p->a_row == 1 ? DH_LANES * 3 / 4 : DH_LANES * 3 / 8;
  if (n <= narrow && m >= DH_LANES) {
    DH_NAME(narrow_product)(p, scratch);
    return;
  }
  float *packed_b = scratch, *packed_a = scratch + DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS);
  const size_t tall = (m + DH_TILE_ROWS - 1) / DH_TILE_ROWS;  // tiles over m, as equal in height as they can be
  const size_t blocks = k ? (k + DH_BLOCK_K - 1) / DH_BLOCK_K : 1;

  for (size_t j0 = 0; j0 < n; j0 += DH_BLOCK_N) {
    const size_t columns = n - j0 < DH_BLOCK_N ? n - j0 : DH_BLOCK_N;
    for (size_t block = 0; block < blocks; block++) {
      const size_t l0 = k * block / blocks, depth = k * (block + 1) / blocks - l0;
      const float *b = p->b + l0 * p->b_row + j0 * p->b_col;
      int pack_b = m >= DH_PACK_B_ROWS || p->b_col != 1;
#if DH_MASKS != 512
      pack_b = pack_b || columns % DH_LANES;  // so that the last vector can be read whole
#endif
      if (pack_b) DH_NAME(pack_b)(b, p->b_row, p->b_col, depth, columns, packed_b);
      const int pack_a = columns >= DH_PACK_A_COLUMNS;

      for (size_t i = 0, down = 0; down < tall; down++) {
        const size_t rows = m / tall + (down < m % tall);
        tile t = {.a = p->a + i * p->a_row + l0 * p->a_col, .a_row = p->a_row, .a_col = p->a_col, .k = depth};
        if (pack_a) {
          const size_t stride = (rows + 3) / 4 * 4;
          DH_NAME(pack_a)(t.a, t.a_row, t.a_col, rows, depth, stride, packed_a);
          t.a = packed_a, t.a_row = 1, t.a_col = (ptrdiff_t)stride;
        }
        t.c_row = p->c_row;
        for (size_t j = 0; j < columns; j += DH_TILE_COLUMNS) {
          const size_t width = columns - j < DH_TILE_COLUMNS ? columns - j : DH_TILE_COLUMNS;
          const size_t vectors = (width + DH_LANES - 1) / DH_LANES;
          t.last = width - (vectors - 1) * DH_LANES;
          t.b = pack_b ? packed_b + j * depth : b + j;
          t.b_row = pack_b ? (ptrdiff_t)(vectors * DH_LANES) : p->b_row;
          t.c = p->c + i * p->c_row + j0 + j;
          if (block || p->accumulate) t.start = t.c, t.start_row = p->c_row;
          else t.start = p->bias ? p->bias + j0 + j : NULL, t.start_row = 0;
          tiles[rows - 1][t.a_row == 1][vectors - 1](&t);
        }
        i += rows;
      }
    }
  }
}
