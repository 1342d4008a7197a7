import ArgumentParser

/// C is m × n, the inner dimension is k.
struct ProductShape: CustomStringConvertible {
  let m: Int
  let n: Int
  let k: Int

  var flops: Double { 2 * Double(m) * Double(n) * Double(k) }
  var description: String { "\(m) × \(n) × \(k)" }

  /// Squares, squares and rectangles of odd sizes, narrow ones, small batches, and those of training steps.
  static let usual = (squares + odd + narrow + smallBatches + training).map { ProductShape(m: $0, n: $1, k: $2) }

  private static let squares = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].map { ($0, $0, $0) }
  private static let odd = [(5, 7, 9), (17, 19, 23), (33, 35, 31), (65, 67, 63), (127, 129, 131), (257, 255, 259)]
  private static let narrow = [(32, 3, 64), (256, 3, 64), (64, 10, 128), (256, 10, 128), (1024, 1, 256), (64, 2048, 8)]
  private static let smallBatches = [(1, 64, 64), (1, 128, 784), (4, 256, 784), (8, 64, 64), (16, 512, 512)]
  private static let training = [
    (32, 64, 16), (32, 64, 64), (256, 64, 64), (64, 128, 784), (256, 128, 256), (256, 256, 784), (784, 256, 256),
    (128, 512, 784), (128, 512, 512),
  ]

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
