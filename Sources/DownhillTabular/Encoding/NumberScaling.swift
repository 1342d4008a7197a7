internal import DownhillCompute

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
  public init(_ kind: Kind, fitting numbers: [Double]) { self.init(kind, fittingTo: numbers) }

  init(_ kind: Kind, fittingTo numbers: some Population) {
    if kind == .none || numbers.isEmpty {
      self = kind == .none ? .none : NumberScaling(offset: 0, scale: 0, clips: kind == .robust)
      return
    }
    let (smallest, largest) = numbers.extremes
    let finite = smallest.isFinite && largest.isFinite ? numbers : numbers.finite
    switch kind {
    case .none: self = .none
    case .standard: self.init(standardizing: finite)
    case .robust: self.init(centring: finite)
    }
  }

  public init(offset: Double, scale: Double, clips: Bool = false) {
    self.offset = offset
    self.scale = scale
    self.clips = clips
  }

  /// The standard deviation is that of the rows as they are, 1/n.
  private init(standardizing numbers: some Population) {
    guard let first = numbers.first else { self = .init(offset: 0, scale: 0); return }
    let count = Double(numbers.count)
    let (smallest, largest) = numbers.extremes
    // In units of a power of two near the largest number, which cost no bit: no sum and no square overflows.
    let magnitude = max(smallest.magnitude, largest.magnitude)
    let unit = magnitude > 0 ? max(magnitude.binade, .leastNormalMagnitude) : 1
    // From the first number on, so that the mean of a constant is that constant.
    let start = first / unit
    let mean = start + numbers.sumOfDifferences(unit: 1 / unit, from: start) / count
    let deviation = (numbers.sumOfSquares(unit: 1 / unit, from: mean) / count).squareRoot()
    // A constant's deviation is rounding, or nothing at all.
    let scale = deviation > 1e-12 * abs(mean) ? 1 / deviation / unit : 0
    self.init(offset: mean * unit, scale: scale.isFinite ? scale : 0)
  }

  private init(centring numbers: some Population) {
    guard !numbers.isEmpty else { self = .init(offset: 0, scale: 0, clips: true); return }
    let (lower, median, upper) = quartiles(of: numbers)
    // Halves, whose difference fits.
    let spread = upper / 2 - lower / 2
    let scale = spread > 0 ? 0.5 / spread : NumberScaling(standardizing: numbers).scale
    self.init(offset: median, scale: scale.isFinite ? scale : 0, clips: true)
  }

  /// z of x. An infinite x, and a z that no float holds, become the largest number that a network can still add up.
  public func apply(_ x: Double) -> Float { loop().apply(x) }

  /// The loop that works it out, whatever is scaled: columns, targets and single numbers.
  func loop(filling: Float = .nan) -> ScalingLoop {
    ScalingLoop(offset: offset, scale: scale, clips: clips, filling: filling)
  }

  /// z of each of many numbers.
  func apply(toAll numbers: [Double]) -> [Float] {
    [Float](unsafeUninitializedCapacity: numbers.count) { scaled, count in
      count = numbers.count
      if count > 0 { loop().run(numbers, EncodedRows(count: count), to: scaled.baseAddress!, marks: nil) }
    }
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

/// The first, second and third quartile, interpolated between neighbours, as NumPy does it by default.
private func quartiles(of numbers: some Population) -> (Double, Double, Double) {
  let last = numbers.count - 1
  if last == 0, let only = numbers.first { return (only, only, only) }
  let places = [0.25, 0.5, 0.75].map { $0 * Double(last) }
  let lower = places.map { min(Int($0), last - 1) }
  let neighbours = numbers.orderStatistics(at: Set(lower + lower.map { $0 + 1 }))
  func quartile(_ index: Int) -> Double {
    let (below, above) = (neighbours[lower[index]]!, neighbours[lower[index] + 1]!)
    let share = places[index] - Double(lower[index])
    let difference = above - below
    return difference.isInfinite ? below * (1 - share) + above * share : below + share * difference
  }
  return (quartile(0), quartile(1), quartile(2))
}
