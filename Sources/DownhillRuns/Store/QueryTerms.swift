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
  func value(of name: String, _ arguments: inout StatementArguments) throws -> String {
    if let field = RunField(rawValue: name) {
      guard field == .status, !lost.isEmpty else { return field.rawValue }
      return "CASE WHEN id IN (\(lost.map(String.init).joined(separator: ","))) THEN 'lost' ELSE status END"
    }
    if try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM metric WHERE name = ?)", arguments: [name]) == true
    {
      arguments += [name]
      return "(SELECT value FROM metric WHERE metric.run = run.id AND name = ?)"
    }
    // A name in quotes may hold anything but quotes.
    let member = "$.\"\(name)\""
    if !name.contains("\""),
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE json_type(configuration, ?) IS NOT NULL)",
        arguments: [member]) == true
    {
      arguments += [member]
      return "json_extract(configuration, ?)"
    }
    throw RunError(.unknown, try complaint(name))
  }

  private func complaint(_ name: String) throws -> String {
    let metrics = try String.fetchAll(database, sql: "SELECT DISTINCT name FROM metric ORDER BY name")
    return "no run in \(path) has “\(name)”. Metrics: \(metrics.joined(separator: ", ")); besides "
      + RunField.allCases.map(\.rawValue).joined(separator: ", ") + ", and the options of train: learning-rate, …"
  }

  func condition(_ filter: RunFilter, _ arguments: inout StatementArguments) throws -> String {
    let value = try value(of: filter.name, &arguments)
    if filter.comparison == .contains {
      arguments += [filter.value]
      return "instr(lower(\(value)), lower(?)) > 0"
    }
    let sign =
      switch filter.comparison {
      case .equal: "IS"
      case .notEqual: "IS NOT"
      default: filter.comparison.rawValue
      }
    // A number is one in the database too; options that are flags are 1 and 0 there.
    switch filter.value {
    case "true": arguments += [1]
    case "false": arguments += [0]
    default:
      if let number = Double(filter.value), number.isFinite {
        // What is a text in the database is one that looks like a number: a target may be called 7.
        arguments += [filter.value, number]
        return "(CASE typeof(\(value)) WHEN 'text' THEN \(value) \(sign) ? ELSE \(value) \(sign) ? END)"
      }
      arguments += [filter.value]
    }
    return "\(value) \(sign) ?"
  }
}
