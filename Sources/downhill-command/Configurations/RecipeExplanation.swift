import Downhill

/// What a recipe comes to for the data at hand, as a configuration that says the same, each setting with what it is for.
struct RecipeExplanation {
  let learning: Learning
  let source: String
  let declaresNetwork: Bool

  var text: String {
    let recipe = learning.recipe
    var lines = [
      "# \(recipe.reference), settled for \(source): a \(learning.target.task.rawValue), \(grouped(learning.rowsOfEach)) rows for "
        + ((recipe.members ?? 1) > 1 ? "each network" : "the network"),
      "# Every line may be changed: as an option, --name value, or in a file for --config.",
    ]
    let idle: Set = (recipe.members ?? 1) > 1 ? ["validation", "refit"] : []
    let members = RecipeOptions.members(of: learning, declaresNetwork: declaresNetwork)
    let settings = members.filter { !idle.contains($0.0) }.compactMap { name, value in
      value.flatMap { $0 == .null ? nil : (name, Self.text(of: $0)) }
    }
    let width = settings.map { $0.0.count + $0.1.count }.max() ?? 0
    for (name, value) in settings {
      let padding = String(repeating: " ", count: max(0, min(width, 44) - name.count - value.count) + 2)
      lines.append("\(name): \(value)" + (Self.meanings[name].map { "\(padding)# \($0)" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func text(of value: JSONValue) -> String {
    switch value {
    case .string(let text): text.contains(": ") ? "'\(text)'" : text
    case .array(let elements): "[\(elements.map(text).joined(separator: ", "))]"
    default: value.text()
    }
  }

  private static let meanings = [
    "layers": "widths of the hidden layers",
    "parametrization": "all layers learn alike, whatever their width (Jacot et al. 2018)",
    "parametric-activation": "each neuron learns how much of its activation there is",
    "embedding": "each number as waves whose frequencies are learned, and itself",
    "input-scale": "learns fast how much each feature counts",
    "residual": "whether layers add to what they are given",
    "skewed-ranks": "a second column, the rank, for numbers that need it",
    "text-words": "the most frequent words of texts become a column each",
    "rough-values": "a learned vector for each value of numbers whose neighbours answer differently",
    "most-one-hot": "columns with more categories become learned vectors",
    "dropout": "share of each hidden layer that is left out in a step",
    "beta2": "a short memory of squared gradients",
    "schedule": "of the learning rate",
    "decay-schedule": "of weight decay: none at the end",
    "dropout-schedule": "of dropout: none at the end",
    "weight-decay": "times the rate, off each weight in a step",
    "average": "the network is the moving average of its parameters",
    "batch-size": "small where rows are few, for more steps",
    "epochs": "passes over the rows, at most; the best one is kept",
    "members": "networks, each validated on rows it has not learned from; averaged",
    "validation": "share of the rows that chooses the best epoch, of one network",
    "monitor": "what the best epoch is best in",
    "refit": "one network is trained again on all rows",
    "scaling": "of numbers; robust: by quartiles, softly held within ±3",
  ]
}
