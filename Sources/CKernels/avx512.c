#if defined(__x86_64__)
#include <math.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define DH_NAME(f) dh_avx512_##f
#define DH_SET dh_avx512
#define DH_LANES 16
#include "loops/all.h"
#pragma clang attribute pop

#endif
