// Updates of a block of parameters. g is the gradient with the L2 penalty's part, λθ.

/// Runs `update` on vectors of the block: on whole ones, then on what is left. LOAD and STORE are those for either.
#define DH_UPDATE(update)                                                             \
  {                                                                                   \
    size_t i = 0;                                                                     \
    for (; i + DH_LANES <= count; i += DH_LANES) { update(DH_WHOLE_LOAD, DH_WHOLE_STORE) } \
    if (i < count) { update(DH_LAST_LOAD, DH_LAST_STORE) }                            \
  }
#define DH_WHOLE_LOAD(p) load((p) + i)
#define DH_WHOLE_STORE(p, v) store((p) + i, v)
#define DH_LAST_LOAD(p) load_part((p) + i, count - i)
#define DH_LAST_STORE(p, v) store_part((p) + i, v, count - i)

static void DH_NAME(descend)(const dh_update *u, const float *gradient, float *theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay;
#define DH_DESCEND(LOAD, STORE)           \
  const vector t = LOAD(theta);           \
  const vector g = LOAD(gradient) + l2 * t; \
  STORE(theta, decay * t - rate * g);
  DH_UPDATE(DH_DESCEND)
}

static void DH_NAME(momentum)(const dh_update *u, const float *gradient, float *delta, float *theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay, alpha = u->momentum;
#define DH_MOMENTUM(LOAD, STORE)                     \
  const vector t = LOAD(theta);                      \
  const vector g = LOAD(gradient) + l2 * t;          \
  const vector d = alpha * LOAD(delta) - rate * g;   \
  STORE(delta, d);                                   \
  STORE(theta, decay * t + d);
  DH_UPDATE(DH_MOMENTUM)
}

static void DH_NAME(nesterov)(const dh_update *u, const float *gradient, float *delta, float *theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay, alpha = u->momentum;
#define DH_NESTEROV(LOAD, STORE)                     \
  const vector t = LOAD(theta);                      \
  const vector g = LOAD(gradient) + l2 * t;          \
  const vector d = alpha * LOAD(delta) - rate * g;   \
  STORE(delta, d);                                   \
  STORE(theta, decay * t + (alpha * d - rate * g));
  DH_UPDATE(DH_NESTEROV)
}

static void DH_NAME(adam)(const dh_update *u, const float *gradient, float *first, float *second, float *theta,
                          size_t count) {
  const float beta1 = u->momentum, beta2 = u->second, epsilon = u->epsilon, l2 = u->l2, decay = u->decay;
  const float rest1 = u->momentum_rest, rest2 = u->second_rest;
  const float rate = u->rate * u->first_correction, correction = u->second_correction;
#define DH_ADAM(LOAD, STORE)                                                           \
  const vector t = LOAD(theta);                                                        \
  const vector g = LOAD(gradient) + l2 * t;                                            \
  const vector m = beta1 * LOAD(first) + rest1 * g;                                    \
  const vector v = beta2 * LOAD(second) + rest2 * g * g;                               \
  STORE(first, m);                                                                     \
  STORE(second, v);                                                                    \
  STORE(theta, decay * t - rate * m / (__builtin_elementwise_sqrt(v * correction) + epsilon));
  DH_UPDATE(DH_ADAM)
}
