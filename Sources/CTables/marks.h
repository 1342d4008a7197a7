// Texts that say that a value is missing, beside those that always do.
#ifndef MARKS_H
#define MARKS_H

#include "CTables.h"

struct dh_marks {
  dh_texts *texts;
  size_t count;
  double *numbers;  ///< those that are numbers
  size_t number_count;
};

/// Whether a number is a mark; NULL: there are none.
static inline int is_marked_number(const dh_marks *marks, double value) {
  for (size_t i = 0; marks && i < marks->number_count; i++) {
    if (marks->numbers[i] == value) return 1;
  }
  return 0;
}

#endif
