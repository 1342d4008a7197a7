import Glibc

/// The harness that this run is for, as the environment says: libFuzzer may start itself again with other arguments.
private let harness: Harness = {
  let name = getenv("DOWNHILL_HARNESS").map { String(cString: $0) } ?? ""
  guard let harness = harnesses.first(where: { $0.name == name }) else {
    print("DOWNHILL_HARNESS is none of \(harnesses.map(\.name).joined(separator: " "))")
    exit(64)
  }
  return harness
}()

/// Where `DOWNHILL_LIST` is set, prints the names of the harnesses and ends. Where `DOWNHILL_SEEDS` names a folder, writes
/// the harness's seeds into it and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  if getenv("DOWNHILL_LIST") != nil {
    for harness in harnesses { print(harness.name) }
    exit(0)
  }
  guard let folder = getenv("DOWNHILL_SEEDS").map({ String(cString: $0) }) else { return 0 }
  do {
    for (number, seed) in try harness.seeds().enumerated() {
      guard let file = fopen("\(folder)/seed-\(number)", "w") else { fatalError("\(folder) can't be written to") }
      fwrite(seed, 1, seed.count, file)
      fclose(file)
    }
  } catch { fatalError("no seeds: \(error)") }
  exit(0)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  harness.run(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ largest: Int) -> Int

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ largest: Int, _ seed: CUnsignedInt) -> Int {
  if harness.isJSON, seed % 4 != 0 {
    var mutator = JSONMutator(seed: UInt64(seed))
    if let changed = mutator.changed(Array(UnsafeBufferPointer(start: data, count: size))), changed.count <= largest {
      data.update(from: changed, count: changed.count)
      return changed.count
    }
  }
  return mutateBytes(data, size, largest)
}
