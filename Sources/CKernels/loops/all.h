// One compilation of every loop. The including file has set the target and defined
//   DH_NAME(f)   the name of f in this compilation
//   DH_SET       its dh_instruction_set
//   DH_LANES     floats in a vector register
//   DH_MASKS     512 or 256 where there are masked loads of that many bits
//   DH_COMPACT   1 to prefer little code to fast code

// A product and the sum it goes into are fused where one expression has both, in vectors and single floats alike.
#pragma clang fp contract(on)

// Vectors wider than this compilation's registers have no settled calling convention, and need none: every function that
// takes or returns one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#include "vector.h"

#include "math.h"
#include "run.h"

#include "activations.h"
#include "optimizers.h"
#include "random.h"
#include "rows.h"
#include "words.h"  // uses random.h

#include "elementwise_losses.h"
#include "columns.h"         // uses rows.h
#include "normalization.h"  // uses rows.h

#include "dates.h"
#include "encoding.h"  // uses rows.h
#include "losses.h"   // uses rows.h
#include "label_losses.h"  // uses losses.h and elementwise_losses.h
#include "product.h"  // uses activations.h and rows.h
#include "patches.h"  // uses product.h
#include "convolution.h"  // uses patches.h
#include "pooling.h"  // uses rows.h
#include "statistics.h"
#include "vectors.h"  // uses optimizers.h and statistics.h

const struct dh_kernels DH_NAME(kernels) = {
    .instruction_set = DH_SET,
    .product = DH_NAME(product),
    .product_scratch = DH_PRODUCT_SCRATCH,
    .activate = DH_NAME(activate),
    .activate_derivative = DH_NAME(activate_derivative),
    .activate_keeping = DH_NAME(activate_keeping),
    .evaluate = DH_NAME(evaluate),
    .softmax = DH_NAME(softmax),
    .softmax_derivative = DH_NAME(softmax_derivative),
    .column_sums = DH_NAME(column_sums),
    .gather = DH_NAME(gather),
    .transpose = DH_NAME(transpose),
    .multiply = DH_NAME(multiply),
    .add = DH_NAME(add),
    .add_scaled = DH_NAME(add_scaled),
    .standardize = DH_NAME(standardize),
    .softmax_cross_entropy = DH_NAME(softmax_cross_entropy),
    .softmax_cross_entropy_soft = DH_NAME(softmax_cross_entropy_soft),
    .mean_squared_error = DH_NAME(mean_squared_error),
    .binary_cross_entropy = DH_NAME(binary_cross_entropy),
    .element_loss = DH_NAME(element_loss),
    .softmax_cross_entropy_adjusted = DH_NAME(softmax_cross_entropy_adjusted),
    .focal_cross_entropy = DH_NAME(focal_cross_entropy),
    .dropout_mask = DH_NAME(dropout_mask),
    .dropout = DH_NAME(dropout),
    .random_numbers = DH_NAME(random_numbers),
    .momentum = DH_NAME(momentum),
    .nesterov = DH_NAME(nesterov),
    .descend = DH_NAME(descend),
    .adam = DH_NAME(adam),
    .adagrad = DH_NAME(adagrad),
    .rmsprop = DH_NAME(rmsprop),
    .nadam = DH_NAME(nadam),
    .lion = DH_NAME(lion),
    .scale = DH_NAME(scale),
    .clip = DH_NAME(clip),
    .follow = DH_NAME(follow),
    .inner = DH_NAME(inner),
    .scale_numbers = DH_NAME(scale_numbers),
    .scale_bytes = DH_NAME(scale_bytes),
    .look_up = DH_NAME(look_up),
    .mark_places = DH_NAME(mark_places),
    .encode_cycle = DH_NAME(encode_cycle),
    .extremes = DH_NAME(extremes),
    .sum_of_differences = DH_NAME(sum_of_differences),
    .sum_of_squares = DH_NAME(sum_of_squares),
    .add_bytes = DH_NAME(add_bytes),
    .convolve = DH_NAME(convolve),
    .convolve_back = DH_NAME(convolve_back),
    .convolution_gradient = DH_NAME(convolution_gradient),
    .max_pool = DH_NAME(max_pool),
    .max_pool_back = DH_NAME(max_pool_back),
    .average_pool = DH_NAME(average_pool),
    .average_pool_back = DH_NAME(average_pool_back),
    .scale_channels = DH_NAME(scale_channels),
    .log_softmax = DH_NAME(log_softmax),
    .log_softmax_derivative = DH_NAME(log_softmax_derivative),
    .layer_norm = DH_NAME(layer_norm),
    .layer_norm_derivative = DH_NAME(layer_norm_derivative),
    .layer_norm_sums = DH_NAME(layer_norm_sums),
    .column_moments = DH_NAME(column_moments),
    .batch_norm = DH_NAME(batch_norm),
    .batch_norm_sums = DH_NAME(batch_norm_sums),
    .batch_norm_derivative = DH_NAME(batch_norm_derivative),
    .scale_columns = DH_NAME(scale_columns),
    .product_sums = DH_NAME(product_sums),
    .prelu = DH_NAME(prelu),
    .prelu_derivative = DH_NAME(prelu_derivative),
    .prelu_sums = DH_NAME(prelu_sums),
    .blend = DH_NAME(blend),
    .blend_derivative = DH_NAME(blend_derivative),
    .maxout = DH_NAME(maxout),
    .maxout_derivative = DH_NAME(maxout_derivative),
    .embed = DH_NAME(embed),
    .embed_sums = DH_NAME(embed_sums),
    .periodic = DH_NAME(periodic),
    .periodic_derivative = DH_NAME(periodic_derivative),
    .periodic_sums = DH_NAME(periodic_sums),
    .piecewise = DH_NAME(piecewise),
    .piecewise_derivative = DH_NAME(piecewise_derivative),
};
