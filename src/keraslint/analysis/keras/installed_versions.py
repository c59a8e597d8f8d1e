"""The ways in which a program asks for the installed version of Keras or TensorFlow."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.environments import keras_version, tensorflow_version, texts_by_environment
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf
from keraslint.analysis.core.values import Api, Const, Unknown, Value, Varying
from keraslint.analysis.core.varying import installed, lifted

_VARIABLES = {
    "keras.__version__": keras_version,
    "keras.version.__version__": keras_version,
    "tensorflow.__version__": tensorflow_version,
    "tensorflow.version.VERSION": tensorflow_version,
    "tensorflow.VERSION": tensorflow_version,
}
_PACKAGES = ("keras", "tensorflow")
_IMPORTS = ("importlib.import_module", "builtins.__import__")
_CALLS = ("importlib.metadata.version", "importlib_metadata.version")
_DISTRIBUTIONS = (
    "importlib.metadata.distribution",
    "importlib_metadata.distribution",
    "pkg_resources.get_distribution",
)


def version_variable(m: InterpreterCore, api: Api) -> Value | None:
    """The value of a variable that holds the installed version of Keras 3 or TensorFlow; None for all other names."""
    return None if api.legacy else _version(m, api.path)


def version_call(m: InterpreterCore, api: Api, args: Arguments) -> Value | None:
    """The result of a function that returns the installed version, or something with it; None for all others."""
    if api.path == "keras.version" and not api.legacy:
        return _version(m, "keras.__version__")
    if api.path in _IMPORTS and m.text(args.get(0, "name")) in _PACKAGES:
        return Api(m.text(args.get(0, "name")) or "")
    if api.path == "pkg_resources.require":
        _require(m, m.text(args.get(0, "requirements")) or "")
    if api.path not in (*_CALLS, *_DISTRIBUTIONS):
        return None
    package = (m.text(args.get(0, "distribution_name")) or "").lower()
    if api.path in _CALLS:
        return _version(m, f"{package}.__version__")
    return Api(f"{package}{_DISTRIBUTION}") if package in _PACKAGES else None


def _require(m: InterpreterCore, text: str) -> None:
    """Carry out a requirement such as "keras>=3.7": nothing runs after one that is not met."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return
    version = _version(m, f"{requirement.name}.__version__")

    def is_met(known: Value) -> Value:
        return Const(isinstance(known, Const) and _meets(str(known.value), requirement.specifier))

    if isinstance(version, Varying) and not m.truth(lifted(m, "require", [version], is_met)):
        m.end()


_DISTRIBUTION = ".<distribution>"


def distribution_version(m: InterpreterCore, api: Api, name: str) -> Value | None:
    """The version of a distribution that was asked for; None for all other attributes."""
    if name != "version" or not api.path.endswith(_DISTRIBUTION):
        return None
    return _version(m, f"{api.path.removesuffix(_DISTRIBUTION)}.__version__")


def _version(m: InterpreterCore, path: str) -> Value | None:
    version = _VARIABLES.get(path)
    if version is None:
        return None
    if m.assumed.blind:
        package, _, name = path.rpartition(".")
        return Unknown("the installed version", AttributeOf(Api(package), name))
    return installed(m, texts_by_environment(version))


def _meets(version: str, specifiers: SpecifierSet) -> bool:
    try:
        return specifiers.contains(version)
    except InvalidVersion:  # "===head", which no version satisfies: older packaging can't read it
        return False
