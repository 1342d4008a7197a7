public import DownhillNetwork
public import DownhillTraining

/// The kinds of layers, losses and schedules that a model file may name. Reading it makes nothing else.
///
///     let model = try Model(reading: path, catalogs: Catalogs(layers: .standard + [Mine.self]))
public struct Catalogs: Sendable {
  public var layers: LayerCatalog
  public var losses: LossCatalog
  public var schedules: ScheduleCatalog

  public init(
    layers: LayerCatalog = .standard, losses: LossCatalog = .standard, schedules: ScheduleCatalog = .standard
  ) {
    (self.layers, self.losses, self.schedules) = (layers, losses, schedules)
  }
}
