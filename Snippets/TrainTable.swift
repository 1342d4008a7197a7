// From a table to a model, and from the model to predictions.
//
//     swift run TrainTable Data/penguins.csv species
import Downhill

let arguments = CommandLine.arguments.dropFirst()
let path = arguments.first ?? "Data/penguins.csv"
let target = arguments.dropFirst().first ?? "species"

let table = try Table(contentsOf: .file(path), target: target)
for column in table.schema.columns { print("\(column.name): \(column.kind.rawValue), \(column.reason)") }

var learner = Learner(.default)
learner.holdout = 0.2
learner.seed = 1
let learned = try learner.prepare(Examples(table, target: target)).train { event in
  if case .epoch(let epoch) = event, epoch.epoch % 20 == 0 { print("epoch \(epoch.epoch): loss \(epoch.loss)") }
}
for (name, value) in learned.evaluation.values { print("\(name) on rows held back: \(value)") }

// The bytes of a model file; `save(to:)` writes them.
let bytes = try learned.model.encoded()
let predictor = try ModelPredictor(Model(decoding: bytes))
let predictions = try predictor.predict(.table(table.select(rows: [0, 1, 2])))
if learned.model.task == .classification {
  for row in 0..<predictions.count { print(predictions.label(row), predictions.probabilities.row(row)) }
} else {
  print(predictions.values)
}

// What it relies on, on the rows held back, and the page that shows it; `AtomicFile.write` puts that into a file.
let explanation = try Explainer().explain(learned.judgement, acquaintance: learned.acquaintance)
for column in explanation.importance?.columns ?? [] { print("\(column.name): \(column.loss.mean)") }
let page = Report(explanation).html
