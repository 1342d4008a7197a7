#if defined(__x86_64__)
#include <math.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define DH_NAME(f) dh_avx2_##f
#define DH_SET dh_avx2
#define DH_LANES 8
#include "loops/all.h"
#pragma clang attribute pop

#endif
