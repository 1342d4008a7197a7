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

/// Texts with doubled quotes are put together here, up to this length.
#define DH_SCRATCH 4096

/// A field as text.
typedef struct {
  const uint8_t *text;
  size_t count;
  const uint8_t *after;  ///< behind its quotes, if it has any
  int32_t lines;         ///< line feeds in it
  uint8_t *scratch;
} field;

/// A field in quotes; false: it is not plain.
static int read_quoted(const uint8_t *p, const uint8_t *end, field *f) {
  const uint8_t *start = ++p, *unread = start;
  size_t written = 0;  // to the scratch memory: what stands before `unread`
  while (end - p >= 9) {
    const uint64_t word = load_word(p);
    const uint64_t stop = bytes_equal(word, EACH('"')) | bytes_below(word, 0x20) | (word & HIGH_BITS);
    if (!stop) {
      p += 8;
      continue;
    }
    p += first_byte(stop);
    if (*p == '\n') {
      f->lines += 1;
    } else if (*p == '"' && p[1] == '"') {
      // A doubled quote is one.
      const size_t piece = (size_t)(p + 1 - unread);
      if (written + piece > DH_SCRATCH) return 0;
      memcpy(f->scratch + written, unread, piece);
      written += piece;
      p += 1;
      unread = p + 1;
    } else if (*p == '"') {
      f->text = start, f->count = (size_t)(p - start), f->after = p + 1;
      if (unread > start) {
        const size_t piece = (size_t)(p - unread);
        if (written + piece > DH_SCRATCH) return 0;
        memcpy(f->scratch + written, unread, piece);
        f->text = f->scratch, f->count = written + piece;
      }
      return 1;
    } else if (*p != '\t') {
      return 0;
    }
    p += 1;
  }
  return 0;
}

/// False: the field is not plain.
static inline int read_text(const uint8_t *p, const uint8_t *end, uint8_t delimiter, field *f) {
  if (*p == '"') return read_quoted(p, end, f);
  const uint8_t *stop = end_of_field(p, end, delimiter);
  // Blanks around a field don't belong to it.
  if (!stop || *p == ' ' || (stop > p && stop[-1] == ' ')) return 0;
  f->text = p, f->count = (size_t)(stop - p), f->after = stop;
  return 1;
}

dh_rows_outcome dh_read_rows(dh_rows *rows) {
  const uint8_t *const end = rows->end;
  const uint8_t delimiter = rows->delimiter;
  const size_t count = rows->column_count;
  uint8_t scratch[DH_SCRATCH];
  while (rows->cursor < rows->limit) {
    if (rows->rows == rows->capacity) return dh_rows_full;
    const size_t row = rows->rows;
    const uint8_t *p = rows->cursor;
    field f = {.scratch = scratch};
    if (*p == '\n' || *p == '\r') return dh_rows_other;  // an empty line
    for (size_t index = 0; index < count; index++) {
      if (end - p <= DH_NUMBER_BYTES) return dh_rows_other;
      dh_column *column = &rows->columns[index];
      const uint8_t *after;
      if (column->mode == dh_column_numbers) {
        double value;
        const int is_quoted = *p == '"';
        const int is_number = read_number(p + is_quoted, &after, &value) == dh_number_found;
        if (is_number && is_quoted) {
          if (*after != '"') return dh_rows_other;
          after += 1;
        } else if (!is_number) {
          if (!read_text(p, end, delimiter, &f) || !dh_is_missing(f.text, f.count)) return dh_rows_other;
          value = NAN;
          after = f.after;
        }
        column->numbers[row] = value;
      } else {
        if (!read_text(p, end, delimiter, &f)) return dh_rows_other;
        after = f.after;
        if (column->mode == dh_column_texts) {
          column->codes[row] =
              dh_is_missing(f.text, f.count) ? -1 : dh_dictionary_code(column->dictionary, f.text, f.count);
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
    rows->lines[row] = rows->line;
    rows->line += 1 + f.lines;
    rows->rows += 1;
    rows->cursor = p;
  }
  return dh_rows_done;
}
