// Activations and their derivatives. Each case is its own loop.

#define DH_SELU_LAMBDA 1.0507009873554805f
#define DH_SELU_ALPHA 1.6732632423543772f

DH_INLINE vector sigmoid(vector x) { return 1.0f / (1.0f + v_exp(-x)); }

/// tanh(log(1 + u)) with u = exp x, as a rational function of u; x ≥ 20 is 1 in float.
DH_INLINE vector tanh_of_softplus(vector u) {
  const vector w = u * (u + 2.0f);
  return w / (w + 2.0f);
}
DH_INLINE vector tanh_softplus(vector x) { return tanh_of_softplus(v_exp(at_most(x, 20.0f))); }

/// log(1 + exp px) / p, without an exponential that overflows.
DH_INLINE vector softplus(vector x, float p) {
  const vector scaled = p * x;
  return (at_least(scaled, 0.0f) + v_log1p(v_exp(-magnitude(scaled)))) / p;
}

static void DH_NAME(activate)(dh_elementwise f, const float *x, float *y, size_t count) {
  const float p = f.p, q = f.q;
  switch (f.kind) {
    case dh_identity: DH_EACH(v) break;
    case dh_relu: DH_EACH(at_least(v, 0.0f)) break;
    case dh_leaky_relu: DH_EACH(choose(v > 0.0f, v, p * v)) break;
    case dh_elu: DH_EACH(choose(v > 0.0f, v, p * v_expm1(v))) break;
    case dh_selu: DH_EACH(DH_SELU_LAMBDA * choose(v > 0.0f, v, DH_SELU_ALPHA * v_expm1(v))) break;
    case dh_sigmoid: DH_EACH(sigmoid(v)) break;
    case dh_tanh: DH_EACH(v_tanh(v)) break;
    case dh_gelu: DH_EACH(v * v_normal_cdf(v)) break;
    case dh_silu: DH_EACH(v * sigmoid(v)) break;
    case dh_mish: DH_EACH(v * tanh_softplus(v)) break;
    case dh_softplus: DH_EACH(softplus(v, p)) break;
    case dh_hard_tanh: DH_EACH(at_most(at_least(v, p), q)) break;
  }
}

/// d/dx x tanh(softplus x) = t + x σ(x) (1 − t²)
DH_INLINE vector mish_derivative(vector x) {
  const vector t = tanh_softplus(x);
  return t + x * sigmoid(x) * (1.0f - t * t);
}

DH_INLINE vector silu_derivative(vector x) {
  const vector s = sigmoid(x);
  return s * (1.0f + x * (1.0f - s));
}

DH_INLINE vector gelu_derivative(vector x) {
  return v_normal_cdf(x) + x * 0.39894228f * v_exp(-0.5f * x * x);
}

static void DH_NAME(activate_derivative)(dh_elementwise f, const float *x, const float *y, float *z, size_t count) {
  // v is the reference, w the output's derivative.
  const vector zero = broadcast(0), one = broadcast(1);
  const float p = f.p, q = f.q;
  switch (f.kind) {
    case dh_identity: DH_EACH_PAIR(((void)v, w)) break;
    // From the output, v = f(x): its sign is the sign of x.
    case dh_relu: DH_EACH_PAIR(choose(v > 0.0f, w, zero)) break;
    case dh_leaky_relu: DH_EACH_PAIR(w * choose(v > 0.0f, one, broadcast(p))) break;
    case dh_elu: DH_EACH_PAIR(w * choose(v > 0.0f, one, v + p)) break;
    case dh_selu:
      DH_EACH_PAIR(w * choose(v > 0.0f, broadcast(DH_SELU_LAMBDA), v + DH_SELU_LAMBDA * DH_SELU_ALPHA)) break;
    case dh_sigmoid: DH_EACH_PAIR(w * (v * (1.0f - v))) break;
    case dh_tanh: DH_EACH_PAIR(w * (1.0f - v * v)) break;
    // σ(px) = 1 − exp(−py)
    case dh_softplus: DH_EACH_PAIR(zero - w * v_expm1(-p * v)) break;
    case dh_hard_tanh: DH_EACH_PAIR(choose((v > p) & (v < q), w, zero)) break;
    // From the input, v = x.
    case dh_gelu: DH_EACH_PAIR(w * gelu_derivative(v)) break;
    case dh_silu: DH_EACH_PAIR(w * silu_derivative(v)) break;
    case dh_mish: DH_EACH_PAIR(w * mish_derivative(v)) break;
  }
}

/// f and f′ at once: what they share is worked out once.
static void DH_NAME(activate_keeping)(dh_elementwise f, const float *x, float *y, float *z, size_t count) {
  const vector zero = broadcast(0), one = broadcast(1);
  const float p = f.p, q = f.q;
  switch (f.kind) {
    case dh_identity: DH_EACH_TWO(, v, one) break;
    case dh_relu: DH_EACH_TWO(, at_least(v, 0.0f), choose(v > 0.0f, one, zero)) break;
    case dh_leaky_relu: DH_EACH_TWO(const integers up = v > 0.0f, choose(up, v, p * v), choose(up, one, broadcast(p))) break;
    case dh_elu: DH_EACH_TWO(const vector down = p * v_expm1(v), choose(v > 0.0f, v, down), choose(v > 0.0f, one, down + p)) break;
    case dh_selu:
      DH_EACH_TWO(const vector down = DH_SELU_ALPHA * v_expm1(v), DH_SELU_LAMBDA * choose(v > 0.0f, v, down),
                  DH_SELU_LAMBDA * choose(v > 0.0f, one, down + DH_SELU_ALPHA)) break;
    case dh_sigmoid: DH_EACH_TWO(const vector s = sigmoid(v), s, s * (1.0f - s)) break;
    case dh_tanh: DH_EACH_TWO(const vector t = v_tanh(v), t, 1.0f - t * t) break;
    case dh_gelu: DH_EACH_TWO(const vector cdf = v_normal_cdf(v), v * cdf, cdf + v * 0.39894228f * v_exp(-0.5f * v * v)) break;
    case dh_silu: DH_EACH_TWO(const vector s = sigmoid(v), v * s, s * (1.0f + v * (1.0f - s))) break;
    case dh_mish: DH_EACH_TWO(const vector u = v_exp(at_most(v, 20.0f)); const vector t = tanh_of_softplus(u), v * t,
                              t + v * (u / (1.0f + u)) * (1.0f - t * t)) break;
    case dh_softplus: DH_EACH_TWO(const vector s = softplus(v, p), s, zero - v_expm1(-p * s)) break;
    case dh_hard_tanh: DH_EACH_TWO(, at_most(at_least(v, p), q), choose((v > p) & (v < q), one, zero)) break;
  }
}

/// The functions of math.h by themselves.
static void DH_NAME(evaluate)(dh_function kind, const float *x, float *y, size_t count) {
  switch (kind) {
    case dh_exp: DH_EACH(v_exp(v)) break;
    case dh_expm1: DH_EACH(v_expm1(v)) break;
    case dh_log: DH_EACH(v_log(v)) break;
    case dh_log1p: DH_EACH(v_log1p(v)) break;
    case dh_tanh_function: DH_EACH(v_tanh(v)) break;
    case dh_erf: DH_EACH(v_erf(v)) break;
  }
}
