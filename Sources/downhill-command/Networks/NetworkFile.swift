package import Downhill
import Yams

/// Layers declared in YAML, in the words of Swift:
///
///     - Linear: 128
///     - ReLU
///     - Residual:
///         - Linear: {outputs: 128, bias: false}
///         - Dropout: 0.2
///
/// The output layer and the last activation may be left out, or their width: `Linear: auto`.
package struct NetworkFile {
  package let layers: [any Component]

  private static let longest = 1 << 20
  private static let mostLayers = 10_000

  init(reading path: String) throws {
    try self.init(String(decoding: FileContents.read(path, limit: Self.longest), as: UTF8.self), path: path)
  }

  package init(_ text: String, path: String) throws {
    var reader = LayerReader(path: path, left: Self.mostLayers)
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch let error as YamlError { throw reader.fault(error) }
    try self.init(root, &reader)
  }

  /// The list of layers in a file that holds other things too.
  init(_ list: Node, path: String) throws {
    var reader = LayerReader(path: path, left: Self.mostLayers)
    try self.init(list, &reader)
  }

  private init(_ root: Node?, _ reader: inout LayerReader) throws {
    guard case .sequence(let nodes)? = root, !nodes.isEmpty else {
      throw reader.fault(
        "a list of layers is expected, such as “- ReLU” and “- Linear: 128” in lines of their own", at: root)
    }
    var coded: [JSONValue] = []
    for node in nodes { coded.append(try reader.component(node)) }
    layers = try LayerWords.components(coded)
  }
}
