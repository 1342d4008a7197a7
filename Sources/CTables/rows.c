#include <math.h>

#include "CTables.h"
#include "bytes.h"
#include "number.h"

/// Where a field ends: at the delimiter or at a line end. NULL: something comes first that is not plain. Eight bytes from
/// any place before `end` − 8 can be read.
static inline const uint8_t *end_of_field(const uint8_t *p, const uint8_t *end, uint8_t delimiter) {
  const uint64_t pattern = EACH(delimiter);
  for (; end - p >= 8; p += 8) {
    const uint64_t word = load_word(p);
    const uint64_t stop = bytes_equal(word, pattern) | bytes_below(word, 0x20) | (word & HIGH_BITS);
    if (!stop) continue;
    p += first_byte(stop);
    return *p == delimiter || *p == '\n' || *p == '\r' ? p : NULL;
  }
  return NULL;
}

/// The quote that closes a field; NULL: the field has quotes or line ends of its own, or is not ASCII.
static inline const uint8_t *closing_quote(const uint8_t *p, const uint8_t *end) {
  for (; end - p >= 8; p += 8) {
    const uint64_t word = load_word(p);
    const uint64_t stop = bytes_equal(word, EACH('"')) | bytes_below(word, 0x20) | (word & HIGH_BITS);
    if (!stop) continue;
    p += first_byte(stop);
    return *p == '"' && p[1] != '"' ? p : NULL;
  }
  return NULL;
}

/// A field as text: from *text to the returned end, with *after behind its quotes if it has any; NULL: not plain.
static inline const uint8_t *read_text(const uint8_t *p, const uint8_t *end, uint8_t delimiter, const uint8_t **text,
                                       const uint8_t **after) {
  if (*p == '"') {
    const uint8_t *closing = closing_quote(p + 1, end);
    if (!closing) return NULL;
    *text = p + 1;
    *after = closing + 1;
    return closing;
  }
  const uint8_t *stop = end_of_field(p, end, delimiter);
  // Blanks around a field don't belong to it.
  if (!stop || *p == ' ' || (stop > p && stop[-1] == ' ')) return NULL;
  *text = p;
  *after = stop;
  return stop;
}

dh_rows_outcome dh_read_rows(dh_rows *rows) {
  const uint8_t *const end = rows->end;
  const uint8_t delimiter = rows->delimiter;
  const size_t count = rows->column_count;
  while (rows->cursor < rows->limit) {
    if (rows->rows == rows->capacity) return dh_rows_full;
    const size_t row = rows->rows;
    const uint8_t *p = rows->cursor;
    if (*p == '\n' || *p == '\r') return dh_rows_other;  // an empty line
    for (size_t index = 0; index < count; index++) {
      if (end - p <= DH_NUMBER_BYTES) return dh_rows_other;
      dh_column *column = &rows->columns[index];
      const uint8_t *after, *text;
      if (column->mode == dh_column_numbers) {
        double value;
        const int is_quoted = *p == '"';
        const int is_number = dh_read_number(p + is_quoted, &after, &value) == dh_number_found;
        if (is_number && is_quoted) {
          if (*after != '"') return dh_rows_other;
          after += 1;
        } else if (!is_number) {
          const uint8_t *stop = read_text(p, end, delimiter, &text, &after);
          if (!stop || !dh_is_missing(text, (size_t)(stop - text))) return dh_rows_other;
          value = NAN;
        }
        column->numbers[row] = value;
      } else {
        const uint8_t *stop = read_text(p, end, delimiter, &text, &after);
        if (!stop) return dh_rows_other;
        if (column->mode == dh_column_texts) {
          const size_t length = (size_t)(stop - text);
          column->codes[row] =
              dh_is_missing(text, length) ? -1 : dh_dictionary_code(column->dictionary, text, length);
        }
      }
      if (end - after < 2) return dh_rows_other;
      if (index + 1 < count) {
        if (*after != delimiter) return dh_rows_other;
        p = after + 1;
      } else if (*after == '\n') {
        p = after + 1;
      } else if (*after == '\r' && after[1] == '\n') {
        p = after + 2;
      } else {
        return dh_rows_other;
      }
    }
    rows->lines[row] = rows->line++;
    rows->rows += 1;
    rows->cursor = p;
  }
  return dh_rows_done;
}
