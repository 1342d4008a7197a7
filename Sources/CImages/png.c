#include "CImages.h"
#include "library.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// libpng's simplified interface ("png_image"), whose layout is part of the ABI of libpng16.
typedef struct {
  void *opaque;
  uint32_t version, width, height, format, flags, colormap_entries, warning_or_error;
  char message[64];
} png_image;

enum {
  version_1 = 1,
  format_alpha = 1,
  format_color = 2,
  flag_16_bit_srgb = 4,  // 16 bits are no other light than 8
};

static struct {
  int (*begin)(png_image *, const void *, size_t);
  int (*finish)(png_image *, const void *, void *, int32_t, void *);
  void (*release)(png_image *);
} libpng;

#if defined(__APPLE__)
static const char *const names[] = {"libpng16.16.dylib", "/opt/homebrew/lib/libpng16.16.dylib", NULL};
#else
static const char *const names[] = {"libpng16.so.16", "libpng16.so", NULL};
#endif

static void load(void) {
  void *library = dh_open_library(names);
  if (library == NULL) return;
  *(void **)&libpng.begin = dlsym(library, "png_image_begin_read_from_memory");
  *(void **)&libpng.finish = dlsym(library, "png_image_finish_read");
  *(void **)&libpng.release = dlsym(library, "png_image_free");
}

/// Lays pixels with an alpha channel behind their others on white: c·a + 255·(1 − a), rounded once.
static void lay_on_white(const uint8_t *from, size_t pixels, int channels, uint8_t *to) {
  for (size_t i = 0; i < pixels; i++) {
    unsigned alpha = from[channels];
    for (int c = 0; c < channels; c++) *to++ = (uint8_t)((from[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    from += channels + 1;
  }
}

dh_image_outcome dh_png_decode(
    const uint8_t *bytes, size_t count, int width, int height, int channels, uint8_t *pixels,
    char message[DH_IMAGE_MESSAGE]) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (libpng.begin == NULL || libpng.finish == NULL || libpng.release == NULL) {
    snprintf(message, DH_IMAGE_MESSAGE, "%s", names[0]);
    return dh_image_no_library;
  }
  png_image image = {.version = version_1};
  uint8_t *with_alpha = NULL;
  dh_image_outcome outcome = dh_image_broken;
  size_t size = (size_t)width * (size_t)height;
  if (!libpng.begin(&image, bytes, count)) {
    snprintf(message, DH_IMAGE_MESSAGE, "libpng: %s", image.message);
  } else if (image.width != (uint32_t)width || image.height != (uint32_t)height) {
    snprintf(message, DH_IMAGE_MESSAGE, "libpng finds %u × %u pixels", image.width, image.height);
  } else {
    int has_alpha = (image.format & format_alpha) != 0;
    image.format = (channels == 3 ? format_color : 0) | (has_alpha ? format_alpha : 0);
    image.flags |= flag_16_bit_srgb;
    if (has_alpha) with_alpha = malloc(size * (size_t)(channels + 1));
    if (has_alpha && with_alpha == NULL) {
      snprintf(message, DH_IMAGE_MESSAGE, "there is no memory for %d × %d pixels", width, height);
    } else if (!libpng.finish(&image, NULL, has_alpha ? with_alpha : pixels, 0, NULL)) {
      snprintf(message, DH_IMAGE_MESSAGE, "libpng: %s", image.message);
    } else {
      if (has_alpha) lay_on_white(with_alpha, size, channels, pixels);
      outcome = dh_image_decoded;
    }
  }
  free(with_alpha);
  libpng.release(&image);
  return outcome;
}
