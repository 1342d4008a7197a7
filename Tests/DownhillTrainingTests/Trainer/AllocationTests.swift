import AllocationCounter
import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Each test is a process of its own: elsewhere in this one other tests allocate.
@Suite(.enabled(if: allocations_can_be_counted() != 0, "allocations are counted with glibc and no sanitizer"))
struct AllocationTests {
  @Test func theCounterCounts() async {
    await #expect(processExitsWith: .success) {
      var numbers: [Int] = []
      allocations_count()
      for number in 0..<1_000 { numbers.append(number) }
      let ofAnArray = allocations_counted()
      #expect(ofAnArray >= 1 && numbers.count == 1_000)

      allocations_count()
      let buffer = AlignedBuffer(count: 100)
      let ofABuffer = allocations_counted()
      #expect(ofABuffer >= 1 && buffer.count == 100)

      // Those of other threads too: either tile waits for the other.
      let pool = WorkerPool(exactly: 2)
      let work = Meeting(tiles: 2)
      allocations_count()
      pool.run(tiles: 2, of: work)
      let ofTwoThreads = allocations_counted()
      #expect(ofTwoThreads >= 2 && work.count == 2)

      allocations_count()
      #expect(allocations_counted() == 0)
    }
  }

  /// Which thread takes which tile is chance: the caller's first product may come after many steps.
  @Test(arguments: [1, 2]) func theFirstProductOfAThreadAllocatesNothingOnceItHasUsedAPool(threads: Int) async {
    await #expect(processExitsWith: .success) { [threads] in
      let a = Problems.normal(rows: 100, columns: 200, seed: 1), b = Problems.normal(rows: 200, columns: 100, seed: 2)
      var product = Matrix(rows: 100, columns: 100)
      // No product in it.
      WorkerPool(exactly: threads).run(tiles: threads, of: Meeting(tiles: threads))
      product.withMutableView { product in
        a.withView { a in
          b.withView { b in
            allocations_count()
            product.product(a, b)
            let counted = allocations_counted()
            #expect(counted == 0)
          }
        }
      }
      #expect(product.elements.contains { $0 != 0 })
    }
  }

  @Test func aStepOnOneThreadAllocatesNothing() async {
    await #expect(processExitsWith: .success) { try StepCase.runAll(threads: 1) }
  }

  @Test func aStepOnTwoThreadsAllocatesNothing() async {
    await #expect(processExitsWith: .success) { try StepCase.runAll(threads: 2) }
  }

  @Test func aStepOnFiveThreadsAllocatesNothing() async {
    await #expect(processExitsWith: .success) { try StepCase.runAll(threads: 5) }
  }
}

/// Tiles that wait for each other, so that each runs on a thread of its own; then each allocates an array.
final class Meeting: TiledWork, Sendable {
  private let tiles: Int
  private let arrived = Atomic(0)
  private let arrays = Mutex<[[Int]]>([])

  init(tiles: Int) { self.tiles = tiles }

  func run(tile: Int) {
    arrived.add(1, ordering: .relaxed)
    // Not for ever: a pool may have got fewer threads than it asked for.
    var patience = 5_000_000
    while arrived.load(ordering: .relaxed) < tiles, patience > 0 {
      sched_yield()
      patience -= 1
    }
    let array = Array(repeating: tile, count: tile + 100)
    arrays.withLock { $0.append(array) }
  }

  /// How many tiles have left an array.
  var count: Int { arrays.withLock { $0.count } }
}

/// A network with samples and an optimizer whose steps are counted.
private struct StepCase {
  let name: String
  let network: Network
  let loss: any Loss
  let batch: Int
  var classes = true
  var weights = false
  var optimizers: [any Optimizer] = [Momentum()]
  var clipping = Clipping()
  var average: MovingAverage?

  static func runAll(threads: Int) throws {
    let pool = WorkerPool(exactly: threads)
    // All threads have begun when this returns.
    pool.run(tiles: threads, of: Meeting(tiles: threads))
    for test in cases {
      for optimizer in test.optimizers { try test.run(optimizer, pool) }
    }
  }

  static let cases = [
    StepCase(
      name: "images",
      network: Network(inputs: 784) {
        Linear(256)
        ReLU()
        Linear(128)
        ReLU()
        Linear(10)
        Softmax()
      }, loss: .crossEntropy, batch: 256),
    StepCase(
      name: "a small one with each optimizer",
      network: Network(inputs: 16) {
        Linear(64)
        ReLU()
        Linear(64)
        ReLU()
        Linear(3)
        Softmax()
      }, loss: .crossEntropy, batch: 32,
      optimizers: [
        GradientDescent(), GradientDescent(weightDecay: .l2(0.1)), Momentum(), Nesterov(weightDecay: .decoupled(0.1)),
        Adam(), Adam.adamW(), AdaGrad(), RMSProp(), RMSProp(momentum: 0.9), NAdam(), Lion(), Muon(),
      ]),
    StepCase(
      name: "a wide one with groups, clipping and an average", network: grouped, loss: .crossEntropy, batch: 250,
      optimizers: [Adam.adamW(), Muon()], clipping: Clipping(norm: 0.1, value: 0.01), average: MovingAverage()),
    StepCase(name: "convolutions", network: images, loss: .crossEntropy, batch: 32, optimizers: [Adam()]),
    StepCase(name: "all activations", network: varied(last: Softmax()), loss: .crossEntropy, batch: 250, weights: true),
    StepCase(
      name: "distributions", network: varied(last: Softmax()), loss: .crossEntropy, batch: 250, classes: false),
    StepCase(
      name: "cross-entropy unfused", network: varied(last: Sigmoid()), loss: .crossEntropy, batch: 250, weights: true),
    StepCase(
      name: "binary cross-entropy", network: varied(last: Sigmoid()), loss: .binaryCrossEntropy, batch: 250,
      classes: false, weights: true),
    StepCase(
      name: "binary cross-entropy unfused", network: varied(last: Softmax()), loss: .binaryCrossEntropy, batch: 250,
      classes: false),
    StepCase(
      name: "squares", network: varied(last: Identity()), loss: .meanSquaredError, batch: 250, classes: false,
      weights: true),
    StepCase(name: "layers with numbers of their own", network: numerous, loss: .negativeLogLikelihood, batch: 250),
    StepCase(
      name: "smoothing and class weights", network: varied(last: Softmax()),
      loss: .crossEntropy(labelSmoothing: 0.1, classWeights: [1, 2, 0.5, 3]), batch: 250, weights: true),
    StepCase(
      name: "focal", network: varied(last: Softmax()), loss: .focalCrossEntropy(classWeights: [1, 2, 0.5, 3]),
      batch: 250),
    StepCase(
      name: "binary focal", network: varied(last: Sigmoid()), loss: .binaryFocalCrossEntropy(), batch: 250,
      classes: false, weights: true),
    StepCase(
      name: "binary with positive weights", network: varied(last: Sigmoid()),
      loss: BinaryCrossEntropy(positiveWeights: [1, 2, 0.5, 3]), batch: 250, classes: false),
    StepCase(name: "huber", network: varied(last: Identity()), loss: .huber(), batch: 250, classes: false),
    StepCase(
      name: "quantiles", network: varied(last: Identity()), loss: Quantile(0.1, 0.4, 0.5, 0.9), batch: 250,
      classes: false, weights: true),
  ]

  static let images = Network(inputs: [12, 12, 1]) {
    Convolution2D(16, kernel: 3, padding: .same)
    ReLU()
    MaxPooling2D(2)
    Convolution2D(24, kernel: 3, stride: 2, padding: .all(1), groups: 2)
    GELU()
    Dropout2D(0.2)
    AveragePooling2D(2, stride: 1, padding: .same)
    Convolution2D(8, kernel: 1)
    Flatten()
    Linear(4)
    Softmax()
  }

  static let numerous = Network(inputs: 30) {
    Scale()
    LayerNorm()
    Concatenate {
      Branch(columns: 0..<10) { PeriodicEmbedding(frequencies: 8, outputs: 3) }
      Branch(columns: 10..<12) { PiecewiseLinear(edges: [[-1, 0, 1], [-2, -1, 0, 1, 2]]) }
      Branch(columns: 12..<14) { Embedding(categories: [3, 2], width: 9) }
      Branch(columns: 14..<30)
    }
    Linear(200, parametrization: .neuralTangent)
    BatchNorm()
    PReLU()
    Linear(120)
    ParametricActivation(Mish())
    Maxout(pieces: 3)
    Softplus()
    Linear(40)
    BatchNorm(affine: false)
    HardTanh()
    Linear(4)
    LogSoftmax()
  }

  /// Wide enough for several tiles in both phases.
  static func varied(last: any Layer) -> Network {
    Network(inputs: 30) {
      Linear(200)
      GELU()
      Dropout(0.2)
      Linear(150, bias: false)
      Mish()
      Linear(20)
      Tanh()
      Linear(20)
      ELU()
      Linear(20)
      SELU()
      Linear(20)
      SiLU()
      Linear(20)
      LeakyReLU()
      Linear(4)
      last
    }
  }

  static let grouped = Network(inputs: 30) {
    Linear(200)
    ReLU()
    ParameterGroup(rate: 0.1, decay: 0, of: [.bias]) {
      Linear(150)
      ReLU()
    }
    Linear(4)
    Softmax()
  }

  func run(_ optimizer: any Optimizer, _ pool: WorkerPool) throws {
    let rows = 2 * batch + batch / 3
    let outputs = try network.outputs().count
    let inputs = Problems.normal(rows: rows, columns: network.inputs.count, seed: 1)
    let targets: Targets =
      classes
      ? .classes((0..<rows).map { Int32($0 % outputs) })
      : .values(Matrix(rows: rows, columns: outputs, elements: (0..<rows * outputs).map { Float($0 % 2) }))
    let samples = Samples(
      inputs: inputs, targets: targets, weights: weights ? (0..<rows).map { Float($0 % 3) } : nil)
    let step = try TrainingStep(
      network, loss: loss, samples: samples, batchSize: batch,
      rule: UpdateRule(optimizer, clipping: clipping, average: average), seed: 1, workers: pool)
    step.parameters = try network.initialParameters(seed: 1)
    var random = RandomStream(seed: 1, purpose: .shuffle)
    let order = random.permutation(of: rows)

    func steps(_ range: Range<Int>) -> Double {
      var last = 0.0
      order.withUnsafeBufferPointer { order in
        for number in range {
          let first = number % 3 * batch
          last = step.run(
            rows: UnsafeBufferPointer(rebasing: order[first..<min(rows, first + batch)]), step: number,
            settings: UpdateSettings(rate: 0.001))
        }
      }
      return last
    }

    var last = steps(0..<10)
    allocations_count()
    last += steps(10..<60)
    let counted = allocations_counted()
    #expect(counted == 0, "\(name), \(optimizer), \(pool.threads) threads")
    #expect(last.isFinite)
  }
}
