#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A library with `cblas_sgemm`, on one thread: a peer of our matrix product, found at run time.
struct BLAS {
  /// cblas_sgemm(order, transA, transB, m, n, k, α, A, lda, B, ldb, β, C, ldc)
  private typealias Product =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
      UnsafeMutablePointer<Float>, CInt
    ) -> Void

  let name: String
  /// Which of its kernels it runs on this processor, in its own words.
  let kernels: String
  private let sgemm: Product

  /// Those that are installed.
  static func installed() -> [BLAS] { [openBLAS(), blis()].compactMap { $0 } }

  private init?(_ name: String, _ library: UnsafeMutableRawPointer, kernels: String) {
    guard let sgemm = dlsym(library, "cblas_sgemm") else { return nil }
    self.name = name
    self.kernels = kernels
    self.sgemm = unsafeBitCast(sgemm, to: Product.self)
  }

  private static func openBLAS() -> BLAS? {
    guard let library = open("libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"),
      let setThreads = dlsym(library, "openblas_set_num_threads")
    else { return nil }
    unsafeBitCast(setThreads, to: (@convention(c) (CInt) -> Void).self)(1)
    let core = dlsym(library, "openblas_get_corename").map { symbol in
      String(cString: unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    }
    return BLAS("OpenBLAS", library, kernels: core ?? "")
  }

  /// BLIS uses one thread unless it is asked for more.
  private static func blis() -> BLAS? {
    guard let library = open("libblis.so.4", "libblis.so", "libblis.dylib") else { return nil }
    var architecture = ""
    if let initialize = dlsym(library, "bli_init"), let query = dlsym(library, "bli_arch_query_id"),
      let name = dlsym(library, "bli_arch_string")
    {
      unsafeBitCast(initialize, to: (@convention(c) () -> Void).self)()
      let id = unsafeBitCast(query, to: (@convention(c) () -> CInt).self)()
      architecture = String(
        cString: unsafeBitCast(name, to: (@convention(c) (CInt) -> UnsafePointer<CChar>).self)(id))
    }
    return BLAS("BLIS", library, kernels: architecture)
  }

  private static func open(_ names: String...) -> UnsafeMutableRawPointer? {
    names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
  }

  /// C = A · B for row-major operands that are stored as they are, or transposed.
  func product(
    _ shape: ProductShape, _ operands: Transposition, a: UnsafePointer<Float>, b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    let rowMajor: CInt = 101, asStored: CInt = 111, transposed: CInt = 112
    let m = CInt(shape.m), n = CInt(shape.n), k = CInt(shape.k)
    let transposesA = operands == .first, transposesB = operands == .second
    sgemm(
      rowMajor, transposesA ? transposed : asStored, transposesB ? transposed : asStored, m, n, k, 1, a,
      transposesA ? m : k, b, transposesB ? k : n, 0, c, n)
  }
}
