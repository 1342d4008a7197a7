/// Decides what a column is from all of its values.
///
/// Numbers stay numbers, however few they are; dates become moments; two words for no and yes are boolean; texts that nearly
/// all differ are text where they share words; others are categorical.
/// Identifiers and columns with one value only tell a learner nothing and are set aside, unless they are the target or
/// the user says otherwise.
struct ColumnInference {
  let name: String
  let index: Int
  let columnCount: Int
  let rows: Int
  let override: ColumnKind?
  let isTarget: Bool
  let hasTarget: Bool
  /// The files, where there are several.
  var files: [String] = []

  /// Text that differs in this share of the rows names the row.
  private static let identifierShare = 0.95
  /// Fewer rows than this say little about what always differs.
  private static let enoughRows = 20
  /// So few distinct whole numbers may be codes.
  private static let fewNumbers = 20

  private typealias Finding = (schema: ColumnSchema, values: FoundValues?)

  func infer(_ read: ReadColumn) -> (schema: ColumnSchema, values: FoundValues?) {
    switch read.values {
    case .none: (column(.ignored, "as asked"), nil)
    case .numbers(let numbers): inferNumbers(numbers)
    case .texts(let texts, let codes): inferTexts(texts, codes, read.firstText)
    }
  }

  private func inferTexts(
    _ texts: TextTable, _ codes: ColumnStorage<Int32>, _ firstText: (file: Int, line: Int, text: String)?
  ) -> Finding {
    let dates = override == .date || (override == nil && !isTarget) ? DateColumn(texts) : nil
    if override == .date { return asDates(dates, texts, codes) }
    let isConstant = texts.count == 1 && rows > 1 && !codes.contains { $0 < 0 }
    if let dates, dates.isWhole, !dates.isAmbiguous, !isConstant { return asDates(dates, texts, codes) }
    var found = inferTexts(Categories(texts, codes: codes, numbersAreCodes: nil), firstText)
    if let dates, !isConstant {
      let share = dates.moments.count(where: \.isFinite)
      if dates.isWhole {
        found.schema.reason +=
          "; these may be dates, but day and month can't be told apart: --dates would take the day first"
      } else if 2 * share > texts.count {
        found.schema.reason +=
          "; \(share) of \(texts.count) distinct texts are dates: --dates would take the others for missing"
      }
    }
    return found
  }

  private func asDates(_ dates: DateColumn?, _ texts: TextTable, _ codes: ColumnStorage<Int32>) -> Finding {
    let moments = dates?.moments ?? [Double](repeating: .infinity, count: texts.count)
    // Every text is that of a row.
    let present = moments.filter(\.isFinite)
    let missing = codes.count { $0 < 0 }, unreadable = codes.count { $0 >= 0 && moments[Int($0)].isInfinite }
    var reason = override == .date ? "as asked; " : ""
    if let first = present.min(), let last = present.max() {
      reason += "dates from \(dateText(first)) to \(dateText(last))"
    }
    if unreadable > 0 { reason += ", \(unreadable) can't be read" }
    if missing > 0 { reason += ", \(missing) missing" }
    var schema = column(.date, reason)
    schema.dateOrder = dates?.order ?? .yearFirst
    return (schema, .moments(codes, moments: moments))
  }

  private func inferNumbers(_ numbers: ColumnStorage<Double>) -> Finding {
    let missing = numbers.count(where: \.isNaN)
    let present = rows - missing
    let values = FoundValues.numbers(numbers)
    guard present > 0 else {
      let kind: ColumnKind = isTarget || override != nil ? .numeric : .ignored
      return (column(kind, rows == 1 ? "its one value is missing" : "all \(rows) values are missing"), values)
    }
    let found =
      missing == 0
      ? rows == 1 ? "its one value is a number" : "all \(rows) values are numbers"
      : "\(present) numbers, \(missing) missing"
    if override == .numeric { return (column(.numeric, "as asked; \(found)"), values) }
    let few = distinct(numbers, atMost: Self.fewNumbers)
    if let few, few.count == 1, missing == 0, rows > 1 {
      let constant = "every value is \(shortText(of: few[0]))"
      return (
        column(isTarget ? .numeric : .ignored, isTarget ? constant : "\(constant): constant, it tells nothing"), values
      )
    }
    let areWhole = numbers.allSatisfy { $0.isNaN || $0 == $0.rounded() }
    if !isTarget, missing == 0, areWhole {
      if namesKey(name), rows > 1, numbers.distinctCount == rows {
        return (column(.identifier, "every value differs and the name says key: identifier"), values)
      }
      if countsRows(numbers) {
        return (
          column(.identifier, "the first column counts the rows from \(shortText(of: numbers[0])): identifier"), values
        )
      }
    }
    var reason = found
    if areWhole, let few, present > 2 * few.count {
      reason = "\(found), \(counted(few.count, "distinct whole number"))"
      if few.count > 2 && !isTarget { reason += ", used as numbers: --categorical would make them categories" }
    }
    return (column(.numeric, reason), values)
  }

  private func inferTexts(_ found: Categories, _ firstText: (file: Int, line: Int, text: String)?) -> Finding {
    var categories = found
    let missing = categories.codes.count { $0 < 0 }
    let present = rows - missing
    let found =
      counted(categories.names.count, "distinct " + (categories.areNumbers ? "number" : "text"))
      + (missing > 0 ? ", \(missing) missing" : "")
    if override == .categorical {
      var schema = column(.categorical, "as asked; \(found)")
      schema.isNumberCode = categories.areNumbers && !categories.names.isEmpty
      return (schema, categories.values)
    }
    let values = categories.values
    if override == .text { return (column(.text, "as asked; \(found)"), values) }
    if categories.names.count == 1, missing == 0, rows > 1 {
      let constant = "every value is \(excerpt(categories.names[0]))"
      return (
        column(isTarget ? .categorical : .ignored, isTarget ? constant : "\(constant): constant, it tells nothing"),
        values
      )
    }
    if let (no, yes) = booleanPair(categories.names) {
      categories.lead(with: [no, yes])
      var schema = column(.boolean, "\(excerpt(no)) or \(excerpt(yes))" + (missing > 0 ? ", \(missing) missing" : ""))
      schema.booleanWords = [no, yes]
      return (schema, categories.values)
    }
    let mixed = mixture(firstText, categories: categories, present: present)
    if !isTarget && categories.names.count > 1 {
      let distinct = categories.names.count
      if distinct == present && namesKey(name) {
        return (column(.identifier, "every value differs and the name says key: identifier\(mixed)"), values)
      }
      if present >= Self.enoughRows, Double(distinct) >= Self.identifierShare * Double(present) {
        let share = distinct == present ? "every text differs" : "\(distinct) of \(present) texts differ"
        if Words.areShared(by: categories.names) {
          return (column(.text, "\(share), and they share words\(mixed)"), values)
        }
        return (column(.identifier, "\(share): identifier\(mixed)"), values)
      }
    }
    return (column(.categorical, found + mixed), values)
  }

  /// Explains why a column that is mostly numbers counts as text.
  private func mixture(_ first: (file: Int, line: Int, text: String)?, categories: Categories, present: Int) -> String {
    guard let first else { return "" }
    let counts = categories.counts
    let numbers = categories.names.indices.reduce(0) { sum, index in
      sum + (number(categories.names[index]) == nil ? 0 : counts[index])
    }
    guard 2 * numbers > present else { return "" }
    let file = files.isEmpty ? "" : " of \(files[first.file])"
    return "; \(numbers) of \(present) values are numbers, but line \(first.line)\(file) has \(first.text)"
  }

  private func column(_ kind: ColumnKind, _ reason: String) -> ColumnSchema {
    ColumnSchema(name: name, kind: kind, reason: isTarget ? "the target; \(reason)" : reason)
  }

  /// Whether the first of several columns numbers the rows 0, 1, 2, … or 1, 2, 3, … . In a table of few columns such
  /// a column may well be the one to learn from.
  private func countsRows(_ numbers: ColumnStorage<Double>) -> Bool {
    guard index == 0, columnCount - (hasTarget ? 1 : 0) >= 3, rows >= Self.enoughRows,
      numbers[0] == 0 || numbers[0] == 1
    else { return false }
    let first = numbers[0]
    return !numbers.enumerated().contains { row, number in row > 0 && number != first + Double(row) }
  }

  /// The distinct numbers, ascending; nil: more than `limit`.
  private func distinct(_ numbers: ColumnStorage<Double>, atMost limit: Int) -> [Double]? {
    var distinct: [Double] = []
    for number in numbers where !number.isNaN && !distinct.contains(number) {
      if distinct.count == limit { return nil }
      distinct.append(number)
    }
    return distinct.sorted()
  }
}

/// Whether a column's name calls it a key of the row: `id`, `PassengerId`, `customer_id`, `uuid`, `row key`.
func namesKey(_ name: String) -> Bool {
  var words: [String] = [""]
  var wasSmall = false
  for scalar in name.unicodeScalars {
    let properties = scalar.properties
    if !properties.isAlphabetic {
      words.append("")
      wasSmall = false
      continue
    }
    if properties.isUppercase && wasSmall { words.append("") }
    wasSmall = properties.isLowercase
    words[words.count - 1].unicodeScalars.append(scalar)
  }
  guard let last = words.last(where: { !$0.isEmpty })?.lowercased() else { return false }
  return ["id", "uuid", "guid", "uid", "key", "identifier", "rowid", "userid", "rownumber"].contains(last)
}
