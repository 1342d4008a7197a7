/// The field of a figure with its axes. Lines across mark round numbers; names of the axes stand where they are read, that of the
/// vertical one above it.
struct Plot {
  let x: Axis
  let y: Axis
  let xTitle: String
  let yTitle: String
  var width = 360.0
  var height = 236.0
  /// Room for labels at the right.
  var right = 10.0
  /// Round numbers along the horizontal axis; nil: it has none.
  var xTicks: [(value: Double, label: String)]?

  private var top: Double { 24 }
  private var bottom: Double { height - 40 }
  private let yTicks: [(value: Double, label: String)]
  private let left: Double

  init(
    x: Axis, y: Axis, xTitle: String, yTitle: String, right: Double = 10, height: Double = 236,
    xTicks: [(value: Double, label: String)]? = nil
  ) {
    (self.x, self.y, self.xTitle, self.yTitle, self.right, self.height) = (x, y, xTitle, yTitle, right, height)
    self.xTicks = xTicks ?? x.ticks(5)
    yTicks = y.ticks(4)
    left = 8 + (yTicks.map { Plot.width(of: $0.label) }.max() ?? 0)
  }

  func px(_ value: Double) -> Double { left + x.place(value) * (width - right - left) }
  func py(_ value: Double) -> Double { bottom - y.place(value) * (bottom - top) }
  var floor: Double { bottom }

  /// What a text of the figures' size takes, roughly.
  static func width(of text: String) -> Double { 6.4 * Double(text.count) }

  /// Lines, labels and names: drawn first.
  var frame: HTML {
    var result: HTML = "<text x=\"0\" y=\"12\">\(yTitle)</text>\n"
    for tick in yTicks {
      result += "<path class=\"rule\" d=\"M\(left) \(py(tick.value))H\(width - right)\"/>"
      result += "<text x=\"\(left - 6)\" y=\"\(py(tick.value) + 4)\" text-anchor=\"end\">\(tick.label)</text>\n"
    }
    result += "<path class=\"base\" d=\"M\(left) \(bottom)H\(width - right)\"/>\n"
    var free = -10.0
    for tick in xTicks ?? [] {
      let place = px(tick.value), half = Plot.width(of: tick.label) / 2
      // A label may not run out of the figure or into the one before it.
      let centre = min(max(place, half), width - half)
      result += "<path class=\"tick\" d=\"M\(place) \(bottom)v4\"/>"
      if centre - half < free { continue }
      free = centre + half + 8
      result += "<text x=\"\(centre)\" y=\"\(bottom + 17)\" text-anchor=\"middle\">\(tick.label)</text>\n"
    }
    result += "<text x=\"\(width - right)\" y=\"\(bottom + 34)\" text-anchor=\"end\">\(xTitle)</text>\n"
    return result
  }

  func points(_ values: [(x: Double, y: Double)]) -> HTML {
    var result: HTML = ""
    for value in values { result += "\(px(value.x)),\(py(value.y)) " }
    return result
  }

  func curve(_ values: [(x: Double, y: Double)], colour: Int = 0, isThin: Bool = false) -> HTML {
    let values = values.filter(\.y.isFinite)
    let kind: HTML = isThin ? "curve thin" : "curve"
    return "<polyline class=\"\(kind)\" style=\"stroke:\(Self.colour(colour))\" points=\"\(points(values))\"/>\n"
  }

  /// Between a lower and an upper edge.
  func band(_ values: [(x: Double, low: Double, high: Double)]) -> HTML {
    let edge = values.map { ($0.x, $0.low) } + values.reversed().map { ($0.x, $0.high) }
    return "<polygon class=\"band\" points=\"\(points(edge.map { (x: $0.0, y: $0.1) }))\"/>\n"
  }

  func disc(_ x: Double, _ y: Double, radius: Double = 3.5, colour: Int = 0) -> HTML {
    "<circle class=\"mark\" style=\"fill:\(Self.colour(colour))\" cx=\"\(px(x))\" cy=\"\(py(y))\" r=\"\(radius)\"/>"
  }

  func whisker(_ x: Double, _ low: Double, _ high: Double, colour: Int = 0) -> HTML {
    "<path class=\"whisker\" style=\"stroke:\(Self.colour(colour))\" d=\"M\(px(x)) \(py(low))V\(py(high))\"/>"
  }

  func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double)) -> HTML {
    "<path class=\"ideal\" d=\"M\(px(a.x)) \(py(a.y))L\(px(b.x)) \(py(b.y))\"/>\n"
  }

  /// Names at the right ends of curves, moved apart where they would stand in each other.
  func endLabels(_ labels: [(text: String, y: Double)]) -> HTML {
    var places = labels.enumerated().map { (index: $0.offset, y: py($0.element.y)) }.sorted { $0.y < $1.y }
    for index in places.indices.dropFirst() { places[index].y = max(places[index].y, places[index - 1].y + 13) }
    if let last = places.last, last.y > bottom {
      places[places.count - 1].y = bottom
      for index in places.indices.dropLast().reversed() {
        places[index].y = min(places[index].y, places[index + 1].y - 13)
      }
    }
    return places.reduce(into: HTML()) { result, place in
      result +=
        "<text style=\"fill:\(Self.colour(place.index))\" x=\"\(width - right + 6)\" y=\"\(place.y + 4)\">\(labels[place.index].text)</text>\n"
    }
  }

  static func colour(_ index: Int) -> HTML { "var(--c\(index % 6))" }
}
