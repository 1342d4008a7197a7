import Downhill

/// Short texts: dates and numbers in the fields of a table, losses and schedules as command lines spell them. The first byte
/// says which.
let words = Harness(name: "words", seeds: { wordSeeds }) { bytes in
  guard let kind = bytes.first else { return }
  let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
  switch kind & 3 {
  case 0: readDates(text)
  case 1: readNumbers(text)
  case 2:
    guard let setting = attempt({ try LossSetting(text) }) else { return }
    require(attempt { try LossSetting(setting.description) } == setting, "another loss: \(setting)")
  default:
    guard let setting = attempt({ try ScheduleSetting(text) }) else { return }
    require(attempt { try ScheduleSetting(setting.description) } == setting, "another schedule: \(setting)")
    guard setting.schedule.objection == nil else { return }
    for progress in [0, 0.25, 0.5, 0.999, 1] {
      _ = setting.schedule.factor(from: progress, to: progress + 0.001)
    }
  }
}

/// Dates that are read are read again from how they are written, to the same moment.
private func readDates(_ text: String) {
  let format = CSVFormat(delimiter: .tab, hasHeader: true, encoding: .utf8)
  func read(_ text: String) -> Column? {
    attempt {
      try Table(
        contentsOf: .text("d\tn\n" + text), format: format, overrides: SchemaOverrides(dates: ["d"]), threads: 1)
    }?["d"]
  }
  guard let column = read(text), case .numbers(let moments) = column.values else { return }
  let written = (0..<column.count).map { column.text($0) ?? "NA" }
  guard let again = read(written.map { "\($0)\t1\n" }.joined()), case .numbers(let others) = again.values else {
    fatalError("dates that are none: \(written)")
  }
  for (moment, other) in zip(moments, others) where moment.isFinite {
    // To the second, of which texts may leave out parts.
    require((moment - other).magnitude <= 60, "\(moment) is written \(written), and that is \(other)")
  }
}

/// Numbers are those that the standard library reads.
private func readNumbers(_ text: String) {
  let fields = text.split(whereSeparator: \.isNewline).map { $0.filter { !"\",\t".contains($0) } }
  // Room behind the last row for the loop of plain rows, which reads ahead.
  let rows = (fields + [String](repeating: "0", count: 30)).map { "\($0)\t1\n" }.joined()
  let format = CSVFormat(delimiter: .tab, hasHeader: true, encoding: .utf8)
  guard
    let column = attempt({
      try Table(
        contentsOf: .text("x\tn\n" + rows), format: format, overrides: SchemaOverrides(numeric: ["x"]), threads: 1)
    })?["x"], case .numbers(let numbers) = column.values
  else { return }
  require(numbers.count == fields.count + 30, "\(numbers.count) rows of \(fields.count + 30)")
  for (field, number) in zip(fields, numbers) where !number.isNaN {
    let expected = Double(field.filter { !$0.isWhitespace })
    require(expected?.bitPattern == number.bitPattern, "\(field) is read as \(number)")
  }
}

private let wordSeeds: [[UInt8]] = {
  let dates = ["2026-11-24\t1\n", "2026-11-24T10:00:30.5+01:00\t1\n24.11.2026 10:00\t2\n", "2024/2/29\t1\nx\t2\n"]
  let numbers = ["1\n-2.5\n+.5\n1e-300\n", "9007199254740993.0000001\n4.9e-324\n1e309\n", "123456789012345678901e-5\n"]
  let losses =
    LossSetting.names + [
      "huber(delta: 2)", "cross-entropy(label-smoothing: 0.1)", "quantile(probability: 0.9)",
      "binary-cross-entropy(positive-weight: 3)", "focal(gamma: 2)",
    ]
  let schedules =
    ScheduleSetting.names + [
      "cosine-restarts(cycles: 3, growth: 2)", "warm-up(over: 0.1, then: cosine(end: 0.01))",
      "piecewise(points: [[0, 1], [0.5, 0.1], [1, 0]])", "step(every: 0.3, factor: 0.5)",
    ]
  return zip([0, 1, 2, 3], [dates, numbers, losses, schedules]).flatMap { kind, texts in
    texts.map { [0x40 + UInt8(kind)] + Array($0.utf8) }
  }
}()
