internal import DownhillCompute

/// The mean of each window of an image, channel by channel. Pixels beyond the image count as zeros, or not at all.
///
/// Rows have the shape [height, width, channels], in and out.
public struct AveragePooling2D: Layer {
  public let kernel: Size2D
  /// From one window to the next.
  public let stride: Size2D
  public let padding: Padding
  /// Whether pixels beyond the image are counted.
  public let countsPadding: Bool

  /// - Parameter stride: nil: the kernel's size, so that windows lie side by side.
  public init(_ kernel: Size2D, stride: Size2D? = nil, padding: Padding = .valid, countsPadding: Bool = true) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.countsPadding = countsPadding
  }

  private var settings: WindowSettings {
    WindowSettings(layer: "AveragePooling2D", kernel: kernel, stride: stride, padding: padding)
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    let windows = try settings.checkedPoolingWindows(over: input)
    return Shape([windows.outHeight, windows.outWidth, windows.channels])
  }

  public func multiplicationsPerRow(for input: Shape) -> Int {
    ImageShape(input).map { windows($0).outputCount * kernel.height * kernel.width } ?? 0
  }

  private func windows(_ image: ImageShape?) -> ImageWindows { settings.windows(over: image!)! }

  public func forward(_ pass: ForwardPass) {
    pass.output.averagePool(pass.input, countsPadding: countsPadding, windows: windows(pass.image))
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.averagePoolBack(pass.outputError, countsPadding: countsPadding, windows: windows(pass.image))
  }

  public var inputDerivativeReads: LayerReads { [] }

  public var description: String {
    let counts = countsPadding ? "" : ", countsPadding: false"
    return "AveragePooling2D(\(kernel)\(settings.arguments(defaultStride: kernel))\(counts))"
  }
}
