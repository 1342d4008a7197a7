/// Rows parted into those to train on and those held out to judge by. Both are ascending.
///
/// The parts are a pure function of the rows, the share and the generator's numbers.
public struct Split: Sendable, Equatable {
  public var training: [Int32]
  public var heldOut: [Int32]

  public init(training: [Int32], heldOut: [Int32]) {
    self.training = training
    self.heldOut = heldOut
  }

  /// The last rows are held out, as they stand: for rows in the order of time.
  ///
  /// - Throws: `TableError` when the share is not in 0 ..< 1, or the rows are too few for two parts.
  public static func inOrder(_ rows: [Int32], heldOut share: Double) throws(TableError) -> Split {
    let count = try heldOutCount(rows.count, share)
    return Split(training: ascending(rows.dropLast(count)), heldOut: ascending(rows.suffix(count)))
  }

  /// Rows drawn at random, each equally likely, are held out.
  ///
  /// - Throws: as `inOrder`.
  public static func random(
    _ rows: [Int32], heldOut share: Double, using generator: inout some RandomNumberGenerator
  ) throws(TableError) -> Split {
    let count = try heldOutCount(rows.count, share)
    var order = rows
    shuffle(&order, using: &generator)
    return Split(of: rows, heldOut: [order.prefix(count)], training: [order.dropFirst(count)])
  }

  /// Rows drawn at random from each class, so that both parts hold it in its share to within one row.
  ///
  /// The places that rounding leaves over go to the classes with the largest remainders (the quota method of Hamilton).
  /// A class is never held out whole: its only row is trained on.
  /// - Parameter classes: for each of `rows` its class; −1 (missing) counts as a class.
  /// - Throws: as `inOrder`.
  public static func stratified(
    _ rows: [Int32], by classes: [Int32], heldOut share: Double, using generator: inout some RandomNumberGenerator
  ) throws(TableError) -> Split {
    precondition(rows.count == classes.count, "one class a row")
    let count = try heldOutCount(rows.count, share)
    var counts: [Int32: Int] = [:]
    for code in classes { counts[code, default: 0] += 1 }
    let codes = counts.keys.sorted()
    let sizes = codes.map { counts[$0]! }
    let quotas = apportion(count, of: sizes)

    // The members of one class behind those of another.
    var starts: [Int32: Int] = [:]
    var end = 0
    for (code, size) in zip(codes, sizes) { (starts[code], end) = (end, end + size) }
    var members = [Int32](repeating: 0, count: rows.count)
    for (row, code) in zip(rows, classes) {
      members[starts[code]!] = row
      starts[code]! += 1
    }
    var heldOut: [ArraySlice<Int32>] = [], training: [ArraySlice<Int32>] = []
    var places: [(held: Range<Int>, rest: Range<Int>)] = []
    var start = 0
    for (size, quota) in zip(sizes, quotas) {
      shuffle(&members, in: start..<start + size, using: &generator)
      places.append((start..<start + quota, start + quota..<start + size))
      start += size
    }
    for (held, rest) in places {
      heldOut.append(members[held])
      training.append(members[rest])
    }
    return Split(of: rows, heldOut: heldOut, training: training)
  }

  /// Rows in two parts, each in ascending order.
  private init(of rows: [Int32], heldOut: [ArraySlice<Int32>], training: [ArraySlice<Int32>]) {
    guard let first = rows.first, let last = rows.last, zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }) else {
      self.init(training: ascending(training.flatMap { $0 }[...]), heldOut: ascending(heldOut.flatMap { $0 }[...]))
      return
    }
    // A bit for each row, which takes less memory than sorting.
    var isHeldOut = [UInt64](repeating: 0, count: (Int(last) - Int(first)) / 64 + 1)
    for part in heldOut {
      for row in part { isHeldOut[(Int(row) - Int(first)) / 64] |= 1 << UInt64((Int(row) - Int(first)) % 64) }
    }
    func part(_ isWanted: Bool, _ count: Int) -> [Int32] {
      [Int32](unsafeUninitializedCapacity: count) { part, filled in
        for row in rows {
          let place = Int(row) - Int(first)
          if (isHeldOut[place / 64] >> UInt64(place % 64) & 1 == 1) == isWanted {
            part.initializeElement(at: filled, to: row)
            filled += 1
          }
        }
      }
    }
    let count = heldOut.reduce(0) { $0 + $1.count }
    self.init(training: part(false, rows.count - count), heldOut: part(true, count))
  }

  /// Whole groups drawn at random are held out, as many as come nearest to the share; no group is in both parts.
  ///
  /// - Parameter groups: for each of `rows` its group; −1 (missing) counts as a group.
  /// - Throws: as `inOrder`, and when all rows are of one group.
  public static func grouped(
    _ rows: [Int32], by groups: [Int32], heldOut share: Double, using generator: inout some RandomNumberGenerator
  ) throws(TableError) -> Split {
    precondition(rows.count == groups.count, "one group a row")
    let count = try heldOutCount(rows.count, share)
    if count == 0 { return Split(training: ascending(rows[...]), heldOut: []) }
    var sizes: [Int32: Int] = [:]
    for group in groups { sizes[group, default: 0] += 1 }
    guard sizes.count > 1 else {
      throw TableError(
        .badRequest, "all rows are of one group, which can't be parted in two. Group them by another column.")
    }
    var order = sizes.keys.sorted()
    shuffle(&order, using: &generator)
    var taken: Set<Int32> = [], size = 0
    for group in order where taken.count < order.count - 1 {
      let other = size + sizes[group]!
      if abs(other - count) < abs(size - count) {
        taken.insert(group)
        size = other
      }
    }
    // Where every group is far larger than the share, the smallest.
    if taken.isEmpty { taken.insert(order.min { (sizes[$0]!, $0) < (sizes[$1]!, $1) }!) }
    return parted(rows) { taken.contains(groups[$0]) }
  }

  /// By what is said of the places in `rows`.
  private static func parted(_ rows: [Int32], isHeldOut: (Int) -> Bool) -> Split {
    var split = Split(training: [], heldOut: [])
    for (place, row) in rows.enumerated() {
      if isHeldOut(place) { split.heldOut.append(row) } else { split.training.append(row) }
    }
    return Split(training: ascending(split.training[...]), heldOut: ascending(split.heldOut[...]))
  }

  /// The latest rows are held out. Rows of one moment are in one part: where the share ends among them, they are trained
  /// on, unless nothing would be held out.
  ///
  /// - Parameter times: for each of `rows`, in any unit; NaN (missing) comes before all others.
  /// - Throws: as `inOrder`, and when all rows are of one moment.
  public static func latest(_ rows: [Int32], by times: [Double], heldOut share: Double) throws(TableError) -> Split {
    precondition(rows.count == times.count, "one time a row")
    let count = try heldOutCount(rows.count, share)
    if count == 0 { return Split(training: ascending(rows[...]), heldOut: []) }
    let known = times.map { $0.isNaN ? -Double.infinity : $0 }
    let sorted = known.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else {
      throw TableError(
        .badRequest, "all rows are of one time, so none is later than the others. Hold rows out by another column.")
    }
    let start = sorted.count - count
    let isTied = start > 0 && sorted[start - 1] == sorted[start]
    let earliest = (isTied ? sorted[start...].first { $0 > sorted[start] } : sorted[start]) ?? last
    return parted(rows) { known[$0] >= earliest }
  }

  /// How many of each class's rows are held out, when `count` are in all.
  private static func apportion(_ count: Int, of sizes: [Int]) -> [Int] {
    let total = sizes.reduce(0, +)
    guard count > 0 else { return sizes.map { _ in 0 } }
    // In whole numbers, so that equal remainders are equal.
    let exact = sizes.map { $0.multipliedFullWidth(by: count) }.map { total.dividingFullWidth($0) }
    var quotas = exact.map(\.quotient)
    let byRemainder = sizes.indices.sorted { (exact[$1].remainder, $0) < (exact[$0].remainder, $1) }
    var left = count - quotas.reduce(0, +)
    for index in byRemainder where left > 0 && exact[index].remainder > 0 && quotas[index] + 1 < sizes[index] {
      quotas[index] += 1
      left -= 1
    }
    if quotas.allSatisfy({ $0 == 0 }) {
      // No class can spare a row by the rule, and yet the part must not be empty: the largest gives one.
      quotas[sizes.indices.max { (sizes[$0], $1) < (sizes[$1], $0) }!] = 1
    }
    return quotas
  }

  private static func heldOutCount(_ rows: Int, _ share: Double) throws(TableError) -> Int {
    guard share >= 0, share < 1 else {
      throw TableError(
        .badRequest,
        "a share of \(shortText(of: share)) of the rows can't be held out; a number from 0 up to but not including 1 "
          + "was expected, such as 0.2."
      )
    }
    guard share > 0 else { return 0 }
    guard rows >= 2 else {
      throw TableError(
        .badRequest, "\(counted(rows, "row")) can't be parted in two. Give more rows, or hold out a share of 0.")
    }
    return min(max(Int((Double(rows) * share).rounded()), 1), rows - 1)
  }
}

/// Fisher–Yates with unbiased draws (Lemire, 2019), written out so that the order is fixed by the generator alone and
/// not by the version of the standard library.
private func shuffle(
  _ elements: inout [Int32], in range: Range<Int>? = nil, using generator: inout some RandomNumberGenerator
) {
  let range = range ?? elements.indices
  for last in stride(from: range.count - 1, to: 0, by: -1) {
    let bound = UInt64(last + 1)
    var product = generator.next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = generator.next().multipliedFullWidth(by: bound) }
    }
    elements.swapAt(range.lowerBound + last, range.lowerBound + Int(product.high))
  }
}

extension Table {
  /// The numbers of all rows, 0 ..< rowCount, for splits.
  public var rows: [Int32] { (0..<Int32(rowCount)).map { $0 } }
}
