// Updates of a block of parameters. g is the gradient with the L2 penalty's part, λθ.

static void DH_NAME(descend)(const dh_update *u, const float *restrict gradient, float *restrict theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay;
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i] + l2 * theta[i];
    theta[i] = decay * theta[i] - rate * g;
  }
}

static void DH_NAME(momentum)(const dh_update *u, const float *restrict gradient, float *restrict delta,
                              float *restrict theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay, alpha = u->momentum;
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i] + l2 * theta[i];
    delta[i] = alpha * delta[i] - rate * g;
    theta[i] = decay * theta[i] + delta[i];
  }
}

static void DH_NAME(nesterov)(const dh_update *u, const float *restrict gradient, float *restrict delta,
                              float *restrict theta, size_t count) {
  const float rate = u->rate, l2 = u->l2, decay = u->decay, alpha = u->momentum;
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i] + l2 * theta[i];
    delta[i] = alpha * delta[i] - rate * g;
    theta[i] = decay * theta[i] + (alpha * delta[i] - rate * g);
  }
}

static void DH_NAME(adam)(const dh_update *u, const float *restrict gradient, float *restrict first,
                          float *restrict second, float *restrict theta, size_t count) {
  const float beta1 = u->momentum, beta2 = u->second, epsilon = u->epsilon, l2 = u->l2, decay = u->decay;
  const float rest1 = u->momentum_rest, rest2 = u->second_rest;
  const float rate = u->rate * u->first_correction, correction = u->second_correction;
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i] + l2 * theta[i];
    first[i] = beta1 * first[i] + rest1 * g;
    second[i] = beta2 * second[i] + rest2 * g * g;
    theta[i] = decay * theta[i] - rate * first[i] / (__builtin_sqrtf(second[i] * correction) + epsilon);
  }
}
