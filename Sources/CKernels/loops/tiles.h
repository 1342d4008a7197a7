// The inner part of the matrix product: a tile of C that stays in registers while its sums run over k.
//
// Every element of C is one chain of fused multiply-adds (where the processor has them), from its start value through
// k in ascending order. A tile's shape, its place, packing and blocking decide when a link of that chain is made, never
// which one: so the bits of a product don't depend on any of them.

#if DH_LANES == 16 || defined(__aarch64__)
#define DH_TILE_ROWS 12  // 24 sums, 2 vectors of B, and room for elements of A in 32 registers
#else
#define DH_TILE_ROWS 6  // 12, 2 and 1 of 16 registers
#endif
#define DH_TILE_VECTORS 2
#define DH_TILE_COLUMNS (DH_TILE_VECTORS * DH_LANES)

typedef struct {
  const float *a;
  ptrdiff_t a_row, a_col;
  const float *b;  ///< rows of vectors; all of the last vector can be read, or masked loads are to be had
  ptrdiff_t b_row;
  size_t k;
  const float *start;  ///< what the chains start from (the bias, with start_row 0, or C), or NULL: zeros
  ptrdiff_t start_row;
  float *c;
  ptrdiff_t c_row;
  size_t last;  ///< columns in the last vector
} tile;

// A whole vector at the end of a row is worth a branch, except where masks cost nothing.
#if DH_MASKS == 512
#define DH_LOAD_LAST(p, count) load_part(p, count)
#define DH_STORE_LAST(p, v, count) store_part(p, v, count)
#else
#define DH_LOAD_LAST(p, count) ((count) == DH_LANES ? load(p) : load_part(p, count))
#define DH_STORE_LAST(p, v, count) ((count) == DH_LANES ? store(p, v) : store_part(p, v, count))
#endif

/// `rows`, `vectors` and `transposed` (rows of A are neighbours in memory) are constants where this is inlined.
DH_INLINE void run_tile(const int rows, const int vectors, const int transposed, const tile *t) {
  vector sums[DH_TILE_ROWS][DH_TILE_VECTORS];
  const size_t last = t->last;
  const float *start = t->start;
  DH_UNROLL
  for (int i = 0; i < rows; i++) {
    DH_UNROLL
    for (int v = 0; v < vectors; v++) {
      const float *from = start + v * DH_LANES;
      sums[i][v] = !start ? broadcast(0) : v == vectors - 1 ? DH_LOAD_LAST(from, last) : load(from);
    }
    if (start) start += t->start_row;
  }

  const ptrdiff_t a_row = transposed ? 1 : t->a_row, a_col = transposed ? t->a_col : 1;
  const float *a = t->a, *b = t->b;
  for (size_t l = 0; l < t->k; l++, a += a_col, b += t->b_row) {
    vector y[DH_TILE_VECTORS];
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

  float *c = t->c;
  const ptrdiff_t c_row = t->c_row;
  DH_UNROLL
  for (int i = 0; i < rows; i++, c += c_row) {
    DH_UNROLL
    for (int v = 0; v < vectors; v++) {
      if (v == vectors - 1) DH_STORE_LAST(c + v * DH_LANES, sums[i][v], last);
      else store(c + v * DH_LANES, sums[i][v]);
    }
  }
}

#define DH_TILE(rows)                                                                                \
  static void DH_NAME(tile_##rows##_1_n)(const tile *t) { run_tile(rows, 1, 0, t); }                 \
  static void DH_NAME(tile_##rows##_2_n)(const tile *t) { run_tile(rows, 2, 0, t); }                 \
  static void DH_NAME(tile_##rows##_1_t)(const tile *t) { run_tile(rows, 1, 1, t); }                 \
  static void DH_NAME(tile_##rows##_2_t)(const tile *t) { run_tile(rows, 2, 1, t); }
#define DH_TILE_FUNCTIONS(rows)                                \
  {{DH_NAME(tile_##rows##_1_n), DH_NAME(tile_##rows##_2_n)}, \
   {DH_NAME(tile_##rows##_1_t), DH_NAME(tile_##rows##_2_t)}}

DH_TILE(1) DH_TILE(2) DH_TILE(3) DH_TILE(4) DH_TILE(5) DH_TILE(6)
#if DH_TILE_ROWS == 12
DH_TILE(7) DH_TILE(8) DH_TILE(9) DH_TILE(10) DH_TILE(11) DH_TILE(12)
#endif

/// [rows − 1][rows of A are neighbours in memory][vectors − 1]
static void (*const tiles[DH_TILE_ROWS][2][DH_TILE_VECTORS])(const tile *) = {
    DH_TILE_FUNCTIONS(1), DH_TILE_FUNCTIONS(2), DH_TILE_FUNCTIONS(3),
    DH_TILE_FUNCTIONS(4), DH_TILE_FUNCTIONS(5), DH_TILE_FUNCTIONS(6),
#if DH_TILE_ROWS == 12
    DH_TILE_FUNCTIONS(7), DH_TILE_FUNCTIONS(8), DH_TILE_FUNCTIONS(9),
    DH_TILE_FUNCTIONS(10), DH_TILE_FUNCTIONS(11), DH_TILE_FUNCTIONS(12),
#endif
};
#undef DH_TILE
#undef DH_TILE_FUNCTIONS
