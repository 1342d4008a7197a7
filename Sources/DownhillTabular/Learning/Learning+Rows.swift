/// Which rows of the examples are for what.
extension Learning {
  /// Those that some network learns from, or that watch over one; all but what is held back, and what has no answer.
  package var learningRows: [Int32] {
    parts.validation.isEmpty ? parts.training : (parts.training + parts.validation).sorted()
  }

  /// Those that watch over each training: a fold for each member of an ensemble, or the one validation part.
  package var watchingRows: [[Int32]] {
    parts.folds.isEmpty ? (parts.validation.isEmpty ? [] : [parts.validation]) : parts.folds
  }

  package var heldBackRows: [Int32] { parts.holdout }
}
