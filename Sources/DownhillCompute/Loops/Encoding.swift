internal import CKernels

/// How a number x becomes one that a network likes: z = (x − offset) · scale, held within ±2⁶⁴, then softly within ±3
/// where `clips`; 0 where the scale is 0. In double, then rounded: the same bits wherever the number stands, by every
/// instruction set.
package struct ScalingLoop {
  private var scaling: dh_scaling

  /// - Parameter filling: what a missing number, a NaN, becomes.
  package init(offset: Double, scale: Double, clips: Bool, filling: Float = .nan) {
    scaling = dh_scaling(offset: offset, scale: scale, clips: clips ? 1 : 0, filling: filling)
  }

  package func apply(_ x: Double) -> Float {
    var y: Float = 0
    withUnsafePointer(to: x) { run($0, EncodedRows(count: 1), to: &y, marks: nil) }
    return y
  }

  /// - Parameter marks: becomes 1 where a number is missing, else 0; nil: nobody asks.
  package func run(
    _ x: UnsafePointer<Double>, _ rows: EncodedRows, to y: UnsafeMutablePointer<Float>,
    marks: UnsafeMutablePointer<Float>?
  ) {
    withUnsafePointer(to: scaling) {
      kernels.scale_numbers($0, x + rows.first, rows.numbers, y, marks, rows.count)
    }
  }
}

/// Rows of a table that are encoded together.
package struct EncodedRows {
  /// Their numbers; nil: those from `first` on.
  let numbers: UnsafePointer<Int32>?
  let first: Int
  package let count: Int

  /// The first rows.
  package init(count: Int) { (numbers, first, self.count) = (nil, 0, count) }

  /// Rows by their numbers, each of which the columns have.
  package init(_ rows: UnsafeBufferPointer<Int32>) {
    count = rows.count
    let start = rows.first ?? 0
    var isRun = true
    for index in 0..<rows.count where rows[index] != start &+ Int32(truncatingIfNeeded: index) { isRun = false }
    // Rows that follow each other are loaded as vectors.
    (numbers, first) = isRun ? (nil, Int(start)) : (rows.baseAddress, 0)
  }

  /// The number of one of them.
  package subscript(index: Int) -> Int { numbers.map { Int($0[index]) } ?? first + index }

  /// Rows whose part of a matrix stays in the nearest cache while all their columns are written.
  package static let inBlock = Int(dh_block_rows)
}

/// Writes what the codes of some rows stand for.
/// - Parameter values: that of a missing code, −1, then those of 0, 1, ….
package func lookUp(
  _ codes: UnsafePointer<Int32>, _ rows: EncodedRows, in values: [Float], to y: UnsafeMutablePointer<Float>
) {
  kernels.look_up(codes + rows.first, rows.numbers, values, y, rows.count)
}

/// Moments, in seconds from 1970-01-01, as places in a period of time: sine and cosine of the angle 2πf, where f, from 0 to
/// below 1, is the part of the period that is over. Both are 0 for a missing moment, a NaN.
package struct CycleLoop: Sendable {
  private let cycle: dh_cycle

  /// The calendar's year, from 1 January on.
  package static let year = CycleLoop(cycle: dh_cycle_year)
  /// From Monday on.
  package static let week = CycleLoop(cycle: dh_cycle_week)
  package static let day = CycleLoop(cycle: dh_cycle_day)

  package func run(
    _ moments: UnsafePointer<Double>, _ rows: EncodedRows, sine: UnsafeMutablePointer<Float>,
    cosine: UnsafeMutablePointer<Float>
  ) {
    kernels.encode_cycle(cycle, moments + rows.first, rows.numbers, sine, cosine, rows.count)
  }

  package func angle(_ moment: Double) -> SIMD2<Float> {
    var (sine, cosine): (Float, Float) = (0, 0)
    withUnsafePointer(to: moment) { run($0, EncodedRows(count: 1), sine: &sine, cosine: &cosine) }
    return [sine, cosine]
  }
}

/// The place of a code that nobody knows, for `markPlaces`. −1 is that of a code which has none.
package let unknownPlace = Int32(dh_unknown_place)

/// Writes a 1 into each row, at the place of its code.
/// - Parameter places: that of a missing code, −1, then those of 0, 1, ….
/// - Returns: how many are unknown.
package func markPlaces(
  _ codes: UnsafePointer<Int32>, _ rows: EncodedRows, _ places: [Int32], in y: UnsafeMutablePointer<Float>, stride: Int
) -> Int {
  kernels.mark_places(codes + rows.first, rows.numbers, places, y, stride, rows.count)
}

/// Bytes, each by a scaling of its own.
package func scaleBytes(
  _ x: UnsafePointer<UInt8>, offsets: [Double], scales: [Double], clips: Bool, to y: UnsafeMutablePointer<Float>
) {
  precondition(offsets.count == scales.count)
  kernels.scale_bytes(x, offsets, scales, clips ? 1 : 0, y, offsets.count)
}
