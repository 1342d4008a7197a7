// Powers of five for decimal numbers.
#ifndef POWERS_H
#define POWERS_H

#include <stdint.h>

#define SMALLEST_POWER (-342)
#define LARGEST_POWER 308

/// The leading 128 bits of 5^q for q from SMALLEST_POWER on, the high half first: cut off, but rounded up from −27 to −1.
extern const uint64_t dh_powers_of_five[LARGEST_POWER - SMALLEST_POWER + 1][2];

#endif
