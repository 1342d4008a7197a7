internal import DownhillTables

/// How the values of a column become numbers of bins, from 0. What is missing, or was never seen, has the bin behind them.
struct ColumnBins: Sendable, Equatable {
  let column: String
  let form: Form

  enum Form: Sendable, Equatable {
    /// Ascending. Bin i holds the numbers that are above i of them.
    case numbers(bounds: [Double])
    /// One bin each, the most frequent first; rarer categories than there are bins for are taken as missing.
    case categories([String])
  }

  /// Bins of values. One more is for what is missing.
  static let most = 255

  /// Bins of values.
  var count: Int {
    switch form {
    case .numbers(let bounds): bounds.count + 1
    case .categories(let names): names.count
    }
  }

  var missing: UInt8 { UInt8(count) }
  var isOrdered: Bool { if case .numbers = form { true } else { false } }

  /// Fitted to some rows of a column; nil: there is nothing in it to tell rows apart by.
  init?(_ column: Column, rows: [Int32]) {
    self.column = column.name
    switch column.values {
    case .numbers(let numbers):
      let isDate = column.kind == .date
      let present = rows.map { numbers[Int($0)] }.filter { !($0.isNaN || isDate && $0.isInfinite) }
      numbers.giveBack()
      form = .numbers(bounds: Self.bounds(of: present))
    case .categories(let codes, let names):
      var counts = [Int](repeating: 0, count: names.count)
      for row in rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
      codes.giveBack()
      let seen = names.indices.filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
      form = .categories(seen.prefix(Self.most).map { names[$0] })
    case .texts: return nil
    }
  }

  /// Bounds between neighbouring distinct numbers, in the middle of both. Where these are more than there are bins, each bin
  /// is filled with as many rows as are left for one of those that are left; so a frequent number has a bin of its own.
  static func bounds(of numbers: [Double]) -> [Double] {
    let sorted = numbers.sorted()
    var distinct: [(number: Double, rows: Int)] = []
    for number in sorted {
      if distinct.last?.number == number {
        distinct[distinct.count - 1].rows += 1
      } else {
        distinct.append((number, 1))
      }
    }
    guard distinct.count > most else { return zip(distinct, distinct.dropFirst()).map { middle($0.number, $1.number) } }
    var bounds: [Double] = []
    var left = sorted.count, filled = 0
    for (index, (number, rows)) in distinct.enumerated() {
      let room = Double(left) / Double(most - bounds.count)
      // Nearer to full without this number than with it.
      if filled > 0, bounds.count < most - 1, Double(filled) + Double(rows) / 2 > room {
        bounds.append(middle(distinct[index - 1].number, number))
        left -= filled
        filled = 0
      }
      filled += rows
    }
    return bounds
  }

  /// A number from `low` to below `high`.
  private static func middle(_ low: Double, _ high: Double) -> Double {
    let middle = low / 2 + high / 2
    return middle >= low && middle < high ? middle : low
  }

  /// The bins of some rows of a column.
  func encode(_ column: Column, rows: [Int32]) -> [UInt8] {
    defer { column.values.giveBack() }
    switch (form, column.values) {
    case (.numbers(let bounds), .numbers(let numbers)):
      let isDate = column.kind == .date
      return rows.map { row in
        let number = numbers[Int(row)]
        return number.isNaN || isDate && number.isInfinite ? missing : UInt8(Self.place(of: number, in: bounds))
      }
    case (.categories(let known), .categories(let codes, let names)):
      let places = Dictionary(uniqueKeysWithValues: zip(known, UInt8(0)...))
      let bins = names.map { places[$0] ?? missing }
      return rows.map { row in codes[Int(row)] < 0 ? missing : bins[Int(codes[Int(row)])] }
    // Another kind of values tells nothing.
    default: return [UInt8](repeating: missing, count: rows.count)
    }
  }

  /// How many of the bounds are below a number.
  private static func place(of number: Double, in bounds: [Double]) -> Int {
    bounds.withUnsafeBufferPointer { bounds in
      var low = 0, high = bounds.count
      while low < high {
        let middle = (low + high) / 2
        if bounds[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
