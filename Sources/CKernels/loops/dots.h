// Products as dot products: where the rows of A and the columns of B are each one run of memory, and one side has few of
// them. Each element has a sum for each lane of a vector along k; then the lanes are folded.

typedef struct {
  const float *a;  ///< rows of k floats
  ptrdiff_t a_row;
  const float *b;  ///< columns of k floats
  ptrdiff_t b_col;
  size_t m, k;
  const float *start;  ///< what is added to the dot products, or NULL
  ptrdiff_t start_row, start_col;
  float *c;
  ptrdiff_t c_row, c_col;
  float floor;  ///< what is smaller becomes it
} dot_products;

// Rows at a time, so that their sums fit the registers beside the columns of B.
#if DH_LANES == 16 || defined(__aarch64__)
#define DH_DOT_SUMS 24
#else
#define DH_DOT_SUMS 12
#endif
#define DH_DOT_SUMS_PADDED ((DH_DOT_SUMS + 7) / 8 * 8)
#define DH_DOT_ROWS 8
#define DH_DOT_COLUMNS (DH_DOT_SUMS / 2)
#define DH_ROWS_OF_DOTS(columns) (DH_DOT_SUMS / (columns) < DH_DOT_ROWS ? DH_DOT_SUMS / (columns) : DH_DOT_ROWS)

/// `rows` × `columns` dot products, from row i on. Both are constants where this is inlined.
/// `starts`: what is added to the rows × columns of them where C is one run of memory and each row starts alike, or NULL.
DH_INLINE void dot_rows(const int rows, const int columns, const dot_products *p, const float *starts, size_t i) {
  const float *a = p->a + (ptrdiff_t)i * p->a_row, *b = p->b;
  const size_t k = p->k, whole = k / DH_LANES * DH_LANES;
  vector sums[DH_DOT_SUMS_PADDED];
  DH_UNROLL
  for (int s = 0; s < (rows * columns + 7) / 8 * 8; s++) sums[s] = broadcast(0);
  for (size_t l = 0; l < whole; l += DH_LANES) {
    vector y[DH_DOT_COLUMNS];
    DH_UNROLL
    for (int j = 0; j < columns; j++) y[j] = load(b + j * p->b_col + l);
    DH_UNROLL
    for (int r = 0; r < rows; r++) {
      const vector x = load(a + r * p->a_row + l);
      DH_UNROLL
      for (int j = 0; j < columns; j++) sums[r * columns + j] += x * y[j];
    }
  }
  if (whole < k) {
    vector y[DH_DOT_COLUMNS];
    DH_UNROLL
    for (int j = 0; j < columns; j++) y[j] = load_part(b + j * p->b_col + whole, k - whole);
    DH_UNROLL
    for (int r = 0; r < rows; r++) {
      const vector x = load_part(a + r * p->a_row + whole, k - whole);
      DH_UNROLL
      for (int j = 0; j < columns; j++) sums[r * columns + j] += x * y[j];
    }
  }
  if (starts) {
    float *c = p->c + (ptrdiff_t)i * columns;
    DH_UNROLL
    for (int s = 0; s < rows * columns; s += 8) {
      eight totals;
      __builtin_memcpy(&totals, starts + s, sizeof totals);
      totals += sums_of(sums + s);
      totals = totals < p->floor ? (eight)p->floor : totals;
      if (s + 8 <= rows * columns) __builtin_memcpy(c + s, &totals, sizeof totals);
      else __builtin_memcpy(c + s, &totals, (size_t)(rows * columns - s) * sizeof(float));
    }
    return;
  }
  float folded[DH_DOT_SUMS_PADDED];
  DH_UNROLL
  for (int s = 0; s < rows * columns; s += 8) {
    const eight totals = sums_of(sums + s);
    __builtin_memcpy(folded + s, &totals, sizeof totals);
  }
  DH_UNROLL
  for (int r = 0; r < rows; r++) {
    float *c = p->c + (ptrdiff_t)(i + r) * p->c_row;
    const float *start = p->start ? p->start + (ptrdiff_t)(i + r) * p->start_row : NULL;
    DH_UNROLL
    for (int j = 0; j < columns; j++) {
      const float sum = (start ? start[j * p->start_col] : 0.0f) + folded[r * columns + j];
      c[j * p->c_col] = sum < p->floor ? p->floor : sum;
    }
  }
}

DH_INLINE void dots_of(const int columns, const dot_products *p) {
  float pattern[DH_DOT_SUMS_PADDED] = {0};
  const float *starts = NULL;
  if (p->c_col == 1 && p->c_row == columns && (!p->start || !p->start_row)) {
    for (int s = 0; p->start && s < DH_ROWS_OF_DOTS(columns) * columns; s++) pattern[s] = p->start[s % columns];
    starts = pattern;
  }
  size_t i = 0;
  for (; i + DH_ROWS_OF_DOTS(columns) <= p->m; i += DH_ROWS_OF_DOTS(columns)) {
    dot_rows(DH_ROWS_OF_DOTS(columns), columns, p, starts, i);
  }
  for (; i < p->m; i++) dot_rows(1, columns, p, starts, i);
}

#define DH_DOTS(columns) \
  static void DH_NAME(dots_##columns)(const dot_products *p) { dots_of(columns, p); }
DH_DOTS(1) DH_DOTS(2) DH_DOTS(3) DH_DOTS(4) DH_DOTS(5) DH_DOTS(6)
#if DH_DOT_COLUMNS == 12
DH_DOTS(7) DH_DOTS(8) DH_DOTS(9) DH_DOTS(10) DH_DOTS(11) DH_DOTS(12)
#endif

/// [columns − 1]
static void (*const dots[DH_DOT_COLUMNS])(const dot_products *) = {
    DH_NAME(dots_1), DH_NAME(dots_2), DH_NAME(dots_3), DH_NAME(dots_4), DH_NAME(dots_5), DH_NAME(dots_6),
#if DH_DOT_COLUMNS == 12
    DH_NAME(dots_7), DH_NAME(dots_8), DH_NAME(dots_9), DH_NAME(dots_10), DH_NAME(dots_11), DH_NAME(dots_12),
#endif
};
#undef DH_DOTS

/// Shorter dot products would spend their time on adding up lanes; longer ones need more scratch memory.
#define DH_SHORTEST_DOT 32
#define DH_LONGEST_DOT 8192
