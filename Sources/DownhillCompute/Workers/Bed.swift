internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where one thread sleeps until what it waits for has come, and others wake it. Waking who is awake costs one load.
final class Bed: @unchecked Sendable {
  // Unchecked: the mutex and the condition are made for threads.
  private let asleep = Atomic<Bool>(false)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let call = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(call, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(call)
    mutex.deallocate()
    call.deallocate()
  }

  /// - Parameter condition: reads atomics, sequentially consistent; who makes it true calls `wake` afterwards. Either this
  ///   thread sees it true, or the other sees this one asleep.
  func sleep(until condition: () -> Bool) {
    pthread_mutex_lock(mutex)
    asleep.store(true, ordering: .sequentiallyConsistent)
    while !condition() { pthread_cond_wait(call, mutex) }
    asleep.store(false, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }

  func wake() {
    if !asleep.load(ordering: .sequentiallyConsistent) { return }
    pthread_mutex_lock(mutex)
    pthread_cond_signal(call)
    pthread_mutex_unlock(mutex)
  }
}
