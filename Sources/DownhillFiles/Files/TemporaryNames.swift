internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The names of the temporary files that exist now, kept so that a signal handler may remove the files: it may neither
/// allocate nor wait.
enum TemporaryNames {
  private typealias Name = Atomic<UnsafeMutablePointer<CChar>?>

  /// Files under way at a time; what is beyond is written all the same, and stays behind after a signal.
  private static let places = 16
  // Written once, before the first name is put in; the names themselves are atomic.
  nonisolated(unsafe) private static let names: UnsafeMutablePointer<Name> = {
    let names = UnsafeMutablePointer<Name>.allocate(capacity: places)
    for place in 0..<places { (names + place).initialize(to: Name(nil)) }
    return names
  }()

  /// Keeps a name until it is forgotten.
  /// - Returns: where it stands; nil: nowhere, all places are taken.
  static func remember(_ name: String) -> Int? {
    guard let copy = strdup(name) else { return nil }
    for place in 0..<places {
      if names[place].compareExchange(expected: nil, desired: copy, ordering: .acquiringAndReleasing).exchanged {
        return place
      }
    }
    free(copy)
    return nil
  }

  static func forget(_ place: Int?) {
    // Whoever takes the name out owns it. The handler doesn't free: the process ends.
    if let place, let name = names[place].exchange(nil, ordering: .acquiringAndReleasing) { free(name) }
  }

  /// Removes all files of these names. For signal handlers.
  static func removeAll() {
    for place in 0..<places {
      if let name = names[place].exchange(nil, ordering: .acquiringAndReleasing) { _ = unlink(name) }
    }
  }
}
