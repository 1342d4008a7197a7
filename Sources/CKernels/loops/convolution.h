// Convolutions as products, image by image: (pixels × patches) times (patches × output channels), its derivative with respect
// to the image likewise, and patches transposed times errors. Patches are not made: see patches.h. What they would have
// beyond the image is a border of zeros, so an image that has one is copied into scratch memory.

DH_INLINE size_t whole_vectors(size_t count) { return (count + DH_LANES - 1) / DH_LANES * DH_LANES; }

/// A frame of `height` rows of `row` floats, in which images of another size stand from (top, left) on, cut off where they
/// reach beyond it, with zeros around them.
typedef struct {
  size_t height, row;
  size_t top, left;
  size_t image_height, image_row;
  float *memory;
  int is_empty;  ///< no image was put into it yet
} frame;

/// The image in its frame: where it stands, or a copy. `pitch` floats from one row to the next.
DH_INLINE const float *framed(frame *f, const float *image, ptrdiff_t *pitch) {
  if (!f->top && !f->left && f->height <= f->image_height && f->row <= f->image_row) {
    *pitch = (ptrdiff_t)f->image_row;
    return image;
  }
  *pitch = (ptrdiff_t)f->row;
  if (f->is_empty) __builtin_memset(f->memory, 0, f->height * f->row * sizeof(float));
  f->is_empty = 0;
  const size_t rows = f->top < f->height ? f->height - f->top : 0, columns = f->left < f->row ? f->row - f->left : 0;
  const size_t copied = f->image_row < columns ? f->image_row : columns;
  for (size_t y = 0; y < rows && y < f->image_height; y++) {
    __builtin_memcpy(f->memory + (f->top + y) * f->row + f->left, image + y * f->image_row, copied * sizeof(float));
  }
  return f->memory;
}

/// For the windows of the outputs.
DH_INLINE frame frame_of_inputs(const dh_windows *w, float *memory) {
  return (frame){.height = (w->out_height - 1) * w->stride_y + w->kernel_height,
                 .row = ((w->out_width - 1) * w->stride_x + w->kernel_width) * w->channels,
                 .top = w->top, .left = w->left * w->channels,
                 .image_height = w->height, .image_row = w->width * w->channels, .memory = memory, .is_empty = 1};
}

/// Of `count` rows that are `step` apart, the first of them at `start`: those within an image's `height` rows. The others are
/// rows of zeros, which are not worth multiplying.
typedef struct {
  size_t first, end;
} inner_rows;

DH_INLINE inner_rows rows_within(size_t count, size_t step, ptrdiff_t start, size_t height) {
  inner_rows r = {0, 0};
  if (start < 0) r.first = ((size_t)-start + step - 1) / step;
  if (start < (ptrdiff_t)height) r.end = ((size_t)((ptrdiff_t)height - start) + step - 1) / step;
  if (r.end > count) r.end = count;
  if (r.first > r.end) r.first = r.end;
  return r;
}

static void DH_NAME(convolve)(const dh_windows *w, const float *x, ptrdiff_t x_row, const float *weights,
                              const float *bias, int is_rectified, float *y, ptrdiff_t y_row, float *scratch) {
  const size_t in = w->channels / w->groups, out = w->out_channels / w->groups;
  const size_t depth = w->kernel_height * w->kernel_width * in, panels = depth * whole_vectors(out);
  for (size_t g = 0; g < w->groups; g++) {
    DH_NAME(pack_b)(weights + g * out, (ptrdiff_t)w->out_channels, 1, depth, out, scratch + g * panels);
  }
  frame f = frame_of_inputs(w, scratch + w->groups * panels);
  // Where all channels are in one group, a row of a patch is one run.
  const size_t runs = w->groups == 1 ? 1 : w->kernel_width;
  const ptrdiff_t step = (ptrdiff_t)(w->stride_x * w->channels);
  for (size_t image = 0; image < w->images; image++, x += x_row, y += y_row) {
    ptrdiff_t pitch;
    const float *from = framed(&f, x, &pitch);
    for (size_t g = 0; g < w->groups; g++) {
      for (size_t j = 0; j < out; j += DH_TILE_COLUMNS) {
        const size_t columns = out - j < DH_TILE_COLUMNS ? out - j : DH_TILE_COLUMNS, channel = g * out + j;
        patch_tile t = {.a_row = step, .a_col = 1, .a_inner = (ptrdiff_t)w->channels, .a_outer = pitch,
                        .k = w->kernel_width * in / runs, .inner = runs,
                        .b_row = (ptrdiff_t)whole_vectors(columns), .start = bias ? bias + channel : NULL,
                        .c_row = (ptrdiff_t)w->out_channels,
                        .floor = is_rectified ? 0.0f : DH_NO_FLOOR};
        for (size_t row = 0; row < w->out_height; row++) {
          const inner_rows taps =
              rows_within(w->kernel_height, 1, (ptrdiff_t)(row * w->stride_y) - (ptrdiff_t)w->top, w->height);
          t.outer = taps.end - taps.first;
          t.a = from + (ptrdiff_t)(row * w->stride_y + taps.first) * pitch + g * in;
          t.b = scratch + g * panels + j * depth + taps.first * w->kernel_width * in * (size_t)t.b_row;
          t.c = y + row * w->out_width * w->out_channels + channel;
          run_patches(t, w->out_width, columns, step);
        }
      }
    }
  }
}

/// On the way back along one axis, pixels fall into phases by the remainder r of their place in the frame by the stride: those
/// of a phase are reached by the taps r, r + stride, … of the kernel, hence are a convolution with stride 1 of the errors.
typedef struct {
  size_t taps;
  size_t first, count;  ///< its pixels: the first of them, then each `stride` further on
  size_t place;         ///< of the first among the outputs: which of them its tap r belongs to
} phase;

DH_INLINE phase phase_of(size_t r, size_t kernel, size_t stride, size_t before, size_t size) {
  phase p = {.taps = r < kernel ? (kernel - r + stride - 1) / stride : 0};
  p.place = before > r ? (before - r + stride - 1) / stride : 0;
  p.first = p.place * stride + r - before;
  p.count = p.first < size ? (size - p.first + stride - 1) / stride : 0;
  return p;
}

/// The weights of a phase, as it goes through them: taps backwards, output channels along k and input channels as columns.
static void DH_NAME(pack_phase)(const dh_windows *w, const float *weights, size_t ry, size_t rx, phase py, phase px,
                                size_t g, float *packed) {
  const size_t in = w->channels / w->groups, out = w->out_channels / w->groups, depth = py.taps * px.taps * out;
  for (size_t j = 0; j < in; j += DH_TILE_COLUMNS) {
    const size_t columns = in - j < DH_TILE_COLUMNS ? in - j : DH_TILE_COLUMNS, stride = whole_vectors(columns);
    float *to = packed + j * depth;
    for (size_t ty = py.taps; ty-- > 0;) {
      for (size_t tx = px.taps; tx-- > 0; to += out * stride) {
        const size_t tap = (ry + ty * w->stride_y) * w->kernel_width + rx + tx * w->stride_x;
        DH_NAME(pack_strided)(weights + (tap * in + j) * w->out_channels + g * out, (ptrdiff_t)w->out_channels, out,
                              columns, stride, to);
      }
    }
  }
}

/// The derivative with respect to the image. Each pixel is one chain over the outputs that it had a part in.
static void DH_NAME(convolve_back)(const dh_windows *w, const float *dy, ptrdiff_t dy_row, const float *weights, float *dx,
                                   ptrdiff_t dx_row, float *scratch) {
  const size_t in = w->channels / w->groups, out = w->out_channels / w->groups;
  const size_t before_y = (w->kernel_height - 1) / w->stride_y, before_x = (w->kernel_width - 1) / w->stride_x;
  const int is_run = w->groups == 1;  // of all its taps and channels, a row of the kernel
  float *packed = scratch;
  for (size_t ry = 0; ry < w->stride_y; ry++) {
    const phase py = phase_of(ry, w->kernel_height, w->stride_y, w->top, w->height);
    for (size_t rx = 0; rx < w->stride_x; rx++) {
      const phase px = phase_of(rx, w->kernel_width, w->stride_x, w->left, w->width);
      for (size_t g = 0; g < w->groups; g++, packed += py.taps * px.taps * out * whole_vectors(in)) {
        DH_NAME(pack_phase)(w, weights, ry, rx, py, px, g, packed);
      }
    }
  }
  frame f = {.height = before_y + (w->height - 1 + w->top) / w->stride_y + 1,
             .row = (before_x + (w->width - 1 + w->left) / w->stride_x + 1) * w->out_channels,
             .top = before_y, .left = before_x * w->out_channels,
             .image_height = w->out_height, .image_row = w->out_width * w->out_channels, .memory = packed, .is_empty = 1};
  const ptrdiff_t pixel = (ptrdiff_t)w->out_channels;
  for (size_t image = 0; image < w->images; image++, dy += dy_row, dx += dx_row) {
    ptrdiff_t pitch;
    const float *errors = framed(&f, dy, &pitch);
    const float *panels = scratch;
    for (size_t ry = 0; ry < w->stride_y; ry++) {
      const phase py = phase_of(ry, w->kernel_height, w->stride_y, w->top, w->height);
      for (size_t rx = 0; rx < w->stride_x; rx++) {
        const phase px = phase_of(rx, w->kernel_width, w->stride_x, w->left, w->width);
        const size_t depth = py.taps * px.taps * out;
        for (size_t g = 0; g < w->groups; g++, panels += depth * whole_vectors(in)) {
          for (size_t j = 0; j < in; j += DH_TILE_COLUMNS) {
            const size_t columns = in - j < DH_TILE_COLUMNS ? in - j : DH_TILE_COLUMNS;
            patch_tile t = {.a_row = pixel, .a_col = 1, .a_inner = pixel, .a_outer = pitch,
                            .k = is_run ? px.taps * out : out, .inner = is_run ? 1 : px.taps,
                            .b_row = (ptrdiff_t)whole_vectors(columns),
                            .c_row = (ptrdiff_t)(w->stride_x * w->channels), .floor = DH_NO_FLOOR};
            for (size_t row = 0; row < py.count; row++) {
              // A phase without taps has no outputs to look at: its tiles store zeros.
              const size_t first = py.place + row + before_y + 1 - py.taps;
              const inner_rows taps = rows_within(py.taps, 1, (ptrdiff_t)first - (ptrdiff_t)before_y, w->out_height);
              t.outer = taps.end - taps.first;
              t.b = panels + j * depth + taps.first * px.taps * out * (size_t)t.b_row;
              t.a = errors + (ptrdiff_t)(first + taps.first) * pitch +
                    (ptrdiff_t)(px.place + before_x + 1 - px.taps) * pixel + g * out;
              t.c = dx + ((py.first + row * w->stride_y) * w->width + px.first) * w->channels + g * in + j;
              run_patches(t, px.count, columns, pixel);
            }
          }
        }
      }
    }
  }
}

/// The derivative with respect to the weights: each is one chain through all pixels of all images.
static void DH_NAME(convolution_gradient)(const dh_windows *w, const float *x, ptrdiff_t x_row, const float *dy,
                                          ptrdiff_t dy_row, float *dw, float *scratch) {
  const size_t in = w->channels / w->groups, out = w->out_channels / w->groups;
  const size_t pixels = w->out_height * w->out_width;
  const int packs = DH_MASKS != 512 && out % DH_LANES;  // so that the last vector can be read whole
  frame f = frame_of_inputs(w, scratch + (packs ? pixels * whole_vectors(out) : 0));
  // Rows of the kernel as one run, where all channels are in one group.
  const size_t taps = w->groups == 1 ? 1 : w->kernel_width, run = w->kernel_width * in / taps;
  for (size_t image = 0; image < w->images; image++, x += x_row, dy += dy_row) {
    ptrdiff_t pitch;
    const float *from = framed(&f, x, &pitch);
    for (size_t g = 0; g < w->groups; g++) {
      if (packs) DH_NAME(pack_b)(dy + g * out, (ptrdiff_t)w->out_channels, 1, pixels, out, scratch);
      for (size_t j = 0; j < out; j += DH_TILE_COLUMNS) {
        const size_t columns = out - j < DH_TILE_COLUMNS ? out - j : DH_TILE_COLUMNS;
        patch_tile t = {.a_row = 1, .a_col = (ptrdiff_t)(w->stride_x * w->channels),
                        .a_outer = (ptrdiff_t)w->stride_y * pitch, .k = w->out_width, .inner = 1,
                        .b_row = (ptrdiff_t)(packs ? whole_vectors(columns) : w->out_channels),
                        .start_row = (ptrdiff_t)w->out_channels, .c_row = (ptrdiff_t)w->out_channels,
                        .floor = DH_NO_FLOOR};
        for (size_t ky = 0; ky < w->kernel_height; ky++) {
          const inner_rows rows =
              rows_within(w->out_height, w->stride_y, (ptrdiff_t)ky - (ptrdiff_t)w->top, w->height);
          t.outer = rows.end - rows.first;
          t.b = (packs ? scratch + j * pixels : dy + g * out + j) + rows.first * w->out_width * (size_t)t.b_row;
          for (size_t kx = 0; kx < taps; kx++) {
            t.a = from + (ptrdiff_t)(rows.first * w->stride_y + ky) * pitch + kx * w->channels + g * in;
            t.c = dw + (ky * taps + kx) * run * w->out_channels + g * out + j;
            t.start = image ? t.c : NULL;
            run_patches(t, run, columns, 1);
          }
        }
      }
    }
  }
}
