#include <pthread.h>
#include <stdlib.h>

#include "CKernels.h"

/// What a thread has, in one piece of memory that is freed when it ends: first that for products, then that for images. Memory
/// of this size is provided by the system as it is first touched.
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local float *scratch;

static void make_key(void) { pthread_key_create(&key, free); }

static size_t product_floats(void) { return (dh_kernels_best()->product_scratch + 15) / 16 * 16; }

float *dh_thread_scratch(void) {
  if (!scratch) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, (product_floats() + dh_image_scratch) * sizeof(float))) abort();
    scratch = memory;
    pthread_once(&once, make_key);
    pthread_setspecific(key, memory);  // frees it when the thread ends
  }
  return scratch;
}

float *dh_thread_image_scratch(void) { return dh_thread_scratch() + product_floats(); }
