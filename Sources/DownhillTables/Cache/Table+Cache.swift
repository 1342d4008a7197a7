extension Table {
  /// Reads files as one table as the reading without a cache does, but through one where that is asked for, or where the
  /// table would take much of the memory. The table, and all that is made of it, is the same either way.
  /// - Parameter onEvent: is told of the building and reading of a cache, which may take long.
  /// - Throws: as the reading without a cache; `FileError` where the cache can't be written, and what to do.
  public init(
    contentsOf sources: [TableSource], format: CSVFormat = CSVFormat(),
    overrides: SchemaOverrides = SchemaOverrides(), target: String? = nil, threads: Int? = nil, cache: TableCache,
    onEvent: (TableCache.Event) -> Void = { _ in }
  ) throws {
    guard let reason = try cache.reason(for: sources) else {
      try self.init(contentsOf: sources, format: format, overrides: overrides, target: target, threads: threads)
      return
    }
    let reading = CachedReading(
      sources: sources, format: format, overrides: overrides, target: target, threads: threads, cache: cache)
    self = try reading.table(reason, onEvent)
  }
}
