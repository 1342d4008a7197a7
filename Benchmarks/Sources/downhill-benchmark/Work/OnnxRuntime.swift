import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// ONNX Runtime by its C interface, found at run time: one session on one thread.
///
/// The interface is a table of function pointers, to which versions only append; `Entry` says which ones are used here.
/// Each returns a status, null where all went well.
final class OnnxRuntime {
  /// Places in the table `OrtApi`, as onnxruntime_c_api.h lists them.
  private enum Entry: Int {
    case getErrorMessage = 2
    case createEnv = 3
    case createSession = 7
    case run = 9
    case createSessionOptions = 10
    case setIntraOpNumThreads = 24
    case setInterOpNumThreads = 25
    case createTensorWithDataAsOrtValue = 49
    case createCpuMemoryInfo = 69
  }

  /// A status, or an object of the library.
  private typealias Object = UnsafeMutableRawPointer
  private typealias Table = UnsafePointer<UnsafeRawPointer>
  private typealias Run =
    @convention(c) (
      Object, Object?, UnsafePointer<UnsafePointer<CChar>>, UnsafePointer<Object?>, Int,
      UnsafePointer<UnsafePointer<CChar>>, Int, UnsafeMutablePointer<Object?>
    ) -> Object?

  /// Version 1.8's table, which has all that is used here.
  private static let version: UInt32 = 8

  private let table: Table
  private let session: Object
  private let memory: Object
  private let runFunction: Run

  init(library path: String, model: String) throws {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let base = dlsym(library, "OrtGetApiBase") else {
      throw ValidationError("\(path) is not ONNX Runtime")
    }
    typealias GetApi = @convention(c) (UInt32) -> UnsafeRawPointer?
    let getBase = unsafeBitCast(base, to: (@convention(c) () -> UnsafePointer<UnsafeRawPointer>).self)
    guard let api = unsafeBitCast(getBase()[0], to: GetApi.self)(Self.version) else {
      throw ValidationError("\(path) doesn't know version \(Self.version) of the interface")
    }
    table = api.assumingMemoryBound(to: UnsafeRawPointer.self)
    runFunction = unsafeBitCast(table[Entry.run.rawValue], to: Run.self)

    typealias Create = @convention(c) (UnsafeMutablePointer<Object?>) -> Object?
    typealias CreateEnv = @convention(c) (CInt, UnsafePointer<CChar>, UnsafeMutablePointer<Object?>) -> Object?
    typealias SetCount = @convention(c) (Object, CInt) -> Object?
    typealias CreateSession =
      @convention(c) (Object, UnsafePointer<CChar>, Object, UnsafeMutablePointer<Object?>) -> Object?
    typealias CreateMemoryInfo = @convention(c) (CInt, CInt, UnsafeMutablePointer<Object?>) -> Object?
    let warning: CInt = 2, arena: CInt = 0, cpu: CInt = 0
    let table = table
    let environment = try Self.object(table) {
      Self.function(table, .createEnv, CreateEnv.self)(warning, "downhill", $0)
    }
    let options = try Self.object(table) { Self.function(table, .createSessionOptions, Create.self)($0) }
    try Self.check(Self.function(table, .setIntraOpNumThreads, SetCount.self)(options, 1), table)
    try Self.check(Self.function(table, .setInterOpNumThreads, SetCount.self)(options, 1), table)
    session = try Self.object(table) {
      Self.function(table, .createSession, CreateSession.self)(environment, model, options, $0)
    }
    memory = try Self.object(table) {
      Self.function(table, .createCpuMemoryInfo, CreateMemoryInfo.self)(arena, cpu, $0)
    }
  }

  private static func function<Function>(_ table: Table, _ entry: Entry, _ type: Function.Type) -> Function {
    unsafeBitCast(table[entry.rawValue], to: type)
  }

  private static func check(_ status: Object?, _ table: Table) throws {
    guard let status else { return }
    let message = function(table, .getErrorMessage, (@convention(c) (Object) -> UnsafePointer<CChar>).self)(status)
    throw ValidationError("ONNX Runtime: \(String(cString: message))")
  }

  private static func object(
    _ table: Table, _ make: (UnsafeMutablePointer<Object?>) -> Object?
  ) throws -> Object {
    var object: Object?
    try check(make(&object), table)
    guard let object else { throw ValidationError("ONNX Runtime made nothing") }
    return object
  }

  /// A float tensor over memory that must outlive it.
  func tensor(
    over memory: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int
  ) throws -> UnsafeMutableRawPointer {
    typealias CreateTensor =
      @convention(c) (
        Object, UnsafeMutableRawPointer?, Int, UnsafePointer<Int64>, Int, CInt, UnsafeMutablePointer<Object?>
      ) -> Object?
    let float: CInt = 1
    return try Self.object(table) { place in
      Self.function(table, .createTensorWithDataAsOrtValue, CreateTensor.self)(
        self.memory, memory.baseAddress, memory.count * 4, [Int64(rows), Int64(columns)], 2, float, place)
    }
  }

  /// Runs the model so many times, from one tensor into another.
  func run(
    count: Int, input: UnsafeMutableRawPointer, inputName: UnsafePointer<CChar>, output: UnsafeMutableRawPointer,
    outputName: UnsafePointer<CChar>
  ) throws {
    let inputs: Object? = input
    var outputs: Object? = output
    try withUnsafePointer(to: inputName) { inputName in
      try withUnsafePointer(to: outputName) { outputName in
        try withUnsafePointer(to: inputs) { inputs in
          for _ in 0..<count {
            try Self.check(runFunction(session, nil, inputName, inputs, 1, outputName, 1, &outputs), table)
          }
        }
      }
    }
  }
}
