#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

extern const struct dh_kernels dh_portable_kernels, dh_portable_wide_kernels;
#if defined(__x86_64__)
extern const struct dh_kernels dh_avx2_kernels, dh_avx512_kernels;
#endif

const struct dh_kernels *dh_kernels_for(dh_instruction_set set) {
  switch (set) {
    case dh_portable: return &dh_portable_kernels;
    case dh_portable_wide: return &dh_portable_wide_kernels;
#if defined(__x86_64__)
    case dh_avx2: return __builtin_cpu_supports("x86-64-v3") ? &dh_avx2_kernels : NULL;
    case dh_avx512: return __builtin_cpu_supports("x86-64-v4") ? &dh_avx512_kernels : NULL;
#endif
    default: return NULL;
  }
}

static const struct dh_kernels *best;
static pthread_once_t chosen = PTHREAD_ONCE_INIT;

/// The set that the environment asks for, or NULL.
static const struct dh_kernels *asked_for(void) {
  static const struct {
    const char *name;
    dh_instruction_set set;
  } sets[] = {{"portable", dh_portable}, {"avx2", dh_avx2}, {"avx512", dh_avx512}};
  const char *name = getenv("DOWNHILL_INSTRUCTION_SET");
  if (!name || !*name) return NULL;
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    if (strcmp(name, sets[i].name)) continue;
    const struct dh_kernels *kernels = dh_kernels_for(sets[i].set);
    if (!kernels) fprintf(stderr, "DOWNHILL_INSTRUCTION_SET: this processor does not have %s; the best it has is used.\n", name);
    return kernels;
  }
  fprintf(stderr, "DOWNHILL_INSTRUCTION_SET: “%s” is not one of portable, avx2, avx512; the best set is used.\n", name);
  return NULL;
}

static void choose_best(void) {
  const struct dh_kernels *kernels = asked_for();
  if (!kernels) kernels = dh_kernels_for(dh_avx512);
  if (!kernels) kernels = dh_kernels_for(dh_avx2);
  best = kernels ? kernels : &dh_portable_kernels;
}

const struct dh_kernels *dh_kernels_best(void) {
  pthread_once(&chosen, choose_best);
  return best;
}

int dh_derivative_from_output(dh_activation kind) {
  return kind != dh_gelu && kind != dh_silu && kind != dh_mish;
}

void dh_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}
