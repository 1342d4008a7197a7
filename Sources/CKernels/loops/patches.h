// The tile of a product whose rows of A are patches of an image, read where they stand. Channels are neighbours in memory, and
// so are pixels: a row of a patch is one run, and the patches of neighbouring pixels overlap. So the chain of an element of
// C goes through A in runs of k, `inner` of them a step apart, and `outer` of these another step apart; B's rows follow each
// other all the way.

typedef struct {
  const float *a;
  ptrdiff_t a_row, a_col, a_inner, a_outer;
  size_t k, inner, outer;
  const float *b;  ///< as in `tile`
  ptrdiff_t b_row;
  const float *start;
  ptrdiff_t start_row;
  float *c;
  ptrdiff_t c_row;
  size_t last;  ///< columns in the last vector
  float floor;
} patch_tile;

/// `rows`, `vectors` and `transposed` (rows of A are neighbours in memory) are constants where this is inlined.
DH_INLINE void run_patch_tile(const int rows, const int vectors, const int transposed, const patch_tile *t) {
  vector sums[DH_TILE_ROWS][DH_MOST_VECTORS];
  half_vector half_sums[DH_TILE_ROWS];
  const size_t last = t->last;
  start_tile(rows, vectors, 0, t->start, t->start_row, last, sums, half_sums);

  const ptrdiff_t a_row = transposed ? 1 : t->a_row, a_col = transposed ? t->a_col : 1;
  const float *b = t->b;
  for (size_t o = 0; o < t->outer; o++) {
    for (size_t s = 0; s < t->inner; s++) {
      const float *a = t->a + (ptrdiff_t)o * t->a_outer + (ptrdiff_t)s * t->a_inner;
      for (size_t l = 0; l < t->k; l++, a += a_col, b += t->b_row) {
        vector y[DH_MOST_VECTORS];
        DH_UNROLL
        for (int v = 0; v < vectors; v++) {
#if DH_MASKS == 512
          y[v] = v == vectors - 1 ? load_part(b + v * DH_LANES, last) : load(b + v * DH_LANES);
#else
          y[v] = load(b + v * DH_LANES);
#endif
        }
        DH_UNROLL
        for (int i = 0; i < rows; i++) {
          const vector x = broadcast(a[i * a_row]);
          DH_UNROLL
          for (int v = 0; v < vectors; v++) sums[i][v] += x * y[v];
        }
      }
    }
  }
  finish_tile(rows, vectors, 0, t->floor, sums, half_sums, t->c, t->c_row, last);
}

#define DH_PATCH_TILE(rows)                                                                          \
  static void DH_NAME(patch_##rows##_1_n)(const patch_tile *t) { run_patch_tile(rows, 1, 0, t); } \
  static void DH_NAME(patch_##rows##_2_n)(const patch_tile *t) { run_patch_tile(rows, 2, 0, t); } \
  static void DH_NAME(patch_##rows##_1_t)(const patch_tile *t) { run_patch_tile(rows, 1, 1, t); } \
  static void DH_NAME(patch_##rows##_2_t)(const patch_tile *t) { run_patch_tile(rows, 2, 1, t); }
#define DH_PATCH_FUNCTIONS(rows)                                    \
  {{DH_NAME(patch_##rows##_1_n), DH_NAME(patch_##rows##_2_n)},      \
   {DH_NAME(patch_##rows##_1_t), DH_NAME(patch_##rows##_2_t)}}

DH_PATCH_TILE(1) DH_PATCH_TILE(2) DH_PATCH_TILE(3) DH_PATCH_TILE(4) DH_PATCH_TILE(5) DH_PATCH_TILE(6)
#if DH_TILE_ROWS == 12
DH_PATCH_TILE(7) DH_PATCH_TILE(8) DH_PATCH_TILE(9) DH_PATCH_TILE(10) DH_PATCH_TILE(11) DH_PATCH_TILE(12)
#endif

/// [rows − 1][rows of A are neighbours in memory][vectors − 1]
static void (*const patch_tiles[DH_TILE_ROWS][2][DH_TILE_VECTORS])(const patch_tile *) = {
    DH_PATCH_FUNCTIONS(1), DH_PATCH_FUNCTIONS(2), DH_PATCH_FUNCTIONS(3),
    DH_PATCH_FUNCTIONS(4), DH_PATCH_FUNCTIONS(5), DH_PATCH_FUNCTIONS(6),
#if DH_TILE_ROWS == 12
    DH_PATCH_FUNCTIONS(7), DH_PATCH_FUNCTIONS(8), DH_PATCH_FUNCTIONS(9),
    DH_PATCH_FUNCTIONS(10), DH_PATCH_FUNCTIONS(11), DH_PATCH_FUNCTIONS(12),
#endif
};
#undef DH_PATCH_TILE
#undef DH_PATCH_FUNCTIONS

/// A column of tiles over `rows` rows of A and C; `t` is the first of them but for its height. The tiles' rows are `a_step`
/// floats apart in A.
DH_INLINE void run_patches(patch_tile t, size_t rows, size_t columns, ptrdiff_t a_step) {
  if (!rows) return;
  const size_t vectors = (columns + DH_LANES - 1) / DH_LANES;
  t.last = columns - (vectors - 1) * DH_LANES;
  const tile_rows tiles = rows_of_tiles(rows);
  for (size_t down = 0; down < tiles.count; down++) {
    const size_t height = tiles.height + (down < tiles.taller);
    patch_tiles[height - 1][t.a_row == 1][vectors - 1](&t);
    t.a += (ptrdiff_t)height * a_step;
    t.c += (ptrdiff_t)height * t.c_row;
    if (t.start) t.start += (ptrdiff_t)height * t.start_row;
  }
}
