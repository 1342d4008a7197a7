import ArgumentParser
import Downhill

struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product",
    abstract: "GFLOP/s of the matrix product, beside OpenBLAS's where it is installed.",
    discussion: """
      One thread. Ours and OpenBLAS's run in turns, in pairs; shown are medians over the pairs, and the median of the \
      pairs' ratios: above 1 ours is faster. A, B: m × k times k × n. The three cases are those of training: A B \
      (forward), Aᵀ B (gradient of weights), A Bᵀ (gradient of inputs).
      """)

  @Option(help: "Shapes as m,n,k; several with spaces between them.", transform: ProductShape.list)
  var shapes = ProductShape.usual

  @Option(help: "Pairs of blocks to time for each line.")
  var pairs = 15

  @Flag(help: "Print a JSON list with an object for each line.")
  var json = false

  func validate() throws {
    guard pairs > 0 else { throw ValidationError("--pairs \(pairs): at least one is needed") }
  }

  func run() throws {
    let openBLAS = OpenBLAS()
    var results: [ProductResult] = []
    for shape in shapes {
      for operands in Transposition.allCases {
        results.append(try ProductTrial(shape, operands).time(pairs: pairs, against: openBLAS))
      }
    }
    if json { return print(try downhill_benchmark.json(results)) }
    print(table([ProductResult.heading] + results.map(\.cells)))
    if openBLAS == nil { print("\nOpenBLAS is not installed (Debian: libopenblas0-pthread): ours alone was timed.") }
  }
}

/// C is m × n, the inner dimension is k.
struct ProductShape: CustomStringConvertible {
  let m: Int
  let n: Int
  let k: Int

  var flops: Double { 2 * Double(m) * Double(n) * Double(k) }
  var description: String { "\(m) × \(n) × \(k)" }

  /// From small batches of small networks to large squares.
  static let usual = [
    (32, 64, 16), (32, 64, 64), (32, 128, 128), (64, 128, 784), (128, 10, 128), (256, 128, 256), (256, 256, 784),
    (128, 512, 784), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024),
  ].map { ProductShape(m: $0, n: $1, k: $2) }

  static func list(_ argument: String) throws -> [ProductShape] {
    try argument.split(separator: " ").map { text in
      let numbers = text.split(separator: ",").compactMap { Int($0) }
      guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 && $0 <= 32768 }) else {
        throw ValidationError("“\(text)” is not a shape; three numbers from 1 to 32768 are expected: 256,128,784")
      }
      return ProductShape(m: numbers[0], n: numbers[1], k: numbers[2])
    }
  }
}

/// Which operand is stored transposed.
enum Transposition: String, CaseIterable, Encodable {
  case neither = "A B"
  case first = "Aᵀ B"
  case second = "A Bᵀ"
}

struct ProductResult: Encodable {
  let m: Int
  let n: Int
  let k: Int
  let product: Transposition
  /// GFLOP/s
  let downhill: Double
  let openBLAS: Double?
  /// Speed of ours by speed of theirs, the median over the pairs.
  let ratio: Double?

  static let heading = ["m × n × k", "product", "Downhill", "OpenBLAS", "ratio"]

  var cells: [String] {
    [
      "\(m) × \(n) × \(k)", product.rawValue, fixed(downhill, 1), openBLAS.map { fixed($0, 1) } ?? "–",
      ratio.map { fixed($0, 2) } ?? "–",
    ]
  }
}
