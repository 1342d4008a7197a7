extension Recipe {
  /// With numbers for what is left to the task and to the number of training rows.
  ///
  /// The rules are few and coarse, since what they are chosen by is noisy: `Benchmarks/peers/recipe_search.py` has the
  /// figures.
  /// - Few rows get a network of half the width, which learns less of their noise, and small batches: more steps.
  /// - 100 epochs: fewer lose, more gain nothing. Where rows are many, an epoch has steps enough, and the number of
  ///   times that training looks at a row is bounded instead, which bounds its time.
  /// - Regressions lose by much dropout.
  public func settled(for task: LearningTask, rows: Int) -> Recipe {
    var recipe = self
    recipe.layers = layers ?? (rows < 2_000 ? [128, 128] : [256, 256])
    recipe.batchSize = batchSize ?? (rows < 1_000 ? 64 : 256)
    recipe.epochs = epochs ?? min(max(2_000_000 / max(1, rows), 20), 100)
    recipe.dropout = dropout ?? (task == .classification ? 0.2 : 0.1)
    return recipe
  }
}
