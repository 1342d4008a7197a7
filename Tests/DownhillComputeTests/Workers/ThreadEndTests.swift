import DownhillCompute
import Testing

#if os(Linux) && canImport(Glibc)
  import Glibc

  /// In a process of its own: elsewhere other tests start threads.
  @Suite struct ThreadEndTests {
    @Test(.timeLimit(.minutes(1)))
    func theThreadsOfAPoolEndWithIt() async {
      await #expect(processExitsWith: .success) {
        let before = threads()
        for _ in 0..<50 {
          let pool = WorkerPool(exactly: 5)
          let work = Sums(tiles: 20)
          pool.run(tiles: 20, of: work)
          #expect(work.sums == (0..<20).map { $0 * 1_000 })
        }
        // They end on their own, once they have seen that their pool is gone.
        var rounds = 0
        while threads() > before, rounds < 10_000 {
          usleep(1_000)
          rounds += 1
        }
        #expect(threads() <= before)
      }
    }
  }

  /// The threads of this process.
  private func threads() -> Int {
    guard let folder = opendir("/proc/self/task") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count - 2
  }

  private final class Sums: TiledWork {
    private let memory = AlignedBuffer(count: 1_000)
    private let tiles: Int
    init(tiles: Int) { self.tiles = tiles }
    func run(tile: Int) { for _ in 0..<1_000 { memory.base[tile] += Float(tile) } }
    var sums: [Int] { (0..<tiles).map { Int(memory.base[$0]) } }
  }
#endif
