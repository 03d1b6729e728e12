"""
Makes Keras compute in double all the way. Its table of types makes float32 of float64 wherever it joins two types, except on
TensorFlow: batch normalisation and dense layers would round to float32 in a network whose policy is float64, and gradients
behind a bend would depend on the machine.
"""

import keras
from keras.src.backend.common import dtypes


def compute_in(floats):
    # The policy keeps the type that was set when it was first asked for.
    keras.config.set_floatx(floats)
    keras.config.set_dtype_policy(floats)


dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
if keras.backend.result_type("float64", "float32") != "float64":
    raise RuntimeError("Keras rounds float64 to float32 at another place too: see keras_floats.py")
