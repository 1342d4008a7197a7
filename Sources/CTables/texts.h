// Texts one behind the other, by number.
#ifndef TEXTS_H
#define TEXTS_H

#include <stdlib.h>
#include <string.h>

#include "CTables.h"

struct dh_texts {
  uint8_t *bytes;
  size_t byte_count, byte_capacity;
  size_t *ends;
  size_t count, capacity;
};

static inline void *must(void *memory) {
  if (!memory) abort();  // as Swift does where there is no memory
  return memory;
}

static inline size_t start_of(const dh_texts *t, size_t index) { return index ? t->ends[index - 1] : 0; }

static inline void append_text(dh_texts *t, const uint8_t *text, size_t count) {
  if (t->count == t->capacity) {
    t->capacity = t->capacity ? 2 * t->capacity : 32;
    t->ends = must(realloc(t->ends, t->capacity * sizeof *t->ends));
  }
  if (t->byte_capacity - t->byte_count < count || !t->bytes) {
    t->byte_capacity = 2 * t->byte_capacity + count + 64;
    t->bytes = must(realloc(t->bytes, t->byte_capacity));
  }
  memcpy(t->bytes + t->byte_count, text, count);
  t->byte_count += count;
  t->ends[t->count++] = t->byte_count;
}

#endif
