import DownhillNetwork
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("Schedules and losses as they are spelled") struct SettingTests {
  static let schedules: [(text: String, schedule: any Schedule, shortest: String?)] = [
    ("constant", ConstantSchedule(), nil), ("cosine", CosineSchedule(), nil),
    ("cosine()", CosineSchedule(), "cosine"), (" cosine ( end : .5 ) ", CosineSchedule(end: 0.5), "cosine(end: 0.5)"),
    ("cosine-restarts(cycles: 4, growth: 2)", CosineRestarts(cycles: 4, growth: 2), nil),
    ("exponential(end: 1e-3)", ExponentialSchedule(end: 1e-3), "exponential(end: 0.001)"),
    ("one-cycle", OneCycleSchedule(), nil), ("one-cycle-momentum", OneCycleMomentum(), nil),
    ("flat-cosine(flat: 0.5)", FlatThenCosine(flat: 0.5), nil),
    ("step(factor: 0.1, steps: 2)", StepSchedule(steps: 2, factor: 0.1), nil),
    ("warm-up-cosine", LinearWarmUp(then: CosineSchedule()), nil), ("warm-up", LinearWarmUp(), nil),
    ("warm-up(then: cosine)", LinearWarmUp(then: CosineSchedule()), "warm-up-cosine"),
    ("warm-up-cosine(over: 0.2)", LinearWarmUp(over: 0.2, then: CosineSchedule()), nil),
    (
      "warm-up(over: 0.1, then: cosine-restarts(growth: 2))", LinearWarmUp(over: 0.1, then: CosineRestarts(growth: 2)),
      nil
    ),
    (
      "piecewise(points: [[0, 1], [0.5, 0.1]], interpolation: constant)",
      PiecewiseSchedule([(0, 1), (0.5, 0.1)], interpolation: .constant),
      "piecewise(interpolation: constant, points: [[0, 1], [0.5, 0.1]])"
    ),
  ]

  @Test("A schedule is what it says, and says what it is", arguments: schedules.indices) func schedule(index: Int)
    throws
  {
    let (text, schedule, shortest) = Self.schedules[index]
    let setting = try ScheduleSetting(text)
    #expect(setting == ScheduleSetting(schedule))
    #expect(setting.description == shortest ?? text)
    // In a model file it is the text.
    let coded = try JSONEncoder().encode([setting])
    #expect(String(decoding: coded, as: UTF8.self) == "[\"\(setting)\"]")
    #expect(try JSONDecoder().decode([ScheduleSetting].self, from: coded) == [setting])
  }

  static let losses: [(text: String, loss: any Loss)] = [
    ("mse", MeanSquaredError()), ("mae", MeanAbsoluteError()), ("huber(delta: 2.5)", Huber(delta: 2.5)),
    ("quantile(levels: [0.9])", Quantile(0.9)), ("cross-entropy", CrossEntropy()),
    ("cross-entropy(label-smoothing: 0.1)", CrossEntropy(labelSmoothing: 0.1)),
    ("cross-entropy(classWeights: [1, 2.5])", CrossEntropy(classWeights: [1, 2.5])),
    ("binary-cross-entropy(positive-weights: [3])", BinaryCrossEntropy(positiveWeights: [3])),
    ("focal(gamma: 1)", FocalCrossEntropy(gamma: 1)),
    ("binary-focal(alpha: 0.25)", BinaryFocalCrossEntropy(alpha: 0.25)),
  ]

  @Test("A loss is what it says, and says what it is", arguments: losses.indices) func loss(index: Int) throws {
    let (text, loss) = Self.losses[index]
    let setting = try LossSetting(text)
    #expect(setting == LossSetting(loss))
    #expect(try LossSetting(setting.description) == setting)
    #expect(try JSONDecoder().decode([LossSetting].self, from: JSONEncoder().encode([setting])) == [setting])
  }

  static let faults: [(text: String, fragment: String)] = [
    ("", "a name is expected at the end"),
    ("cosinus", "no schedule “cosinus”; did you mean “cosine”? There are constant, "),
    ("cosine(ende: 1)", "cosine has no “ende”; did you mean “end”? It has end"), ("constant(end: 1)", "nothing to set"),
    ("cosine(end: -1)", "at least 0, not -1"), ("cosine(end: -0.5)", "at least 0, not -0.5"),
    ("one-cycle(rise: 1.2)", "from 0 to 1, not 1.2"),
    ("cosine(end: fast)", "“end” of cosine is a number"),
    ("cosine(end 1)", "a colon behind the name of a setting is expected where it says “1)”"),
    ("cosine(end: 1", "a comma or a closing parenthesis is expected at the end"), ("cosine) x", "the end is expected"),
    ("cosine(end: 1, end: 2)", "set twice"),
    ("cosine-restarts(cycles: 2.5)", "“cycles” of cosine-restarts is a whole number, not 2.5"),
    ("warm-up(then: 3)", "“then” of warm-up is a schedule"), ("warm-up(then: cosinus)", "no schedule “cosinus”"),
    ("piecewise", "at least one point"), ("piecewise(points: 3)", "a list in brackets"),
    ("piecewise(points: [[0, 1]], interpolation: cubic)", "interpolation"),
    ("cosine(end: 1e999)", "a number is expected"),
    ("warm-up(then: " + String(repeating: "warm-up(then: ", count: 40), "nested too deeply"),
  ]

  @Test("What can't be read says what is wrong, and what there is", arguments: faults) func fault(
    _ text: String, _ fragment: String
  ) {
    #expect { _ = try ScheduleSetting(text) } throws: { "\($0)".contains(fragment) }
  }

  @Test("Models of earlier versions name schedules and losses by their plain names") func earlierNames() throws {
    for name in ["constant", "step", "cosine", "warm-up", "warm-up-cosine"] {
      #expect("\(try ScheduleSetting(name))" == name)
    }
    for name in ["cross-entropy", "binary-cross-entropy", "mse"] { #expect("\(try LossSetting(name))" == name) }
    #expect("\(Recipe.default.schedule)" == "warm-up-cosine" && "\(Recipe.plain.schedule)" == "constant")
  }
}
