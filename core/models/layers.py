"""Layers that Keras does not have."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="bottleneck")
class DenseTranspose(keras.layers.Layer):
    """A dense layer with the transposed kernel of another one; only its bias is its own.

    Input shape: [B, units of `dense`]. Output shape: [B, inputs of `dense`].
    Source: tied weights of Géron, Hands-On Machine Learning, 3rd ed., chapter 17.
    """

    def __init__(
        self, dense: keras.layers.Dense, activation: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.dense = dense
        self.activation = keras.activations.get(activation)

    def build(self, _: tuple[int | None, ...]) -> None:
        self.bias = self.add_weight(
            name="bias", shape=(self.dense.kernel.shape[0],), initializer="zeros"
        )

    def call(self, inputs: Any) -> Any:
        kernel = keras.ops.transpose(self.dense.kernel)  # [units, inputs]
        return self.activation(keras.ops.matmul(inputs, kernel) + self.bias)

    def dense_weights(self) -> list[Any]:
        """Kernel [units, inputs] and bias [inputs] of the equivalent `keras.layers.Dense`."""
        return [keras.ops.transpose(self.dense.kernel), self.bias]

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "dense": keras.saving.serialize_keras_object(self.dense),
            "activation": keras.activations.serialize(self.activation),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "DenseTranspose":
        return cls(keras.saving.deserialize_keras_object(config.pop("dense")), **config)
