"""The smallest parts of the extender's network: maps, norms and tables of features."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor, nn


class Linear(nn.Linear):
    """A linear map without bias that computes in the type of its input."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__(n_in, n_out, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., n_out)."""
        return F.linear(x, self.weight.to(x.dtype))


class Norm(nn.Module):
    """Layer normalisation with a gain; computes in float32, answers in `dtype`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        """Return the normalised x in its own shape."""
        return F.layer_norm(x, self.gain.shape, self.gain).to(dtype)


class Table(nn.Module):
    """Sums rows of a table: the embedding of a set of features."""

    def __init__(self, n_rows: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_rows, width) * 0.1)

    def forward(self, rows: Tensor, dtype: torch.dtype, keep: Tensor | None = None) -> Tensor:
        """Return (N, width) for rows (N, K); `keep` (N, K) weighs each row.

        In training a product with a matrix of zeros and ones is several times faster than
        looking the rows up, because its gradient is a product too. Without one, looking up is.
        """
        if keep is None and not torch.is_grad_enabled():
            return F.embedding_bag(rows, self.weight, mode="sum").to(dtype)
        many = torch.zeros(len(rows), len(self.weight), dtype=dtype, device=rows.device)
        ones = torch.ones_like(rows, dtype=dtype) if keep is None else keep.to(dtype)
        many.scatter_add_(1, rows, ones)
        return many @ self.weight.to(dtype)
