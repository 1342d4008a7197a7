#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Every loop over floats. The loops are written once, in `loops/`, and compiled once for each instruction set;
/// a table of function pointers holds one such compilation. `dh_kernels_best` is the one this processor runs fastest.
typedef enum {
  dh_portable = 0,  ///< what every processor of the architecture has: SSE2 on x86-64, NEON on arm64
  dh_avx2 = 1,      ///< AVX2 with FMA (x86-64-v3)
  dh_avx512 = 2,    ///< AVX-512 F, BW, CD, DQ, VL (x86-64-v4)
  dh_portable_wide = 3,  ///< the AVX-512 tile shapes compiled for any processor, to test them where there is no AVX-512
} dh_instruction_set;

/// The elementwise functions, with p and q of `dh_elementwise`.
typedef enum {
  dh_identity = 0,
  dh_relu,        ///< max(x, 0)
  dh_leaky_relu,  ///< x > 0 ? x : p x
  dh_elu,         ///< x > 0 ? x : p (exp x − 1)
  dh_selu,        ///< λ (x > 0 ? x : α (exp x − 1)) with the constants of Klambauer et al., 2017
  dh_sigmoid,     ///< 1 / (1 + exp −x)
  dh_tanh,
  dh_gelu,  ///< x Φ(x), Φ by the error function
  dh_silu,  ///< x · sigmoid x
  dh_mish,  ///< x · tanh(log(1 + exp x))
  dh_softplus,   ///< log(1 + exp px) / p
  dh_hard_tanh,  ///< p where x < p, q where x > q, else x
} dh_activation;

/// An elementwise function and its constants.
typedef struct {
  dh_activation kind;
  float p, q;
} dh_elementwise;
/// Losses of one output and its target. p is a setting for the whole loss, q one of each output.
typedef enum {
  dh_absolute = 0,     ///< |ŷ − y|
  dh_huber,            ///< (ŷ − y)²/2 where |ŷ − y| ≤ p, else p (|ŷ − y| − p/2)
  dh_pinball,          ///< y > ŷ ? q (y − ŷ) : (1 − q) (ŷ − y)
  dh_poisson,          ///< exp ŷ − y ŷ
  dh_weighted_binary,  ///< −q y log σ(ŷ) − (1 − y) log(1 − σ(ŷ))
  dh_focal_binary,     ///< binary cross-entropy of σ(ŷ), times (1 − p(y))^p₀, times p₁ or 1 − p₁ where p₁ ≥ 0
} dh_element_loss;

/// C[m × n] = f(A[m × k] · B[k × n] + bias), bias a row for all rows of C and f a function of one number; or C += A · B.
/// Element (i, l) of A is at a[i * a_row + l * a_col], likewise B: a transposed operand is a matter of its strides,
/// and one of the two strides of each operand is 1. Each element of C is summed over k in ascending order; where n ≤ 12 and
/// A is not transposed, as a dot product, with a sum for each lane of a vector. That depends on n, k and the operands'
/// layout alone, so cutting a product along m does not change its bits, nor along n where no part is that narrow.
///
/// Where `most_rows` says that the whole product, of which this may be a part, has few rows, products with B transposed are
/// dot products too, which is up to four times as fast.
typedef struct {
  size_t m, n, k;
  size_t most_rows;  ///< rows of the whole product, or 0: not known
  const float *a;
  ptrdiff_t a_row, a_col;
  const float *b;
  ptrdiff_t b_row, b_col;
  const float *bias;  ///< n floats that every row of C starts from, or NULL
  float *c;
  ptrdiff_t c_row;
  int accumulate;  ///< nonzero: add to what C holds; `bias` is NULL then, and `activation` the identity
  dh_elementwise activation;  ///< f; all 0 is the identity
  float *derivative;  ///< m × n, gets f′ of what f was applied to, or NULL
  ptrdiff_t derivative_row;
  float scale;          ///< not 0: C = f(scale · A · B + offset); `bias` is NULL then, and `accumulate` 0
  const float *offset;  ///< n floats, or NULL
  float *b_sums;  ///< n floats, gets Σ_l B[l][j], l ascending, or NULL
} dh_product;

/// Functions by themselves, each accurate to 4 units in the last place over the whole range of float.
typedef enum { dh_exp = 0, dh_expm1, dh_log, dh_log1p, dh_tanh_function, dh_erf } dh_function;

/// What an optimizer needs to know for one update of a block of parameters.
typedef struct {
  float rate;              ///< η
  float momentum;          ///< α (momentum, Nesterov, RMSprop), β₁ (Adam, NAdam, Lion)
  float second;            ///< β₂ (Adam, NAdam, Lion), β (RMSprop)
  float momentum_rest;     ///< 1 − β₁: given, because in float 1 − 0.999f is off by 1e-5
  float second_rest;       ///< 1 − β₂
  float epsilon;           ///< ε (Adam, NAdam, AdaGrad, RMSprop)
  float l2;                ///< λ of the L2 penalty: λθ is added to the gradient
  float decay;             ///< what θ is multiplied with before the update: 1 − ηλ for decoupled weight decay
  float first_correction;  ///< 1 / (1 − β₁ᵗ); NAdam: what m is multiplied with
  float second_correction; ///< 1 / (1 − β₂ᵗ)
  float gradient_correction;  ///< NAdam: what g is multiplied with
} dh_update;

/// How a number x becomes one that a network likes: z = (x − offset) · scale, held within ±2⁶⁴, and where `clips`
/// z / √(1 + (z/3)²) of that. Worked out in double, then rounded. 0 where the scale is 0, whatever x is.
typedef struct {
  double offset, scale;
  int clips;
  float filling;  ///< what a missing number, a NaN, becomes
} dh_scaling;

/// Rows that are encoded column by column before the next ones: their part of the matrix stays in the nearest cache.
enum { dh_block_rows = 64 };

/// Periods of time.
typedef enum { dh_cycle_year, dh_cycle_week, dh_cycle_day } dh_cycle;

/// The place of a category that nobody knows, for `mark_places`.
enum { dh_unknown_place = -2 };

/// Windows over images. An image is height × width pixels in reading order, each with its channels one after the other. The
/// output at (i, j) sees kernel_height × kernel_width pixels from (i · stride_y − top, j · stride_x − left) on; beyond the
/// image there are zeros, which pooling leaves out.
typedef struct {
  size_t images;
  size_t height, width, channels;
  size_t out_height, out_width;
  size_t kernel_height, kernel_width;
  size_t stride_y, stride_x;
  size_t top, left;
  // Of convolutions: channels are in so many groups, each output channel sees those of its group.
  size_t out_channels, groups;
} dh_windows;

/// Floats of a thread's memory for convolutions: weights as they are multiplied with, and one image with a border.
enum { dh_image_scratch = 1 << 24 };

struct dh_kernels {
  dh_instruction_set instruction_set;

  /// `scratch`: `product_scratch` floats, 64-byte aligned, for packed operands.
  void (*product)(const dh_product *product, float *scratch);
  size_t product_scratch;

  /// y = f(x). x and y may be the same.
  void (*activate)(dh_elementwise f, const float *x, float *y, size_t count);
  /// dx = dy · f′, read off the output y where `dh_derivative_from_output(f.kind)`, else off the input x.
  /// dy and dx may be the same.
  void (*activate_derivative)(dh_elementwise f, const float *reference, const float *dy, float *dx, size_t count);

  /// y = f(x) and derivative = f′(x), which costs little more than f. x and y may be the same.
  void (*activate_keeping)(dh_elementwise f, const float *x, float *y, float *derivative, size_t count);

  /// y = f(x). x and y may be the same.
  void (*evaluate)(dh_function kind, const float *x, float *y, size_t count);

  /// y = exp(x − max) / Σ exp(x − max), row by row. x and y may be the same.
  void (*softmax)(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, size_t rows, size_t columns);
  /// dx = y ⊙ (dy − Σ y dy), row by row.
  void (*softmax_derivative)(const float *y, ptrdiff_t y_row, const float *dy, ptrdiff_t dy_row, float *dx,
                             ptrdiff_t dx_row, size_t rows, size_t columns);

  /// out[j] (+)= Σ_i x[i][j], i ascending.
  void (*column_sums)(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, float *out, int accumulate);

  /// Row i of y becomes row indices[i] of x.
  void (*gather)(const float *x, ptrdiff_t x_row, const int32_t *indices, float *y, ptrdiff_t y_row, size_t rows,
                 size_t columns);

  /// y[j][i] = x[i][j]
  void (*transpose)(const float *x, ptrdiff_t x_row, size_t rows, size_t columns, float *y, ptrdiff_t y_row);

  void (*multiply)(const float *x, const float *y, float *z, size_t count);
  void (*add)(const float *x, const float *y, float *z, size_t count);
  /// y += a x
  void (*add_scaled)(float a, const float *x, float *y, size_t count);
  /// y = (x − offset[j]) · scale[j], row by row
  void (*standardize)(const float *x, ptrdiff_t x_row, const float *offset, const float *scale, float *y,
                      ptrdiff_t y_row, size_t rows, size_t columns);

  /// Σ wᵢ · cross-entropy of softmax(zᵢ) and a class; writes scale · wᵢ · (softmax − one-hot) to `error` if not NULL.
  /// `weights` may be NULL.
  double (*softmax_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes, const float *weights,
                                  float scale, float *error, ptrdiff_t error_row, size_t rows, size_t columns);
  /// The same for labels y that are distributions.
  double (*softmax_cross_entropy_soft)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                       const float *weights, float scale, float *error, ptrdiff_t error_row,
                                       size_t rows, size_t columns);

  /// Σᵢ wᵢ/K Σₖ (ŷᵢₖ − yᵢₖ)² over K columns; writes scale · wᵢ · 2/K (ŷᵢₖ − yᵢₖ) to `error` if not NULL.
  double (*mean_squared_error)(const float *prediction, ptrdiff_t prediction_row, const float *target,
                               ptrdiff_t target_row, const float *weights, float scale, float *error,
                               ptrdiff_t error_row, size_t rows, size_t columns);
  /// Σᵢ wᵢ/K Σₖ binary cross-entropy of the sigmoid of zᵢₖ and yᵢₖ; writes scale · wᵢ/K (sigmoid zᵢₖ − yᵢₖ) to `error`
  /// if not NULL. Where y is NULL, the targets are the classes 0 and 1 of the one column.
  double (*binary_cross_entropy)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                 const int32_t *classes, const float *weights, float scale, float *error,
                                 ptrdiff_t error_row, size_t rows, size_t columns);

  /// Σᵢ wᵢ/K Σₖ loss(ŷᵢₖ, yᵢₖ); writes scale · wᵢ/K · its derivative to `error` if not NULL. `owns`: a q for each column, or
  /// NULL; `settings`: the p. `shared`: y has one column, which every output is compared with. Where y is NULL, the targets
  /// are the classes 0 and 1 of the one column.
  double (*element_loss)(dh_element_loss kind, const float *owns, const float *settings, int shared,
                         const float *prediction, ptrdiff_t prediction_row, const float *target, ptrdiff_t target_row,
                         const int32_t *classes, const float *weights, float scale, float *error, ptrdiff_t error_row,
                         size_t rows, size_t columns);
  /// Σᵢ wᵢ Σⱼ tᵢⱼ (log Σ exp zᵢ − zᵢⱼ), t = cⱼ ((1 − smoothing) yᵢⱼ + smoothing/K), y one-hot where it is NULL and there are
  /// classes, c 1 where `class_weights` is NULL; and its derivative times `scale` to `error` if not NULL.
  double (*softmax_cross_entropy_adjusted)(const float *z, ptrdiff_t z_row, const float *y, ptrdiff_t y_row,
                                           const int32_t *classes, const float *class_weights, float smoothing,
                                           const float *weights, float scale, float *error, ptrdiff_t error_row,
                                           size_t rows, size_t columns);
  /// Σᵢ wᵢ c (1 − p)^gamma (−log p), p = softmax zᵢ of the class, c its weight or 1 where `class_weights` is NULL; and its
  /// derivative times `scale` to `error` if not NULL.
  double (*focal_cross_entropy)(const float *z, ptrdiff_t z_row, const int32_t *classes, const float *class_weights,
                                float gamma, const float *weights, float scale, float *error, ptrdiff_t error_row,
                                size_t rows, size_t columns);

  /// mask = keep-probability test on Philox bits, scaled: 0 or 1 / (1 − p). Element i of the mask depends on
  /// (key, counter, first + i) alone.
  void (*dropout_mask)(const uint32_t key[2], const uint32_t counter[2], uint64_t first, float probability, float *mask,
                       size_t count);
  /// The same, and y = mask ⊙ x. x and y may be the same.
  void (*dropout)(const uint32_t key[2], const uint32_t counter[2], uint64_t first, float probability, const float *x,
                  float *mask, float *y, size_t count);

  /// The two 64-bit numbers of each of the Philox blocks `block` ..< `block + blocks`: words 0 and 1, words 2 and 3.
  void (*random_numbers)(const uint32_t key[2], const uint32_t counter[2], uint64_t block, uint64_t *numbers,
                         size_t blocks);

  /// Δθ ← αΔθ − η(g + λθ), θ ← θ + Δθ
  void (*momentum)(const dh_update *u, const float *gradient, float *delta, float *theta, size_t count);
  /// the same, then θ ← θ + αΔθ − η(g + λθ) instead of θ + Δθ
  void (*nesterov)(const dh_update *u, const float *gradient, float *delta, float *theta, size_t count);
  /// θ ← θ − η(g + λθ)
  void (*descend)(const dh_update *u, const float *gradient, float *theta, size_t count);
  /// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂ / (√v̂ + ε)
  void (*adam)(const dh_update *u, const float *gradient, float *first, float *second, float *theta, size_t count);
  /// s ← s + g², θ ← θ − η g / (√s + ε)
  void (*adagrad)(const dh_update *u, const float *gradient, float *squares, float *theta, size_t count);
  /// s ← βs + (1 − β)g², Δθ ← αΔθ − η g / (√s + ε), θ ← θ + Δθ; `delta` is NULL where α is 0.
  void (*rmsprop)(const dh_update *u, const float *gradient, float *squares, float *delta, float *theta, size_t count);
  /// m and v as for Adam, θ ← θ − η (c m + d g) / (√v̂ + ε), c and d the corrections of m and g
  void (*nadam)(const dh_update *u, const float *gradient, float *first, float *second, float *theta, size_t count);
  /// θ ← θ − η sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g
  void (*lion)(const dh_update *u, const float *gradient, float *mean, float *theta, size_t count);

  /// y = a x. x and y may be the same.
  void (*scale)(float a, const float *x, float *y, size_t count);
  /// x ← min(max(x, −limit), limit)
  void (*clip)(float limit, float *x, size_t count);
  /// average ← average + share (x − average)
  void (*follow)(float share, const float *x, float *average, size_t count);
  /// Σ x y
  double (*inner)(const float *x, const float *y, size_t count);

  // `rows`: which rows of a column of a table; NULL: the first ones. Columns are taken in turns, `dh_block_rows` of each.

  /// y[i] = z of x[rows[i]]; marks[i], where `marks` is not NULL: 1 where that is missing, else 0.
  void (*scale_numbers)(const dh_scaling *scaling, const double *x, const int32_t *rows, float *y, float *marks,
                        size_t count);
  /// y[i] = z of x[i] by a scaling of its own.
  void (*scale_bytes)(const uint8_t *x, const double *offsets, const double *scales, int clips, float *y, size_t count);
  /// y[i] = values[codes[rows[i]] + 1]: the first value is for −1, what is missing.
  void (*look_up)(const int32_t *codes, const int32_t *rows, const float *values, float *y, size_t count);
  /// sine[i] = sin 2πf and cosine[i] = cos 2πf, where f, in [0, 1), is the place of moment i, in seconds from 1970, in its
  /// year, week or day; 0 and 0 where it is NaN.
  void (*encode_cycle)(dh_cycle cycle, const double *moments, const int32_t *rows, float *sine, float *cosine,
                       size_t count);
  /// y[i][j] = 1, where j = places[codes[rows[i]] + 1] is a place; returns how many are `dh_unknown_place`.
  size_t (*mark_places)(const int32_t *codes, const int32_t *rows, const int32_t *places, float *y, ptrdiff_t y_row,
                        size_t count);

  /// The smallest and the largest of at least one number, none of which is NaN.
  void (*extremes)(const double *x, size_t count, double *smallest, double *largest);
  /// Σ (x · unit − centre)
  double (*sum_of_differences)(const double *x, size_t count, double unit, double centre);
  /// Σ (x · unit − centre)²
  double (*sum_of_squares)(const double *x, size_t count, double unit, double centre);
  /// sums += x and squares += x², element by element: room for 66,051 bytes each.
  void (*add_bytes)(const uint8_t *x, uint32_t *sums, uint32_t *squares, size_t count);

  // Images: `x_row` and so on are floats from one image to the next. `scratch`: see `dh_image_scratch`.

  /// y[i][j][o] = Σ x[i · stride_y − top + a][j · stride_x − left + b][c] weights[(a · kernel_width + b) · C + c][o] + bias[o]
  /// over the kernel's pixels (a, b) and the C channels c of o's group; max(y, 0) where `is_rectified`. `bias` may be NULL.
  void (*convolve)(const dh_windows *windows, const float *x, ptrdiff_t x_row, const float *weights, const float *bias,
                   int is_rectified, float *y, ptrdiff_t y_row, float *scratch);
  /// Its derivatives: dx from dy and the weights; dw from x and dy, summed over the images in their order.
  void (*convolve_back)(const dh_windows *windows, const float *dy, ptrdiff_t dy_row, const float *weights, float *dx,
                        ptrdiff_t dx_row, float *scratch);
  void (*convolution_gradient)(const dh_windows *windows, const float *x, ptrdiff_t x_row, const float *dy,
                               ptrdiff_t dy_row, float *dw, float *scratch);
  /// The largest of each window, and in `taken`, unless that is NULL, which of the window's pixels that is.
  void (*max_pool)(const dh_windows *windows, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, float *taken,
                   ptrdiff_t taken_row);
  void (*max_pool_back)(const dh_windows *windows, const float *dy, ptrdiff_t dy_row, const float *taken,
                        ptrdiff_t taken_row, float *dx, ptrdiff_t dx_row);
  /// The mean of each window, of all its pixels or of those in the image.
  void (*average_pool)(const dh_windows *windows, int counts_border, const float *x, ptrdiff_t x_row, float *y,
                       ptrdiff_t y_row);
  void (*average_pool_back)(const dh_windows *windows, int counts_border, const float *dy, ptrdiff_t dy_row, float *dx,
                            ptrdiff_t dx_row);
  /// y[p][c] = x[p][c] · scale[c] over the pixels p of each image.
  void (*scale_channels)(const float *x, ptrdiff_t x_row, const float *scale, ptrdiff_t scale_row, float *y,
                         ptrdiff_t y_row, size_t images, size_t pixels, size_t channels);
  // Layers. Matrices are rows × columns, with the distance from one row to the next behind each.

  /// y = x − max − log Σ exp(x − max), row by row. x and y may be the same.
  void (*log_softmax)(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, size_t rows, size_t columns);
  /// dx = dy − exp y · Σ dy, row by row. dy and dx may be the same.
  void (*log_softmax_derivative)(const float *y, ptrdiff_t y_row, const float *dy, ptrdiff_t dy_row, float *dx,
                                 ptrdiff_t dx_row, size_t rows, size_t columns);
  /// y = γ ⊙ x̂ + β with x̂ = (x − mean) / √(variance + ε) of each row; γ and β may be NULL, both. Two numbers a row go to
  /// `kept` if that is not NULL: mean and 1 / √(variance + ε).
  void (*layer_norm)(const float *x, ptrdiff_t x_row, const float *gamma, const float *beta, float epsilon, float *y,
                     ptrdiff_t y_row, float *kept, ptrdiff_t kept_row, size_t rows, size_t columns);
  /// dx = (g − mean g − x̂ mean(g x̂)) / √(variance + ε) of each row, with g = γ ⊙ dy. dy and dx may be the same.
  void (*layer_norm_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *kept,
                                ptrdiff_t kept_row, const float *gamma, float *dx, ptrdiff_t dx_row, size_t rows,
                                size_t columns);
  /// gamma = Σᵢ dy ⊙ x̂, beta = Σᵢ dy, column by column.
  void (*layer_norm_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *kept,
                          ptrdiff_t kept_row, float *gamma, float *beta, size_t rows, size_t columns);
  /// The mean and the variance (divided by `rows`) of each column.
  void (*column_moments)(const float *x, ptrdiff_t x_row, float *mean, float *variance, size_t rows, size_t columns);
  /// y = γ ⊙ x̂ + β with x̂ = (x − mean) / √(variance + ε), each column with numbers of its own; γ and β may be NULL.
  void (*batch_norm)(const float *x, ptrdiff_t x_row, const float *mean, const float *variance, const float *gamma,
                     const float *beta, float epsilon, float *y, ptrdiff_t y_row, size_t rows, size_t columns);
  /// gamma = Σᵢ dy ⊙ x̂, beta = Σᵢ dy, column by column.
  void (*batch_norm_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *mean,
                          const float *variance, float epsilon, float *gamma, float *beta, size_t rows, size_t columns);
  /// dx = γ / √(variance + ε) ⊙ (dy − mean dy − x̂ mean(dy x̂)), means over the rows, where mean and variance are those of x.
  /// dy and dx may be the same.
  void (*batch_norm_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *mean,
                                const float *variance, const float *gamma, float epsilon, float *dx, ptrdiff_t dx_row,
                                size_t rows, size_t columns);
  /// y = x ⊙ scale, row by row. x and y may be the same.
  void (*scale_columns)(const float *x, ptrdiff_t x_row, const float *scale, float *y, ptrdiff_t y_row, size_t rows,
                        size_t columns);
  /// out[j] = Σᵢ x[i][j] y[i][j], i ascending.
  void (*product_sums)(const float *x, ptrdiff_t x_row, const float *y, ptrdiff_t y_row, size_t rows, size_t columns,
                       float *out);
  /// y = x where x > 0, else slope · x; one slope a column, or where `shared` one for all.
  void (*prelu)(const float *x, ptrdiff_t x_row, const float *slope, int shared, float *y, ptrdiff_t y_row, size_t rows,
                size_t columns);
  /// dx = dy where x > 0, else slope · dy. dy and dx may be the same.
  void (*prelu_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *slope,
                           int shared, float *dx, ptrdiff_t dx_row, size_t rows, size_t columns);
  /// Σᵢ dy min(x, 0), column by column, or where `shared` over all columns.
  void (*prelu_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, int shared, float *out,
                     size_t rows, size_t columns);
  /// s ← s − x, and y = x + share ⊙ s. x and y may be the same.
  void (*blend)(const float *x, ptrdiff_t x_row, float *s, ptrdiff_t s_row, const float *share, float *y,
                ptrdiff_t y_row, size_t rows, size_t columns);
  /// dx = dy ⊙ (1 + share ⊙ (slope − 1)). dy and dx may be the same.
  void (*blend_derivative)(const float *dy, ptrdiff_t dy_row, const float *slope, ptrdiff_t slope_row,
                           const float *share, float *dx, ptrdiff_t dx_row, size_t rows, size_t columns);
  /// y[i][j] = max over p of x[i][p · columns + j].
  void (*maxout)(const float *x, ptrdiff_t x_row, size_t pieces, float *y, ptrdiff_t y_row, size_t rows,
                 size_t columns);
  /// dx is dy where x is the first that is the largest of its pieces, else 0.
  void (*maxout_derivative)(const float *x, ptrdiff_t x_row, const float *y, ptrdiff_t y_row, const float *dy,
                            ptrdiff_t dy_row, size_t pieces, float *dx, ptrdiff_t dx_row, size_t rows, size_t columns);
  /// y[i][c · width …] = row starts[c] + x[i][c] of the table; where `shared`, row x[i][c]. Codes are rounded; those that are
  /// none of counts[c] (where `shared`, of counts[0]) are 0.
  void (*embed)(const float *x, ptrdiff_t x_row, const float *table, const int32_t *starts, const int32_t *counts,
                int shared, size_t width, float *y, ptrdiff_t y_row, size_t rows, size_t columns);
  /// out = Σ dy over where rows `first` ..< `end` of the table were taken, in the order of i and c.
  void (*embed_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const int32_t *starts,
                     const int32_t *counts, int shared, size_t first, size_t end, size_t width, float *out, size_t rows,
                     size_t columns);
  /// y[i][c · width + j] = cos(2π frequencies[c · width + j] x[i][c] + phases[…]), and − sin of that into `slopes`, if not NULL.
  void (*periodic)(const float *x, ptrdiff_t x_row, const float *frequencies, const float *phases, size_t width,
                   float *y, ptrdiff_t y_row, float *slopes, ptrdiff_t slopes_row, size_t rows, size_t columns);
  /// dx[i][c] = 2π Σⱼ dy ⊙ slopes ⊙ frequencies
  void (*periodic_derivative)(const float *dy, ptrdiff_t dy_row, const float *slopes, ptrdiff_t slopes_row,
                              const float *frequencies, size_t width, float *dx, ptrdiff_t dx_row, size_t rows,
                              size_t columns);
  /// out[c · width + j] = 2π Σᵢ dy ⊙ slopes · x[i][c]
  void (*periodic_sums)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *slopes,
                        ptrdiff_t slopes_row, size_t width, float *out, size_t rows, size_t columns);
  /// y = (x[i][c] − edge) · scale for each of the bins[c] bins of each column, one after the other: at least 0 but in the
  /// first, at most 1 but in the last.
  void (*piecewise)(const float *x, ptrdiff_t x_row, const float *edges, const float *scales, const int32_t *bins,
                    float *y, ptrdiff_t y_row, size_t rows, size_t columns);
  /// dx[i][c] = Σ dy · scale over the bins that rise at x.
  void (*piecewise_derivative)(const float *x, ptrdiff_t x_row, const float *dy, ptrdiff_t dy_row, const float *edges,
                               const float *scales, const int32_t *bins, float *dx, ptrdiff_t dx_row, size_t rows,
                               size_t columns);
};

/// The table for an instruction set, or NULL where this processor (or this architecture) does not have it.
const struct dh_kernels *dh_kernels_for(dh_instruction_set set);

/// The table that this processor runs fastest; or that which the environment variable DOWNHILL_INSTRUCTION_SET names
/// (portable, avx2 or avx512), to measure another or to have the same bits on processors of different kinds.
const struct dh_kernels *dh_kernels_best(void);

/// The calling thread's memory for packed operands of a product: allocated at its first call, freed when it ends.
float *dh_thread_scratch(void);

/// The same for convolutions: `dh_image_scratch` floats, of which the system provides those that are used.
float *dh_thread_image_scratch(void);

/// Nonzero: the derivative of this activation is read off its output, so that it may run in place.
int dh_derivative_from_output(dh_activation kind);

/// The ten-round Philox 4×32 generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
void dh_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// Tells the processor that this is a waiting loop.
void dh_relax(void);

/// Processors that this process may use.
int dh_processor_count(void);

#endif
