// Activations and their derivatives. Each case is its own loop, so that each is vector code.

#define DH_SELU_LAMBDA 1.0507009873554805f
#define DH_SELU_ALPHA 1.6732632423543772f

static inline float DH_NAME(sigmoid)(float x) { return 1.0f / (1.0f + DH_NAME(exp)(-x)); }

/// tanh(log(1 + u)) with u = exp x, as a rational function of u; x ≥ 20 is 1 in float.
static inline float DH_NAME(tanh_softplus)(float x) {
  const float u = DH_NAME(exp)(x < 20.0f ? x : 20.0f);
  const float w = u * (u + 2.0f);
  return w / (w + 2.0f);
}

/// Φ(x) of the standard normal distribution.
static inline float DH_NAME(normal_cdf)(float x) { return 0.5f * (1.0f + DH_NAME(erf)(x * 0.70710678f)); }

#define DH_EACH(expression)              \
  for (size_t i = 0; i < count; i++) {   \
    const float v = x[i];                \
    y[i] = (expression);                 \
  }                                      \
  break;

static void DH_NAME(activate)(dh_activation kind, float p, const float *x, float *y, size_t count) {
  switch (kind) {
    case dh_identity: DH_EACH(v)
    case dh_relu: DH_EACH(v > 0 ? v : 0.0f)
    case dh_leaky_relu: DH_EACH(v > 0 ? v : p * v)
    case dh_elu: DH_EACH(v > 0 ? v : p * DH_NAME(expm1)(v))
    case dh_selu: DH_EACH(DH_SELU_LAMBDA * (v > 0 ? v : DH_SELU_ALPHA * DH_NAME(expm1)(v)))
    case dh_sigmoid: DH_EACH(DH_NAME(sigmoid)(v))
    case dh_tanh: DH_EACH(DH_NAME(tanh)(v))
    case dh_gelu: DH_EACH(v * DH_NAME(normal_cdf)(v))
    case dh_silu: DH_EACH(v * DH_NAME(sigmoid)(v))
    case dh_mish: DH_EACH(v * DH_NAME(tanh_softplus)(v))
  }
}
#undef DH_EACH

/// d/dx x tanh(softplus x) = t + x σ(x) (1 − t²)
static inline float DH_NAME(mish_derivative)(float x) {
  const float t = DH_NAME(tanh_softplus)(x);
  return t + x * DH_NAME(sigmoid)(x) * (1.0f - t * t);
}

static inline float DH_NAME(silu_derivative)(float x) {
  const float s = DH_NAME(sigmoid)(x);
  return s * (1.0f + x * (1.0f - s));
}

static inline float DH_NAME(gelu_derivative)(float x) {
  return DH_NAME(normal_cdf)(x) + x * 0.39894228f * DH_NAME(exp)(-0.5f * x * x);
}

#define DH_EACH(expression)              \
  for (size_t i = 0; i < count; i++) {   \
    const float v = reference[i];        \
    dx[i] = dy[i] * (expression);        \
  }                                      \
  break;

static void DH_NAME(activate_derivative)(dh_activation kind, float p, const float *reference, const float *dy,
                                         float *dx, size_t count) {
  switch (kind) {
    case dh_identity:
      for (size_t i = 0; i < count; i++) dx[i] = dy[i];
      break;
    // From the output, v = f(x): its sign is the sign of x.
    case dh_relu:
      for (size_t i = 0; i < count; i++) dx[i] = reference[i] > 0 ? dy[i] : 0.0f;
      break;
    case dh_leaky_relu: DH_EACH(v > 0 ? 1.0f : p)
    case dh_elu: DH_EACH(v > 0 ? 1.0f : v + p)
    case dh_selu: DH_EACH(v > 0 ? DH_SELU_LAMBDA : v + DH_SELU_LAMBDA * DH_SELU_ALPHA)
    case dh_sigmoid: DH_EACH(v * (1.0f - v))
    case dh_tanh: DH_EACH(1.0f - v * v)
    // From the input, v = x.
    case dh_gelu: DH_EACH(DH_NAME(gelu_derivative)(v))
    case dh_silu: DH_EACH(DH_NAME(silu_derivative)(v))
    case dh_mish: DH_EACH(DH_NAME(mish_derivative)(v))
  }
}
#undef DH_EACH
