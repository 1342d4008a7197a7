// Pooling: a number of each window and channel of an image. Channels are neighbours in memory, so a vector holds some of them.

/// The pixels of a window that are in the image, and how far it reaches beyond it at its beginning.
typedef struct {
  size_t top, bottom, left, right;
  size_t skipped_y, skipped_x;
} window;

DH_INLINE window window_at(const dh_windows *w, size_t row, size_t column) {
  const size_t y = row * w->stride_y, x = column * w->stride_x;
  const size_t bottom = y + w->kernel_height, right = x + w->kernel_width;
  window v;
  v.skipped_y = y < w->top ? w->top - y : 0, v.skipped_x = x < w->left ? w->left - x : 0;
  v.top = y + v.skipped_y - w->top, v.left = x + v.skipped_x - w->left;
  v.bottom = bottom - w->top < w->height ? bottom - w->top : w->height;
  v.right = right - w->left < w->width ? right - w->left : w->width;
  return v;
}

/// Whether each pixel is in one window: then a derivative is written once.
DH_INLINE int windows_are_disjoint(const dh_windows *w) {
  return !w->top && !w->left && w->stride_y == w->kernel_height && w->stride_x == w->kernel_width &&
         w->out_height * w->stride_y == w->height && w->out_width * w->stride_x == w->width;
}

/// For each window: `body` for its channels, a vector's at a time, of which `count` are there (a constant for whole vectors).
#define DH_EACH_WINDOW(body)                                                                                       \
  for (size_t row = 0; row < w->out_height; row++) {                                                               \
    for (size_t column = 0; column < w->out_width; column++) {                                                     \
      const window v = window_at(w, row, column);                                                                  \
      const size_t place = (row * w->out_width + column) * w->channels;                                            \
      size_t c = 0;                                                                                                \
      for (; c + DH_LANES <= w->channels; c += DH_LANES) body(DH_LANES);                                           \
      if (c < w->channels) body(w->channels - c);                                                                  \
    }                                                                                                              \
  }

DH_INLINE vector load_count(const float *p, size_t count) { return count == DH_LANES ? load(p) : load_part(p, count); }
DH_INLINE void store_count(float *p, vector v, size_t count) {
  if (count == DH_LANES) store(p, v);
  else store_part(p, v, count);
}

/// The largest of a window, the first of several; `taken`, if not NULL, gets its number among the window's pixels.
DH_INLINE void take_largest(const dh_windows *w, const window *v, const float *x, float *y, float *taken, size_t count) {
  vector largest = broadcast(-__builtin_inff());
  vector number = broadcast((float)(v->skipped_y * w->kernel_width + v->skipped_x));
  for (size_t i = v->top; i < v->bottom; i++) {
    float position = (float)((v->skipped_y + i - v->top) * w->kernel_width + v->skipped_x);
    for (size_t j = v->left; j < v->right; j++, position += 1.0f) {
      const vector value = load_count(x + (i * w->width + j) * w->channels, count);
      const integers is_larger = (value > largest) | (value != value);
      largest = choose(is_larger, value, largest);
      number = choose(is_larger, broadcast(position), number);
    }
  }
  store_count(y, largest, count);
  if (taken) store_count(taken, number, count);
}

static void DH_NAME(max_pool)(const dh_windows *w, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, float *taken,
                              ptrdiff_t taken_row) {
  for (size_t image = 0; image < w->images; image++, x += x_row, y += y_row) {
#define DH_BODY(count) take_largest(w, &v, x + c, y + place + c, taken ? taken + place + c : NULL, count)
    DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
    if (taken) taken += taken_row;
  }
}

/// What a window's error gives to its pixels: all of it to the one that was taken, where `taken` is not NULL, else a share of
/// `share` to each. `adds` to what is there, or overwrites it.
DH_INLINE void give_error(const int adds, const dh_windows *w, const window *v, const float *dy, const float *taken,
                          float share, float *dx, size_t count) {
  const vector error = taken ? load_count(dy, count) : load_count(dy, count) * share, zero = broadcast(0);
  const vector number = taken ? load_count(taken, count) : zero;
  for (size_t i = v->top; i < v->bottom; i++) {
    float position = (float)((v->skipped_y + i - v->top) * w->kernel_width + v->skipped_x);
    for (size_t j = v->left; j < v->right; j++, position += 1.0f) {
      float *pixel = dx + (i * w->width + j) * w->channels;
      const vector part = taken ? choose(number == broadcast(position), error, zero) : error;
      store_count(pixel, adds ? load_count(pixel, count) + part : part, count);
    }
  }
}

static void DH_NAME(max_pool_back)(const dh_windows *w, const float *dy, ptrdiff_t dy_row, const float *taken,
                                   ptrdiff_t taken_row, float *dx, ptrdiff_t dx_row) {
  const int is_disjoint = windows_are_disjoint(w);
  for (size_t image = 0; image < w->images; image++, dy += dy_row, taken += taken_row, dx += dx_row) {
    if (is_disjoint) {
#define DH_BODY(count) give_error(0, w, &v, dy + place + c, taken + place + c, 0, dx + c, count)
      DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
    } else {
      __builtin_memset(dx, 0, w->height * w->width * w->channels * sizeof(float));
#define DH_BODY(count) give_error(1, w, &v, dy + place + c, taken + place + c, 0, dx + c, count)
      DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
    }
  }
}

/// 1 / pixels of a window, or of that part of it that is in the image.
DH_INLINE float share_of(const dh_windows *w, const window *v, int counts_border) {
  return 1.0f / (float)(counts_border ? w->kernel_height * w->kernel_width : (v->bottom - v->top) * (v->right - v->left));
}

DH_INLINE void take_mean(const dh_windows *w, const window *v, int counts_border, const float *x, float *y, size_t count) {
  vector sum = broadcast(0);
  for (size_t i = v->top; i < v->bottom; i++) {
    for (size_t j = v->left; j < v->right; j++) sum += load_count(x + (i * w->width + j) * w->channels, count);
  }
  store_count(y, sum * share_of(w, v, counts_border), count);
}

static void DH_NAME(average_pool)(const dh_windows *w, int counts_border, const float *x, ptrdiff_t x_row, float *y,
                                  ptrdiff_t y_row) {
  for (size_t image = 0; image < w->images; image++, x += x_row, y += y_row) {
#define DH_BODY(count) take_mean(w, &v, counts_border, x + c, y + place + c, count)
    DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
  }
}

static void DH_NAME(average_pool_back)(const dh_windows *w, int counts_border, const float *dy, ptrdiff_t dy_row, float *dx,
                                       ptrdiff_t dx_row) {
  const int is_disjoint = windows_are_disjoint(w);
  for (size_t image = 0; image < w->images; image++, dy += dy_row, dx += dx_row) {
    if (is_disjoint) {
#define DH_BODY(count) give_error(0, w, &v, dy + place + c, NULL, share_of(w, &v, counts_border), dx + c, count)
      DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
    } else {
      __builtin_memset(dx, 0, w->height * w->width * w->channels * sizeof(float));
#define DH_BODY(count) give_error(1, w, &v, dy + place + c, NULL, share_of(w, &v, counts_border), dx + c, count)
      DH_EACH_WINDOW(DH_BODY)
#undef DH_BODY
    }
  }
}
#undef DH_EACH_WINDOW

/// y = x with each channel of an image scaled.
static void DH_NAME(scale_channels)(const float *x, ptrdiff_t x_row, const float *scale, ptrdiff_t scale_row, float *y,
                                    ptrdiff_t y_row, size_t images, size_t pixels, size_t channels) {
  for (size_t image = 0; image < images; image++, x += x_row, scale += scale_row, y += y_row) {
    for (size_t i = 0; i < pixels; i++) {
      DH_NAME(multiply)(x + i * channels, scale, y + i * channels, channels);
    }
  }
}
