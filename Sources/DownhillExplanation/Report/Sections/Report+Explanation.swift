public import DownhillTabular

extension Report {
  /// The report of an explanation. Further sections can be added behind.
  /// - Parameters:
  ///   - model: the whole, where parts of it were judged; nil: that of the explanation.
  ///   - name: of the model's file.
  ///   - curves: how training went, where that is known.
  public init(
    _ explanation: Explanation, of model: Model? = nil, name: String? = nil, curves: LearningCurves? = nil
  ) {
    let model = model ?? explanation.model
    let opening = Opening(explanation: explanation, name: name)
    var sections: [any ReportSection] = []
    if let importance = explanation.importance { sections.append(ImportanceSection(importance: importance)) }
    sections.append(DependenceSection(explanation: explanation))
    if let confusion = explanation.confusion { sections.append(ConfusionSection(confusion: confusion)) }
    if let calibration = explanation.calibration { sections.append(CalibrationSection(calibration: calibration)) }
    if let residuals = explanation.residuals {
      sections.append(
        ResidualSection(residuals: residuals, target: explanation.model.target, rows: explanation.rows))
    }
    sections.append(WorstRowsSection(rows: explanation.worst))
    if let curves { sections.append(LearningSection(curves: curves, record: model.record)) }
    sections.append(
      DataSection(columns: explanation.columns, rows: explanation.summarizedRows, target: explanation.model.target))
    sections.append(RecipeSection(model: model))
    self.init(
      title: "\(name ?? explanation.model.target): \(opening.headline)", opening: opening.html, sections: sections)
    closing = "Made by Downhill \(downhillVersion); random choices by seed \("\(explanation.seed)")."
  }
}
