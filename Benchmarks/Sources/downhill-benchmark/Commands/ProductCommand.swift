import ArgumentParser
import Downhill

struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product",
    abstract: "GFLOP/s of the matrix product, beside OpenBLAS's and BLIS's where they are installed.",
    discussion: """
      One thread. Ours and theirs run in turns; shown are medians, and the median of the turns' ratios: above 1 ours is \
      faster. A, B: m × k times k × n. The three cases are those of training: A B (forward), Aᵀ B (gradient of \
      weights), A Bᵀ (gradient of inputs). Which instructions each side uses is asked for by the environment: \
      DOWNHILL_INSTRUCTION_SET=avx2, OPENBLAS_CORETYPE=Haswell or SkylakeX, BLIS_ARCH_TYPE.
      """)

  @Option(help: "Shapes as m,n,k; several with spaces between them.", transform: ProductShape.list)
  var shapes = ProductShape.usual

  @Option(help: "Turns to time for each line.")
  var turns = 15

  @Flag(help: "Print a JSON object.")
  var json = false

  func validate() throws {
    guard turns > 0 else { throw ValidationError("--turns \(turns): at least one is needed") }
  }

  func run() throws {
    let peers = BLAS.installed()
    var results: [ProductResult] = []
    for shape in shapes {
      for operands in Transposition.allCases {
        results.append(try ProductTrial(shape, operands).time(turns: turns, against: peers))
      }
    }
    let report = ProductReport(
      instructionSet: InstructionSet.current.rawValue,
      kernels: Dictionary(uniqueKeysWithValues: peers.map { ($0.name, $0.kernels) }), results: results)
    if json { return print(try downhill_benchmark.json(report)) }
    print("Downhill: \(report.instructionSet)" + peers.map { ", \($0.name): \($0.kernels)" }.joined())
    print(table([ProductResult.heading(peers)] + results.map(\.cells)))
    if peers.isEmpty {
      print("\nNeither OpenBLAS nor BLIS is installed (Debian: libopenblas0-pthread, libblis4-openmp): ours alone.")
    }
  }
}
