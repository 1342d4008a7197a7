internal import DownhillNetwork

/// Probabilities beside what came of them: points on the diagonal mean what they say.
struct CalibrationFigure {
  let calibration: Calibration

  var html: HTML {
    let event = calibration.label.map { "rows that are “\(Wording.short($0, 24))”" } ?? "rows that are right"
    let plot = Plot(
      x: Axis([0, 1], including: [0, 1]), y: Axis([0, 1], including: [0, 1]), xTitle: "predicted probability",
      yTitle: "share of \(event)")
    var drawing = plot.frame
    let most = Double(calibration.bins.map(\.rows).max() ?? 1)
    for bin in calibration.bins {
      // How many rows there are, from the floor up to a sixth of the height.
      let (left, right) = (plot.px(bin.lower) + 1, plot.px(bin.upper) - 1)
      let height = max(1, 30 * Double(bin.rows) / most)
      drawing +=
        "<rect class=\"band\" x=\"\(left)\" y=\"\(plot.floor - height)\" width=\"\(right - left)\" height=\"\(height)\"/>"
    }
    drawing += plot.line(from: (0, 0), to: (1, 1))
    drawing += plot.curve(calibration.bins.map { (x: $0.meanProbability, y: $0.share) }, isThin: true)
    for bin in calibration.bins {
      drawing += plot.whisker(bin.meanProbability, bin.interval.lower, bin.interval.upper)
      drawing += plot.disc(bin.meanProbability, bin.share, radius: 4)
    }
    let table = HTMLTable(
      columns: [
        .init("probability", isNumber: false), .init("rows"), .init("mean probability"), .init("share"),
        .init("95 % interval"),
      ],
      rows: calibration.bins.map { bin in
        [
          "\(Wording.number(bin.lower, digits: 2)) to \(Wording.number(bin.upper, digits: 2))", "\(grouped(bin.rows))",
          "\(Wording.number(bin.meanProbability))", "\(Wording.number(bin.share))", "\(Wording.interval(bin.interval))",
        ]
      })
    return Figure(
      title: "Do the probabilities mean what they say?",
      caption:
        "Above the diagonal the model is too careful, below it too sure. Lines: 95 % intervals; bars: how many rows.",
      description: description, drawing: drawing, table: table
    ).html
  }

  private var description: String {
    let off = calibration.bins.max { abs($0.share - $0.meanProbability) < abs($1.share - $1.meanProbability) }
    return
      "\(calibration.bins.count) bins of probabilities; they differ from the shares that came true by "
      + "\(Wording.number(calibration.expectedError, digits: 2)) on average"
      + (off.map {
        ", most where the mean probability is \(Wording.number($0.meanProbability, digits: 2)) and the share \(Wording.number($0.share, digits: 2))."
      } ?? ".")
  }
}
