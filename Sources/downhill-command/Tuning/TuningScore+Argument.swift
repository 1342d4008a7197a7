public import ArgumentParser
public import Downhill

extension TuningScore: ExpressibleByArgument {}
