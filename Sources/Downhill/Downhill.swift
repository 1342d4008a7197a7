@_exported public import DownhillCompute
@_exported public import DownhillFiles
@_exported public import DownhillNetwork
@_exported public import DownhillTables
@_exported public import DownhillTabular
@_exported public import DownhillTraining
@_exported public import DownhillTuning
