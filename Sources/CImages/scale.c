#include "CImages.h"

#include <math.h>
#include <stdlib.h>

// The same bits on all processors.
#pragma STDC FP_CONTRACT OFF

/// Which pixels along an axis make one of the new ones, and how much of each.
typedef struct {
  int first, count;
  const float *weights;
} window;

/// The windows of one axis; their weights stand in one block behind them. NULL: there is no memory.
static window *make_windows(int size, int new_size) {
  double step = (double)size / new_size;
  int most = (int)ceil(step) + 2;
  window *windows = malloc((size_t)new_size * (sizeof(window) + (size_t)most * sizeof(float)));
  if (windows == NULL) return NULL;
  float *weights = (float *)(windows + new_size);
  for (int i = 0; i < new_size; i++, weights += most) {
    windows[i].weights = weights;
    if (step <= 1) {  // between the middles of two pixels
      double place = (i + 0.5) * step - 0.5;
      int first = (int)floor(place);
      double share = place - first;
      if (first < 0) first = 0, share = 0;
      int count = first + 1 < size ? 2 : 1;
      windows[i].first = first;
      windows[i].count = count;
      weights[0] = count == 2 ? (float)(1 - share) : 1;
      if (count == 2) weights[1] = (float)share;
    } else {  // the pixels that it covers, those at the ends in part
      double start = i * step, end = (i + 1) * step;
      int first = (int)floor(start), last = (int)ceil(end);
      if (last > size) last = size;
      windows[i].first = first;
      windows[i].count = last - first;
      for (int j = first; j < last; j++) {
        double from = start > j ? start : j, to = end < j + 1 ? end : j + 1;
        weights[j - first] = to > from ? (float)((to - from) / step) : 0;
      }
    }
  }
  return windows;
}

/// A row in its new width.
static void narrow(const uint8_t *from, const window *across, int new_width, int channels, float *to) {
  for (int x = 0; x < new_width; x++) {
    const uint8_t *first = from + (size_t)across[x].first * (size_t)channels;
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (int i = 0; i < across[x].count; i++) sum += across[x].weights[i] * first[i * channels + c];
      *to++ = sum;
    }
  }
}

int dh_image_scale(
    const uint8_t *pixels, int width, int height, int channels, uint8_t *scaled, int new_width, int new_height) {
  window *across = make_windows(width, new_width), *down = make_windows(height, new_height);
  size_t row = (size_t)new_width * (size_t)channels;
  // Two rows in their new width, one of an even number and one of an odd one: a window begins with the last row of the one
  // before it, or has two rows. Then a row of sums.
  float *rows = malloc(3 * row * sizeof(float));
  int outcome = across && down && rows ? 0 : -1;
  int held[2] = {-1, -1};
  for (int y = 0; outcome == 0 && y < new_height; y++) {
    float *sums = rows + 2 * row;
    for (size_t x = 0; x < row; x++) sums[x] = 0;
    for (int i = 0; i < down[y].count; i++) {
      int from = down[y].first + i;
      float *narrowed = rows + (size_t)(from & 1) * row, weight = down[y].weights[i];
      if (held[from & 1] != from) {
        narrow(pixels + (size_t)from * (size_t)width * (size_t)channels, across, new_width, channels, narrowed);
        held[from & 1] = from;
      }
      for (size_t x = 0; x < row; x++) sums[x] += weight * narrowed[x];
    }
    for (size_t x = 0; x < row; x++) {
      float rounded = floorf(sums[x] + 0.5f);
      *scaled++ = (uint8_t)(rounded < 0 ? 0 : rounded > 255 ? 255 : rounded);
    }
  }
  free(across);
  free(down);
  free(rows);
  return outcome;
}
