#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define DH_NAME(f) dh_avx2_##f
#define DH_SET dh_avx2
#define DH_LANES 8
#define DH_MASKS 256  // the width of masked loads
#include "loops/all.h"
#pragma clang attribute pop

#endif
