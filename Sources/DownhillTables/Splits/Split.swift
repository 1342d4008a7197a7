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
    return Split(training: ascending(order.dropFirst(count)), heldOut: ascending(order.prefix(count)))
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
    var groups: [Int32: [Int32]] = [:]
    for (row, code) in zip(rows, classes) { groups[code, default: []].append(row) }
    let codes = groups.keys.sorted()
    let sizes = codes.map { groups[$0]!.count }
    let quotas = apportion(count, of: sizes)

    var split = Split(training: [], heldOut: [])
    for (code, quota) in zip(codes, quotas) {
      var members = groups[code]!
      shuffle(&members, using: &generator)
      split.heldOut += members.prefix(quota)
      split.training += members.dropFirst(quota)
    }
    return Split(training: ascending(split.training[...]), heldOut: ascending(split.heldOut[...]))
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
private func shuffle(_ elements: inout [Int32], using generator: inout some RandomNumberGenerator) {
  for last in stride(from: elements.count - 1, to: 0, by: -1) {
    let bound = UInt64(last + 1)
    var product = generator.next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = generator.next().multipliedFullWidth(by: bound) }
    }
    elements.swapAt(last, Int(product.high))
  }
}

extension Table {
  /// The numbers of all rows, 0 ..< rowCount, for splits.
  public var rows: [Int32] { (0..<Int32(rowCount)).map { $0 } }
}
