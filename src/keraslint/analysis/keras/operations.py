"""Keras' functions on symbolic tensors: the names of the operations that they make, and what they give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.analysis.core.values import Tensor, Value
from keraslint.analysis.keras.tensors import is_symbolic, named_tensor

if TYPE_CHECKING:
    from keraslint.analysis.core.machine import Arguments, Machine


def operation(m: Machine, path: str, args: Arguments) -> Value:
    """The result of a function of keras.ops or keras.activations.

    On a symbolic tensor it is an operation that Keras names and numbers like a layer without a name: measured by
    calling every function on Keras 3.4.1, 3.6.0, 3.7.0 and 3.15.1. After one that was not measured, or that these
    releases name differently, no later number is known.
    """
    package, _, name = path.rpartition(".")
    if not any(is_symbolic(m, value) for value in args.every()):
        return m.unknown(f"the result of {path}()", ("ops", path, tuple(args.every())))
    if package == "keras.activations":
        name = _ACTIVATIONS.get(name, name)
    name = _ALIASES.get(name, name)
    if name == "linear":
        return args.every()[0]
    if name in _SINGLE:
        return named_tensor(m, name)
    if name in _SEVERAL:
        made = named_tensor(m, name)
        return replace(made, many=True)
    m.lose_count()
    return Tensor(None, f"the name of what {path} gives", m.unknown("").token, renumbered=True)


_ALIASES = {"abs": "absolute", "conj": "conjugate", "hard_swish": "hard_silu", "swish": "silu"}
_ACTIVATIONS = {"relu": "re_lu", "exponential": "exp"}

_SINGLE = frozenset(
    "absolute add all amax amin any append arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin"
    " argpartition argsort array average average_pool binary_crossentropy bincount cast categorical_crossentropy"
    " ceil cholesky clip concatenate conjugate copy cos cosh count_nonzero cumprod cumsum det diagonal diff divide"
    " divide_no_nan dot einsum elu equal erf erfinv exp expand_dims expm1 extract_sequences flip floor"
    " floor_divide full_like gelu get_item greater greater_equal hard_sigmoid hard_silu hstack imag in_top_k inv"
    " irfft isclose isfinite isinf isnan leaky_relu less less_equal linspace log log10 log1p log2 log_sigmoid"
    " log_softmax logaddexp logical_and logical_not logical_or logical_xor logspace logsumexp matmul max max_pool"
    " maximum mean median min minimum mod moveaxis multi_hot multiply nan_to_num negative norm normalize"
    " not_equal one_hot ones_like outer pad power prod quantile ravel re_lu real reciprocal relu relu6 repeat"
    " reshape roll round rsqrt scatter_update selu sigmoid sign silu sin sinh slice_update softmax softplus"
    " softsign solve solve_triangular sort sqrt square squeeze stack std subtract sum swapaxes take tan tanh"
    " tensordot tile trace transpose tril triu true_divide var vdot vstack where zeros_like".split()
)

_SEVERAL = frozenset("eig eigh meshgrid moments nonzero qr slogdet split svd top_k unstack".split())
