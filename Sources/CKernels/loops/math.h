// The transcendental functions, without branches or tables, on whole vectors. Each is accurate to 4 units in the last
// place or better over the whole range of float, and right at ±0, ±∞ and NaN.
// The polynomials are minimax fits of our own: Scripts/fits/polynomials.py.

DH_INLINE integers bits_of(vector x) { return (integers)x; }
DH_INLINE vector of_bits(integers bits) { return (vector)bits; }

/// The smaller of x and a limit; NaN stays NaN.
DH_INLINE vector at_most(vector x, float limit) { return choose(x > limit, broadcast(limit), x); }
/// The larger of two; x where it is no number.
DH_INLINE vector larger(vector x, vector limit) { return choose(x < limit, limit, x); }
DH_INLINE vector at_least(vector x, float limit) { return larger(x, broadcast(limit)); }

DH_INLINE vector magnitude(vector x) { return of_bits(bits_of(x) & 0x7fffffff); }

/// The magnitude of one and the sign of the other.
DH_INLINE vector with_sign(vector magnitude, vector sign) {
  return of_bits(bits_of(magnitude) | (bits_of(sign) & (int32_t)0x80000000));
}

/// 2ⁿ for −126 ≤ n ≤ 127, and 0 for n = −127.
DH_INLINE vector power_of_two(integers n) { return of_bits((n + 127) << 23); }

/// x = n ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite: ln 2 in two parts, n times the first is exact).
DH_INLINE vector reduce(vector x, integers *n) {
  const float shift = 12582912.0f;  // 1.5 · 2²³: adding it rounds to an integer, which stands in the last bits
  const vector shifted = x * 1.44269504f + shift;
  const vector count = shifted - shift;
  *n = bits_of(shifted) - bits_of(broadcast(shift));
  const vector r = x - count * 0.693359375f;
  return r + count * 2.12194440e-4f;
}

/// exp r − 1 for |r| ≤ ln 2 / 2.
DH_INLINE vector exp_minus_one(vector r) {
  vector p = broadcast(0x1.6a2352p-10f);
  p = p * r + 0x1.123a6cp-7f;
  p = p * r + 0x1.5558f4p-5f;
  p = p * r + 0x1.555490p-3f;
  p = p * r + 0x1.fffffcp-2f;
  return r * r * p + r;
}

/// exp x = 2ⁿ exp r.
DH_INLINE vector v_exp(vector x) {
  integers n;
  // Below the smallest float, n becomes −254, for which the factors are 0: a product that underflows takes many times
  // as long as any other, and rows of logits end in such lanes.
  const vector inside = choose(x < -104.0f, broadcast(-254 * 0.69314718f), at_most(x, 89.0f));
  const vector r = reduce(inside, &n);
  // Two factors, so that results near the ends of the range neither overflow nor flush early.
  const integers half = n >> 1;
  return (exp_minus_one(r) + 1.0f) * power_of_two(half) * power_of_two(n - half);
}

/// exp x − 1 = 2ⁿ (exp r − 1) + (2ⁿ − 1), halved until the end, where 2ⁿ may overflow.
DH_INLINE vector v_expm1(vector x) {
  integers n;
  const vector r = reduce(at_least(at_most(x, 89.0f), -30.0f), &n);
  const vector scale = power_of_two(n - 1);
  const vector result = 2.0f * (scale * exp_minus_one(r) + (scale - 0.5f));
  return choose(magnitude(x) < 0x1p-25f, x, result);  // the sign of 0, and all bits of the smallest
}

/// log u + add for a positive, finite u: u = 2ⁿ (1 + f) with √½ ≤ 1 + f < √2, and a polynomial for log(1 + f).
DH_INLINE vector log_plus(vector u, vector add) {
  const integers small = u < 0x1p-126f;
  const integers bits = bits_of(choose(small, u * 0x1p24f, u));
  const int32_t root = 0x3f3504f3;  // √½
  const integers shifted = bits - root;
  const vector f = of_bits((shifted & 0x7fffff) + root) - 1.0f;
  const vector n = __builtin_convertvector((shifted >> 23) - (small & 24), vector);
  vector p = broadcast(-0x1.38a8b6p-4f);
  p = p * f + 0x1.055e02p-3f;
  p = p * f - 0x1.0d88b8p-3f;
  p = p * f + 0x1.22da00p-3f;
  p = p * f - 0x1.5471eep-3f;
  p = p * f + 0x1.99a006p-3f;
  p = p * f - 0x1.000228p-2f;
  p = p * f + 0x1.555554p-2f;
  const vector square = f * f;
  vector tail = square * f * p + add;
  tail = tail - n * 2.12194440e-4f;
  tail = tail - 0.5f * square;
  return n * 0.693359375f + (f + tail);
}

DH_INLINE vector v_log(vector x) {
  const vector result = log_plus(x, broadcast(0));
  return choose(x == 0.0f, broadcast(-__builtin_inff()),
                choose(x < 0.0f, broadcast(__builtin_nanf("")), choose(x < __builtin_inff(), result, x)));
}

/// log(1 + x) = log u + (x − (u − 1)) / u, with u = 1 + x rounded: the second term makes up for what rounding lost.
DH_INLINE vector v_log1p(vector x) {
  const vector u = 1.0f + x;
  const vector result = log_plus(u, (x - (u - 1.0f)) / u);
  const vector inside = choose(magnitude(x) < 0x1p-25f, x, result);
  return choose(x == -1.0f, broadcast(-__builtin_inff()),
                choose(x < -1.0f, broadcast(__builtin_nanf("")), choose(x < __builtin_inff(), inside, x)));
}

/// tanh x = t / (t + 2), t = exp 2|x| − 1, with the sign of x.
DH_INLINE vector v_tanh(vector x) {
  const vector t = v_expm1(2.0f * at_most(magnitude(x), 10.0f));
  return with_sign(t / (t + 2.0f), x);
}

/// erf x for |x| ≤ 1.
DH_INLINE vector erf_near(vector x) {
  const vector t = x * x;
  vector p = broadcast(0x1.496a32p-14f);
  p = p * t - 0x1.a3f700p-11f;
  p = p * t + 0x1.5405b2p-8f;
  p = p * t - 0x1.b7f90ep-6f;
  p = p * t + 0x1.ce2cf8p-4f;
  p = p * t - 0x1.81273ep-2f;
  p = p * t + 0x1.06eba8p-3f;
  return p * x + x;
}

/// 1 − erf x for x ≥ 1.
DH_INLINE vector erfc_far(vector x) {
  vector p = broadcast(0x1.259404p-24f);
  p = p * x - 0x1.80ffc4p-19f;
  p = p * x + 0x1.c76812p-15f;
  p = p * x - 0x1.430026p-11f;
  p = p * x + 0x1.34db2ep-8f;
  p = p * x - 0x1.aa0cb0p-6f;
  p = p * x + 0x1.be2f80p-4f;
  p = p * x + 0x1.4451dcp-1f;
  p = p * x + 0x1.210b4ep+0f;
  p = p * x + 0x1.d10cbap-17f;
  return v_exp(-p);
}

DH_INLINE vector v_erf(vector x) {
  const vector size = magnitude(x);
  return choose(size < 1.0f, erf_near(x), with_sign(1.0f - erfc_far(at_most(size, 4.0f)), x));
}

/// Φ(x) = (1 + erf(x / √2)) / 2, the standard normal distribution; its lower tail keeps its relative accuracy.
DH_INLINE vector v_normal_cdf(vector x) {
  const vector z = x * 0.70710678f, size = magnitude(z);
  const vector tail = 0.5f * erfc_far(size);
  return choose(size < 1.0f, 0.5f * erf_near(z) + 0.5f, choose(z < 0.0f, tail, 1.0f - tail));
}

/// t less the nearest whole number. Floats beyond 2²² have no part of a turn left that means something: 0.
DH_INLINE vector part_of_turn(vector t) {
  const float shift = 12582912.0f;
  const vector whole = t + shift;
  return choose(magnitude(t) < 0x1p22f, t - (whole - shift), t - t);  // NaN of what is not finite
}

/// sin 2πz for |z| ≤ ¼.
DH_INLINE vector sin_near(vector z) {
  const vector t = z * z;
  vector p = broadcast(-0x1.cc345cp+3f);
  p = p * t + 0x1.500ff8p+5f;
  p = p * t - 0x1.32d112p+6f;
  p = p * t + 0x1.466bc0p+6f;
  p = p * t - 0x1.4abbcep+5f;
  p = p * t + 0x1.921fb6p+2f;
  return p * z;
}

/// cos 2πt and sin 2πt. With |r| ≤ ½ the part of a turn, cos 2πr = sin 2π(¼ − |r|), and likewise for the sine; the
/// differences are exact where the results are small.
DH_INLINE vector v_cos_turns(vector t) { return sin_near(0.25f - magnitude(part_of_turn(t))); }
DH_INLINE vector v_sin_turns(vector t) {
  const vector r = part_of_turn(t);
  const vector size = magnitude(r);
  return sin_near(choose(size > 0.25f, with_sign(0.5f - size, r), r));
}
