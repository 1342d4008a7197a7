/// What `Failure` is in the command, whose readers of YAML are compiled here too (`Networks`, a link), without the argument
/// parser.
struct Failure: Error, CustomStringConvertible {
  let code: Int32
  let message: String

  init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  static let usage: Int32 = 64
  static let data: Int32 = 65

  var description: String { message }
}
