"""ONNX Runtime from Python as a peer: `run` with arrays, or `run_with_iobinding` on memory that is bound once.

    with_onnxruntime.py --model FILE.onnx 16,64,64,3    writes the model that predictions are timed with
    with_onnxruntime.py --library                       prints the path of the shared library that the package carries

Its C interface, without Python, is timed by `downhill-benchmark serve`.
"""
import glob
import os
import sys

import numpy
import onnxruntime

import serving


def write_model(path, layers):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random, nodes, weights, value = numpy.random.default_rng(0), [], [], "x"
    for index, (inputs, outputs) in enumerate(zip(layers, layers[1:])):
        matrix = random.standard_normal((inputs, outputs)).astype(numpy.float32) * (2 / inputs) ** 0.5
        weights.append(numpy_helper.from_array(matrix, f"w{index}"))
        weights.append(numpy_helper.from_array(numpy.zeros(outputs, numpy.float32), f"b{index}"))
        nodes.append(helper.make_node("Gemm", [value, f"w{index}", f"b{index}"], [f"h{index}"]))
        last = index == len(layers) - 2
        value = "y" if last else f"a{index}"
        nodes.append(helper.make_node("Softmax" if last else "Relu", [f"h{index}"], [value]))
    graph = helper.make_graph(
        nodes, "classifier",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", layers[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", layers[-1]])], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def library():
    return glob.glob(os.path.join(os.path.dirname(onnxruntime.__file__), "capi", "libonnxruntime.so*"))[0]


def predict(spec, bound=False):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(spec["model"], options, providers=["CPUExecutionProvider"])
    x = numpy.random.default_rng(0).standard_normal((spec["batch"], spec["layers"][0])).astype(numpy.float32)
    if bound:
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
        y = numpy.empty((spec["batch"], spec["layers"][-1]), numpy.float32)
        binding.bind_ortvalue_output("y", onnxruntime.OrtValue.ortvalue_from_numpy(y))

    def run(count):
        for _ in range(count):
            if bound:
                session.run_with_iobinding(binding)
            else:
                session.run(["y"], {"x": x})

    return serving.Work(run)


if __name__ == "__main__":
    if "--model" in sys.argv:
        write_model(sys.argv[2], [int(width) for width in sys.argv[3].split(",")])
    elif "--library" in sys.argv:
        print(library())
    else:
        serving.serve(predict=lambda spec: predict(spec, bound="--bound" in sys.argv))
