/// What was found for one shape and one case of transposition.
struct ProductResult: Encodable {
  let m: Int
  let n: Int
  let k: Int
  let product: Transposition
  /// GFLOP/s
  let downhill: Double
  let peers: [Peer]

  struct Peer: Encodable {
    let name: String
    /// GFLOP/s
    let speed: Double
    /// Speed of ours by speed of theirs, the median over the turns.
    let ratio: Double
  }

  static func heading(_ peers: [BLAS]) -> [String] {
    ["m × n × k", "product", "Downhill"] + peers.flatMap { [$0.name, "ratio"] }
  }

  var cells: [String] {
    ["\(m) × \(n) × \(k)", product.rawValue, fixed(downhill, 1)]
      + peers.flatMap { [fixed($0.speed, 1), fixed($0.ratio, 2)] }
  }
}

/// All results of a run, with the kernels that each side ran.
struct ProductReport: Encodable {
  let instructionSet: String
  /// Of the peers, by name.
  let kernels: [String: String]
  let results: [ProductResult]
}
