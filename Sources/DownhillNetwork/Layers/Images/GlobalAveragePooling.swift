internal import DownhillCompute

/// The mean of each channel over all pixels of an image: [height, width, channels] → [channels] (Lin et al., "Network in
/// network", 2014).
public struct GlobalAveragePooling: Layer {
  public init() {}

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard let image = ImageShape(input) else { throw .notAnImage("GlobalAveragePooling", input) }
    return Shape([image.channels])
  }

  public func multiplicationsPerRow(for input: Shape) -> Int { input.count }

  /// One window, as large as the image.
  private func windows(_ image: ImageShape) -> ImageWindows {
    ImageWindows(
      height: image.height, width: image.width, channels: image.channels, outHeight: 1, outWidth: 1,
      outChannels: image.channels, kernelHeight: image.height, kernelWidth: image.width, strideY: image.height,
      strideX: image.width, top: 0, left: 0)
  }

  public func forward(_ pass: ForwardPass) {
    pass.output.averagePool(pass.input, countsPadding: true, windows: windows(pass.image!))
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.averagePoolBack(pass.outputError, countsPadding: true, windows: windows(pass.image!))
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var description: String { "GlobalAveragePooling()" }
}
