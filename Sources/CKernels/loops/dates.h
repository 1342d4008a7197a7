// Moments as places in the year, the week and the day. In double, operation by operation, as the columns of numbers.

#define DH_DAY 86400.0

/// Days from 1970-01-01 to 1 January of a year (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
DH_INLINE double first_day_of(double year) {
  const double before = year - 1;
  return before * 365 + __builtin_floor(before / 4) - __builtin_floor(before / 100) + __builtin_floor(before / 400) - 719162;
}

/// The part of the year, from its beginning, in [0, 1).
DH_INLINE double part_of_year(double days) {
#pragma clang fp contract(off)
  // The mean year's length may be a year off, next to New Year.
  double year = 1970 + __builtin_floor(days / 365.2425);
  if (days < first_day_of(year)) year -= 1;
  else if (days >= first_day_of(year + 1)) year += 1;
  const double start = first_day_of(year);
  return (days - start) / (first_day_of(year + 1) - start);
}

DH_INLINE double part_of_cycle(dh_cycle cycle, double moment) {
#pragma clang fp contract(off)
  const double days = moment / DH_DAY;
  if (cycle == dh_cycle_year) return part_of_year(days);
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  const double periods = cycle == dh_cycle_week ? (moment + 3 * DH_DAY) / (7 * DH_DAY) : days;
  return periods - __builtin_floor(periods);
}

/// sin 2πf and cos 2πf for f in [0, 1], by their series over an eighth of the circle to either side: exact to 10⁻¹⁶.
DH_INLINE void sine_and_cosine(double f, double *sine, double *cosine) {
#pragma clang fp contract(off)
  const double quarter = __builtin_floor(4 * f + 0.5);
  const double r = (4 * f - quarter) * 1.57079632679489661923, x = r * r;
  const double s =
      r * (1 + x * (-1.0 / 6 + x * (1.0 / 120 + x * (-1.0 / 5040 + x * (1.0 / 362880 + x * (-1.0 / 39916800 +
           x * (1.0 / 6227020800 + x * (-1.0 / 1307674368000))))))));
  const double c =
      1 + x * (-1.0 / 2 + x * (1.0 / 24 + x * (-1.0 / 720 + x * (1.0 / 40320 + x * (-1.0 / 3628800 +
          x * (1.0 / 479001600 + x * (-1.0 / 87178291200 + x * (1.0 / 20922789888000))))))));
  switch ((int)quarter & 3) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = -s; break;
    case 2: *sine = -s, *cosine = -c; break;
    default: *sine = -c, *cosine = s; break;
  }
}

static void DH_NAME(encode_cycle)(dh_cycle cycle, const double *moments, const int32_t *rows, float *sine, float *cosine,
                                  size_t count) {
  for (size_t i = 0; i < count; i++) {
    const double moment = moments[rows ? (size_t)rows[i] : i];
    double s = 0, c = 0;
    // NaN: missing.
    if (moment == moment) sine_and_cosine(part_of_cycle(cycle, moment), &s, &c);
    sine[i] = (float)s, cosine[i] = (float)c;
  }
}
