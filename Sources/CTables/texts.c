#include "texts.h"

dh_texts *dh_texts_make(void) { return must(calloc(1, sizeof(dh_texts))); }

void dh_texts_free(dh_texts *t) {
  if (!t) return;
  free(t->bytes), free(t->ends), free(t);
}

void dh_texts_put(dh_texts *t, size_t index, const uint8_t *text, size_t count) {
  t->count = index;
  t->byte_count = start_of(t, index);
  append_text(t, text, count);
}

const uint8_t *dh_texts_text(const dh_texts *t, size_t index, size_t *count) {
  const size_t start = start_of(t, index);
  *count = t->ends[index] - start;
  return t->bytes + start;
}
