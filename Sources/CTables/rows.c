#include "CTables.h"
#include "bytes.h"
#include "marks.h"
#include "number.h"

static inline int is_blank(uint8_t byte, uint8_t delimiter) {
  return byte == ' ' || (byte == '\t' && delimiter != '\t');
}

static const uint8_t *after_blanks(const uint8_t *p, const uint8_t *end, uint8_t delimiter) {
  while (p < end && is_blank(*p, delimiter)) p += 1;
  return p;
}

/// Behind a UTF-8 sequence of two to four bytes; NULL: it is none (Unicode 16, table 3-7). Four bytes can be read.
static inline const uint8_t *after_sequence(const uint8_t *p) {
  const uint8_t lead = p[0], second = p[1];
  if (lead < 0xC2 || (second & 0xC0) != 0x80) return NULL;
  if (lead < 0xE0) return p + 2;
  if ((p[2] & 0xC0) != 0x80) return NULL;
  // No overlong forms, and no surrogates.
  if (lead < 0xF0) return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ? NULL : p + 3;
  if (lead > 0xF4 || (p[3] & 0xC0) != 0x80) return NULL;
  return (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F) ? NULL : p + 4;
}

/// Behind a control character, or behind characters that are not ASCII; NULL: it is a zero byte, or they are not UTF-8.
static inline const uint8_t *after_odd(const uint8_t *p, const uint8_t *end) {
  if (*p < 0x80) return *p ? p + 1 : NULL;
  if (end - p < 4) return NULL;
  do {
    p = after_sequence(p);
  } while (p && end - p >= 4 && *p >= 0x80);
  return p;
}

/// Where a field ends: at the delimiter or at a line end. NULL: something comes first that is not plain.
static inline const uint8_t *end_of_field(const uint8_t *p, const uint8_t *end, uint8_t delimiter) {
  const uint64_t pattern = EACH(delimiter);
  while (end - p >= 8) {
    const uint64_t word = load_word(p);
    const uint64_t stop = bytes_equal(word, pattern) | bytes_below(word, 0x20) | (word & HIGH_BITS);
    if (!stop) {
      p += 8;
      continue;
    }
    p += first_byte(stop);
    if (*p == delimiter || *p == '\n' || *p == '\r') return p;
    p = after_odd(p, end);
    if (!p) return NULL;
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
  size_t longest_quoted;
  uint8_t *scratch;
} field;

/// A field in quotes; false: it is not plain.
static int read_quoted(const uint8_t *p, const uint8_t *end, field *f) {
  if ((size_t)(end - p) > f->longest_quoted) end = p + f->longest_quoted;
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
      p += 1;
    } else if (*p == '"' && p[1] == '"') {
      // A doubled quote is one.
      const size_t piece = (size_t)(p + 1 - unread);
      if (written + piece > DH_SCRATCH) return 0;
      memcpy(f->scratch + written, unread, piece);
      written += piece;
      p += 2;
      unread = p;
    } else if (*p == '"') {
      f->text = start, f->count = (size_t)(p - start), f->after = p + 1;
      if (unread > start) {
        const size_t piece = (size_t)(p - unread);
        if (written + piece > DH_SCRATCH) return 0;
        memcpy(f->scratch + written, unread, piece);
        f->text = f->scratch, f->count = written + piece;
      }
      return 1;
    } else if (*p == '\r' || !(p = after_odd(p, end))) {
      return 0;
    }
  }
  return 0;
}

/// A field that begins with no blank; false: it is not plain.
static inline int read_text(const uint8_t *p, const uint8_t *end, uint8_t delimiter, field *f) {
  if (*p == '"') return read_quoted(p, end, f);
  const uint8_t *stop = end_of_field(p, end, delimiter);
  if (!stop) return 0;
  f->text = p, f->after = stop;
  // Blanks around a field don't belong to it.
  while (stop > p && is_blank(stop[-1], delimiter)) stop -= 1;
  f->count = (size_t)(stop - p);
  return 1;
}

/// Where the next field begins, or behind the last the next row; NULL: not here.
static const uint8_t *after_field(const uint8_t *p, const uint8_t *end, uint8_t delimiter, int is_last) {
  p = after_blanks(p, end, delimiter);
  if (end - p < 2) return NULL;
  if (!is_last) return *p == delimiter ? p + 1 : NULL;
  if (p[0] == '\r' && p[1] == '\n') p += 1;
  return *p == '\n' ? p + 1 : NULL;
}

dh_rows_outcome dh_read_rows(dh_rows *rows) {
  const uint8_t *const end = rows->end;
  const uint8_t delimiter = rows->delimiter;
  const size_t count = rows->column_count;
  const dh_marks *const marks = rows->marks;
  uint8_t scratch[DH_SCRATCH];
  while (rows->cursor < rows->limit) {
    if (rows->rows == rows->capacity) return dh_rows_full;
    const size_t row = rows->rows;
    const uint8_t *p = rows->cursor;
    field f = {.scratch = scratch, .longest_quoted = rows->longest_quoted};
    if (*p == '\n' || *p == '\r') return dh_rows_other;  // an empty line
    for (size_t index = 0; index < count; index++) {
      dh_column *column = &rows->columns[index];
      const uint8_t *after;
    field:
      if (end - p <= DH_NUMBER_BYTES) return dh_rows_other;
      const int is_quoted = *p == '"';
      dh_number_outcome outcome = dh_number_none;
      if (column->mode == dh_column_numbers) {
        double value = NAN;
        outcome = read_number(p + is_quoted, &after, &value);
        if (outcome == dh_number_hard) {
          const long_number number = dh_read_long_number(p + is_quoted, end);
          outcome = number.outcome, after = number.after, value = number.value;
        }
        column->numbers[row] = marks && is_marked_number(marks, value) ? NAN : value;
      }
      if (outcome == dh_number_found) {
        if (column->carried) dh_texts_put(column->carried, row, p + is_quoted, (size_t)(after - p) - is_quoted);
        if (is_quoted) {
          if (after == end || *after != '"') return dh_rows_other;
          after += 1;
        }
      } else if (is_blank(*p, delimiter)) {
        p = after_blanks(p, end, delimiter);
        goto field;
      } else {
        if (!read_text(p, end, delimiter, &f)) return dh_rows_other;
        after = f.after;
        if (column->mode == dh_column_numbers) {
          if (!dh_is_missing(marks, f.text, f.count)) return dh_rows_other;
        } else if (column->mode == dh_column_texts) {
          column->codes[row] =
              dh_is_missing(marks, f.text, f.count) ? -1 : dh_dictionary_code(column->dictionary, f.text, f.count);
        }
        if (column->carried) dh_texts_put(column->carried, row, f.text, f.count);
      }
      const int is_last = index + 1 == count;
      if (!is_last && after < end && *after == delimiter) {
        p = after + 1;
      } else {
        p = after_field(after, end, delimiter, is_last);
        if (!p) return dh_rows_other;
      }
    }
    rows->lines[row] = rows->line;
    rows->line += 1 + f.lines;
    rows->rows += 1;
    rows->cursor = p;
  }
  return dh_rows_done;
}
