// The matrix product, in the manner of Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
// 2008), with B's block in the second-level cache and a panel of A's rows in the first.
#include "dots.h"
#include "finish.h"
#include "tiles.h"
#include "pack.h"    // uses tiles.h
#include "narrow.h"  // uses all of these

// Wider products pack rows of A for so many columns of B and so many tiles at a time, in the third-level cache.
#define DH_AHEAD_TILES (1152 / DH_TILE_ROWS)
#define DH_AHEAD_COLUMNS (4 * DH_BLOCK_N)
#define DH_PRODUCT_SCRATCH \
  (DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS) + DH_AHEAD_TILES * DH_PANEL_FLOATS(DH_PANEL_STRIDE(DH_TILE_ROWS), DH_BLOCK_K))

// Packing costs about as much as one pass over the operand by a tile, so it pays where many tiles pass over it. Where rows
// are short to the eye of a tile but far apart, they drive each other out of the nearest cache, and it pays sooner.
#define DH_FAR_APART 256
#if DH_LANES == 16
#define DH_PACK_B_ROWS(stride) (26 * DH_TILE_ROWS)
#else
#define DH_PACK_B_ROWS(stride) (((stride) < DH_FAR_APART ? 8 : 4) * DH_TILE_ROWS)
#endif
#define DH_PACK_A_COLUMNS (10 * DH_TILE_COLUMNS)

/// Runs the tile at t.c, `width` columns wide: the last one of a row of tiles, or one that is whole.
DH_INLINE void run_tile_of(size_t rows, size_t width, tile *t) {
  const size_t halves = DH_HALVES ? (width + DH_LANES / 2 - 1) / (DH_LANES / 2) : (width + DH_LANES - 1) / DH_LANES * 2;
  t->last = width - (halves - 1) / 2 * DH_LANES;
  if (halves % 2) t->last = width - (halves - 1) * (DH_LANES / 2);
  tiles[rows - 1][t->a_row == 1][halves - 1](t);
}

/// A block of a product: depth × columns of B, packed or where it stands.
typedef struct {
  const dh_product *p;
  const float *b;
  float *packed;  ///< the block as panels of a tile's width, or NULL
  size_t column, columns;
  size_t l, depth;
  float floor;
} block;

/// A row of tiles of C: these rows of A times a block. Element (i, l) of A is at a[i * a_row + l * a_col].
typedef struct {
  const float *a;
  ptrdiff_t a_row, a_col;
  size_t row, rows;
} tile_row;

static void DH_NAME(run_row)(const block *b, const tile_row *r) {
  const dh_product *p = b->p;
  tile t = {.a = r->a, .a_row = r->a_row, .a_col = r->a_col, .k = b->depth, .b = b->b, .b_row = p->b_row,
            .c = p->c + (ptrdiff_t)r->row * p->c_row + b->column, .c_row = p->c_row, .floor = b->floor};
  if (b->l || p->accumulate) t.start = t.c, t.start_row = p->c_row;
  else t.start = p->bias ? p->bias + b->column : NULL;

  // Few rows take wider tiles, and one vector alone: a half saves nothing where loads decide.
  const int is_wide = r->rows <= DH_FEW_ROWS && !b->packed && (r->a_row == 1 || r->a_col == 1);
  const size_t step = !is_wide ? DH_TILE_COLUMNS : (r->rows == 1 ? DH_MOST_VECTORS : DH_MOST_VECTORS / 2) * DH_LANES;
  for (size_t j = 0; j < b->columns; j += step) {
    const size_t width = b->columns - j < step ? b->columns - j : step;
    if (b->packed) {
      t.b = b->packed + j * b->depth, t.b_row = (ptrdiff_t)((width + DH_LANES - 1) / DH_LANES * DH_LANES);
    }
    if (is_wide) {
      const size_t vectors = (width + DH_LANES - 1) / DH_LANES;
      t.last = width - (vectors - 1) * DH_LANES;
      wide_tiles[t.a_row == 1][r->rows - 1][vectors - 1](&t);
    } else {
      run_tile_of(r->rows, width, &t);
    }
    t.b += step, t.c += step;
    if (t.start) t.start += step;
  }
}

/// Tiles over the rows of a product, as equal in height as they can be: the first `taller` of them by one row.
typedef struct {
  size_t count, height, taller;
} tile_rows;

DH_INLINE tile_rows rows_of_tiles(size_t m) {
  const size_t count = (m + DH_TILE_ROWS - 1) / DH_TILE_ROWS;
  const size_t height = count == 1 ? m : m / count;  // a division takes as long as many sums
  return (tile_rows){count, height, m - height * count};
}

/// Products that are small enough to need no blocks. B is packed where its rows are no runs of memory, or end in a part of a
/// vector that can't be masked.
static void DH_NAME(direct_product)(const dh_product *p, float floor, float *scratch) {
  block b = {.p = p, .b = p->b, .columns = p->n, .depth = p->k, .floor = floor};
  if (p->b_col != 1 || (DH_MASKS != 512 && p->n % DH_LANES)) {
    DH_NAME(pack_b)(p->b, p->b_row, p->b_col, p->k, p->n, b.packed = scratch);
  }
  const tile_rows tiles = rows_of_tiles(p->m);
  tile_row r = {.a = p->a, .a_row = p->a_row, .a_col = p->a_col};
  for (size_t down = 0; down < tiles.count; down++) {
    r.rows = tiles.height + (down < tiles.taller);
    DH_NAME(run_row)(&b, &r);
    DH_NAME(activate_rows)(p, r.row, r.rows, 0, p->n);
    r.row += r.rows, r.a += (ptrdiff_t)r.rows * p->a_row;
  }
}

/// The plain road: blocks of B, rows of tiles. A row of tiles packs its rows of A where many tiles pass over them; where
/// several blocks of B do, the rows of many tiles are packed for all of these.
static void DH_NAME(blocked_product)(const dh_product *p, float floor, float *scratch) {
  const size_t m = p->m, n = p->n, k = p->k;
  float *packed_b = scratch, *packed_a = scratch + DH_BLOCK_K * (DH_BLOCK_N + DH_TILE_COLUMNS);
  const tile_rows tiles = rows_of_tiles(m);
  const size_t tall = tiles.count, height = tiles.height, taller = tiles.taller;
  const size_t blocks = k ? (k + DH_BLOCK_K - 1) / DH_BLOCK_K : 1;
  const int pack_ahead = n > DH_BLOCK_N;
  const size_t most_tall = pack_ahead ? DH_AHEAD_TILES : tall, most_columns = pack_ahead ? DH_AHEAD_COLUMNS : n;

  for (size_t j1 = 0; j1 < n; j1 += most_columns) {
    const size_t j2 = n - j1 < most_columns ? n : j1 + most_columns;
    for (size_t down1 = 0, i1 = 0, i2; down1 < tall; down1 += most_tall, i1 = i2) {
      const size_t down2 = tall - down1 < most_tall ? tall : down1 + most_tall;
      i2 = down2 * height + (down2 < taller ? down2 : taller);
      for (size_t blk = 0; blk < blocks; blk++) {
        const size_t l0 = blk ? k * blk / blocks : 0, depth = (blocks > 1 ? k * (blk + 1) / blocks : k) - l0;
        const float *a = p->a + (ptrdiff_t)l0 * p->a_col;
        block b = {.p = p, .l = l0, .depth = depth, .floor = blk == blocks - 1 ? floor : DH_NO_FLOOR};
        if (pack_ahead) DH_NAME(pack_rows)(a, p->a_row, p->a_col, i1, down1, down2, height, taller, depth, packed_a);
        for (b.column = j1; b.column < j2; b.column += b.columns) {
          b.columns = j2 - b.column < DH_BLOCK_N ? j2 - b.column : DH_BLOCK_N;
          b.b = p->b + (ptrdiff_t)l0 * p->b_row + (ptrdiff_t)b.column * p->b_col;
          int pack_b = i2 - i1 >= DH_PACK_B_ROWS((size_t)p->b_row) || p->b_col != 1;
#if DH_MASKS != 512
          pack_b = pack_b || b.columns % DH_LANES;  // so that the last vector can be read whole
#endif
          if (pack_b) DH_NAME(pack_b)(b.b, p->b_row, p->b_col, depth, b.columns, b.packed = packed_b);
          else b.packed = NULL;
          const int pack_a = !pack_ahead && b.columns >= DH_PACK_A_COLUMNS;
          const float *panel = packed_a;
          tile_row r = {.row = i1};
          for (size_t down = down1; down < down2; down++, r.row += r.rows) {
            r.rows = height + (down < taller);
            r.a = a + (ptrdiff_t)r.row * p->a_row, r.a_row = p->a_row, r.a_col = p->a_col;
            if (pack_a || pack_ahead) {
              const size_t stride = DH_PANEL_STRIDE(r.rows);
              if (pack_a) DH_NAME(pack_a)(r.a, r.a_row, r.a_col, r.rows, depth, stride, packed_a);
              r.a = panel, r.a_row = 1, r.a_col = (ptrdiff_t)stride;
              if (pack_ahead) panel += DH_PANEL_FLOATS(stride, depth);
            }
            DH_NAME(run_row)(&b, &r);
            if (blk == blocks - 1) DH_NAME(activate_rows)(p, r.row, r.rows, b.column, b.columns);
          }
        }
      }
    }
  }
}

static void DH_NAME(product)(const dh_product *p, float *scratch) {
  const size_t m = p->m, n = p->n, k = p->k;
  if (!m || !n) return;
  const float floor = p->activation.kind == dh_relu && !p->derivative && p->scale == 0 ? 0.0f : DH_NO_FLOOR;
  if (p->b_sums) DH_NAME(column_sums)(p->b, p->b_row, k, n, p->b_sums, 0);
  if (n <= DH_DOT_COLUMNS && k >= DH_SHORTEST_DOT && k <= DH_LONGEST_DOT && p->a_col == 1 && p->a_row != 1) {
    DH_NAME(narrow_product)(p, floor, scratch);
  } else if (m <= DH_FLAT_ROWS && p->most_rows && p->most_rows <= DH_FLAT_ROWS && k >= DH_SHORTEST_DOT && p->a_col == 1 &&
             p->b_row == 1) {
    DH_NAME(flat_product)(p, floor);
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
  } else if (m < DH_PACK_B_ROWS((size_t)p->b_row) && n < DH_PACK_A_COLUMNS && k <= DH_BLOCK_K) {
    DH_NAME(direct_product)(p, floor, scratch);
  } else {
    DH_NAME(blocked_product)(p, floor, scratch);
  }
}
