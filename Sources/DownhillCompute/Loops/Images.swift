internal import CKernels

/// Windows over images: what an output pixel of a convolution or of pooling sees.
///
/// An image is a row of a matrix: height × width pixels in reading order, each with its channels one after the other. The
/// output at (i, j) sees the pixels from (i · stride − top, j · stride − left) on; what is beyond the image is 0.
package struct ImageWindows: Sendable {
  package var height, width, channels: Int
  package var outHeight, outWidth, outChannels: Int
  package var kernelHeight, kernelWidth: Int
  package var strideY, strideX: Int
  package var top, left: Int
  /// Of channels, in a convolution: an output channel sees those of its group.
  package var groups: Int

  package init(
    height: Int, width: Int, channels: Int, outHeight: Int, outWidth: Int, outChannels: Int, kernelHeight: Int,
    kernelWidth: Int, strideY: Int, strideX: Int, top: Int, left: Int, groups: Int = 1
  ) {
    (self.height, self.width, self.channels) = (height, width, channels)
    (self.outHeight, self.outWidth, self.outChannels) = (outHeight, outWidth, outChannels)
    (self.kernelHeight, self.kernelWidth, self.strideY, self.strideX) = (kernelHeight, kernelWidth, strideY, strideX)
    (self.top, self.left, self.groups) = (top, left, groups)
  }

  /// Numbers of an image, and of its output.
  package var inputCount: Int { height * width * channels }
  package var outputCount: Int { outHeight * outWidth * outChannels }
  /// Numbers that an output sees.
  package var depth: Int { kernelHeight * kernelWidth * (channels / groups) }

  /// Whether an output pixel sees the one pixel at its place.
  var arePixels: Bool {
    kernelHeight == 1 && kernelWidth == 1 && strideY == 1 && strideX == 1 && top == 0 && left == 0
      && height == outHeight
      && width == outWidth
  }

  func kernel(images: Int) -> dh_windows {
    dh_windows(
      images: images, height: height, width: width, channels: channels, out_height: outHeight, out_width: outWidth,
      kernel_height: kernelHeight, kernel_width: kernelWidth, stride_y: strideY, stride_x: strideX, top: top,
      left: left, out_channels: outChannels, groups: groups)
  }

  /// Whether a thread's memory for convolutions holds what these take: weights or errors, and one image with a border.
  package var fitScratch: Bool {
    // In Double, where nothing overflows.
    func whole(_ count: Double) -> Double { (count / 16).rounded(.up) * 16 }
    let (into, out) = (Double(channels / groups), Double(outChannels / groups))
    let weights = Double(groups) * Double(kernelHeight * kernelWidth) * max(into * whole(out), out * whole(into))
    let errors = whole(out) * Double(outHeight) * Double(outWidth)
    let rows = Double(height + top + kernelHeight + strideY), columns = Double(width + left + kernelWidth + strideX)
    let seen = Double((outHeight - 1) * strideY + kernelHeight) * Double((outWidth - 1) * strideX + kernelWidth)
    let image = max(seen * Double(channels), rows * columns * Double(outChannels))
    return max(weights, errors) + image <= Double(dh_image_scratch)
  }
}

extension MutableMatrixView {
  /// Each row becomes the convolution of a row of `x`: y = x ∗ weights + bias, or max(y, 0) of that where `isRectified`.
  /// - Parameters:
  ///   - weights: depth × output channels. Row (a · kernel width + b) · c + i is for pixel (a, b) and the i-th of c
  ///     channels of a group.
  ///   - bias: one row of output channels.
  package func convolve(
    _ x: MatrixView, _ weights: MatrixView, bias: MatrixView?, windows: ImageWindows, isRectified: Bool = false
  ) {
    windows.check(inputs: x, outputs: readable, weights: weights)
    precondition(bias.map { $0.rows == 1 && $0.columns == weights.columns } ?? true, "a bias is one row")
    if windows.arePixels, windows.groups == 1, x.isContiguous, isContiguous {
      return pixels(windows.outChannels).product(
        x.pixels(windows.channels), weights, bias: bias, activation: isRectified ? .relu : .identity)
    }
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.convolve(
        $0, x.base, x.rowStride, weights.base, bias?.base, isRectified ? 1 : 0, base, rowStride,
        dh_thread_image_scratch()
      )
    }
  }

  /// Each row becomes the derivative with respect to an image, from those with respect to the outputs.
  package func convolveBack(_ dy: MatrixView, _ weights: MatrixView, windows: ImageWindows) {
    windows.check(inputs: readable, outputs: dy, weights: weights)
    if windows.arePixels, windows.groups == 1, dy.isContiguous, isContiguous {
      return pixels(windows.channels).product(dy.pixels(windows.outChannels), weights.transposed)
    }
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.convolve_back(
        $0, dy.base, dy.rowStride, weights.base, base, rowStride, dh_thread_image_scratch())
    }
  }

  /// The derivative with respect to the weights, summed over the images in their order.
  package func convolutionGradient(_ x: MatrixView, _ dy: MatrixView, windows: ImageWindows) {
    precondition(isContiguous, "weights are contiguous")
    windows.check(inputs: x, outputs: dy, weights: readable)
    withUnsafePointer(to: windows.kernel(images: x.rows)) {
      kernels.convolution_gradient(
        $0, x.base, x.rowStride, dy.base, dy.rowStride, base, dh_thread_image_scratch())
    }
  }

  /// This one row becomes the sums over all pixels of all images, channel by channel.
  package func channelSums(of x: MatrixView) {
    precondition(rows == 1 && x.columns % columns == 0 && x.columnStride == 1, "a sum for each channel")
    let pixels = x.columns / columns
    if x.isContiguous { return kernels.column_sums(x.base, columns, x.rows * pixels, columns, base, 0) }
    for row in 0..<x.rows {
      kernels.column_sums(x.base + row * x.rowStride, columns, pixels, columns, base, row == 0 ? 0 : 1)
    }
  }

  /// The largest number of each window and channel; `taken` gets which of the window's pixels has it.
  package func maxPool(_ x: MatrixView, taken: MutableMatrixView?, windows: ImageWindows) {
    windows.check(inputs: x, outputs: readable)
    if let taken { checkShape(taken.readable) }
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.max_pool($0, x.base, x.rowStride, base, rowStride, taken?.base, taken?.rowStride ?? 0)
    }
  }

  package func maxPoolBack(_ dy: MatrixView, taken: MatrixView, windows: ImageWindows) {
    windows.check(inputs: readable, outputs: dy)
    windows.check(inputs: readable, outputs: taken)
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.max_pool_back($0, dy.base, dy.rowStride, taken.base, taken.rowStride, base, rowStride)
    }
  }

  /// The mean of each window and channel: of all its pixels, those beyond the image being 0, or of those in the image.
  package func averagePool(_ x: MatrixView, countsPadding: Bool, windows: ImageWindows) {
    windows.check(inputs: x, outputs: readable)
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.average_pool($0, countsPadding ? 1 : 0, x.base, x.rowStride, base, rowStride)
    }
  }

  package func averagePoolBack(_ dy: MatrixView, countsPadding: Bool, windows: ImageWindows) {
    windows.check(inputs: readable, outputs: dy)
    withUnsafePointer(to: windows.kernel(images: rows)) {
      kernels.average_pool_back($0, countsPadding ? 1 : 0, dy.base, dy.rowStride, base, rowStride)
    }
  }

  /// Each channel of each image, a row, times its own number in `scales`. The input may be this very view.
  package func scaleChannels(_ x: MatrixView, by scales: MatrixView) {
    checkShape(x)
    precondition(scales.rows == rows && scales.columnStride == 1 && columns % scales.columns == 0, "a scale a channel")
    kernels.scale_channels(
      x.base, x.rowStride, scales.base, scales.rowStride, base, rowStride, rows, columns / scales.columns,
      scales.columns)
  }

  private func pixels(_ channels: Int) -> MutableMatrixView {
    MutableMatrixView(base: base, rows: rows * columns / channels, columns: channels, rowStride: channels)
  }
}

extension MatrixView {
  fileprivate func pixels(_ channels: Int) -> MatrixView {
    MatrixView(base: base, rows: rows * columns / channels, columns: channels, rowStride: channels)
  }
}

extension ImageWindows {
  fileprivate func check(inputs x: MatrixView, outputs y: MatrixView, weights: MatrixView? = nil) {
    precondition(
      x.columns == inputCount && y.columns == outputCount && x.rows == y.rows && x.columnStride == 1
        && y.columnStride == 1,
      "\(x.rows) images of \(x.columns) and \(y.rows) of \(y.columns) where \(inputCount) and \(outputCount) are expected"
    )
    precondition(
      weights.map { $0.rows == depth && $0.columns == outChannels && $0.columnStride == 1 && $0.isContiguous } ?? true,
      "weights of another shape than \(depth) × \(outChannels)")
  }
}
