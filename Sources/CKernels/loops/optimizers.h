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

static void DH_NAME(adagrad)(const dh_update *u, const float *gradient, float *squares, float *theta, size_t count) {
  const float rate = u->rate, epsilon = u->epsilon, l2 = u->l2, decay = u->decay;
#define DH_ADAGRAD(LOAD, STORE)             \
  const vector t = LOAD(theta);             \
  const vector g = LOAD(gradient) + l2 * t; \
  const vector s = LOAD(squares) + g * g;   \
  STORE(squares, s);                        \
  STORE(theta, decay * t - rate * g / (__builtin_elementwise_sqrt(s) + epsilon));
  DH_UPDATE(DH_ADAGRAD)
}

static void DH_NAME(rmsprop)(const dh_update *u, const float *gradient, float *squares, float *delta, float *theta,
                             size_t count) {
  const float rate = u->rate, alpha = u->momentum, epsilon = u->epsilon, l2 = u->l2, decay = u->decay;
  const float beta = u->second, rest = u->second_rest;
#define DH_RMSPROP(LOAD, STORE)                                \
  const vector t = LOAD(theta);                                \
  const vector g = LOAD(gradient) + l2 * t;                    \
  const vector s = beta * LOAD(squares) + rest * g * g;        \
  const vector step = rate * g / (__builtin_elementwise_sqrt(s) + epsilon); \
  STORE(squares, s);
#define DH_RMSPROP_PLAIN(LOAD, STORE) \
  DH_RMSPROP(LOAD, STORE)             \
  STORE(theta, decay * t - step);
#define DH_RMSPROP_MOMENTUM(LOAD, STORE)         \
  DH_RMSPROP(LOAD, STORE)                        \
  const vector d = alpha * LOAD(delta) - step;   \
  STORE(delta, d);                               \
  STORE(theta, decay * t + d);
  if (delta) DH_UPDATE(DH_RMSPROP_MOMENTUM)
  else DH_UPDATE(DH_RMSPROP_PLAIN)
}

static void DH_NAME(nadam)(const dh_update *u, const float *gradient, float *first, float *second, float *theta,
                           size_t count) {
  const float beta1 = u->momentum, beta2 = u->second, epsilon = u->epsilon, l2 = u->l2, decay = u->decay;
  const float rest1 = u->momentum_rest, rest2 = u->second_rest;
  const float of_first = u->rate * u->first_correction, of_gradient = u->rate * u->gradient_correction;
  const float correction = u->second_correction;
#define DH_NADAM(LOAD, STORE)                                        \
  const vector t = LOAD(theta);                                      \
  const vector g = LOAD(gradient) + l2 * t;                          \
  const vector m = beta1 * LOAD(first) + rest1 * g;                  \
  const vector v = beta2 * LOAD(second) + rest2 * g * g;             \
  const vector ahead = of_first * m + of_gradient * g;               \
  STORE(first, m);                                                   \
  STORE(second, v);                                                  \
  STORE(theta, decay * t - ahead / (__builtin_elementwise_sqrt(v * correction) + epsilon));
  DH_UPDATE(DH_NADAM)
}

/// 1, −1 or 0; what is not a number stays so, for a run that diverges is found out by it.
DH_INLINE vector sign_of(vector x) { return choose(x > 0, broadcast(1), choose(x < 0, broadcast(-1), x)); }

static void DH_NAME(lion)(const dh_update *u, const float *gradient, float *mean, float *theta, size_t count) {
  const float beta1 = u->momentum, beta2 = u->second, l2 = u->l2, decay = u->decay, rate = u->rate;
  const float rest1 = u->momentum_rest, rest2 = u->second_rest;
#define DH_LION(LOAD, STORE)                                 \
  const vector t = LOAD(theta);                              \
  const vector g = LOAD(gradient) + l2 * t;                  \
  const vector m = LOAD(mean);                               \
  STORE(mean, beta2 * m + rest2 * g);                        \
  STORE(theta, decay * t - rate * sign_of(beta1 * m + rest1 * g));
  DH_UPDATE(DH_LION)
}
