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
    /// Median 0, quartiles one apart, or standard deviation 1 where more than half of the numbers are the same; softly
    /// held within ±3.
    case robust
  }

  /// As it stands.
  public static let none = NumberScaling(offset: 0, scale: 1)

  /// Fitted to the numbers of the training rows, of which none is missing; infinite ones don't count. A constant
  /// becomes 0.
  public init(_ kind: Kind, fitting numbers: [Double]) {
    switch kind {
    case .none: self = .none
    case .standard: self.init(standardizing: numbers.filter(\.isFinite))
    case .robust: self.init(centring: numbers.filter(\.isFinite))
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
    // In units of a power of two near the largest number, which cost no bit: no sum and no square overflows.
    let unit = numbers.map(\.magnitude).max().map { $0 > 0 ? $0.binade : 1 } ?? 1
    // From the first number on, so that the mean of a constant is that constant.
    let first = (numbers.first ?? 0) / unit
    let mean = first + numbers.reduce(0) { $0 + ($1 / unit - first) } / count
    let variance = numbers.reduce(0) { $0 + ($1 / unit - mean) * ($1 / unit - mean) } / count
    let deviation = variance.squareRoot()
    // A constant's deviation is rounding, or nothing at all.
    let scale = deviation > 1e-12 * abs(mean) ? 1 / deviation / unit : 0
    self.init(offset: mean * unit, scale: scale.isFinite ? scale : 0)
  }

  private init(centring numbers: [Double]) {
    let sorted = numbers.sorted()
    guard !sorted.isEmpty else { self = .init(offset: 0, scale: 0); return }
    // Halves, whose difference fits.
    let quartiles = quantile(sorted, 0.75) / 2 - quantile(sorted, 0.25) / 2
    let scale = quartiles > 0 ? 0.5 / quartiles : NumberScaling(standardizing: numbers).scale
    self.init(offset: quantile(sorted, 0.5), scale: scale.isFinite ? scale : 0, clips: true)
  }

  /// z of x. An infinite x, and a z that no float holds, become the largest number that a network can still add up.
  public func apply(_ x: Double) -> Float {
    if scale == 0 { return 0 }
    let difference = x - offset
    let exact = difference.isFinite ? difference * scale : x * scale - offset * scale
    let z = min(max(exact, -Self.largest), Self.largest)
    return Float(clips ? z / (1 + (z / 3) * (z / 3)).squareRoot() : z)
  }

  private static let largest = 0x1p64

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
  let share = place - Double(index)
  let difference = sorted[index + 1] - sorted[index]
  if difference.isInfinite { return sorted[index] * (1 - share) + sorted[index + 1] * share }
  return sorted[index] + share * difference
}
