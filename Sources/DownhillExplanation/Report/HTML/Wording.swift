internal import DownhillNetwork
internal import DownhillTables
internal import DownhillTabular

/// Numbers and names as a report has them.
enum Wording {
  /// With a minus sign instead of a hyphen, and large ones in groups of three digits.
  static func number(_ value: Double, digits: Int = 3) -> String {
    if abs(value) >= 10_000, abs(value) < 1e12 {
      return (value < 0 ? "−" : "") + grouped(Int(abs(value).rounded()))
    }
    let text = Format.number(value, digits: digits)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// With a plus or a minus.
  static func change(_ value: Double, digits: Int = 2) -> String {
    (value > 0 ? "+" : "") + number(value, digits: digits)
  }

  /// A value of the data, without zeros that say nothing.
  static func datum(_ value: Double) -> String {
    if value == value.rounded(), abs(value) >= 10_000, abs(value) < 1e15 {
      return (value < 0 ? "−" : "") + grouped(Int(abs(value)))
    }
    var text = number(value, digits: 4)
    if text.contains("."), !text.contains("e") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text
  }

  /// `12 %`, `0.4 %`.
  static func percent(_ share: Double) -> String {
    let value = 100 * share
    if value != 0, abs(value) < 0.1 { return "<\(space)0.1\(space)%" }
    let decimals = abs(value) < 9.95 && value != value.rounded() ? 1 : 0
    return fixed(value, decimals: decimals) + space + "%"
  }

  static func percent(_ share: Double, decimals: Int) -> String { fixed(100 * share, decimals: decimals) + space + "%" }

  /// One that no line is broken at.
  static let space = "\u{A0}"

  private static func fixed(_ value: Double, decimals: Int) -> String {
    let text = Format.fixed(value, decimals: decimals)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  static func interval(_ interval: Interval?, digits: Int = 3) -> String {
    guard let interval else { return "" }
    return "\(number(interval.lower, digits: digits)) to \(number(interval.upper, digits: digits))"
  }

  /// No longer than a figure has room for.
  static func short(_ text: String, _ length: Int = 18) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  static func value(_ value: PartialDependence.Value) -> String {
    switch value {
    case .number(let number): datum(number)
    case .moment(let seconds): String(dateText(seconds).prefix(10))
    case .category(let name): name
    case .missing: "missing"
    }
  }

  static let metrics = [
    "accuracy": "Accuracy", "balancedAccuracy": "Balanced accuracy", "macroF1": "Macro F1", "logLoss": "Log loss",
    "auc": "ROC AUC", "rmse": "RMSE", "mae": "Mean absolute error", "r2": "R²", "mse": "Mean squared error",
  ]

  static func metric(_ name: String) -> String { metrics[name] ?? name }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
