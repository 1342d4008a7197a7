#pragma once

#include <stdint.h>

/// Whether allocations are counted here: with glibc, and no sanitizer that has an allocator of its own.
int allocations_can_be_counted(void);

/// Counts, from 0, the allocations of all threads.
void allocations_count(void);

/// Ends counting. The number of allocations since it began.
uint64_t allocations_counted(void);
