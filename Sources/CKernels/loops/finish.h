// What is done to rows of a product when they are finished.

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
