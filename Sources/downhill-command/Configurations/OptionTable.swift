import ArgumentParser
import Downhill

/// What the options of a command are called and which of them take a value, as the argument parser itself has them: there
/// is no second list that could differ.
struct OptionTable {
  enum Kind { case flag, option, repeatedOption }

  private var kinds: [String: Kind] = [:]
  /// The long names, in the order of the help.
  private(set) var names: [String] = []

  init(of command: any ParsableCommand.Type) {
    let tool = try? JSONValue(parsing: command._dumpHelp())
    for argument in tool?["command"]?["arguments"]?.array ?? [] {
      let kind: Kind
      switch argument["kind"]?.string {
      case "flag": kind = .flag
      case "option": kind = argument["isRepeating"]?.boolean == true ? .repeatedOption : .option
      default: continue
      }
      for name in argument["names"]?.array ?? [] {
        guard name["kind"]?.string == "long", let text = name["name"]?.string else { continue }
        kinds[text] = kind
        names.append(text)
      }
    }
  }

  subscript(name: String) -> Kind? { kinds[name] }
}
