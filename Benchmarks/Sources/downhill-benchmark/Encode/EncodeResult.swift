/// GB/s of the matrix that is written, and the seconds of fitting.
struct EncodeResult: Encodable {
  let scaling: String
  let threads: Int
  let encode: Double
  let copy: Double
  let warmCopy: Double
  let fit: Double

  static let heading = ["scaling", "threads", "encode", "copy", "warm copy", "fit"]

  var cells: [String] {
    [scaling, "\(threads)", fixed(encode, 2), fixed(copy, 2), fixed(warmCopy, 2), fixed(fit, 4)]
  }
}

struct EncodeReport: Encodable {
  let instructionSet: String
  let results: [EncodeResult]
}
