internal import DownhillNetwork

/// Predictions beside the truth, residuals along the predictions, and how residuals are spread.
struct ResidualFigures {
  let residuals: Residuals
  let target: String
  let rows: Int

  var html: HTML { "\(scatter)\(alongPredictions)\(histogram)" }

  private var scatter: HTML {
    let truths = residuals.points.map(\.truth), predictions = residuals.points.map(\.prediction)
    let axis = Axis(truths + predictions)
    let plot = Plot(
      x: axis, y: axis, xTitle: "predicted \(Wording.short(target, 24))", yTitle: "true \(Wording.short(target, 24))")
    var drawing = plot.frame
    drawing += plot.line(from: (axis.low, axis.low), to: (axis.high, axis.high))
    for point in residuals.points {
      drawing += "<circle class=\"dot\" cx=\"\(plot.px(point.prediction))\" cy=\"\(plot.py(point.truth))\" r=\"2.6\"/>"
    }
    let some = residuals.points.count < rows ? "\(grouped(residuals.points.count)) of \(grouped(rows)) rows. " : ""
    return Figure(
      title: "Truth beside prediction", caption: "\(some)On the diagonal the prediction is right.",
      description: "A cloud of \(residuals.points.count) points along the diagonal, predictions from "
        + "\(Wording.number(predictions.min() ?? .nan)) to \(Wording.number(predictions.max() ?? .nan)).",
      drawing: drawing
    ).html
  }

  private var alongPredictions: HTML {
    let bands = residuals.bands
    let plot = Plot(
      x: Axis(bands.map(\.meanPrediction)), y: Axis(bands.flatMap { [$0.low, $0.high, $0.meanResidual, 0] }),
      xTitle: "predicted \(Wording.short(target, 24))", yTitle: "truth − prediction")
    var drawing = plot.frame
    drawing += plot.line(from: (plot.x.low, 0), to: (plot.x.high, 0))
    drawing += plot.band(bands.map { ($0.meanPrediction, $0.low, $0.high) })
    drawing += plot.curve(bands.map { (x: $0.meanPrediction, y: $0.meanResidual) })
    for band in bands { drawing += plot.disc(band.meanPrediction, band.meanResidual) }
    let table = HTMLTable(
      columns: [
        .init("mean prediction"), .init("rows"), .init("mean residual"), .init("10th percentile"),
        .init("90th percentile"),
      ],
      rows: bands.map { band in
        [
          "\(Wording.number(band.meanPrediction, digits: 4))", "\(grouped(band.rows))",
          "\(Wording.number(band.meanResidual))",
          "\(Wording.number(band.low))", "\(Wording.number(band.high))",
        ]
      })
    return Figure(
      title: "Residuals along the predictions",
      caption: "Mean, and 10th to 90th percentile, of groups of equally many rows. A line off zero is a bias.",
      description: "\(bands.count) groups; their mean residuals lie between "
        + "\(Wording.number(bands.map(\.meanResidual).min() ?? .nan)) and \(Wording.number(bands.map(\.meanResidual).max() ?? .nan)).",
      drawing: drawing, table: table
    ).html
  }

  private var histogram: HTML {
    let histogram = residuals.histogram
    let plot = Plot(
      x: Axis([histogram.lower, histogram.upper], padding: 0),
      y: Axis(histogram.counts.map(Double.init), kind: .whole, including: [0]), xTitle: "truth − prediction",
      yTitle: "rows")
    let width = (histogram.upper - histogram.lower) / Double(histogram.counts.count)
    var drawing = plot.frame
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      let left = plot.px(histogram.lower + Double(bin) * width) + 0.5
      let right = plot.px(histogram.lower + Double(bin + 1) * width) - 0.5
      let top = plot.py(Double(count))
      drawing +=
        "<rect class=\"bar\" x=\"\(left)\" y=\"\(top)\" width=\"\(max(1, right - left))\" height=\"\(plot.floor - top)\"/>"
    }
    let shares = zip(Residuals.shares, residuals.quantiles)
    let table = HTMLTable(
      columns: [.init("percentile", isNumber: false), .init("truth − prediction")],
      rows: shares.map { ["\(Wording.percent($0))", "\(Wording.number($1, digits: 4))"] })
    return Figure(
      title: "Spread of the residuals",
      caption:
        "Half of the rows lie between \(Wording.number(residuals.quantiles[2])) and \(Wording.number(residuals.quantiles[4])), "
        + "nine of ten between \(Wording.number(residuals.quantiles[1])) and \(Wording.number(residuals.quantiles[5])).",
      description:
        "Counts of residuals in \(histogram.counts.count) bins; the median is \(Wording.number(residuals.quantiles[3])).",
      drawing: drawing, table: table
    ).html
  }
}
