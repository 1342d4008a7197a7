#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

// Without a minimal width, clang cuts 64-byte vectors in half for this architecture, and runs out of registers.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#define DH_NAME(f) dh_avx512_##f
#define DH_SET dh_avx512
#define DH_LANES 16
#define DH_MASKS 512  // the width of masked loads
#include "loops/all.h"
#pragma clang attribute pop
#pragma clang attribute pop

#endif
