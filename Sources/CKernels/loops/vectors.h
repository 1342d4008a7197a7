// What is done to blocks of ∇θ before an update and to blocks of θ after it.

/// y = a x
static void DH_NAME(scale)(float a, const float *x, float *y, size_t count) {
#define DH_SCALE(LOAD, STORE) STORE(y, a * LOAD(x));
  DH_UPDATE(DH_SCALE)
}

/// What is not a number stays so.
static void DH_NAME(clip)(float limit, float *x, size_t count) {
#define DH_CLIP(LOAD, STORE)                                         \
  const vector v = LOAD(x);                                          \
  const vector low = choose(v < -limit, broadcast(-limit), v);       \
  STORE(x, choose(v > limit, broadcast(limit), low));
  DH_UPDATE(DH_CLIP)
}

static void DH_NAME(follow)(float share, const float *x, float *average, size_t count) {
#define DH_FOLLOW(LOAD, STORE)              \
  const vector a = LOAD(average);           \
  STORE(average, a + share * (LOAD(x) - a));
  DH_UPDATE(DH_FOLLOW)
}

typedef float sixteen_floats __attribute__((ext_vector_type(16)));

DH_INLINE sixteen load_sixteen(const float *p, size_t count) {
  sixteen_floats v = 0;
  if (count >= 16) {
    __builtin_memcpy(&v, p, sizeof v);
  } else {
    for (size_t l = 0; l < count; l++) v[l] = p[l];
  }
  return __builtin_convertvector(v, sixteen);
}

/// Products of floats are exact in double, and the sums have sixteen parts: the same bits in every instruction set.
static double DH_NAME(inner)(const float *x, const float *y, size_t count) {
  sixteen sums = (sixteen)0.0;
  for (size_t i = 0; i < count; i += 16) {
    sums += load_sixteen(x + i, count - i) * load_sixteen(y + i, count - i);
  }
  const double __attribute__((ext_vector_type(8))) eighths = sums.lo + sums.hi;
  const double __attribute__((ext_vector_type(4))) quarters = eighths.lo + eighths.hi;
  return (quarters.x + quarters.z) + (quarters.y + quarters.w);
}
