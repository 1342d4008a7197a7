internal import DownhillCompute

/// The largest number of each window of an image, channel by channel: y[i, j, c] = max x[i·s + p − top, j·s + q − left, c] over
/// the window's pixels (p, q) that are in the image.
///
/// Rows have the shape [height, width, channels], in and out. The derivative goes to the pixel that was the largest, the first
/// of several.
public struct MaxPooling2D: Layer {
  public let kernel: Size2D
  /// From one window to the next.
  public let stride: Size2D
  public let padding: Padding

  /// - Parameter stride: nil: the kernel's size, so that windows lie side by side.
  public init(_ kernel: Size2D, stride: Size2D? = nil, padding: Padding = .valid) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  private var settings: WindowSettings {
    WindowSettings(layer: "MaxPooling2D", kernel: kernel, stride: stride, padding: padding)
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    let windows = try settings.checkedPoolingWindows(over: input)
    return Shape([windows.outHeight, windows.outWidth, windows.channels])
  }

  /// Which of a window's pixels was the largest.
  public func keptPerRow(for input: Shape) -> Int { ImageShape(input).map { windows($0).outputCount } ?? 0 }

  public func multiplicationsPerRow(for input: Shape) -> Int {
    ImageShape(input).map { windows($0).outputCount * kernel.height * kernel.width } ?? 0
  }

  private func windows(_ image: ImageShape?) -> ImageWindows { settings.windows(over: image!)! }

  public func forward(_ pass: ForwardPass) {
    pass.output.maxPool(pass.input, taken: pass.kept.columns > 0 ? pass.kept : nil, windows: windows(pass.image))
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.maxPoolBack(pass.outputError, taken: pass.kept, windows: windows(pass.image))
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var description: String { "MaxPooling2D(\(kernel)\(settings.arguments(defaultStride: kernel)))" }
}
