#include "marks.h"
#include "texts.h"

dh_marks *dh_marks_make(void) {
  dh_marks *marks = must(calloc(1, sizeof *marks));
  marks->texts = dh_texts_make();
  return marks;
}

void dh_marks_free(dh_marks *marks) {
  if (!marks) return;
  dh_texts_free(marks->texts);
  free(marks->numbers), free(marks);
}

void dh_marks_add(dh_marks *marks, const uint8_t *text, size_t count) {
  dh_texts_put(marks->texts, marks->count++, text, count);
  double number;
  if (dh_parse_number(text, text + count, &number) != dh_number_found) return;
  marks->numbers = must(realloc(marks->numbers, (marks->number_count + 1) * sizeof number));
  marks->numbers[marks->number_count++] = number;
}

/// Compares letters in any case with a word in lower case.
static int matches(const uint8_t *start, const char *word) {
  for (size_t i = 0; word[i]; i++) {
    const uint8_t byte = start[i] >= 'A' && start[i] <= 'Z' ? start[i] | 0x20 : start[i];
    if (byte != (uint8_t)word[i]) return 0;
  }
  return 1;
}

static int is_always_missing(const uint8_t *start, size_t count) {
  switch (count) {
    case 0: return 1;
    case 1: return start[0] == '?';
    case 2: return matches(start, "na");
    case 3: return matches(start, "nan") || matches(start, "n/a");
    case 4: return matches(start, "null");
    default: return 0;
  }
}

int dh_is_missing(const dh_marks *marks, const uint8_t *start, size_t count) {
  if (is_always_missing(start, count)) return 1;
  if (!marks) return 0;
  for (size_t i = 0; i < marks->count; i++) {
    size_t length;
    const uint8_t *mark = dh_texts_text(marks->texts, i, &length);
    if (length == count && memcmp(mark, start, count) == 0) return 1;
  }
  double number;
  return marks->number_count > 0 && dh_parse_number(start, start + count, &number) == dh_number_found &&
         is_marked_number(marks, number);
}
