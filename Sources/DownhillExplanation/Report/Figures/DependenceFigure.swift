internal import DownhillTables

/// A partial dependence as a curve, or, of categories, as dots.
struct DependenceFigure {
  let dependence: PartialDependence
  /// What is answered: a target's name, or a probability.
  let response: String
  /// The ends of the vertical axis, the same in all figures that stand side by side.
  let range: [Double]
  /// Where the range is that of probabilities, or of values.
  let isProbability: Bool

  /// Several curves share the room below 1, so that the axis ends where they do.
  private var fixedEnds: [Double] { isProbability ? hasSeveral ? [0] : [0, 1] : [] }

  private var isNumeric: Bool { dependence.kind == .numeric || dependence.kind == .date }
  private var hasSeveral: Bool { dependence.outputs.count > 1 }

  var html: HTML {
    var figure = isNumeric ? curves : dots
    figure.table = table
    return figure.html
  }

  private var description: String {
    let means = dependence.points.map { $0.responses.last?.mean ?? .nan }
    guard let low = means.min(), let high = means.max(), let first = means.first, let last = means.last else {
      return ""
    }
    let from = Wording.value(dependence.points[means.firstIndex(of: low) ?? 0].value)
    let to = Wording.value(dependence.points[means.firstIndex(of: high) ?? 0].value)
    let what = dependence.outputs.last.map { "the probability of \($0)" } ?? response
    return
      "Along \(dependence.column), \(what) goes from \(Wording.number(first)) to \(Wording.number(last)); "
      + "it is lowest, \(Wording.number(low)), at \(from), and highest, \(Wording.number(high)), at \(to)."
  }

  private var curves: Figure {
    let present = dependence.points.filter { $0.value != .missing }
    let missing = dependence.points.first { $0.value == .missing }
    let values = present.map { Self.number($0.value) }
    let axis = Axis(values, kind: dependence.kind == .date ? .date : .linear, padding: 0)
    let right =
      hasSeveral
      ? min(110, 14 + (dependence.outputs.map { Plot.width(of: Wording.short($0, 14)) }.max() ?? 0))
      : missing == nil ? 12 : 66.0
    let plot = Plot(
      x: axis, y: Axis(range, including: fixedEnds), xTitle: dependence.column,
      yTitle: response, right: right)
    var drawing = plot.frame
    if !hasSeveral {
      drawing += plot.band(zip(values, present).map { ($0, $1.responses[0].low, $1.responses[0].high) })
    }
    for index in present.first?.responses.indices ?? 0..<0 {
      let curve = zip(values, present).map { (x: $0, y: $1.responses[index].mean) }
      drawing += curve.count == 1 ? plot.disc(curve[0].x, curve[0].y, colour: index) : plot.curve(curve, colour: index)
    }
    for decile in dependence.deciles where decile >= axis.low && decile <= axis.high {
      drawing += "<path class=\"base\" d=\"M\(plot.px(decile)) \(plot.floor)v-6\"/>"
    }
    if hasSeveral, let last = present.last {
      drawing += plot.endLabels(
        zip(dependence.outputs, last.responses).map { (Wording.short($0, 14), $1.mean) })
    } else if let missing {
      // Beside the axis, for it is no number.
      let (x, response) = (plot.width - 26, missing.responses[0])
      drawing +=
        "<path class=\"whisker\" style=\"stroke:var(--c0)\" d=\"M\(x) \(plot.py(response.low))V\(plot.py(response.high))\"/>"
      drawing +=
        "<circle class=\"mark\" style=\"fill:var(--c0)\" cx=\"\(x)\" cy=\"\(plot.py(response.mean))\" r=\"4\"/>"
      drawing += "<text x=\"\(x)\" y=\"\(plot.floor + 17)\" text-anchor=\"middle\">missing</text>"
    }
    return Figure(title: dependence.column, description: description, drawing: drawing)
  }

  /// A line for each category, its name at the left.
  private var dots: Figure {
    let rowHeight = 24.0
    let names = dependence.points.map { Wording.short(Wording.value($0.value), 16) }
    let left = 10 + (names.map { Plot.width(of: $0) }.max() ?? 0)
    let axis = Axis(range, including: fixedEnds)
    let width = 360.0, right = 14.0, top = 26.0
    let bottom = top + rowHeight * Double(names.count)
    func px(_ value: Double) -> Double { left + axis.place(value) * (width - right - left) }
    var drawing: HTML = "<text x=\"\(left)\" y=\"12\">\(response)</text>\n"
    for tick in axis.ticks(4) {
      drawing += "<path class=\"rule\" d=\"M\(px(tick.value)) \(top)V\(bottom)\"/>"
      drawing += "<text x=\"\(px(tick.value))\" y=\"\(bottom + 16)\" text-anchor=\"middle\">\(tick.label)</text>\n"
    }
    for (row, point) in dependence.points.enumerated() {
      let y = top + rowHeight * (Double(row) + 0.5)
      drawing += "<text class=\"name\" x=\"\(left - 10)\" y=\"\(y + 4)\" text-anchor=\"end\">\(names[row])</text>"
      if !hasSeveral, let response = point.responses.first {
        drawing +=
          "<path style=\"stroke:var(--band);stroke-width:9\" d=\"M\(px(response.low)) \(y)H\(px(response.high))\"/>"
      }
      for (index, response) in point.responses.enumerated() {
        drawing +=
          "<circle class=\"mark\" style=\"fill:\(Plot.colour(index))\" cx=\"\(px(response.mean))\" cy=\"\(y)\" r=\"4.5\"/>"
      }
      drawing += "\n"
    }
    return Figure(
      title: dependence.column, description: description, height: bottom + 24, drawing: drawing)
  }

  private var table: HTMLTable {
    let names = hasSeveral ? dependence.outputs : ["mean"]
    var columns = [HTMLTable.Column(dependence.column, isNumber: false)] + names.map { HTMLTable.Column($0) }
    if !hasSeveral { columns += [HTMLTable.Column("10th percentile"), HTMLTable.Column("90th percentile")] }
    let rows = dependence.points.map { point -> [HTML] in
      let spread = hasSeveral ? [] : [point.responses[0].low, point.responses[0].high]
      return ["\(Wording.value(point.value))"]
        + (point.responses.map(\.mean) + spread).map { "\(Wording.number($0))" }
    }
    return HTMLTable(columns: columns, rows: rows)
  }

  private static func number(_ value: PartialDependence.Value) -> Double {
    switch value {
    case .number(let number), .moment(let number): number
    case .category, .missing: .nan
    }
  }
}
