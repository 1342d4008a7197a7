// Decimal numbers, read in the loop that needs them.
#ifndef NUMBER_H
#define NUMBER_H

#include <math.h>

#include "CTables.h"
#include "bytes.h"
#include "powers.h"

/// Bytes that may be read from a number's first on: a sign, 24 digits, a point, 24 digits, an exponent of 8 with its sign.
#define DH_NUMBER_BYTES 64

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t whole_powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/// The double nearest to digits · 10ᵉ, by Eisel and Lemire (Lemire, "Number Parsing at a Gigabyte per Second", 2021;
/// Mushtak and Lemire, "Fast number parsing without fallback", 2023): infinite, if that is too large.
///
/// 10ᵉ = 5ᵉ · 2ᵉ. The digits, moved up to 64 bits, times the leading 64 bits of 5ᵉ give a product whose upper bits are
/// those of the result, unless what was left off could carry into them; then the next 64 bits of 5ᵉ are taken too, and
/// they always suffice.
static inline double scaled(uint64_t digits, int64_t exponent) {
  if (!digits || exponent < SMALLEST_POWER) return 0;
  if (exponent > LARGEST_POWER) return INFINITY;
  const int digit_shift = __builtin_clzll(digits);
  const uint64_t top = digits << digit_shift, *const power = dh_powers_of_five[exponent - SMALLEST_POWER];
  const unsigned __int128 product = (unsigned __int128)top * power[0];
  uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
  if ((high & 0x1FF) == 0x1FF) {
    const uint64_t more = (uint64_t)((unsigned __int128)top * power[1] >> 64);
    low += more;
    high += low < more;
  }
  // 54 bits: the mantissa's 53, and one below that decides how to round.
  const int is_full = (int)(high >> 63), shift = is_full + 9;
  uint64_t mantissa = high >> shift;
  // ⌊log₂ 5ᵉ⌋ + e = ⌊e · log₂ 10⌋, as 217706 / 2¹⁶ gives it for every e here; 1023 is the exponent's bias.
  int64_t biased = (217706 * exponent >> 16) + 63 + is_full - digit_shift + 1023;
  uint64_t bits;
  if (biased <= 0) {
    // Below the normal numbers, each halving costs a bit.
    if (biased < -62) return 0;
    mantissa >>= 1 - biased;
    // One that rounds up to 2⁵² is normal, and so its bits say.
    bits = (mantissa + (mantissa & 1)) >> 1;
  } else {
    // Halfway between two doubles, the even one: only where 5ᵉ, or its reciprocal's divisor, fits beside the digits.
    const int is_halfway = low <= 1 && exponent >= -4 && exponent <= 23 && mantissa << shift == high;
    if (is_halfway && (mantissa & 3) == 1) mantissa -= 1;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    // 2⁵³ from rounding carries into the exponent, which is what it should do; the leading bit isn't stored.
    bits = ((uint64_t)(biased - 1) << 52) + mantissa;
    if (bits >= (uint64_t)0x7FF << 52) return INFINITY;
  }
  double value;
  memcpy(&value, &bits, sizeof bits);
  return value;
}

/// digits · 10ᵉ, rounded once.
static inline double decimal(uint64_t digits, int64_t exponent) {
  const int64_t size = exponent < 0 ? -exponent : exponent;
  if (digits >> 53 == 0 && size <= 22) {
    // Both factors are exact, so the one rounding is the right one (Clinger, 1990).
    return exponent < 0 ? (double)digits / powers_of_ten[size] : (double)digits * powers_of_ten[size];
  }
  return scaled(digits, exponent);
}

typedef struct {
  dh_number_outcome outcome;
  const uint8_t *after;  ///< where the number ends
  double value;
} long_number;

/// Reads the number that begins at `start`, of any length, byte by byte. No byte from `end` on is looked at.
long_number dh_read_long_number(const uint8_t *start, const uint8_t *end);

/// Goes over up to 8 digits a word, adds them to what is there, and returns how many they were.
static inline __attribute__((always_inline)) int read_digits(const uint8_t **cursor, uint64_t *digits, int words) {
  int count = 0;
  for (int word = 0; word < words; word++) {
    const uint64_t values = load_word(*cursor) ^ EACH('0');
    const unsigned run = first_byte(((values + EACH(0x76)) | values) & HIGH_BITS);  // up to the first above 9
    if (run == 0) break;
    // The first digit is in the lowest byte; zeros take the places before it. Pairs, then fours, then all eight.
    uint64_t sum = values << (64 - 8 * run);
    sum = (sum * (10 * 256 + 1)) >> 8 & 0x00FF00FF00FF00FFu;
    sum = (sum * (100 * 65536u + 1)) >> 16 & 0x0000FFFF0000FFFFu;
    sum = (sum * (10000 * 4294967296u + 1)) >> 32;
    *digits = *digits * whole_powers_of_ten[run] + sum;
    *cursor += run;
    count += (int)run;
    if (run < 8) break;
  }
  return count;
}

/// Whether of `count` digits, of which `width` stand behind a point and before `after`, at most 19 come after the zeros at
/// the beginning: 0.00 and 19 more.
static inline int are_few_digits(const uint8_t *after, int count, int width) {
  const uint8_t *const fraction = after - width;
  const int is_below_one = count == width || (count == width + 1 && fraction[-2] == '0');
  return is_below_one && width < 24 && width - (int)first_byte(load_word(fraction) ^ EACH('0')) <= 19;
}

/// Reads the number that begins at `start`, and says where it ends; hard: too long for here. DH_NUMBER_BYTES bytes from
/// `start` on can be read.
static inline __attribute__((always_inline)) dh_number_outcome read_number(
    const uint8_t *start, const uint8_t **after, double *value) {
  const uint8_t *cursor = start;
  const int is_negative = *cursor == '-';
  cursor += is_negative | (*cursor == '+');

  uint64_t digits = 0;
  int count = read_digits(&cursor, &digits, 3);
  int64_t exponent = 0;
  if (*cursor == '.') {
    cursor += 1;
    const int width = read_digits(&cursor, &digits, 3);
    exponent = -width;
    count += width;
  }
  // More than 19 digits may not fit, and after 24 more may come.
  if (count > 19 && !are_few_digits(cursor, count, (int)-exponent)) return dh_number_hard;
  if (count == 0) return dh_number_none;
  if ((*cursor | 0x20) == 'e') {
    cursor += 1;
    const int is_divided = *cursor == '-';
    cursor += is_divided | (*cursor == '+');
    uint64_t power = 0;
    const int width = read_digits(&cursor, &power, 1);
    if (width == 0) return dh_number_none;
    if (width == 8) return dh_number_hard;
    exponent += is_divided ? -(int64_t)power : (int64_t)power;
  }
  *after = cursor;
  const double magnitude = decimal(digits, exponent);
  if (magnitude == INFINITY) return dh_number_none;
  *value = is_negative ? -magnitude : magnitude;
  return dh_number_found;
}

#endif
