internal import GRDB

/// What the names in a query mean: something that every run has, a metric, or an option of the configuration.
struct QueryTerms {
  /// Runs that say that they are running, and whose process is gone.
  let lost: Set<Int>
  private let database: Database
  private let path: String

  init(_ database: Database, path: String) throws {
    (self.database, self.path) = (database, path)
    var lost: Set<Int> = []
    let running = try Row.fetchCursor(
      database, sql: "SELECT id, process, processStarted, place FROM run WHERE status = 'running'")
    while let row = try running.next() {
      guard let id: Int = row[1], let started: Int = row[2], let place: String = row[3] else { continue }
      if ProcessMark(id: id, started: started, place: place).isGone { lost.insert(row[0]) }
    }
    self.lost = lost
  }

  /// A value as SQL. Names come from outside, so that they are handed over as arguments.
  func value(of name: String, _ arguments: inout QueryArguments) throws -> String {
    if let field = RunField(rawValue: name) {
      guard field == .status, !lost.isEmpty else { return field.rawValue }
      return "CASE WHEN id IN (\(lost.map(String.init).joined(separator: ","))) THEN 'lost' ELSE status END"
    }
    if try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM metric WHERE name = ?)", arguments: [name]) == true
    {
      return "(SELECT value FROM metric WHERE metric.run = run.id AND name = \(arguments.add(name)))"
    }
    // A name in quotes may hold anything but quotes.
    let member = "$.\"\(name)\""
    if !name.contains("\""),
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE json_type(configuration, ?) IS NOT NULL)",
        arguments: [member]) == true
    {
      return "json_extract(configuration, \(arguments.add(member)))"
    }
    throw RunError(.unknown, try complaint(name))
  }

  private func complaint(_ name: String) throws -> String {
    let metrics = try String.fetchAll(database, sql: "SELECT DISTINCT name FROM metric ORDER BY name")
    return "no run in \(path) has “\(name)”. Metrics: \(metrics.joined(separator: ", ")); besides "
      + RunField.allCases.map(\.rawValue).joined(separator: ", ") + ", and the options of train: learning-rate, …"
  }

  func condition(_ filter: RunFilter, _ arguments: inout QueryArguments) throws -> String {
    let value = try value(of: filter.name, &arguments)
    let sign: String
    switch filter.comparison {
    case .contains: return "instr(lower(\(value)), lower(\(arguments.add(filter.value)))) > 0"
    case .equal: sign = "IS"
    case .notEqual: sign = "IS NOT"
    default: sign = filter.comparison.rawValue
    }
    // Options that are flags are 1 and 0 in the database.
    let flags = ["true": 1.0, "false": 0.0]
    guard let number = flags[filter.value] ?? Double(filter.value), number.isFinite else {
      return "\(value) \(sign) \(arguments.add(filter.value))"
    }
    // What is a text there is compared with a text: a target may be called 7.
    return "(CASE typeof(\(value)) WHEN 'text' THEN \(value) \(sign) \(arguments.add(filter.value)) "
      + "ELSE \(value) \(sign) \(arguments.add(number)) END)"
  }
}

/// The values of a query's parameters.
struct QueryArguments {
  private var values: [String: any DatabaseValueConvertible] = [:]

  /// - Returns: what stands for the value in SQL.
  mutating func add(_ value: some DatabaseValueConvertible) -> String {
    let name = "a\(values.count)"
    values[name] = value
    return ":\(name)"
  }

  var arguments: StatementArguments { StatementArguments(values) }
}
