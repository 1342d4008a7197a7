internal import DownhillNetwork
internal import DownhillTabular

/// What was trained, and how.
struct RecipeSection: ReportSection {
  let model: Model

  var title: String { "The model" }

  private static let mostLines = 16

  var content: HTML {
    let record = model.record
    let rows =
      "\(grouped(record.trainingRows)) rows to train, \(grouped(record.validationRows)) to validate, "
      + "\(grouped(record.testRows)) to test; seed \(record.seed)."
    let members =
      record.memberEpochs.map { $0.count > 1 ? " \($0.count) networks of this form, whose answers are averaged." : "" }
      ?? ""
    let network = model.network.description
    let listing: HTML = "<pre>\(network)</pre>\n"
    // A long one would hide what stands behind it.
    let isLong = network.utf8.count(where: { $0 == UInt8(ascii: "\n") }) > Self.mostLines
    let folded: HTML =
      "<details><summary>The network, \(grouped(model.parameters.count)) parameters</summary>\(listing)</details>\n"
    return """
      <p>\(record.recipe.description.prefix(1).uppercased() + record.recipe.description.dropFirst()). \(rows)\(members)</p>
      \(isLong ? folded : listing)
      """
  }
}
