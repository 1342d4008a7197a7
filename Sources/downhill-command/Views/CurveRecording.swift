import Downhill

/// Keeps the learning curves for a report.
final class CurveRecording: TrainingView {
  private(set) var curves = LearningCurves()

  func handle(_ event: TrainingEvent) { curves.handle(event) }
}
