// Loops over runs of floats: whole vectors, then what is left at the end, with the same operations.

/// y[i] = expression of v = x[i].
#define DH_EACH(expression)                              \
  {                                                      \
    size_t i = 0;                                        \
    for (; i + DH_LANES <= count; i += DH_LANES) {       \
      const vector v = load(x + i);                      \
      store(y + i, (expression));                        \
    }                                                    \
    if (i < count) {                                     \
      const vector v = load_part(x + i, count - i);      \
      store_part(y + i, (expression), count - i);        \
    }                                                    \
  }

/// y[i] and z[i] = expressions of v = x[i], after some statements that both use.
#define DH_EACH_TWO(statements, first, second)           \
  {                                                      \
    size_t i = 0;                                        \
    for (; i + DH_LANES <= count; i += DH_LANES) {       \
      const vector v = load(x + i);                      \
      statements;                                        \
      store(z + i, (second));                            \
      store(y + i, (first));                             \
    }                                                    \
    if (i < count) {                                     \
      const vector v = load_part(x + i, count - i);      \
      statements;                                        \
      store_part(z + i, (second), count - i);            \
      store_part(y + i, (first), count - i);             \
    }                                                    \
  }

/// z[i] = expression of v = x[i] and w = y[i].
#define DH_EACH_PAIR(expression)                         \
  {                                                      \
    size_t i = 0;                                        \
    for (; i + DH_LANES <= count; i += DH_LANES) {       \
      const vector v = load(x + i), w = load(y + i);     \
      store(z + i, (expression));                        \
    }                                                    \
    if (i < count) {                                     \
      const vector v = load_part(x + i, count - i);      \
      const vector w = load_part(y + i, count - i);      \
      store_part(z + i, (expression), count - i);        \
    }                                                    \
  }
