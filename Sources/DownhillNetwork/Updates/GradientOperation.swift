public import DownhillCompute

/// Something done to the whole gradient before any parameter is updated: a sum over machines.
public protocol GradientOperation: AnyObject {
  func apply(to gradient: MutableVectorView)
}
