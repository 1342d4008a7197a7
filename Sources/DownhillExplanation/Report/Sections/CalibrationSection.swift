/// The calibration curve.
struct CalibrationSection: ReportSection {
  let calibration: Calibration

  var title: String { "How sure to be" }

  var content: HTML {
    let size = calibration.expectedError < 0.02 ? "closely" : calibration.expectedError < 0.05 ? "fairly well" : "poorly"
    return """
      <p>The probabilities fit what came true \(size): they are off by \(Wording.percent(calibration.expectedError)) on average, \
      by \(Wording.percent(calibration.largestError)) in the worst of \(calibration.bins.count) bins.</p>
      <div class="grid">\(CalibrationFigure(calibration: calibration).html)</div>

      """
  }
}
