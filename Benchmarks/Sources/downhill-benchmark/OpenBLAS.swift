#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// OpenBLAS on one thread, when it is installed: the peer of our matrix product, found at run time.
struct OpenBLAS {
  /// cblas_sgemm(order, transA, transB, m, n, k, α, A, lda, B, ldb, β, C, ldc)
  private typealias Product =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
      UnsafeMutablePointer<Float>, CInt
    ) -> Void
  private typealias SetThreads = @convention(c) (CInt) -> Void

  private let sgemm: Product

  /// nil where no library of these names is installed.
  init?() {
    let names = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let sgemm = dlsym(library, "cblas_sgemm"), let setThreads = dlsym(library, "openblas_set_num_threads")
    else { return nil }
    self.sgemm = unsafeBitCast(sgemm, to: Product.self)
    unsafeBitCast(setThreads, to: SetThreads.self)(1)
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
