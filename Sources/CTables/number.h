// Decimal numbers, read in the loop that needs them.
#ifndef NUMBER_H
#define NUMBER_H

#include "CTables.h"
#include "bytes.h"

/// Bytes that may be read from a number's first on.
#define DH_NUMBER_BYTES 64

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t whole_powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

#define LARGEST_POWER_OF_FIVE 27  // 5²⁷ < 2⁶³
static const uint64_t powers_of_five[LARGEST_POWER_OF_FIVE + 1] = {
    1u, 5u, 25u, 125u, 625u, 3125u, 15625u, 78125u, 390625u, 1953125u, 9765625u, 48828125u, 244140625u, 1220703125u,
    6103515625u, 30517578125u, 152587890625u, 762939453125u, 3814697265625u, 19073486328125u, 95367431640625u,
    476837158203125u, 2384185791015625u, 11920928955078125u, 59604644775390625u, 298023223876953125u,
    1490116119384765625u, 7450580596923828125u};

/// The quotient and the rest of high · 2⁶⁴ + low by a divisor above `high`.
static inline uint64_t divide(uint64_t high, uint64_t low, uint64_t divisor, uint64_t *rest) {
#if defined(__x86_64__)
  uint64_t quotient;
  __asm__("divq %4" : "=a"(quotient), "=d"(*rest) : "a"(low), "d"(high), "r"(divisor) : "cc");
  return quotient;
#else
  const unsigned __int128 dividend = (unsigned __int128)high << 64 | low;
  *rest = (uint64_t)(dividend % divisor);
  return (uint64_t)(dividend / divisor);
#endif
}

/// digits · 10ᵉ for |e| ≤ 27, rounded once.
///
/// 10ᵉ = 5ᵉ · 2ᵉ and 5²⁷ < 2⁶³. So the quotient (or product) with 5ᵉ has 64 leading bits that come exactly from one
/// 128-bit operation, and what is left over tells whether anything lies below them.
static double scaled(uint64_t digits, int exponent) {
  if (!digits) return 0;
  const int digit_shift = __builtin_clzll(digits);
  const uint64_t top = digits << digit_shift;
  const uint64_t power = powers_of_five[exponent < 0 ? -exponent : exponent];
  const int power_shift = __builtin_clzll(power);
  const uint64_t scale = power << power_shift;

  uint64_t leading, rest;
  int binary_exponent;
  if (exponent < 0) {
    // top / scale lies between 1/2 and 2; halved where it must be, for a quotient of exactly 64 bits.
    const int is_halved = top >= scale;
    leading = is_halved ? divide(top >> 1, top << 63, scale, &rest) : divide(top, 0, scale, &rest);
    binary_exponent = power_shift - digit_shift + exponent - (is_halved ? 63 : 64);
  } else {
    const unsigned __int128 product = (unsigned __int128)top * scale;
    const uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    const int is_full = (int)(high >> 63);
    leading = is_full ? high : high << 1 | low >> 63;
    rest = is_full ? low : low << 1;
    binary_exponent = exponent - digit_shift - power_shift + (is_full ? 64 : 63);
  }
  // 64 bits to 53, half to even.
  const uint64_t below = leading & 0x7FF;
  leading >>= 11;
  binary_exponent += 11;
  if (below > 0x400 || (below == 0x400 && (rest || leading & 1))) leading += 1;
  double power_of_two;
  const uint64_t bits = (uint64_t)(1023 + binary_exponent) << 52;
  memcpy(&power_of_two, &bits, sizeof bits);
  return (double)leading * power_of_two;
}

/// Goes over up to 24 digits, adds them to what is there, and returns how many they were.
static inline __attribute__((always_inline)) int read_digits(const uint8_t **cursor, uint64_t *digits) {
  int count = 0;
  for (int word = 0; word < 3; word++) {
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

/// Reads the number that begins at `start`, and says where it ends. DH_NUMBER_BYTES bytes from `start` on can be read.
static inline __attribute__((always_inline)) dh_number_outcome read_number(const uint8_t *start, const uint8_t **after, double *value) {
  const uint8_t *cursor = start;
  const int is_negative = *cursor == '-';
  cursor += is_negative | (*cursor == '+');

  uint64_t digits = 0;
  int count = read_digits(&cursor, &digits), exponent = 0;
  if (*cursor == '.') {
    cursor += 1;
    const int fraction = count > 16 ? 20 : read_digits(&cursor, &digits);
    exponent = -fraction;
    count += fraction;
  }
  // More than 19 digits may not fit, and more may stand behind them.
  if (count > 19) return dh_number_hard;
  if (count == 0) return dh_number_none;
  if ((*cursor | 0x20) == 'e') {
    cursor += 1;
    const int is_divided = *cursor == '-';
    cursor += is_divided | (*cursor == '+');
    uint64_t power = 0;
    const int width = read_digits(&cursor, &power);
    if (width == 0) return dh_number_none;
    if (width > 4) return dh_number_hard;
    exponent += is_divided ? -(int)power : (int)power;
  }
  *after = cursor;

  double magnitude;
  const int size = exponent < 0 ? -exponent : exponent;
  if (digits >> 53 == 0 && size <= 22) {
    // Both factors are exact, so the one rounding is the right one (Clinger, 1990).
    magnitude = exponent < 0 ? (double)digits / powers_of_ten[size] : (double)digits * powers_of_ten[size];
  } else if (size <= LARGEST_POWER_OF_FIVE) {
    magnitude = scaled(digits, exponent);
  } else {
    return dh_number_hard;
  }
  *value = is_negative ? -magnitude : magnitude;
  return dh_number_found;
}

#endif
