internal import DownhillCompute

/// How windows move over an image: what convolutions and pooling layers have in common.
struct WindowSettings {
  let layer: String
  let kernel: Size2D
  let stride: Size2D
  let padding: Padding

  /// No sensible window is larger, and sums of such sizes and an image's don't overflow.
  private static let largest = 1 << 15

  /// - Throws: `LayerError` where the rows are no images, or the windows don't fit them.
  func checkedWindows(over input: Shape, outChannels: Int? = nil, groups: Int = 1) throws(LayerError) -> ImageWindows {
    guard let image = ImageShape(input) else { throw .notAnImage(layer, input) }
    guard max(image.height, image.width) <= 1 << 32 else {
      throw LayerError("\(layer) can't take images as large as \(input)")
    }
    for (what, size) in [("kernel", kernel), ("stride", stride)] {
      guard min(size.height, size.width) >= 1, max(size.height, size.width) <= Self.largest else {
        throw LayerError("\(layer) needs a \(what) of 1 to \(Self.largest) pixels each way, not \(size)")
      }
    }
    if case .explicit(let top, let bottom, let left, let right) = padding,
      min(top, bottom, left, right) < 0 || max(top, bottom, left, right) > Self.largest
    {
      throw LayerError("\(layer) needs a padding of 0 to \(Self.largest) pixels on each side, not \(padding)")
    }
    guard let windows = windows(over: image, outChannels: outChannels, groups: groups) else {
      throw LayerError(
        "\(layer)'s windows of \(kernel.height) × \(kernel.width) pixels don't fit into images of \(image.height) × "
          + "\(image.width) with the padding \(padding): take a smaller kernel or more padding")
    }
    return windows
  }

  /// For pooling, where every window must see some of the image.
  func checkedPoolingWindows(over input: Shape) throws(LayerError) -> ImageWindows {
    if case .explicit(let top, let bottom, let left, let right) = padding,
      max(top, bottom) >= kernel.height || max(left, right) >= kernel.width
    {
      throw LayerError(
        "\(layer) with windows of \(kernel.height) × \(kernel.width) pixels needs less padding than that, not \(padding)"
      )
    }
    return try checkedWindows(over: input)
  }

  /// The windows over images of a shape; nil where not one fits. It allocates nothing.
  func windows(over image: ImageShape, outChannels: Int? = nil, groups: Int = 1) -> ImageWindows? {
    var (top, bottom, left, right) = (0, 0, 0, 0)
    if case .explicit(let t, let b, let l, let r) = padding { (top, bottom, left, right) = (t, b, l, r) }
    guard let vertical = axis(image.height, kernel.height, stride.height, top, bottom),
      let horizontal = axis(image.width, kernel.width, stride.width, left, right)
    else { return nil }
    return ImageWindows(
      height: image.height, width: image.width, channels: image.channels, outHeight: vertical.count,
      outWidth: horizontal.count, outChannels: outChannels ?? image.channels, kernelHeight: kernel.height,
      kernelWidth: kernel.width, strideY: stride.height, strideX: stride.width, top: vertical.before,
      left: horizontal.before, groups: groups)
  }

  /// Outputs along one axis, and the padding before the image.
  private func axis(_ size: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ behind: Int) -> (
    count: Int, before: Int
  )? {
    if case .same = padding {
      let count = (size - 1) / stride + 1
      return (count, max(0, (count - 1) * stride + kernel - size) / 2)
    }
    let room = size + before + behind - kernel
    return room < 0 ? nil : (room / stride + 1, before)
  }

  /// The arguments behind the kernel as they are printed, without those that have their default.
  func arguments(defaultStride: Size2D) -> String {
    (stride == defaultStride ? "" : ", stride: \(stride)") + (padding == .valid ? "" : ", padding: \(padding)")
  }
}
