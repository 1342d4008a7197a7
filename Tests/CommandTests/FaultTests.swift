import Foundation
import Testing

@Suite("Exit codes and complaints") struct FaultTests {
  /// Broken tables: their text, the exit code, and what the complaint points at.
  static let tables: [(String, Int32, String)] = [
    ("", 65, "the file is empty"),
    ("\n\n\n", 65, "the file is empty"),
    ("a,b,y\n", 65, "d.csv:1: the file holds column names and no rows"),
    ("a,b,y\n1,2,u\n", 65, "1 row"),
    ("a,b,y\n1,2,u\n2,3,u\n3,4,u\n", 65, "only the value “u”"),
    ("a,b,y\n1,2,u\n1,2,3,v\n", 65, "d.csv:3: 4 fields"),
    ("a,b,y\n1,2,u\n1,v\n", 65, "d.csv:3: 2 fields"),
    ("a,b,y\n1,2,u\n1,\"2,v\n3,4,u\n", 65, "d.csv:3: column 2: the quote that opens here is never closed"),
    ("a,b,y\n1,\"2\"x,u\n", 65, "d.csv:2: column 2: text after the closing quote"),
    ("a,a,y\n1,2,u\n", 65, "d.csv:1: column 2 \"a\": column 1 has the same name"),
    ("a,,y\n1,2,u\n2,3,v\n", 65, "d.csv:1: column 2: the column has no name"),
    ("a,b,y\n1,\u{0}2,u\n2,3,v\n", 65, "it holds zero bytes"),
    ("a,b,y\n,,u\n,,v\n,,u\n", 65, "no column to learn from"),
    ("a,b,y\n1,2,\n2,3,NA\n", 65, "0 rows with a value"),
    ("a,b,y\n1,2,u\n2,3,\n", 65, "1 row with a value"),
    ("y\nu\nv\n", 65, "no column to learn from"),
    ("a,b,y\n1,1,5\n2,4,5\n3,2,5\n", 65, "only the value “5”"),
    ("a,b,z\n1,2,u\n2,3,v\n", 64, "there is no column \"y\""),
    ("a,b,Y\n1,2,u\n2,3,v\n", 64, "Did you mean \"Y\"?"),
    ("{\"y\": 1}\n", 64, "there is no column \"y\""),
    ("<html>\n<body></body>\n</html>\n", 64, "there is no column \"y\""),
    ("a b y\n1 2 u\n2 3 v\n", 64, "there is no column \"y\""),
    ("a,b,y\n\"\n", 65, "d.csv:2: column 1"),
    (",,\n,,\n", 65, "d.csv:1: column 2"),
    ("a,b,y\n1,2,u\n\n3,4,v,\n", 65, "d.csv:4: 4 fields"),
    ("a,b,y\r\n1,2,u\r\n1,2\r\n", 65, "d.csv:3: 2 fields"),
    ("a;b;y\n1;2;u\n1;2;v;w\n", 65, "d.csv:3: 4 fields"),
  ]

  @Test("broken tables", arguments: tables.indices)
  func brokenTable(index: Int) throws {
    let (text, expected, message) = Self.tables[index]
    let folder = try Folder()
    folder["d.csv"] = text
    folder["m"] = "mine"
    let (code, complaint) = try Command.fail(Folder.quick("--model", "m", data: "d.csv", target: "y"), in: folder)
    #expect(code == expected && complaint.contains(message), "\(code) \(complaint)")
    #expect(folder["m"] == "mine")
  }

  @Test(
    "tables in other encodings, and files that are none",
    arguments: [
      ([0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x79, 0, 0x0A, 0], "UTF-16"),
      (Array("a,y\né,x\n1,".utf8) + [0xE9, 0x0A] + Array("2,b\n".utf8), "d.csv:3: column 2"),
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "breaks off"),
      ([0, 0, 8, 3, 0, 0, 0, 1], "is an IDX file"),
      (Array(0...255), "not text"),
    ] as [([UInt8], String)])
  func encodings(bytes: [UInt8], message: String) throws {
    let folder = try Folder()
    folder.write(bytes, to: "d.csv")
    let (code, complaint) = try Command.fail(Folder.quick(data: "d.csv", target: "y"), in: folder)
    #expect(code == 65 && complaint.contains(message), "\(complaint)")
  }

  /// Arguments after `train p.csv --target species`, the exit code, and a part of the complaint.
  static let flags: [(String, Int32, String)] = [
    ("--layers 0", 64, "at least 1 wide"), ("--layers -3", 64, "at least 1 wide"),
    ("--layers 8,", 64, "'8,' is invalid"),
    ("--layers 2000000000", 64, "take narrower layers"), ("--layers 1000000000000", 64, "too many"),
    ("--layers 9223372036854775807", 64, "too many"), ("--layers 99999999999999999999", 64, "is invalid"),
    ("--batch-size 0", 64, "at least one row"), ("--batch-size -1", 64, "at least one row"),
    ("--epochs 0", 64, "at least one epoch"), ("--epochs 1.5", 64, "'1.5' is invalid"),
    ("--epochs --json", 64, "'--json' is invalid"), ("--threads 0", 64, "from 1 to 1024"),
    ("--threads 100000", 64, "from 1 to 1024"), ("--validation 1", 64, "from 0 to below 1"),
    ("--validation -0.1", 64, "from 0 to below 1"), ("--validation nan", 64, "from 0 to below 1"),
    ("--holdout 1", 64, "from 0 to below 1"), ("--holdout -1", 64, "from 0 to below 1"),
    ("--seed -1", 64, "'-1' is invalid"), ("--seed 18446744073709551616", 64, "is invalid"),
    ("--learning-rate 0", 64, "above 0"), ("--learning-rate 1e300", 64, "32-bit"),
    ("--learning-rate nan", 64, "above 0"),
    ("--optimizer sgd --momentum 1", 64, "below 1"), ("--weight-decay -1", 64, "at least 0"),
    ("--dropout 1", 64, "below 1"), ("--activation foo", 64, "identity, relu"), ("--optimizer foo", 64, "'foo'"),
    ("--schedule foo", 64, "'foo'"), ("--recipe foo", 64, "'foo'"), ("--task foo", 64, "'foo'"),
    ("--early-stopping 0", 64, "at least one epoch"), ("--early-stopping 2 --validation 0", 64, "needs validation"),
    ("--loss mse", 64, "cross-entropy"), ("--loss binary-cross-entropy", 64, "two classes"),
    ("--task regression", 64, "holds texts"), ("--test p.csv --holdout 0.1", 64, "give one of them"),
    ("--labels p.csv", 64, "--labels"), ("--test-images p.csv", 64, "--test FILE"),
    ("--history-every step", 64, "--history FILE"), ("--history-every foo", 64, "'foo'"),
    ("--history h --log h", 64, "both name h"), ("--history m --model m", 64, "both name m"),
    ("--model p.csv", 73, "would overwrite"), ("--history p.csv", 73, "would overwrite"),
    ("--log p.csv", 73, "would overwrite"), ("--bogus", 64, "'--bogus'"), ("extra", 66, "extra: can't be opened"),
    ("--numeric nope", 64, "there is no column \"nope\""), ("--ignore species", 64, "can't be ignored"),
    ("--ignore year --numeric year", 64, "listed twice"), ("--numeric sex", 65, "p.csv:2: column 6 \"sex\""),
    ("--test nofile", 66, "nofile"), ("--initial-weights nofile", 66, "nofile"),
    ("--initial-weights p.csv", 65, "not a safetensors file"), ("--model nowhere/m", 73, "Make its folder first"),
    ("--model .", 73, "folder"), ("--history nowhere/h", 73, "nowhere/h"), ("--log nowhere/l", 73, "nowhere/l"),
  ]

  @Test("options that make no sense change no file", arguments: flags.indices)
  func badFlags(index: Int) throws {
    let (flags, expected, message) = Self.flags[index]
    let folder = try Folder.withPenguins()
    let (code, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "species"] + flags.split(separator: " ").map(String.init), in: folder)
    #expect(code == expected && complaint.contains(message), "\(code) \(complaint)")
    #expect(folder["p.csv"] == Folder.penguins && !folder.names.contains("p.safetensors"))
  }

  @Test("averaging, clipping and decay that spares biases are asked for by name, and kept in the file")
  func updateOptions() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      Folder.quick(
        "--optimizer", "lion", "--average", "0.9", "--clip-norm", "1", "--clip-value", "0.5", "--no-bias-decay"),
      in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty)
    let text = try Command.run(["inspect", "p.safetensors"], in: folder).out
    for part in ["lion, rate 0.0003", "average 0.9", "norm up to 1.0", "elements up to 0.5", "but of bias and scale"] {
      #expect(text.contains(part), "\(part)")
    }
    let (code, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "species", "--average", "1"], in: folder)
    #expect(code == 64 && complaint.contains("at least 0 and below 1"))
  }

  @Test("options that have no effect are noted")
  func idleOptions() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(Folder.quick("--optimizer", "adam", "--momentum", "0.5"), in: folder)
    #expect(outcome.code == 0 && outcome.complaint.contains("--momentum is for sgd, nesterov, rmsprop and muon"))
  }

  /// Calls of other subcommands with the files p.csv, m.safetensors and d.csv.
  static let calls: [(String, Int32, String)] = [
    ("train nofile --target y", 66, "nofile"), ("train . --target y", 64, "is a folder of images"),
    ("train .", 65, "one folder a class was expected"),
    ("train p.csv", 64, "--target"), ("train m.safetensors --target y", 73, "would overwrite"),
    ("train m.safetensors --target y --model n", 65, "not text"),
    ("train /dev/null --target y", 65, "is empty"), ("trian p.csv", 64, "'trian'"),
    ("predict m.safetensors", 64, "<data>"), ("predict nofile p.csv", 66, "nofile"), ("predict . p.csv", 66, "folder"),
    ("predict m.safetensors nofile", 66, "nofile"), ("predict m.safetensors .", 66, "folder"),
    ("predict p.csv m.safetensors", 65, "not a safetensors file"), ("predict /dev/null p.csv", 65, "/dev/null"),
    ("predict m.safetensors m.safetensors", 65, "not text"), ("predict m.safetensors /dev/null", 65, "is empty"),
    ("predict m.safetensors p.csv --threads 0", 64, "from 1 to 1024"),
    ("predict m.safetensors p.csv -o nowhere/o", 73, "Make its folder first"),
    ("predict m.safetensors d.csv", 65, "d.csv:1: column \"sex\": the file lacks a column"),
    ("evaluate m.safetensors d.csv", 65, "lacks"), ("evaluate m.safetensors p.csv --threads 0", 64, "from 1 to 1024"),
    ("evaluate m.safetensors p.csv --labels p.csv", 64, "--labels is for arrays"), ("inspect p.csv", 65, "p.csv"),
    ("inspect nofile", 66, "nofile"),
  ]

  @Test("files that are missing, or something else than they should be", arguments: calls.indices)
  func wrongFiles(index: Int) throws {
    let (call, expected, message) = Self.calls[index]
    let folder = try Folder.withPenguins(model: true)
    folder["d.csv"] = Folder.penguins.replacingOccurrences(of: "sex,", with: "gender,")
    let (code, complaint) = try Command.fail(call.split(separator: " ").map(String.init), in: folder)
    #expect(code == expected && complaint.contains(message), "\(code) \(complaint)")
  }

  @Test("text where a number was learned from is pointed at")
  func textForNumber() throws {
    let folder = try Folder.withPenguins(model: true)
    folder["p.csv"] = Folder.penguins.replacingOccurrences(of: "39.5", with: "oops")
    for command in ["predict", "evaluate"] {
      let (code, complaint) = try Command.fail([command, "m.safetensors", "p.csv"], in: folder)
      #expect(code == 65 && complaint.contains("p.csv:3: column 2 \"bill_length_mm\": \"oops\" where a number"))
    }
  }

  @Test("a damaged model is refused by all that read it", arguments: ["predict", "evaluate", "inspect"])
  func damagedModel(command: String) throws {
    let folder = try Folder.withPenguins(model: true)
    let bytes = Array(try #require(folder.data("m.safetensors")))
    let more = command == "inspect" ? [] : ["p.csv"]
    for place in [0, 7, 8, 20, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[place] ^= 0x10
      folder.write(damaged, to: "d")
      #expect(try Command.fail([command, "d"] + more, in: folder).0 == 65)
      folder.write(Array(bytes[..<place]), to: "d")
      #expect(try Command.fail([command, "d"] + more, in: folder).0 == 65)
    }
  }

  @Test("evaluating needs the right answers")
  func noAnswers() throws {
    let folder = try Folder.withPenguins(model: true)
    let lines = Folder.penguins.split(separator: "\n")
    let empty = lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",") + ","
    }
    folder["d.csv"] = lines[0] + "\n" + empty.joined(separator: "\n")
    #expect(try Command.fail(["evaluate", "m.safetensors", "d.csv"], in: folder).0 == 65)
    let (code, complaint) = try Command.fail(Folder.quick("--test", "d.csv", "--log", "log"), in: folder)
    #expect(code == 65 && complaint.contains("no row of d.csv has a value"))
    #expect(!folder.names.contains("log"), "refused before training")
  }

  @Test("a model of our name that nobody asked to replace stays unless it is a model")
  func foreignFile() throws {
    let folder = try Folder.withPenguins()
    folder["p.safetensors"] = "mine"
    let (code, complaint) = try Command.fail(Folder.quick(), in: folder)
    #expect(code == 73 && complaint.contains("--model") && folder["p.safetensors"] == "mine")
  }

  @Test("odd but sound tables are learned from")
  func oddTables() throws {
    let rows = (0..<30).map { "\($0 % 7),\($0 % 5),\($0 % 2 == 0 ? "u" : "v")" }
    let tables = [
      "a,b,y\n1,2,u\n2,3,v\n",
      "a,b,y\n1,2,u\n2,3,v\n3,4,w\n",
      "\u{FEFF}a,b,y\n" + rows.joined(separator: "\n"),
      "a,b,y\r\n" + rows.joined(separator: "\r\n"),
      "a\tb\ty\n" + rows.joined(separator: "\n").replacingOccurrences(of: ",", with: "\t"),
      "a;b;y\n" + rows.joined(separator: "\n").replacingOccurrences(of: ",", with: ";"),
      "format,__metadata__,y\n" + rows.joined(separator: "\n"),
      "a,b,y\n" + rows.joined(separator: "\n") + "\n1e300,1e-320,u\n-1e308,,v\n",
      "a,b,y\n\"" + String(repeating: "x", count: 3_000_000) + "\",1,u\n2,3,v\n2,3,v\n",
    ]
    for table in tables {
      let folder = try Folder()
      folder["d.csv"] = table
      let outcome = try Command.run(Folder.quick(data: "d.csv", target: "y"), in: folder)
      #expect(outcome.code == 0, "\(table.prefix(40)): \(outcome.complaint)")
      #expect(try Command.run(["predict", "d.safetensors", "d.csv"], in: folder).code == 0)
    }
  }

  @Test("a constant to predict is predicted")
  func constantTarget() throws {
    let folder = try Folder()
    folder["d.csv"] = "a,y\n1,5\n2,5\n3,5\n4,5\n5,5\n6,5\n"
    let outcome = try Command.run(
      Folder.quick("--task", "regression", "--validation", "0", data: "d.csv", target: "y"), in: folder)
    #expect(outcome.code == 0)
  }
}
