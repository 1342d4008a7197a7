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
// Few rows take more vectors, so that there are chains enough to be worked on at the same time.
#if DH_TILE_ROWS == 12
#define DH_FEW_ROWS 6
#else
#define DH_FEW_ROWS 3
#endif
#define DH_MOST_VECTORS 8

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
  size_t last;  ///< columns in the last vector, or half vector
  float floor;  ///< what is smaller becomes it: 0 for ReLU
} tile;

// Rows of B to fetch ahead. Tiles of few rows have no slot to spare for it: their loads take as long as their sums.
#if DH_TILE_ROWS == 12
#define DH_ROWS_AHEAD(rows) ((rows) > 6 ? 12 : 0)
#else
#define DH_ROWS_AHEAD(rows) 0
#endif
#define DH_NO_FLOOR (-__builtin_inff())

// A whole vector at the end of a row is worth a branch, except where masks cost nothing.
#if DH_MASKS == 512
#define DH_LOAD_LAST(p, count) load_part(p, count)
#else
#define DH_LOAD_LAST(p, count) ((count) == DH_LANES ? load(p) : load_part(p, count))
#endif

DH_INLINE void store_tile(const int rows, const int vectors, const int half, vector sums[][DH_MOST_VECTORS],
                          const half_vector *half_sums, float *c, ptrdiff_t c_row, size_t last) {
  const int is_whole = half || last == DH_LANES;
  DH_UNROLL
  for (int i = 0; i < rows; i++, c += c_row) {
    DH_UNROLL
    for (int v = 0; v < vectors; v++) {
      if (is_whole || v < vectors - 1) store(c + v * DH_LANES, sums[i][v]);
      else store_part(c + v * DH_LANES, sums[i][v], last);
    }
    if (half) store_half_part(c + vectors * DH_LANES, half_sums[i], last);
  }
}

/// What the chains start from: `start`, or zeros.
DH_INLINE void start_tile(const int rows, const int vectors, const int half, const float *start, ptrdiff_t start_row,
                          size_t last, vector sums[][DH_MOST_VECTORS], half_vector *half_sums) {
  if (start) {
    DH_UNROLL
    for (int i = 0; i < rows; i++, start += start_row) {
      DH_UNROLL
      for (int v = 0; v < vectors; v++) {
        const float *from = start + v * DH_LANES;
        sums[i][v] = !half && v == vectors - 1 ? DH_LOAD_LAST(from, last) : load(from);
      }
      if (half) half_sums[i] = load_half_part(start + vectors * DH_LANES, last);
    }
  } else {
    DH_UNROLL
    for (int i = 0; i < rows; i++) {
      DH_UNROLL
      for (int v = 0; v < vectors; v++) sums[i][v] = broadcast(0);
      half_sums[i] = (half_vector)0.0f;
    }
  }
}

/// Stores the sums, none of them below the floor.
DH_INLINE void finish_tile(const int rows, const int vectors, const int half, float lowest, vector sums[][DH_MOST_VECTORS],
                           half_vector *half_sums, float *c, ptrdiff_t c_row, size_t last) {
  if (lowest == DH_NO_FLOOR) {
    store_tile(rows, vectors, half, sums, half_sums, c, c_row, last);
    return;
  }
  const vector floor = broadcast(lowest);
  DH_UNROLL
  for (int i = 0; i < rows; i++) {
    DH_UNROLL
    for (int v = 0; v < vectors; v++) sums[i][v] = larger(sums[i][v], floor);
    half_sums[i] = half_sums[i] < floor.lo ? floor.lo : half_sums[i];
  }
  store_tile(rows, vectors, half, sums, half_sums, c, c_row, last);
}

/// A tile of `rows` × (`vectors` whole vectors and, where `half`, one of half as many lanes). These, and `transposed` (rows of
/// A are neighbours in memory), are constants where this is inlined.
DH_INLINE void run_tile(const int rows, const int vectors, const int half, const int transposed, const tile *t) {
  vector sums[DH_TILE_ROWS][DH_MOST_VECTORS];
  half_vector half_sums[DH_TILE_ROWS];
  const size_t last = t->last;
  start_tile(rows, vectors, half, t->start, t->start_row, last, sums, half_sums);

  const ptrdiff_t a_row = transposed ? 1 : t->a_row, a_col = transposed ? t->a_col : 1;
  const float *a = t->a, *b = t->b;
  for (size_t l = 0; l < t->k; l++, a += a_col, b += t->b_row) {
    vector y[DH_MOST_VECTORS];
    half_vector half_y;
    // Where B is not packed, its rows stand too far apart for the processor to foresee them. Not beyond its end: memory
    // that is not there is looked for again and again.
    const float *ahead = l + DH_ROWS_AHEAD(rows) < t->k ? b + DH_ROWS_AHEAD(rows) * t->b_row : b;
    DH_UNROLL
    for (int v = 0; v < vectors; v++) {
      if (DH_ROWS_AHEAD(rows)) __builtin_prefetch(ahead + v * DH_LANES);
#if DH_MASKS == 512
      y[v] = !half && v == vectors - 1 ? load_part(b + v * DH_LANES, last) : load(b + v * DH_LANES);
#else
      y[v] = load(b + v * DH_LANES);
#endif
    }
    if (half) half_y = load_half_part(b + vectors * DH_LANES, last);
    DH_UNROLL
    for (int i = 0; i < rows; i++) {
      const vector x = broadcast(a[i * a_row]);
      DH_UNROLL
      for (int v = 0; v < vectors; v++) sums[i][v] += x * y[v];
      if (half) half_sums[i] += (half_vector)a[i * a_row] * half_y;
    }
  }

  finish_tile(rows, vectors, half, t->floor, sums, half_sums, t->c, t->c_row, last);
}

// Half a vector more, where halves are faster and can be masked.
#if DH_MASKS == 512
#define DH_HALVES 1
#define DH_HALF_TILE(rows)                                                            \
  static void DH_NAME(tile_##rows##_0h_n)(const tile *t) { run_tile(rows, 0, 1, 0, t); } \
  static void DH_NAME(tile_##rows##_1h_n)(const tile *t) { run_tile(rows, 1, 1, 0, t); } \
  static void DH_NAME(tile_##rows##_0h_t)(const tile *t) { run_tile(rows, 0, 1, 1, t); } \
  static void DH_NAME(tile_##rows##_1h_t)(const tile *t) { run_tile(rows, 1, 1, 1, t); }
#define DH_HALF(f) DH_NAME(f)
#else
#define DH_HALVES 0
#define DH_HALF_TILE(rows)
#define DH_HALF(f) NULL
#endif

#define DH_TILE(rows)                                                                 \
  static void DH_NAME(tile_##rows##_1_n)(const tile *t) { run_tile(rows, 1, 0, 0, t); } \
  static void DH_NAME(tile_##rows##_2_n)(const tile *t) { run_tile(rows, 2, 0, 0, t); } \
  static void DH_NAME(tile_##rows##_1_t)(const tile *t) { run_tile(rows, 1, 0, 1, t); } \
  static void DH_NAME(tile_##rows##_2_t)(const tile *t) { run_tile(rows, 2, 0, 1, t); } \
  DH_HALF_TILE(rows)
#define DH_TILE_FUNCTIONS(rows)                                              \
  {{DH_HALF(tile_##rows##_0h_n), DH_NAME(tile_##rows##_1_n),                 \
    DH_HALF(tile_##rows##_1h_n), DH_NAME(tile_##rows##_2_n)},                \
   {DH_HALF(tile_##rows##_0h_t), DH_NAME(tile_##rows##_1_t),                 \
    DH_HALF(tile_##rows##_1h_t), DH_NAME(tile_##rows##_2_t)}}

DH_TILE(1) DH_TILE(2) DH_TILE(3) DH_TILE(4) DH_TILE(5) DH_TILE(6)
#if DH_TILE_ROWS == 12
DH_TILE(7) DH_TILE(8) DH_TILE(9) DH_TILE(10) DH_TILE(11) DH_TILE(12)
#endif

/// [rows − 1][rows of A are neighbours in memory][half vectors − 1]
static void (*const tiles[DH_TILE_ROWS][2][2 * DH_TILE_VECTORS])(const tile *) = {
    DH_TILE_FUNCTIONS(1), DH_TILE_FUNCTIONS(2), DH_TILE_FUNCTIONS(3),
    DH_TILE_FUNCTIONS(4), DH_TILE_FUNCTIONS(5), DH_TILE_FUNCTIONS(6),
#if DH_TILE_ROWS == 12
    DH_TILE_FUNCTIONS(7), DH_TILE_FUNCTIONS(8), DH_TILE_FUNCTIONS(9),
    DH_TILE_FUNCTIONS(10), DH_TILE_FUNCTIONS(11), DH_TILE_FUNCTIONS(12),
#endif
};

#define DH_WIDE_TILE(rows, vectors)                                                                       \
  static void DH_NAME(wide_##rows##_##vectors##_n)(const tile *t) { run_tile(rows, vectors, 0, 0, t); } \
  static void DH_NAME(wide_##rows##_##vectors##_t)(const tile *t) { run_tile(rows, vectors, 0, 1, t); }
DH_WIDE_TILE(1, 3) DH_WIDE_TILE(1, 4) DH_WIDE_TILE(1, 5) DH_WIDE_TILE(1, 6) DH_WIDE_TILE(1, 7) DH_WIDE_TILE(1, 8)
DH_WIDE_TILE(2, 3) DH_WIDE_TILE(2, 4) DH_WIDE_TILE(3, 3) DH_WIDE_TILE(3, 4)
#if DH_FEW_ROWS == 6
DH_WIDE_TILE(4, 3) DH_WIDE_TILE(4, 4) DH_WIDE_TILE(5, 3) DH_WIDE_TILE(5, 4) DH_WIDE_TILE(6, 3) DH_WIDE_TILE(6, 4)
#endif

#define DH_WIDE_ROW(rows, s) \
  {DH_NAME(tile_##rows##_1_##s), DH_NAME(tile_##rows##_2_##s), DH_NAME(wide_##rows##_3_##s), DH_NAME(wide_##rows##_4_##s)}
#if DH_FEW_ROWS == 6
#define DH_WIDE_ROWS(s) DH_WIDE_ROW(2, s), DH_WIDE_ROW(3, s), DH_WIDE_ROW(4, s), DH_WIDE_ROW(5, s), DH_WIDE_ROW(6, s)
#else
#define DH_WIDE_ROWS(s) DH_WIDE_ROW(2, s), DH_WIDE_ROW(3, s)
#endif
#define DH_WIDE_TILES(s)                                                                                         \
  {{DH_NAME(tile_1_1_##s), DH_NAME(tile_1_2_##s), DH_NAME(wide_1_3_##s), DH_NAME(wide_1_4_##s),                  \
    DH_NAME(wide_1_5_##s), DH_NAME(wide_1_6_##s), DH_NAME(wide_1_7_##s), DH_NAME(wide_1_8_##s)},                 \
   DH_WIDE_ROWS(s)}
/// [rows of A are neighbours in memory][rows − 1][vectors − 1]
static void (*const wide_tiles[2][DH_FEW_ROWS][DH_MOST_VECTORS])(const tile *) = {DH_WIDE_TILES(n), DH_WIDE_TILES(t)};
#undef DH_WIDE_TILE
#undef DH_WIDE_TILES
#undef DH_WIDE_ROWS
#undef DH_WIDE_ROW
#undef DH_HALF_TILE
#undef DH_HALF
#undef DH_TILE
#undef DH_TILE_FUNCTIONS
