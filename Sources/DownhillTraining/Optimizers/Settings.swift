// What the optimizers say about their settings.

/// What is wrong with shares that must be at least 0 and below 1; nil: nothing.
func shareObjection(_ optimizer: String, _ shares: (name: String, value: Double)...) -> String? {
  for (name, value) in shares where !(value >= 0 && value < 1) {
    return "\(optimizer)'s \(name) is at least 0 and below 1, not \(value)"
  }
  return nil
}

func epsilonObjection(_ optimizer: String, _ epsilon: Double) -> String? {
  epsilon > 0 && epsilon.isFinite ? nil : "\(optimizer)'s ε is above 0, not \(epsilon)"
}

/// The arguments that are not empty, with commas.
func arguments(_ list: String...) -> String { list.filter { !$0.isEmpty }.joined(separator: ", ") }

/// An argument that is left out where it is the default.
func argument(_ name: String, _ value: Double, default standard: Double) -> String {
  value == standard ? "" : "\(name): \(value)"
}
