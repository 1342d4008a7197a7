public import DownhillCompute

/// How a parameter starts. Fan-in and fan-out are the numbers of rows and columns of a weight matrix.
public enum Initializer: Sendable, Codable, Hashable {
  case zeros
  case constant(Float)
  /// Uniform in [low, high).
  case uniform(Float, Float)
  /// Normal with mean 0.
  case normal(standardDeviation: Float)
  /// Uniform with variance 2 / (fan-in + fan-out): keeps the variance of values and of errors alike under a symmetric
  /// activation (Glorot and Bengio, 2010).
  case glorotUniform
  case glorotNormal
  /// Variance 2 / fan-in, for activations that drop half of their input (He et al., 2015).
  case heUniform
  case heNormal
  /// Variance 1 / fan-in, for self-normalising networks (LeCun et al., 1998; Klambauer et al., 2017).
  case lecunUniform
  case lecunNormal

  /// Fills one parameter.
  public func fill(_ parameter: MutableMatrixView, random: inout RandomStream) {
    let fanIn = Double(parameter.rows), fanOut = Double(parameter.columns)
    switch self {
    case .zeros: parameter.fill(0)
    case .constant(let value): parameter.fill(value)
    case .uniform(let low, let high): uniform(Double(low), Double(high))
    case .normal(let deviation): normal(Double(deviation))
    case .glorotUniform: symmetric(variance: 2 / (fanIn + fanOut))
    case .glorotNormal: normal((2 / (fanIn + fanOut)).squareRoot())
    case .heUniform: symmetric(variance: 2 / fanIn)
    case .heNormal: normal((2 / fanIn).squareRoot())
    case .lecunUniform: symmetric(variance: 1 / fanIn)
    case .lecunNormal: normal((1 / fanIn).squareRoot())
    }

    func each(_ next: () -> Double) {
      for row in 0..<parameter.rows {
        for column in 0..<parameter.columns { parameter[row, column] = Float(next()) }
      }
    }
    func uniform(_ low: Double, _ high: Double) { each { low + (high - low) * random.uniform() } }
    func normal(_ deviation: Double) { each { deviation * random.normal() } }
    /// A uniform distribution on [−a, a] has variance a² / 3.
    func symmetric(variance: Double) { uniform(-(3 * variance).squareRoot(), (3 * variance).squareRoot()) }
  }
}
