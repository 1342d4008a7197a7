#include <math.h>

#include "CKernels.h"

#define DH_NAME(f) dh_portable_wide_##f
#define DH_SET dh_portable_wide
#define DH_LANES 16
#include "loops/all.h"
