import DownhillFiles
import Foundation
import Testing

@Suite("Fingerprints of files") struct FileFingerprintTests {
  /// Bytes 7 i + 3 modulo 251, hashed by the Python package xxhash 4.1.0.
  static let vectors: [(count: Int, hash: String)] = [
    (0, "ef46db3751d8e999"), (1, "1f25c8d0bc1f4bb6"), (3, "31d2363f52e564c9"), (4, "9bb64b7d66ee9fda"),
    (7, "9a7b149959ce60d8"), (8, "dab99d95c6f90092"), (31, "a2aa5f33cc4a6119"), (32, "23c3c17ef790fd97"),
    (33, "50a7cfc7ba588784"), (63, "f1438f15b9ed16e9"), (64, "2cd990a1beed6894"), (100, "778e26df8290f456"),
    (1000, "021f7a7424085ea4"), (100_003, "148a2fdf3ea2c6e5"),
  ]

  static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(($0 * 7 + 3) % 251) } }

  @Test("The hash is XXH64's, in whatever pieces the bytes come", arguments: Self.vectors)
  func reference(count: Int, expected: String) {
    let bytes = Self.bytes(count)
    for piece in [1, 5, 32, 33, 1 << 17] where count < 2000 || piece > 5 {
      var hash = XXH64()
      for first in stride(from: 0, to: count, by: piece) {
        bytes[first..<min(count, first + piece)].withUnsafeBytes { hash.update($0) }
      }
      #expect(hash.hexadecimal == expected && hash.length == count, "\(count) bytes in pieces of \(piece)")
    }
  }

  @Test("A file has size and hash, can be written and read, and only files have one")
  func file() throws {
    let folder = Folder()
    let path = folder["f"]
    try Data(Self.bytes(100_003)).write(to: URL(filePath: path))
    let found = try #require(try FileFingerprint(of: path))
    #expect(found.description == "100003 bytes, XXH64 148a2fdf3ea2c6e5")
    #expect(FileFingerprint(parsing: found.description) == found)
    #expect(FileFingerprint(parsing: "100003 bytes") == nil)
    #expect(try FileFingerprint(of: "/dev/null") == nil)
    // A folder's is that of names and contents, in the order of names.
    let inside = folder["d"]
    try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: false)
    for (name, text) in [("b", "two"), ("a", "one")] {
      try Data(text.utf8).write(to: URL(filePath: "\(inside)/\(name)"))
    }
    var hash = XXH64()
    Array("a\0oneb\0two".utf8).withUnsafeBytes { hash.update($0) }
    #expect(try FileFingerprint(of: inside)?.hash == hash.hexadecimal)
    try FileManager.default.removeItem(atPath: inside)
    #expect(throws: FileError.self) { try FileFingerprint(of: folder["nowhere"]) }
  }
}
