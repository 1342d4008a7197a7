internal import DownhillNetwork
internal import DownhillTabular

/// What was trained, and how.
struct RecipeSection: ReportSection {
  let model: Model

  var title: String { "The model" }

  var content: HTML {
    let record = model.record
    let rows =
      "\(grouped(record.trainingRows)) rows to train, \(grouped(record.validationRows)) to validate, "
      + "\(grouped(record.testRows)) to test; seed \(record.seed)."
    let members =
      record.memberEpochs.map { $0.count > 1 ? " \($0.count) networks of this form, whose answers are averaged." : "" }
      ?? ""
    return """
      <p>\(record.recipe.description). \(rows)\(members)</p>
      <pre>\(model.network.description)</pre>

      """
  }
}
