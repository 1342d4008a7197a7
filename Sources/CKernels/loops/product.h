// The matrix product.
#define DH_PRODUCT_SCRATCH 64

static void DH_NAME(product)(const dh_product *p, float *scratch) {
  (void)scratch;
  for (size_t i = 0; i < p->m; i++) {
    for (size_t j = 0; j < p->n; j++) {
      float sum = p->accumulate ? p->c[i * p->c_row + j] : p->bias ? p->bias[j] : 0.0f;
      for (size_t l = 0; l < p->k; l++) sum += p->a[i * p->a_row + l * p->a_col] * p->b[l * p->b_row + j * p->b_col];
      p->c[i * p->c_row + j] = sum;
    }
  }
}
