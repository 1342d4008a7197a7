/// The calibration curve.
struct CalibrationSection: ReportSection {
  let calibration: Calibration

  var title: String { "How sure to be" }

  var content: HTML {
    let error = calibration.expectedError
    let size =
      error < 1.3 * calibration.chanceError
      ? "as closely as chance allows" : error < 0.02 ? "closely" : error < 0.05 ? "fairly well" : "poorly"
    return """
      <p>The probabilities fit what came true \(size): they are off by \(Wording.percent(error)) on average. If they were \
      exactly right, so many rows would still show \(Wording.percent(calibration.chanceError)).</p>
      <div class="grid">\(CalibrationFigure(calibration: calibration).html)</div>

      """
  }
}
