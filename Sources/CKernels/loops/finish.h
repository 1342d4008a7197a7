// What is done to rows of a product when they are finished.

/// y = scale y + offset
static void DH_NAME(scale_run)(float scale, const float *offset, float *y, size_t count) {
  for (size_t j = 0; j < count; j += DH_LANES) {
    const vector start = offset ? load_inside(offset, j, count) : broadcast(0);
    store_row(y, j, count, load_inside(y, j, count) * scale + start);
  }
}

/// f of some rows of C that are finished, and in the first-level cache. ReLU was taken when they were stored, unless they
/// are to be scaled first.
static void DH_NAME(activate_rows)(const dh_product *p, size_t row, size_t rows, size_t column, size_t columns) {
  const dh_activation kind = p->activation.kind;
  if (p->scale == 0 && (kind == dh_identity || (kind == dh_relu && !p->derivative))) return;
  for (size_t i = row; i < row + rows; i++) {
    float *c = p->c + (ptrdiff_t)i * p->c_row + column;
    if (p->scale != 0) DH_NAME(scale_run)(p->scale, p->offset ? p->offset + column : NULL, c, columns);
    if (p->derivative) {
      float *derivative = p->derivative + (ptrdiff_t)i * p->derivative_row + column;
      DH_NAME(activate_keeping)(p->activation, c, c, derivative, columns);
    } else if (kind != dh_identity) {
      DH_NAME(activate)(p->activation, c, c, columns);
    }
  }
}
