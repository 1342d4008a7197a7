internal import DownhillTraining

/// Learning curves: loss of training and validation, the validation's metrics, the rate.
struct CurveFigures {
  let curves: LearningCurves

  private var epochs: [[(epoch: Double, loss: Double, validation: Double?, rate: Double)]] {
    curves.members.map { $0.map { (Double($0.epoch), $0.loss, $0.validationLoss, $0.rate) } }
  }
  private var isThin: Bool { curves.members.count > 1 }

  var html: HTML {
    var result = losses
    for name in curves.metrics { result += metric(name) }
    return result + rate
  }

  private var xAxis: Axis { Axis(epochs.flatMap { $0.map(\.epoch) }, kind: .whole, padding: 0.01) }

  private func figure(
    _ title: String, _ caption: String, _ axis: Axis, yTitle: String, _ description: String,
    key: HTML = "", _ draw: (Plot) -> HTML
  ) -> HTML {
    let plot = Plot(x: xAxis, y: axis, xTitle: "epoch", yTitle: yTitle)
    return Figure(
      title: title, caption: caption, key: key, description: description, drawing: plot.frame + draw(plot)
    ).html
  }

  private var losses: HTML {
    let all = epochs.flatMap { $0.flatMap { [$0.loss, $0.validation].compactMap { $0 } } }.filter {
      $0.isFinite && $0 > 0
    }
    // Where the loss falls far, its end would lie flat on the floor.
    let isWide = (all.max() ?? 1) > 12 * (all.min() ?? 1)
    let hasValidation = epochs.contains { $0.contains { $0.validation != nil } }
    let validations = epochs.flatMap { $0.compactMap(\.validation) }.filter(\.isFinite)
    let description =
      "The training loss ends at \(Wording.number(epochs.last?.last?.loss ?? .nan))"
      + (validations.min().map { ", the validation loss is \(Wording.number($0)) at its lowest." } ?? ".")
    let axis = Axis(all, kind: isWide ? .logarithmic : .linear)
    let key: HTML =
      hasValidation
      ? "<span class=\"key\"><span><i style=\"background:var(--c1)\"></i>training</span><span><i style=\"background:var(--c0)\"></i>validation, the dot its best epoch</span></span>"
      : ""
    return figure(
      "Loss", "", axis, yTitle: isWide ? "loss, logarithmic" : "loss", description, key: key
    ) { plot in
      var drawing: HTML = ""
      for member in epochs {
        drawing += plot.curve(member.map { (x: $0.epoch, y: $0.loss) }, colour: 1, isThin: isThin)
      }
      for (member, history) in zip(epochs, curves.members) {
        let points = member.compactMap { entry in entry.validation.map { (x: entry.epoch, y: $0) } }
        if points.isEmpty { continue }
        drawing += plot.curve(points, isThin: isThin)
        if let best = history.last(where: \.isBest), let loss = best.validationLoss {
          drawing += plot.disc(Double(best.epoch), loss, radius: 4)
        }
      }
      return drawing
    }
  }

  private func metric(_ name: String) -> HTML {
    let values = curves.members.map { member in
      member.compactMap { epoch in
        epoch.metrics.first { $0.name == name }.map { (x: Double(epoch.epoch), y: $0.value) }
      }
    }
    let all = values.flatMap { $0.map(\.y) }.filter(\.isFinite)
    if all.isEmpty { return "" }
    return figure(
      "\(Wording.metric(name)) of the validation rows", "", Axis(all), yTitle: Wording.metric(name).lowercased(),
      "It goes from \(Wording.number(all.first ?? .nan)) to \(Wording.number(all.last ?? .nan))."
    ) { plot in values.reduce(into: HTML()) { $0 += plot.curve($1, isThin: isThin) } }
  }

  private var rate: HTML {
    let all = epochs.flatMap { $0.map(\.rate) }.filter { $0.isFinite }
    if Set(all).count < 2 { return "" }
    return figure(
      "Learning rate", "", Axis(all, including: [0]), yTitle: "η at the end of the epoch",
      "At most \(Wording.number(all.max() ?? .nan)), at the end \(Wording.number(all.last ?? .nan))."
    ) { plot in plot.curve((epochs.last ?? []).map { (x: $0.epoch, y: $0.rate) }, colour: 2) }
  }
}
