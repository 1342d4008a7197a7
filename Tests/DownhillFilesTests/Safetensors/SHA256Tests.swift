import DownhillFiles
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  // FIPS 180-4's examples, as NIST publishes them; a million times "a" among them.
  @Test(
    "gives the published digests",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func published(text: String, times: Int, digest: String) {
    var sum = SHA256()
    sum.update(Array(String(repeating: text, count: times).utf8)[...])
    #expect(sum.hexadecimal() == digest)
  }

  @Test("is the same however the bytes are cut", arguments: [1, 3, 55, 56, 63, 64, 65, 128, 200])
  func pieces(size: Int) {
    let bytes = (0..<777).map { UInt8(truncatingIfNeeded: $0 * $0) }
    var whole = SHA256()
    whole.update(bytes[...])
    var pieces = SHA256()
    for start in stride(from: 0, to: bytes.count, by: size) {
      pieces.update(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(pieces.hexadecimal() == whole.hexadecimal())
  }
}
