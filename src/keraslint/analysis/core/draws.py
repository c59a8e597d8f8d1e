"""Calls that return another value each time: draws of random numbers, reads of files and streams, and what makes these.

Two draws are the same value only if they are made in the same state: after equal seeds and equally many draws.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf, Draw, Stream, taken_from
from keraslint.analysis.core.values import NONE, Api, ApiResult, Bound, Const, Sequence, Unknown, Value

# Functions and classes that make an object whose methods return another value each time.
_STREAMS = frozenset(
    "numpy.random.default_rng numpy.random.RandomState numpy.random.Generator random.Random random.SystemRandom"
    " sklearn.utils.check_random_state tensorflow.random.Generator tensorflow.random.Generator.from_seed"
    " tensorflow.random.Generator.from_non_deterministic_state torch.Generator keras.random.SeedGenerator"
    " io.BytesIO io.StringIO io.FileIO io.open gzip.open bz2.open lzma.open codecs.open os.fdopen tarfile.open"
    " tempfile.TemporaryFile tempfile.NamedTemporaryFile tensorflow.io.gfile.GFile cv2.VideoCapture csv.reader"
    " csv.DictReader collections.deque queue.Queue queue.SimpleQueue queue.LifoQueue queue.PriorityQueue"
    " multiprocessing.Queue itertools.count itertools.cycle builtins.open builtins.iter numpy.random.PCG64"
    " numpy.random.MT19937 numpy.random.Philox numpy.random.SFC64 numpy.random.SeedSequence".split()
)

# Functions whose first argument is always a file or a stream, which they read on.
_READERS = frozenset("pickle.load json.load marshal.load dill.load cloudpickle.load tomllib.load".split())

# Modules of which every function draws, but for those named here; and other functions that draw.
_DRAWN_FROM = ("numpy.random", "random", "tensorflow.random", "keras.random", "cupy.random", "secrets", "sys.stdin")
_NO_DRAWS = frozenset("seed set_seed get_state getstate bit_generator get_global_generator experimental".split())
_DRAWING = {
    **dict.fromkeys((f"torch.{name}" for name in "rand randn randint randperm normal bernoulli".split()), "torch"),
    **dict.fromkeys((f"torch.{name}_like" for name in ("rand", "randn", "randint")), "torch"),
    **dict.fromkeys(("torch.multinomial", "torch.poisson"), "torch"),
    **dict.fromkeys(("os.urandom", "uuid.uuid1", "uuid.uuid4"), "os"),
    **dict.fromkeys((f"time.{name}" for name in "time time_ns perf_counter monotonic".split()), "time"),
    **dict.fromkeys(("datetime.datetime.now", "datetime.datetime.utcnow"), "time"),
}
_OF_NUMPY = ("sklearn.datasets.make_", "sklearn.utils.shuffle", "sklearn.utils.resample", "scipy.stats.")
_RESEEDING = {
    "numpy.random.seed": ("numpy.random",),
    "random.seed": ("random",),
    "tensorflow.random.set_seed": ("tensorflow.random",),
    "torch.manual_seed": ("torch",),
    "keras.utils.set_random_seed": ("numpy.random", "random", "tensorflow.random", "torch", "keras.random"),
}
_OF_PROGRAM = frozenset({"numpy.random", "random", "tensorflow.random", "torch", "keras.random", "cupy.random"})

# Methods that return another value each time whatever has them, and those that do if they are told a size.
_DRAWING_METHODS = frozenset(
    "rand randn randint random_sample random_integers standard_normal integers permutation permuted getrandbits"
    " randrange gauss normalvariate next __next__ get_next next_batch readline readlines recv popleft rvs".split()
)
_SIZED_METHODS = frozenset(
    "normal uniform random choice poisson binomial exponential gamma beta laplace lognormal multinomial"
    " multivariate_normal".split()
)
_KEEPING = frozenset("tell close closed fileno flush readable seekable writable spawn getvalue getbuffer".split())
_SETTING = frozenset({"seed", "seek", "manual_seed"})
_REWINDING = frozenset("set_state setstate reset restart rewind set_rng_state __setstate__".split())

# What depends on the form of an array alone.
FORMS = frozenset({"shape", "dtype", "ndim", "size"})
_OF_FORM = frozenset("zeros_like ones_like empty_like full_like shape size ndim len".split())


def made_by(m: InterpreterCore, function: Value, args: Arguments) -> Stream | Draw | None:
    """The origin of what an unseen call returns, if an equal call may return something else; None for all others."""
    if isinstance(function, Api):
        return _made_by_api(m, function.path, args)
    receiver, name = method_of(function)
    if receiver is None:
        return None
    owner = _owner(receiver)
    if owner is None:
        sized = name in _SIZED_METHODS and "size" in args.keywords
        reads = name == "read" and all(
            isinstance(one, Const) and not isinstance(one.value, str) for one in args.every()
        )
        if name == "open":
            return _new_stream(m, name, (receiver, *args.every()))
        draws = sized or reads or (name in _DRAWING_METHODS and args.keywords.get("random_state", NONE) == NONE)
        return _drawn(m, receiver, (receiver,), name, args) if draws else None
    if name in _SETTING and all(isinstance(one, Const) for one in args.every()):
        begun = _start(owner) if name == "seek" else None
        m.state.drawn[owner] = (begun if args.every() == [Const(0)] and begun else (name, begun, *args.every()), 0)
        return None
    m.rewound |= name in _REWINDING or name in _SETTING
    return None if name in _KEEPING or name in _REWINDING else _drawn(m, owner, (receiver,), name, args)


def _made_by_api(m: InterpreterCore, path: str, args: Arguments) -> Stream | Draw | None:
    if path in _RESEEDING:
        for module in _RESEEDING[path]:
            seeds = tuple(one for one in args.every() if one != NONE)
            m.state.drawn[module] = ((path, *(seeds or (m.next_number(),))), 0)
        return None
    name = path.rpartition(".")[2]
    if name in _REWINDING:
        m.rewound = True
        return None
    if path in _STREAMS:
        return _new_stream(m, path, tuple(args.every()))
    for value in args.every():
        if (owner := _owner(value)) is not None:
            return _drawn(m, owner, (value,), path, args)
    if path in _READERS and args.positional and isinstance(args.positional[0], Unknown):
        return _drawn(m, args.positional[0], (), path, args)
    drawn_from = _drawn_from(path, args)
    return None if drawn_from is None else _drawn(m, drawn_from, (), path, args)


def _drawn_from(path: str, args: Arguments) -> str | None:
    """The module from whose state a function draws; None for a function that draws nothing."""
    module, _, name = path.rpartition(".")
    seed = args.keywords.get("random_state", args.keywords.get("seed", NONE))
    if path.startswith(_OF_NUMPY):
        draws = not path.startswith("scipy.stats.") or name == "rvs"
        return "numpy.random" if draws and seed == NONE else None
    if module == "keras.random" and seed != NONE:
        return None  # the same numbers for the same seed; a generator of seeds is a source
    if path.startswith("keras.backend.random_"):
        return "keras.random"
    if module in _DRAWN_FROM and name not in _NO_DRAWS and not name.startswith("stateless"):
        return module
    return _DRAWING.get(path)


def _new_stream(m: InterpreterCore, path: str, given: tuple[Value, ...]) -> Stream:
    own = path.startswith(_DRAWN_FROM)
    start = tuple(without_owners(one) for one in given if one != NONE) or (m.next_number(),)
    return Stream(path, () if own else given, (path, *start), m.next_number())


def _drawn(m: InterpreterCore, owner: Hashable, of: tuple[Value, ...], name: str, args: Arguments) -> Draw:
    """The next draw from this owner, in its state of now. of: what the result may be a part of."""
    start: Hashable = _start(owner) if isinstance(owner, Unknown | ApiResult) else m.state.stirred
    state, count = m.state.drawn.get(owner, (start, 0))
    m.state.drawn[owner] = (state, count + 1)
    origin = owner.origin if isinstance(owner, Unknown) else None
    may_hold = of if isinstance(origin, Stream) and origin.sources else ()
    where = owner if isinstance(owner, str) else ""
    return Draw(where, state, count, name, tuple(map(without_owners, args.every())), tuple(args.keywords), may_hold)


def without_owners(value: Value) -> Value:
    """An object with a state of its own without what tells it from others made alike; any other value unchanged."""
    return value if _owner(value) is None else undrawn(value)


def _start(owner: Hashable) -> Hashable:
    origin = owner.origin if isinstance(owner, Unknown) else None
    if isinstance(owner, ApiResult):
        return (owner.path, owner.args, owner.keywords)
    return origin.start if isinstance(origin, Stream) else owner


def _owner(value: Value) -> Unknown | ApiResult | None:
    """The object with a state of its own that a value is, or is an attribute of."""
    found: Value | None = value
    while found is not None:
        if isinstance(found, Unknown) and isinstance(found.origin, Stream):
            return found
        if isinstance(found, ApiResult) and found.state is not None and found.path in _STREAMS:
            return found
        found = taken_from(found)
    return None


def is_stream(value: Value) -> bool:
    """True for an object that returns another value each time that it is read, such as a file."""
    return isinstance(value, Unknown) and isinstance(value.origin, Stream)


def method_of(function: Value) -> tuple[Value | None, str]:
    """The object of which a method is called, and the name of the method; None and "" for all else."""
    if isinstance(function, Bound):
        return function.receiver, function.name
    if isinstance(function, Unknown) and isinstance(function.origin, AttributeOf):
        return function.origin.owner, function.origin.name
    return None, ""


def state_of_keras(m: InterpreterCore, path: str, args: Arguments) -> Hashable:
    """A part of the identity of what a function of Keras returns: None if equal calls return equal values."""
    origin = _made_by_api(m, path, args)
    if isinstance(origin, Stream):
        return origin.number
    return None if origin is None else (origin.state, origin.count)


def stir(m: InterpreterCore, function: Value, given: Iterable[Value]) -> None:
    """Note that code out of view ran: it may have set a seed, and have used the objects that it was given."""
    given = tuple(given)
    package = function.path.partition(".")[0] if isinstance(function, Api) else ""
    if package in sys.stdlib_module_names:
        return
    m.state.stirred = (function, *given)
    for module in _OF_PROGRAM & m.state.drawn.keys():
        del m.state.drawn[module]
    for owner in map(_owner, given):
        if owner is not None:
            m.state.drawn[owner] = (m.state.stirred, 0)


def form_of(path: str, args: Arguments) -> list[Value]:
    """The arguments of a call; without what tells draws apart for a function of the form of an array alone."""
    given = args.every()
    return [undrawn(value) for value in given] if path.rpartition(".")[2] in _OF_FORM else given


def undrawn(value: Value) -> Value:
    """The value without what tells draws apart: equal for all that are written alike."""
    if isinstance(value, Sequence):
        return replace(value, items=tuple(map(undrawn, value.items)))
    if isinstance(value, ApiResult):
        return replace(value, args=tuple(map(undrawn, value.args)), state=None)
    origin = value.origin if isinstance(value, Unknown) else None
    parts = tuple(map(_undrawn_part, origin.parts())) if origin is not None else ()
    if not isinstance(value, Unknown) or origin is None or not parts:
        return value
    made = type(origin)(*parts)
    if isinstance(made, Draw):
        made = replace(made, state=None, count=0)
    return replace(value, origin=replace(made, number=0) if isinstance(made, Stream) else made)


def _undrawn_part(part: object) -> object:
    if isinstance(part, tuple):
        return tuple(map(_undrawn_part, part))
    return undrawn(part) if isinstance(part, Unknown | ApiResult | Sequence) else part
