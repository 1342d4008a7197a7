#include "CImages.h"
#include "library.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The TurboJPEG interface of libjpeg-turbo, which needs no structures.
static struct {
  void *(*make)(void);
  int (*header)(void *, const unsigned char *, unsigned long, int *, int *, int *, int *);
  int (*decode)(void *, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
  int (*destroy)(void *);
  char *(*error_text)(void *);
  int (*error_code)(void *);
} turbo;

enum { pixels_rgb = 0, pixels_gray = 6, accurate_dct = 4096, limit_scans = 32768, only_a_warning = 0 };

#if defined(__APPLE__)
static const char *const names[] = {"libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.0.dylib", NULL};
#else
static const char *const names[] = {"libturbojpeg.so.0", "libturbojpeg.so", NULL};
#endif

static void load(void) {
  void *library = dh_open_library(names);
  if (library == NULL) return;
  *(void **)&turbo.make = dlsym(library, "tjInitDecompress");
  *(void **)&turbo.header = dlsym(library, "tjDecompressHeader3");
  *(void **)&turbo.decode = dlsym(library, "tjDecompress2");
  *(void **)&turbo.error_text = dlsym(library, "tjGetErrorStr2");
  *(void **)&turbo.error_code = dlsym(library, "tjGetErrorCode");
  *(void **)&turbo.destroy = dlsym(library, "tjDestroy");
}

/// Bytes between the parts of a file are no loss, and some cameras leave them.
static int is_harmless(void *handle) {
  return turbo.error_code(handle) == only_a_warning && strstr(turbo.error_text(handle), "extraneous bytes") != NULL;
}

dh_image_outcome dh_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, int channels, uint8_t *pixels,
    char message[DH_IMAGE_MESSAGE]) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (turbo.make == NULL || turbo.header == NULL || turbo.decode == NULL || turbo.error_text == NULL ||
      turbo.error_code == NULL || turbo.destroy == NULL) {
    snprintf(message, DH_IMAGE_MESSAGE, "%s", names[0]);
    return dh_image_no_library;
  }
  void *handle = turbo.make();
  if (handle == NULL) {
    snprintf(message, DH_IMAGE_MESSAGE, "there is no memory for libjpeg-turbo");
    return dh_image_broken;
  }
  int found_width = 0, found_height = 0, subsampling = 0, colors = 0;
  dh_image_outcome outcome = dh_image_broken;
  if (turbo.header(handle, bytes, count, &found_width, &found_height, &subsampling, &colors) != 0 &&
      !is_harmless(handle)) {
    snprintf(message, DH_IMAGE_MESSAGE, "libjpeg-turbo: %s", turbo.error_text(handle));
  } else if (found_width != width || found_height != height) {
    snprintf(message, DH_IMAGE_MESSAGE, "libjpeg-turbo finds %d × %d pixels", found_width, found_height);
  } else if (
      turbo.decode(
          handle, bytes, count, pixels, width, 0, height, channels == 3 ? pixels_rgb : pixels_gray,
          accurate_dct | limit_scans) != 0 &&
      !is_harmless(handle)) {
    snprintf(message, DH_IMAGE_MESSAGE, "libjpeg-turbo: %s", turbo.error_text(handle));
  } else {
    outcome = dh_image_decoded;
  }
  turbo.destroy(handle);
  return outcome;
}
