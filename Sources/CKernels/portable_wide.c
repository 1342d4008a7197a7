#include "CKernels.h"

// For tests alone: little code matters more than speed.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#define DH_NAME(f) dh_portable_wide_##f
#define DH_SET dh_portable_wide
#define DH_LANES 16
#define DH_COMPACT 1
#include "loops/all.h"
#pragma clang attribute pop
