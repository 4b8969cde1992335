"""Writes core/export/keras_keys.json: the config keys of the classes that an exported model may
hold, as the oldest Keras had them that is to open it.

    python -m venv /tmp/oldest
    /tmp/oldest/bin/pip install keras==3.8.0 tensorflow-cpu==2.18.0
    /tmp/oldest/bin/python benchmarks/keras_keys.py

Keys are those that `get_config` of an instance returns: what a class writes, it also reads.
"""

import json
from pathlib import Path
from typing import Any

import keras

FILE = Path(__file__).resolve().parent.parent / "core" / "export" / "keras_keys.json"
OLDEST = "3.8."


def main() -> None:
    """Writes the file."""
    if not keras.__version__.startswith(OLDEST):
        raise SystemExit(f"This needs Keras {OLDEST}x; received {keras.__version__}.")
    x = keras.Input((2,))
    dense = keras.layers.Dense(1)
    model = keras.Model(x, dense(x))
    found = [model, *model.layers, dense.dtype_policy]
    for module in (keras.initializers, keras.regularizers, keras.constraints):
        found += list(_instances(module))
    keys = {type(each).__name__: sorted(each.get_config()) for each in found}
    FILE.write_text(json.dumps(keys, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _instances(module: Any) -> list[Any]:
    """One object of every public class of a module that can be made without arguments."""
    classes = [each for each in vars(module).values() if isinstance(each, type)]
    return [instance for each in classes if (instance := _instance(each)) is not None]


def _instance(cls: type) -> Any:
    try:
        made = cls()
        made.get_config()
    except (TypeError, NotImplementedError, ImportError):  # abstract, or it needs SciPy
        return None
    return made


if __name__ == "__main__":
    main()
