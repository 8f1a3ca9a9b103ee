"""The network's smallest parts on numpy arrays, for the few rows of one frame.

A frame of one stream is some three hundred tiny operations: numpy begins one in a fifth of the
time that PyTorch needs, and its BLAS reads a matrix for one row twice as quickly on AMD.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_FEW_ROWS = 3  # up to here a product row by row is quicker than oneDNN's
_EPSILON = 1e-5  # that of PyTorch's layer norm


class Map:
    """A linear map of N rows: BLAS row by row while they are few, oneDNN where they are many."""

    def __init__(self, weight: Tensor, n_rows: int) -> None:
        """Lay out a weight (outputs, inputs) for about `n_rows` rows at a time."""
        self._weight = weight.detach()
        self._turned: Floats = self._weight.numpy().T
        if n_rows > _FEW_ROWS:
            self._weight = _packed(self._weight, n_rows)
        else:
            self._turned = np.ascontiguousarray(self._turned)  # read by BLAS in one go

    def __call__(self, x: Floats) -> Floats:
        """Return (N, outputs) for x (N, inputs), in memory of its own."""
        found: Floats
        if len(x) == 1:
            found = np.dot(x[0], self._turned)[None]
        elif len(x) <= _FEW_ROWS:
            found = np.stack([np.dot(row, self._turned) for row in x])
        else:
            found = _product(torch.from_numpy(x), self._weight).numpy()
        return found


def _packed(weight: Tensor, n_rows: int) -> Tensor:
    """Return the weight in oneDNN's own order, or as it is where PyTorch was built without it."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return weight
    found: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight, n_rows)
    return found


def _product(x: Tensor, weight: Tensor) -> Tensor:
    """Return x times the weight; oneDNN is quicker here than PyTorch's BLAS on AMD."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return F.linear(x, weight)
    found: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")
    return found


def normed(x: Floats, gain: Floats) -> Floats:
    """Return x (N, C) with mean 0 and variance 1 in every row, times the gain (C,)."""
    n_channels = x.shape[1]
    centered: Floats = x - np.add.reduce(x, axis=1, keepdims=True) / n_channels
    variance = np.vecdot(centered, centered) / n_channels
    centered *= gain
    centered /= np.sqrt(variance + _EPSILON)[:, None]
    return centered


def softmax(x: Floats) -> Floats:
    """Return the softmax over the last axis; x itself is overwritten."""
    x -= np.maximum.reduce(x, axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= np.add.reduce(x, axis=-1, keepdims=True)
    return x


def squared_relu(x: Floats) -> Floats:
    """Return x with negative numbers as 0 and the others squared; x itself is overwritten."""
    np.maximum(x, 0, out=x)
    x *= x
    return x


def summed(table: Floats, rows: Ints) -> Floats:
    """Return for rows (N, K) the sums of K rows of a table each, (N, C)."""
    found: Floats = np.add.reduce(table.take(rows, axis=0), axis=1)
    return found
