import Downhill

/// Search spaces in YAML. One that is read is written, and read again to the same.
let spaces = Harness(name: "spaces", seeds: { spaceSeeds.map { Array($0.utf8) } }) { bytes in
  guard let file = attempt({ try SpaceFile(String(decoding: bytes, as: UTF8.self), path: "input") }) else { return }
  let recipe = Recipe.default.settled(for: .classification, rows: 1_000)
  _ = attempt { try file.space.check(for: recipe) }
  guard let written = attempt({ try SpaceFile.text(of: file.space) }) else { fatalError("it can't be written") }
  guard let again = attempt({ try SpaceFile(written, path: "written") }) else {
    fatalError("it is written so that it can't be read:\n\(written)")
  }
  require(again.space == file.space, "it is written as another:\n\(written)")
}

private let spaceSeeds = [
  "learning-rate: {from: 0.005, to: 0.2, scale: log}\ndepth: {from: 1, to: 4}\nactivation: [selu, mish]\n",
  "optimizer: [adamw, muon]\nmomentum: {from: 0.8, to: 0.99, when: {optimizer: muon}}\ndropout: 0.1\n",
  "embedding: [none, 'periodic(deviation: 0.3)']\nresidual: [false, true]\naverage: {values: [none, 0.9]}\n",
  "{\"width\": {\"from\": 64, \"to\": 512, \"scale\": \"log\"}, \"depth\": 1e0, \"scaling\": 'robust'}",
]
