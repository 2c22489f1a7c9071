"""The one home of Keras, which is imported when it is first needed: that takes some seconds and 500 MB."""

import os

from setilearn.errors import how_to_install


def load_keras():
    """Keras with TensorFlow; `ImportError`, with what to do, where it is not installed."""
    # TensorFlow is loud on standard error otherwise.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
    except ImportError as error:
        raise ImportError(f"networks need TensorFlow ({error}): {how_to_install('tensorflow')}") from error
    return keras
