#ifndef NUMBER_H
#define NUMBER_H

#include "CTables.h"

/// Bytes that may be read beyond a number's first by `read_number`.
#define DH_NUMBER_BYTES 64

/// Reads the number that begins at `start`, and says where it ends. DH_NUMBER_BYTES bytes from `start` on can be read.
dh_number_outcome dh_read_number(const uint8_t *start, const uint8_t **after, double *value);

#endif
