#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

/// Images from PNG and JPEG files, and images of other sizes. The libraries that decode are looked for when they are needed:
/// nothing links to them, and a build needs none of their headers.

typedef enum {
  dh_image_decoded = 0,
  dh_image_no_library,  ///< the message names the file that was looked for
  dh_image_broken,      ///< the message says what the library found
} dh_image_outcome;

#define DH_IMAGE_MESSAGE 256

/// Decodes a PNG file through libpng into pixels in reading order.
/// - channels: 1 for images without colour, 3 for those with it; what is transparent is laid on white. 16 bits are rounded
///   to 8.
/// - pixels: height × width × channels bytes.
dh_image_outcome dh_png_decode(
    const uint8_t *bytes, size_t count, int width, int height, int channels, uint8_t *pixels,
    char message[DH_IMAGE_MESSAGE]);

/// Decodes a JPEG file through libjpeg-turbo likewise.
dh_image_outcome dh_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, int channels, uint8_t *pixels,
    char message[DH_IMAGE_MESSAGE]);

/// An image in another size: along each axis the mean over the area of a pixel where it shrinks, straight lines between the
/// middles of pixels where it grows. In float, rounded once.
/// Returns 0, or −1 where there is no memory.
int dh_image_scale(
    const uint8_t *pixels, int width, int height, int channels, uint8_t *scaled, int new_width, int new_height);

#endif
