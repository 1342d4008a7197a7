#include <pthread.h>
#include <stdlib.h>

#include "CKernels.h"

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local float *scratch;

static void make_key(void) { pthread_key_create(&key, free); }

float *dh_thread_scratch(void) {
  if (!scratch) {
    const size_t bytes = (dh_kernels_best()->product_scratch * sizeof(float) + 63) / 64 * 64;
    void *memory = NULL;
    if (posix_memalign(&memory, 64, bytes ? bytes : 64)) abort();
    scratch = memory;
    pthread_once(&once, make_key);
    pthread_setspecific(key, memory);  // frees it when the thread ends
  }
  return scratch;
}
