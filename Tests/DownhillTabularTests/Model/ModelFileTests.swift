import DownhillCompute
import DownhillFiles
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("Model files") struct ModelFileTests {
  static let classifier = Result { try Learner(quick(.default)).prepare(penguins()).train().model }
  /// A small model, so that every byte of its file can be tried.
  static let small = Result {
    var recipe = quick()
    recipe.layers = []
    recipe.epochs = 1
    let text = "x,c,y\n1,u,a\n2,v,b\n3,u,a\n4,v,b\n5,u,a\n6,v,b\n"
    return try Learner(recipe).prepare(Examples(Table(contentsOf: .text(text), target: "y"), target: "y")).train().model
  }

  /// An ensemble that knows values of a number and words of a text.
  static let rich = Result {
    var recipe = Recipe.default
    (recipe.layers, recipe.epochs, recipe.members) = ([2], 1, 2)
    let lines = (0..<600).map { row in
      "\(row % 30),\(["red fox", "blue fox", "red hen", "old blue hen", "no \(row)"][row / 30 % 5]) \(row),\(row % 30 * 7919 % 13).5"
    }
    let text = (["x,t,y"] + lines).joined(separator: "\n") + "\n"
    return try Learner(recipe).prepare(Examples(Table(contentsOf: .text(text), target: "y"), target: "y")).train().model
  }

  @Test("a model read again predicts the same, bit for bit")
  func roundTrip() throws {
    for target in ["species", "body_mass_g", "sex"] {
      let examples = try penguins(target: target)
      let model = try Learner(quick(.default)).prepare(examples).train().model
      let again = try Model(decoding: model.encoded())
      let first = try ModelPredictor(model).predict(examples.features)
      let second = try ModelPredictor(again).predict(examples.features)
      #expect(first.probabilities == second.probabilities && first.values == second.values && first.count == 344)
      #expect(again.record == model.record && again.schema == model.schema && again.encoder == model.encoder)
      #expect(try again.encoded() == model.encoded())
    }
  }

  @Test("a file cut short is refused, at every length")
  func cuts() throws {
    let bytes = try Self.small.get().encoded()
    for length in 0..<bytes.count {
      #expect(throws: FileError.self) { try Model(decoding: Array(bytes[..<length])) }
    }
  }

  @Test("a file with any byte changed is refused")
  func flips() throws {
    let bytes = try Self.small.get().encoded()
    for place in bytes.indices {
      for change: UInt8 in [0x01, 0x20, 0xFF] {
        var altered = bytes
        altered[place] ^= change
        #expect(throws: FileError.self) { try Model(decoding: altered) }
      }
    }
  }

  @Test("a file that goes on after its end is refused")
  func trailing() throws {
    let bytes = try Self.small.get().encoded()
    #expect(throws: FileError.self) { try Model(decoding: bytes + [0]) }
  }

  /// The file after a change to its texts or tensors, with a checksum that fits.
  private static func forged(
    _ model: Result<Model, any Error> = small, _ change: (inout [String: String], inout [NamedTensor]) -> Void
  ) throws -> [UInt8] {
    let file = try SafetensorsFile(contents: model.get().encoded())
    var metadata = file.metadata
    var tensors: [NamedTensor] = []
    for entry in file.entries { tensors.append(try file.tensor(entry.name)) }
    change(&metadata, &tensors)
    return try SafetensorsFile.encode(tensors, metadata: metadata)
  }

  private static func refusal(_ bytes: [UInt8]) -> String {
    do throws(FileError) {
      _ = try Model(decoding: bytes)
      return "accepted"
    } catch {
      return error.kind == .malformed ? error.description : "another kind: \(error)"
    }
  }

  @Test("a newer version of the format is refused with the advice to update")
  func newerVersion() throws {
    let found = Self.refusal(try Self.forged { metadata, _ in metadata["format_version"] = "3" })
    #expect(found.contains("version 3 of the format") && found.contains("reads versions up to 2"))
    #expect(found.contains("Update Downhill"))
  }

  @Test("a version that is none is refused", arguments: ["", "0", "-1", "x", "99999999999999999999"])
  func noVersion(version: String) throws {
    #expect(
      Self.refusal(try Self.forged { metadata, _ in metadata["format_version"] = version }).contains("version"))
  }

  @Test("tensors of another program are no model")
  func otherProgram() throws {
    let tensor = NamedTensor(name: "w", shape: [1], elements: [1])
    #expect(Self.refusal(try SafetensorsFile.encode([tensor])).contains("no Downhill model"))
    #expect(Self.refusal(try SafetensorsFile.encode([tensor], checksum: false)).contains("carries no checksum"))
  }

  @Test(
    "a description that makes no sense is refused",
    arguments: [
      (#""labels":["a","b"]"#, #""labels":["a","a"]"#, "labels are not distinct"),
      (#""labels":["a","b"]"#, #""labels":["a","b","c"]"#, "2 outputs for 3 labels"),
      (#""labels":["a","b"]"#, #""labels":[]"#, "labels are not distinct"),
      (#""outputs":2"#, #""outputs":3"#, "3 outputs for 2 labels"),
      (#""outputs":2"#, #""outputs":-2"#, "at least one output"),
      (#""outputs":2"#, #""outputs":9223372036854775807"#, "too many"),
      (#""outputs":2"#, #""outputs":1e99"#, "can't be read"),
      (#""inputs":[3]"#, #""inputs":[4]"#, "encoder makes 3 columns, and its network takes 4"),
      (#""inputs":[3]"#, #""inputs":[3037000500,3037000500]"#, "at least one input"),
      (#""inputs":[3]"#, #""inputs":[4294967296,4294967296,4294967296]"#, "at least one input"),
      (#""inputs":[3]"#, #""inputs":[-3]"#, "at least one input"),
      (#""Linear":"#, #""Bilinear":"#, "a layer of the kind “Bilinear”"),
      (#""categories":["u","v"]"#, #""categories":["u","u"]"#, "makes no sense"),
      (#""categories":["u","v"]"#, #""categories":["u"]"#, "encoder makes 2 columns"),
      (#""column":"c""#, #""column":"x""#, "takes a column twice"),
      (#""column":"c""#, #""column":"nope""#, "disagree on the column “nope”"),
      (#""kind":"categorical","name":"c""#, #""kind":"numeric","name":"c""#, "disagree on the column “c”"),
      (#""kind":"categorical","name":"c""#, #""kind":"categorical","name":"x""#, "a column twice"),
      (#""fill":3"#, #""fill":1e999"#, "can't be read"),
      (#""scale":"#, #""scale":-"#, "makes no sense"),
      ("{", "[", "can't be read"),
    ])
  func forgedDescription(old: String, new: String, message: String) throws {
    let found = try Self.refusal(replacing: old, by: new, in: Self.small)
    #expect(found.contains(message), "\(found)")
  }

  @Test(
    "so is one of an ensemble with values and words",
    arguments: [
      (#""valueCodes":{"_0":[0,1,"#, #""valueCodes":{"_0":[1,0,"#, "“x” makes no sense"),
      (#""valueCodes":{"_0":[0,1,"#, #""valueCodes":{"_0":[1,1,"#, "“x” makes no sense"),
      (#""valueCodes":{"_0":[0,1,"#, #""valueCodes":{"_0":[-1e999,1,"#, "can't be read"),
      (#""words":{"_0":["blue","#, #""words":{"_0":["fox","#, "“t” makes no sense"),
      (#""words":{"_0":["blue","#, #""words":{"_0":["#, "encoder makes"),
      (#""kind":"text","name":"t""#, #""kind":"numeric","name":"t""#, "disagree on the column “t”"),
      (#""members":2"#, #""members":0"#, "it has 0 members"),
      (#""members":2"#, #""members":3"#, "tensors, and its network takes"),
      (#""members":2"#, #""members":9223372036854775807"#, "tensors, and its network takes"),
      (#""limits":[0.5,12.5]"#, #""limits":[12.5,0.5]"#, "its limits are"),
      (#""limits":[0.5,12.5]"#, #""limits":[0.5]"#, "its limits are"),
    ])
  func forgedForms(old: String, new: String, message: String) throws {
    let found = try Self.refusal(replacing: old, by: new, in: Self.rich)
    #expect(found.contains(message), "\(found)")
  }

  private static func refusal(
    replacing old: String, by new: String, in model: Result<Model, any Error>
  ) throws -> String {
    var wasThere = false
    let bytes = try Self.forged(model) { metadata, _ in
      let model = metadata["model"] ?? ""
      guard let range = model.firstRange(of: old) else { return }
      wasThere = true
      metadata["model"] = model.replacingCharacters(in: range, with: new)
    }
    #expect(wasThere, "the file has no \(old)")
    return Self.refusal(bytes)
  }

  @Test("a network that the file doesn't fill takes no memory")
  func hugeNetwork() throws {
    let bytes = try Self.forged { metadata, _ in
      let model = metadata["model"] ?? ""
      let layer = #"{"Linear":{"bias":true,"outputs":100000000000}},"#
      guard let range = model.firstRange(of: #""layers":["#) else { return }
      metadata["model"] = model.replacingCharacters(in: range, with: #""layers":["# + layer)
    }
    #expect(Self.refusal(bytes).contains("its network takes 4"))
  }

  @Test("tensors that are not the network's are refused")
  func forgedTensors() throws {
    func refusal(_ change: (inout [NamedTensor]) -> Void) throws -> String {
      Self.refusal(try Self.forged { _, tensors in change(&tensors) })
    }
    #expect(try refusal { $0.removeLast() }.contains("1 tensors"))
    #expect(try refusal { $0.append(NamedTensor(name: "9.bias", shape: [1], elements: [0])) }.contains("3 tensors"))
    #expect(
      try refusal { $0[0] = NamedTensor(name: $0[0].name, shape: [6], elements: $0[0].elements) }.contains("missing"))
    #expect(
      try refusal { $0[0] = NamedTensor(name: "w", shape: $0[0].shape, elements: $0[0].elements) }.contains("missing"))
    for value: Float in [.nan, .infinity] {
      let found = try refusal { tensors in
        tensors[0] = NamedTensor(
          name: tensors[0].name, shape: tensors[0].shape, elements: [value] + tensors[0].elements.dropFirst())
      }
      #expect(found.contains("not finite"))
    }
  }
}

extension String {
  fileprivate func firstRange(of text: String) -> Range<String.Index>? { ranges(of: text).first }
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
