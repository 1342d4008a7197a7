import ArgumentParser
import Downhill

/// The arguments of the command, in front of which stands what a configuration says: everything is parsed once, by the
/// parser that also has the words for what is wrong.
struct ConfiguredArguments {
  private let subcommand: String
  private let own: [String]
  private let configuration: Configuration
  private let entries: [Configuration.Entry]

  /// Those that the command has been called with, or nil: they name no configuration.
  /// - Throws: what is wrong with the configuration.
  private init?(_ arguments: [String]) throws {
    let isConfigured = arguments.contains { $0 == "--config" || $0.hasPrefix("--config=") }
    let commands: [any ParsableCommand.Type] = [Train.self, Tune.self, FindRate.self]
    guard isConfigured, let command = commands.first(where: { $0._commandName == arguments.first }) else { return nil }
    (subcommand, own) = (arguments[0], Array(arguments.dropFirst()))
    let given = GivenOptions(own, OptionTable(of: command))
    guard let path = given.configurations.last, given.names.isDisjoint(with: ["help", "version"]) else { return nil }
    if given.configurations.count > 1 { throw ValidationError("--config names one configuration; give it once") }
    let configuration = try Configuration(reading: path)
    self.configuration = configuration
    entries = configuration.entries.filter { !given.replaces($0.key) }
  }

  /// Runs the command line, with its configuration if it has one.
  static func run(_ arguments: [String]) throws {
    guard let configured = try Self(arguments) else {
      var command = try DownhillCommand.parseAsRoot(arguments)
      return try command.run()
    }
    var command = try configured.checked()
    try Configuration.$current.withValue(configured.configuration) { try command.run() }
  }

  /// The command, or what is wrong with it, with the place of the entry that is at fault.
  private func checked() throws -> any ParsableCommand {
    do { return try parsed() } catch {
      let failure = Failure(error)
      guard failure.code != 0, let entry = culprit(failure.message) else { throw error }
      throw Failure(code: failure.code, "\(entry.place): \(failure.message)")
    }
  }

  private func parsed(without left: Int? = nil) throws -> any ParsableCommand {
    let configured = entries.indices.filter { $0 != left }.flatMap { entries[$0].arguments }
    return try DownhillCommand.parseAsRoot([subcommand] + configured + own)
  }

  /// The entry that is at fault: without it there is no complaint, or another one.
  private func culprit(_ complaint: String) -> Configuration.Entry? {
    var others: [Configuration.Entry] = []
    for index in entries.indices {
      do { _ = try parsed(without: index) } catch {
        if Failure(error).message != complaint { others.append(entries[index]) }
        continue
      }
      return entries[index]
    }
    return others.first { complaint.contains("--\($0.key)") }
  }
}
