/// How a number becomes one that a network likes: z = (x − offset) · scale, then softly held within ±3 where `clips`.
public struct NumberScaling: Sendable, Codable, Equatable {
  public var offset: Double
  public var scale: Double
  /// z / √(1 + (z/3)²) instead of z, which takes the force out of outliers (Holzmüller et al., "Better by default",
  /// 2024).
  public var clips = false

  /// Which scaling to fit.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// As it stands.
    case none
    /// Mean 0 and standard deviation 1.
    case standard
    /// Median 0, quartiles one apart, and softly held within ±3.
    case robust
  }

  /// As it stands.
  public static let none = NumberScaling(offset: 0, scale: 1)

  /// Fitted to the numbers of the training rows, of which none is missing. A constant becomes 0.
  public init(_ kind: Kind, fitting numbers: [Double]) {
    switch kind {
    case .none: self = .none
    case .standard: self.init(standardizing: numbers)
    case .robust: self.init(centring: numbers)
    }
  }

  public init(offset: Double, scale: Double, clips: Bool = false) {
    self.offset = offset
    self.scale = scale
    self.clips = clips
  }

  /// The standard deviation is that of the rows as they are, 1/n.
  private init(standardizing numbers: [Double]) {
    let count = Double(max(1, numbers.count))
    let mean = numbers.reduce(0, +) / count
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = variance.squareRoot()
    // A constant's deviation is rounding, or nothing at all.
    let isConstant = !(deviation > 1e-12 * abs(mean)) || deviation.isSubnormal
    self.init(offset: mean.isFinite ? mean : 0, scale: isConstant || !deviation.isFinite ? 0 : 1 / deviation)
  }

  private init(centring numbers: [Double]) {
    let sorted = numbers.sorted()
    guard let low = sorted.first, let high = sorted.last else { self = .init(offset: 0, scale: 0); return }
    let quartiles = quantile(sorted, 0.75) - quantile(sorted, 0.25)
    let scale = quartiles > 0 ? 1 / quartiles : high > low ? 2 / (high - low) : 0
    self.init(offset: quantile(sorted, 0.5), scale: scale.isFinite ? scale : 0, clips: true)
  }

  public func apply(_ x: Double) -> Float {
    let z = (x - offset) * scale
    return Float(clips ? z / (1 + (z / 3) * (z / 3)).squareRoot() : z)
  }

  /// x of z; for scalings that don't clip and whose scale isn't 0.
  public func invert(_ z: Float) -> Double { scale == 0 ? offset : Double(z) / scale + offset }

  /// The formula, for people.
  public var explanation: String {
    if self == .none { return "as they stand" }
    return "(x − \(Float(offset))) · \(Float(scale))" + (clips ? ", held within ±3" : "")
  }

  var isSound: Bool { offset.isFinite && scale.isFinite && scale >= 0 }
}

/// Interpolated between neighbours, as NumPy does it by default.
private func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let index = min(Int(place), sorted.count - 2)
  if index < 0 { return sorted[0] }
  return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
}
