#include "bytes.h"
#include "texts.h"

struct dh_dictionary {
  uint64_t seed;
  dh_texts texts;
  uint64_t *hashes;
  size_t hash_capacity;
  int32_t *slots;  ///< open addressing; −1: free
  size_t slot_count;
};

dh_dictionary *dh_dictionary_make(uint64_t seed) {
  dh_dictionary *d = must(calloc(1, sizeof *d));
  d->seed = seed;
  d->slot_count = 64;
  d->slots = must(malloc(d->slot_count * sizeof *d->slots));
  memset(d->slots, 0xFF, d->slot_count * sizeof *d->slots);
  return d;
}

void dh_dictionary_free(dh_dictionary *d) {
  if (!d) return;
  free(d->texts.bytes), free(d->texts.ends), free(d->hashes), free(d->slots), free(d);
}

size_t dh_dictionary_count(const dh_dictionary *d) { return d->texts.count; }

const uint8_t *dh_dictionary_text(const dh_dictionary *d, size_t code, size_t *count) {
  return dh_texts_text(&d->texts, code, count);
}

/// Both halves of a product: each bit of the factors reaches all of the result.
static inline uint64_t mix(uint64_t a, uint64_t b) {
  const unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// The last bytes of a text of `count`, at most eight: those before them come along where there are any.
static inline uint64_t load_last(const uint8_t *text, const uint8_t *end, size_t count) {
  if (count >= 8) return load_word(end - 8);
  if (count >= 4) {
    uint32_t first, last;
    memcpy(&first, text, 4), memcpy(&last, end - 4, 4);
    return first | (uint64_t)last << 32;
  }
  return count ? text[0] | (uint64_t)text[count / 2] << 8 | (uint64_t)end[-1] << 16 : 0;
}

static inline uint64_t hash_of(uint64_t seed, const uint8_t *text, size_t count) {
  uint64_t hash = seed ^ mix(count ^ 0x9E3779B97F4A7C15u, seed | 1);
  const uint8_t *end = text + count;
  for (; end - text > 8; text += 8) hash = mix(hash ^ load_word(text), 0xD6E8FEB86659FD93u ^ seed);
  return mix(hash ^ load_last(text, end, count), 0xA0761D6478BD642Fu ^ seed);
}

static inline int are_equal(const uint8_t *a, const uint8_t *b, size_t count) {
  const uint8_t *end = a + count;
  for (; end - a > 8; a += 8, b += 8) {
    if (load_word(a) != load_word(b)) return 0;
  }
  return load_last(a, end, count) == load_last(b, b + (end - a), count);
}

static void grow_slots(dh_dictionary *d) {
  d->slot_count *= 4;
  d->slots = must(realloc(d->slots, d->slot_count * sizeof *d->slots));
  memset(d->slots, 0xFF, d->slot_count * sizeof *d->slots);
  for (size_t code = 0; code < d->texts.count; code++) {
    size_t slot = d->hashes[code] & (d->slot_count - 1);
    while (d->slots[slot] >= 0) slot = (slot + 1) & (d->slot_count - 1);
    d->slots[slot] = (int32_t)code;
  }
}

int32_t dh_dictionary_code(dh_dictionary *d, const uint8_t *text, size_t count) {
  const uint64_t hash = hash_of(d->seed, text, count);
  size_t slot = hash & (d->slot_count - 1);
  for (int32_t code; (code = d->slots[slot]) >= 0; slot = (slot + 1) & (d->slot_count - 1)) {
    if (d->hashes[code] != hash) continue;
    const size_t start = start_of(&d->texts, (size_t)code);
    if (d->texts.ends[code] - start == count && are_equal(d->texts.bytes + start, text, count)) return code;
  }
  const int32_t code = (int32_t)d->texts.count;
  if (d->texts.count == d->hash_capacity) {
    d->hash_capacity = d->hash_capacity ? 2 * d->hash_capacity : 32;
    d->hashes = must(realloc(d->hashes, d->hash_capacity * sizeof *d->hashes));
  }
  append_text(&d->texts, text, count);
  d->hashes[code] = hash;
  d->slots[slot] = code;
  if (2 * d->texts.count > d->slot_count) grow_slots(d);
  return code;
}
