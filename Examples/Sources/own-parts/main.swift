// Trains a table with a layer, a loss, an optimizer, a schedule and a metric of one's own, saves the model, reads it back.
//
//     swift run -c release --package-path Examples own-parts Data/penguins.csv body_mass_g
import Downhill
import OwnParts

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, let target = arguments.dropFirst().first else {
  fatalError("usage: own-parts TABLE COLUMN, where the column holds numbers")
}
let table = try Table(contentsOf: .file(path), target: target)

var recipe = Recipe.default
recipe.loss = LossSetting(LogCosh())
recipe.schedule = ScheduleSetting(InverseSquareRoot(warmUp: 0.1))
recipe.learningRate = 0.002

var learner = Learner(recipe)
learner.task = .regression
learner.holdout = 0.2
learner.layers = [RadialBasis(32)]
learner.optimizer = Signum(0.9)
learner.metrics = [ShareWithin(0.5)]

let learned = try learner.prepare(Examples(table, target: target)).train { event in
  guard case .epoch(let epoch) = event, epoch.epoch % 20 == 0 else { return }
  let metrics = epoch.metrics.map { "\($0.name) \(Float($0.value))" }.joined(separator: ", ")
  print("epoch \(epoch.epoch): loss \(Float(epoch.loss)); \(metrics)")
}
print("on rows held back:", learned.evaluation.values.map { "\($0.name) \(Float($0.value))" }.joined(separator: ", "))

// A file is read with the kinds that it may name; without them it is refused.
let bytes = try learned.model.encoded()
let catalogs = Catalogs(
  layers: .standard + [RadialBasis.self], losses: .standard + [LogCosh.self],
  schedules: .standard + [InverseSquareRoot.self])
let predictor = try ModelPredictor(Model(decoding: bytes, catalogs: catalogs))
print("predicted:", try predictor.predict(.table(table.select(rows: [0, 100, 200]))).values)
