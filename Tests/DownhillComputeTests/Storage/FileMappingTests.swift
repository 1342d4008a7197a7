import DownhillCompute
import Foundation
import Testing

@Suite("Matrices that stand in files") struct FileMappingTests {
  /// A file of these floats that has no name any more.
  private func file(_ floats: [Float]) throws -> FileHandle {
    let url = FileManager.default.temporaryDirectory.appending(path: "downhill-mapping-\(UUID().uuidString)")
    try floats.withUnsafeBytes { Data($0) }.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try FileHandle(forUpdating: url)
  }

  private func mapping(_ file: FileHandle, floats: Int, isLarge: Bool) throws -> FileMapping {
    try #require(FileMapping(descriptor: file.fileDescriptor, count: 4 * floats, isLarge: isLarge))
  }

  @Test("rows gathered from a file are those of the matrix in memory", arguments: [false, true])
  func gathered(isLarge: Bool) throws {
    let (rows, columns) = (5000, 7)
    let floats = (0..<rows * columns).map { Float($0) / 8 - 100 }
    let stored = Matrix(rows: rows, columns: columns, try mapping(file(floats), floats: floats.count, isLarge: isLarge))
    #expect(stored == Matrix(rows: rows, columns: columns, elements: floats))
    // Single ones, runs, and the last.
    let wanted: [Int32] = [17, 4, 5, 6, 7, 7, 8, 4999, 0, 1, 3000, 2999, 4998, 4999]
    var gathered = Matrix(rows: wanted.count, columns: columns)
    gathered.withMutableView { view in
      wanted.withUnsafeBufferPointer { view.gather(from: stored, rows: $0.baseAddress!) }
    }
    #expect(gathered.elements == wanted.flatMap { stored.row(Int($0)) })
    stored.file?.giveBack()
    var hash = Fingerprint(), expected = Fingerprint()
    hash.add(stored)
    expected.add(Matrix(rows: rows, columns: columns, elements: floats))
    #expect(hash.hexadecimal == expected.hexadecimal)
  }

  @Test("a change makes a copy in memory, and leaves the file as it is")
  func changed() throws {
    let stored = Matrix(rows: 2, columns: 2, try mapping(file([1, 2, 3, 4]), floats: 4, isLarge: true))
    var other = stored
    other[1, 1] = 9
    #expect(stored.elements == [1, 2, 3, 4] && other.elements == [1, 2, 3, 9] && other.file == nil)
  }

  @Test("rows that can't be read are not numbers, and the file is known to be broken")
  func broken() throws {
    let handle = try file([Float](repeating: 1, count: 8192))
    let stored = Matrix(rows: 4096, columns: 2, try mapping(handle, floats: 8192, isLarge: true))
    try handle.truncate(atOffset: 100)
    var gathered = Matrix(rows: 2, columns: 2)
    let wanted: [Int32] = [3, 4000]
    gathered.withMutableView { view in
      wanted.withUnsafeBufferPointer { view.gather(from: stored, rows: $0.baseAddress!) }
    }
    #expect(gathered.row(0) == [1, 1] && gathered.row(1).allSatisfy(\.isNaN))
    #expect(stored.file?.isBroken == true)
  }

  @Test("no more memory is allowed than the machine has")
  func allowed() { #expect(allowedMemory > 0 && allowedMemory <= physicalMemory) }
}
