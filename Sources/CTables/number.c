#include "number.h"

dh_number_outcome dh_parse_number(const uint8_t *start, const uint8_t *end, double *value) {
  // A copy with room behind it, which no number reaches into. Longer ones have too many digits or are none.
  uint8_t copy[2 * DH_NUMBER_BYTES] = {0};
  const size_t count = (size_t)(end - start);
  if (count == 0) return dh_number_none;
  if (count > DH_NUMBER_BYTES) return dh_number_hard;
  memcpy(copy, start, count);
  const uint8_t *after;
  const dh_number_outcome outcome = read_number(copy, &after, value);
  return outcome == dh_number_found && after != copy + count ? dh_number_none : outcome;
}

/// Compares letters in any case with a word in lower case.
static int matches(const uint8_t *start, const char *word) {
  for (size_t i = 0; word[i]; i++) {
    const uint8_t byte = start[i] >= 'A' && start[i] <= 'Z' ? start[i] | 0x20 : start[i];
    if (byte != (uint8_t)word[i]) return 0;
  }
  return 1;
}

int dh_is_missing(const uint8_t *start, size_t count) {
  switch (count) {
    case 0: return 1;
    case 1: return start[0] == '?';
    case 2: return matches(start, "na");
    case 3: return matches(start, "nan") || matches(start, "n/a");
    case 4: return matches(start, "null");
    default: return 0;
  }
}
