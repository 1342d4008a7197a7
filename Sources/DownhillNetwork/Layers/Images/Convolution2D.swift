internal import DownhillCompute

/// A linear map of the pixels around each place of an image, the same at all places:
///
///     y[i, j, o] = b[o] + Σ x[i·s + p − top, j·s + q − left, c] W[p, q, c, o]
///
/// over the kernel's pixels (p, q) and the channels c; beyond the image x is 0 (LeCun et al., "Backpropagation applied to
/// handwritten zip code recognition", 1989). As everywhere in the field, the kernel is not turned round.
///
/// Rows have the shape [height, width, channels], in and out. W is a matrix of (kernel height · kernel width · channels) ×
/// output channels. With groups, the channels in and out fall into so many parts, each of which is mapped on its own.
///
/// Derivatives: ∂L/∂x is the convolution of ∂L/∂y with W turned round and transposed; ∂L/∂W sums patches times ∂L/∂y over
/// all places of all images, and ∂L/∂b the errors.
public struct Convolution2D: Layer {
  public let channels: Int
  public let kernel: Size2D
  public let stride: Size2D
  public let padding: Padding
  public let groups: Int
  public let bias: Bool
  /// nil: as suits the activation that follows.
  public let initializer: Initializer?

  /// - Parameter channels: of the output.
  public init(
    _ channels: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding = .valid, groups: Int = 1, bias: Bool = true,
    initializer: Initializer? = nil
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.groups = groups
    self.bias = bias
    self.initializer = initializer
  }

  private var settings: WindowSettings {
    WindowSettings(layer: "Convolution2D", kernel: kernel, stride: stride, padding: padding)
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard channels > 0 else { throw LayerError("Convolution2D needs at least one channel, not \(channels)") }
    guard groups > 0 else { throw LayerError("Convolution2D needs at least one group, not \(groups)") }
    let windows = try settings.checkedWindows(over: input, outChannels: channels, groups: groups)
    guard windows.channels % groups == 0, channels % groups == 0 else {
      throw LayerError(
        "Convolution2D can't put \(windows.channels) channels in and \(channels) out into \(groups) equal groups")
    }
    guard windows.fitScratch else {
      throw LayerError(
        "Convolution2D with a kernel of \(kernel.height) × \(kernel.width) from \(input) to \(channels) channels takes "
          + "more memory than there is for an image and the weights: take smaller images or fewer channels")
    }
    return Shape([windows.outHeight, windows.outWidth, channels])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    guard let image = ImageShape(input) else { return [] }
    let weights = ParameterDeclaration(
      "weights", rows: windows(image).depth, columns: channels, initializer: initializer)
    let offsets = ParameterDeclaration(
      "bias", rows: 1, columns: channels, initializer: .zeros, derivedWithPrevious: true)
    return bias ? [weights, offsets] : [weights]
  }

  public func multiplicationsPerRow(for input: Shape) -> Int {
    ImageShape(input).map { windows($0).depth * windows($0).outputCount } ?? 0
  }

  /// Of an image that `outputShape` has taken.
  private func windows(_ image: ImageShape?) -> ImageWindows {
    settings.windows(over: image!, outChannels: channels, groups: groups)!
  }

  public func forward(_ pass: ForwardPass) {
    let isRectified = pass.activation == .relu && pass.activationDerivative == nil
    pass.output.convolve(
      pass.input, pass.parameters[0], bias: bias ? pass.parameters[1] : nil, windows: windows(pass.image),
      isRectified: isRectified)
    if pass.activation != .identity, !isRectified {
      pass.output.apply(pass.activation, to: pass.output.readable, derivative: pass.activationDerivative)
    }
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.convolveBack(pass.outputError, pass.parameters[0], windows: windows(pass.image))
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.convolutionGradient(pass.input, pass.outputError, windows: windows(pass.image))
    pass.nextGradient?.channelSums(of: pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var fusesActivation: Bool { true }
  public var gradientCut: GradientCut { .byRows }

  public var description: String {
    var arguments = "\(channels), kernel: \(kernel)" + settings.arguments(defaultStride: 1)
    if groups != 1 { arguments += ", groups: \(groups)" }
    if !bias { arguments += ", bias: false" }
    if let initializer { arguments += ", initializer: .\(initializer)" }
    return "Convolution2D(\(arguments))"
  }
}
