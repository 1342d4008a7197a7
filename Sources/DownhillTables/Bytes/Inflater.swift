#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Unpacks gzip (RFC 1952) through zlib, which is looked for when it is needed: nothing links to it.
final class Inflater {
  /// zlib's `z_stream`, laid out by hand: its header isn't needed to build this library either.
  private struct Stream {
    var nextIn: UnsafeRawPointer?
    var availableIn: UInt32 = 0
    var totalIn: UInt = 0
    var nextOut: UnsafeMutableRawPointer?
    var availableOut: UInt32 = 0
    var totalOut: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: OpaquePointer?
    var dataType: Int32 = 0
    var adler: UInt = 0
    var reserved: UInt = 0
  }

  private typealias Initialize = @convention(c) (UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>, Int32) -> Int32
  private typealias Step = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  private typealias Simple = @convention(c) (UnsafeMutableRawPointer) -> Int32

  private static let streamEnd: Int32 = 1
  private static let bufferError: Int32 = -5

  private let file: String
  private let library: UnsafeMutableRawPointer
  private let step: Step
  private let restart: Simple
  private let finish: Simple
  /// At a fixed address, for zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<Stream>
  /// Between two members of a gzip file, and at its end.
  private var isBetweenMembers = false
  /// There was no room for all that the bytes so far unpack to.
  private var mayHoldMore = false

  /// - Parameter isRaw: the bytes are deflated (RFC 1951) without gzip's header and checksum.
  init(file: String, isRaw: Bool = false) throws(TableError) {
    self.file = file
    #if canImport(Darwin)
      let names = ["libz.1.dylib", "libz.dylib"]
    #else
      let names = ["libz.so.1", "libz.so"]
    #endif
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let version = dlsym(library, "zlibVersion"), let initialize = dlsym(library, "inflateInit2_"),
      let step = dlsym(library, "inflate"), let restart = dlsym(library, "inflateReset"),
      let finish = dlsym(library, "inflateEnd")
    else {
      throw TableError(
        .missingLibrary, file: file,
        "the file is compressed with gzip, and zlib, which would unpack it, is not installed (\(names[0]) was looked "
          + "for). Install it (Debian: \"apt install zlib1g\"), or unpack the file with \"gunzip\".")
    }
    self.library = library
    self.step = unsafeBitCast(step, to: Step.self)
    self.restart = unsafeBitCast(restart, to: Simple.self)
    self.finish = unsafeBitCast(finish, to: Simple.self)
    stream = .allocate(capacity: 1)
    stream.initialize(to: Stream())
    let versionText = unsafeBitCast(version, to: (@convention(c) () -> UnsafePointer<CChar>).self)()
    // With the largest window, 15. Plus 16: gzip and nothing else; negative: neither header nor checksum.
    let status = unsafeBitCast(initialize, to: Initialize.self)(
      stream, isRaw ? -15 : 31, versionText, Int32(MemoryLayout<Stream>.stride))
    guard status == 0 else {
      throw TableError(
        .missingLibrary, file: file, "zlib refused to start (code \(status)). Unpack the file with \"gunzip\".")
    }
  }

  deinit {
    _ = finish(stream)
    stream.deallocate()
    dlclose(library)
  }

  /// Unpacks into a buffer until it is full or `packed` is used up; takes from `packed` what it used.
  func inflate(
    _ packed: inout UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
  ) throws(TableError) -> Int {
    var filled = 0
    while filled < buffer.count && (!packed.isEmpty || mayHoldMore) {
      if isBetweenMembers {
        guard packed[0] == 0x1F, restart(stream) == 0 else {
          throw TableError(
            .malformed, file: file, "bytes that are not gzip follow the compressed data. Is the file damaged?")
        }
        isBetweenMembers = false
      }
      let room = min(buffer.count - filled, 1 << 30)
      stream.pointee.nextIn = packed.baseAddress
      stream.pointee.availableIn = UInt32(packed.count)
      stream.pointee.nextOut = buffer.baseAddress! + filled
      stream.pointee.availableOut = UInt32(room)
      let status = step(stream, 0)
      packed = UnsafeRawBufferPointer(rebasing: packed.suffix(Int(stream.pointee.availableIn)))
      filled += room - Int(stream.pointee.availableOut)
      mayHoldMore = stream.pointee.availableOut == 0 && status != Self.streamEnd
      if status == Self.streamEnd {
        isBetweenMembers = true
      } else if status != 0 && status != Self.bufferError {
        let message = stream.pointee.message.map { String(cString: $0) } ?? "code \(status)"
        throw TableError(
          .malformed, file: file, "the compressed data is damaged (zlib: \(message)). Fetch the file again.")
      }
    }
    return filled
  }

  func checkComplete() throws(TableError) {
    guard isBetweenMembers else {
      throw TableError(.malformed, file: file, "the compressed data breaks off. Is the file cut short? Fetch it again.")
    }
  }
}
