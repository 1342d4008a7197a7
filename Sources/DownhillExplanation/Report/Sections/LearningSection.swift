internal import DownhillNetwork
internal import DownhillTabular

/// How training went.
struct LearningSection: ReportSection {
  let curves: LearningCurves
  let record: TrainingRecord

  var title: String { "How it learned" }

  var content: HTML {
    if curves.members.allSatisfy(\.isEmpty) { return "" }
    let best =
      record.memberEpochs.map {
        "\($0.count) networks, each a line; their best epochs: \(Wording.list($0.map(String.init)))."
      } ?? "\(record.epochs) epochs; the model is that of epoch \(record.epoch)"
      + (record.refitted ? ", trained again from the start on all rows up to there." : ".")
    return """
      <p>\(best)</p>
      <div class="grid">\(CurveFigures(curves: curves).html)</div>

      """
  }
}
