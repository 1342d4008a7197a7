#include "number.h"

long_number dh_read_long_number(const uint8_t *start, const uint8_t *end) {
  const long_number none = {.outcome = dh_number_none, .after = start};
  const uint8_t *p = start;
  const int is_negative = p < end && *p == '-';
  p += p < end && (*p == '-' || *p == '+');

  // 19 digits, and whether any behind them is not zero.
  uint64_t digits = 0;
  int count = 0, has_digits = 0, has_point = 0, has_more = 0;
  int64_t exponent = 0;
  for (; p < end; p++) {
    const uint8_t digit = *p - '0';
    if (digit <= 9) {
      has_digits = 1;
      if (count < 19) {
        digits = 10 * digits + digit;
        count += digits != 0;
        exponent -= has_point;
      } else {
        has_more |= digit;
        exponent += !has_point;
      }
    } else if (*p == '.' && !has_point) {
      has_point = 1;
    } else {
      break;
    }
  }
  if (!has_digits) return none;
  if (p < end && (*p | 0x20) == 'e') {
    p += 1;
    const int is_divided = p < end && *p == '-';
    p += p < end && (*p == '-' || *p == '+');
    const uint8_t *const first = p;
    int64_t power = 0;
    for (; p < end && (uint8_t)(*p - '0') <= 9; p++) {
      // No file has so many digits that a larger power could be made up for.
      if (power < (int64_t)1 << 50) power = 10 * power + (*p - '0');
    }
    if (p == first) return none;
    exponent += is_divided ? -power : power;
  }
  const double magnitude = decimal(digits, exponent);
  long_number number = {.outcome = dh_number_found, .after = p, .value = is_negative ? -magnitude : magnitude};
  // What is cut off is less than one of the last digit kept: where that makes no difference, neither does this.
  if (has_more && decimal(digits + 1, exponent) != magnitude) {
    number.outcome = dh_number_hard;
  } else if (magnitude == INFINITY) {
    number.outcome = dh_number_none;
  }
  return number;
}

dh_number_outcome dh_parse_number(const uint8_t *start, const uint8_t *end, double *value) {
  const long_number number = dh_read_long_number(start, end);
  *value = number.value;
  return number.after == end ? number.outcome : dh_number_none;
}
