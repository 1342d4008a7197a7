#include "CKernels.h"

#define DH_NAME(f) dh_portable_##f
#define DH_SET dh_portable
#define DH_LANES 4
#include "loops/all.h"
