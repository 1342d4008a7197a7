/// Which options a command line gives, and whether there is data among its words.
struct GivenOptions {
  private(set) var names: Set<String> = []
  private(set) var hasData = false
  /// The values of `--config`.
  private(set) var configurations: [String] = []

  init(_ arguments: some Sequence<String>, _ table: OptionTable) {
    var arguments = arguments.makeIterator()
    while let argument = arguments.next() {
      if argument == "--" {
        hasData = hasData || arguments.next() != nil
        return
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        hasData = true
        continue
      }
      guard argument.hasPrefix("--") else {
        if argument.contains("h") { names.insert("help") }
        continue
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      names.insert(name)
      var value = parts.count > 1 ? String(parts[1]) : nil
      if value == nil, let kind = table[name], kind != .flag { value = arguments.next() }
      if name == Configuration.option, let value { configurations.append(value) }
    }
  }

  /// Whether what a configuration says for a key has no place beside what the command line gives.
  func replaces(_ key: String) -> Bool {
    if key == Configuration.data { return hasData }
    return names.contains(key) || names.contains { Self.displaced[$0]?.contains(key) == true }
  }

  /// What an option is given instead of, besides itself.
  private static let displaced: [String: Set<String>] = [
    "target": ["labels", "test-images", "test-labels", "task"],
    "labels": ["target", "test", "task", "weights", "split", "split-by", "split-time"],
    "network": ["layers", "activation", "dropout"],
    "layers": ["network"], "activation": ["network"], "dropout": ["network"],
    "holdout": ["test", "test-images", "test-labels", "split"],
    "test": ["holdout"], "test-images": ["holdout"],
    "validation": ["split"],
    "split": ["holdout", "validation", "split-by", "split-time"],
    "split-by": ["split", "split-time"], "split-time": ["split", "split-by"],
    "scaling": ["no-standardize"],
    "refit": ["no-refit"], "no-refit": ["refit"],
  ]
}
