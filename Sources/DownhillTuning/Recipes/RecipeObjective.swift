internal import DownhillTabular

/// The score of a recipe: the mean over the folds.
struct RecipeObjective: Objective {
  let validation: CrossValidation
  /// What is improved, as it was asked for: the first trial's.
  let original: Recipe
  /// The same with everything decided, in which the values of points take the place of its own.
  let settled: Recipe
  /// In trainings; none: trials are not stopped.
  let rungs: [Double]

  func recipe(_ number: Int, _ point: SearchPoint) -> Recipe { number == 0 ? original : settled.with(point) }

  func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict {
    let recipe = recipe(number, point)
    if let objection = recipe.objection { return .failed(objection) }
    var scores: [Double] = []
    for fold in validation.folds.indices {
      if progress.isCancelled { return .ended(parts: scores) }
      // Those within the first training.
      var left = fold == 0 ? rungs.filter { $0 < 1 }[...] : []
      let result = try validation.train(recipe, fold: fold) {
        progress.isCancelled
      } atEpoch: { epoch, epochs, score in
        while let rung = left.first, Double(epoch) >= (rung * Double(epochs)).rounded(.up) {
          left = left.dropFirst()
          if !progress.reached(score) { return false }
        }
        return true
      }
      switch result {
      case .cancelled: return .ended(parts: scores)
      case .failed(let problem): return .failed(problem)
      case .score(let score):
        scores.append(score)
        // Patience may end a training before it comes to a rung.
        for _ in left where !progress.reached(score) { return .ended(parts: scores) }
      }
      let mean = scores.reduce(0, +) / Double(scores.count)
      if scores.count < validation.folds.count, rungs.contains(Double(scores.count)), !progress.reached(mean) {
        return .ended(parts: scores)
      }
    }
    return .score(scores.reduce(0, +) / Double(scores.count), parts: scores)
  }
}
