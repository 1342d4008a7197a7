internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file that stands in the address space: memory that the system fills from the file as it is read, and may take back.
///
/// What was touched counts as this process's memory until it is given back. So whoever goes through a large mapping gives
/// the part behind him back, and whoever reads here and there reads by `read`, which maps nothing.
package final class FileMapping: @unchecked Sendable {
  // Unchecked: the memory is written only by whoever makes the mapping, before others see it; the descriptor never changes.
  package let base: UnsafeMutableRawPointer
  package let count: Int
  private let descriptor: Int32
  private let failed = Atomic<Bool>(false)

  /// The boundary that a place in a mapping is given back from; pages are no larger anywhere.
  package static let pageSize = 1 << 14

  /// The first bytes of an open file, which has at least so many. The mapping has a descriptor of its own.
  /// - Parameter isLarge: nil: as the count says.
  /// - Returns: nil: the system refuses.
  package init?(descriptor: Int32, count: Int, isWritable: Bool = false, isLarge: Bool? = nil) {
    self.isLarge = isLarge ?? (count > 1 << 26)
    guard count > 0 else { return nil }
    let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { return nil }
    let address = mmap(nil, count, isWritable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, own, 0)
    guard let address, address != MAP_FAILED else {
      _ = close(own)
      return nil
    }
    (base, self.count, self.descriptor) = (address, count, own)
  }

  deinit {
    munmap(base, count)
    _ = close(descriptor)
  }

  /// Whether it is worth reading here and there by `read`, which costs a call of the system; what is smaller may as well be
  /// in memory.
  package let isLarge: Bool

  /// Gives memory back. What it holds stays in the file, and comes again when it is read.
  package func giveBack(_ range: Range<Int>? = nil) {
    let range = range ?? 0..<count
    let first = (range.lowerBound + Self.pageSize - 1) & ~(Self.pageSize - 1)
    let last = range.upperBound == count ? count : range.upperBound & ~(Self.pageSize - 1)
    if first < last { madvise(base + first, last - first, MADV_DONTNEED) }
  }

  /// Copies bytes out of the file without touching the mapping. False: they can't be read; `isBroken` keeps it in mind.
  package func read(at offset: Int, into target: UnsafeMutableRawPointer, count: Int) -> Bool {
    var done = 0
    while done < count {
      let got = pread(descriptor, target + done, count - done, off_t(offset + done))
      if got > 0 {
        done += got
      } else if got == 0 || errno != EINTR {
        failed.store(true, ordering: .relaxed)
        return false
      }
    }
    return true
  }

  /// Tells the system that bytes will be read soon, so that it fetches them from the disk meanwhile.
  package func prepare(_ offset: Int, count: Int) {
    #if canImport(Darwin)
      var advice = radvisory(ra_offset: off_t(offset), ra_count: Int32(clamping: count))
      _ = fcntl(descriptor, F_RDADVISE, &advice)
    #else
      _ = posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_WILLNEED)
    #endif
  }

  /// A read has failed.
  package var isBroken: Bool { failed.load(ordering: .relaxed) }
}
