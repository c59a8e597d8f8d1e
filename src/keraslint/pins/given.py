"""Releases that are not read from a project: those that an option names, and all where nothing is said."""

from __future__ import annotations

from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.behaviour.releases import MEASURED
from keraslint.diagnostic import Evidence
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.meant import meant_specifiers
from keraslint.pins.specifier_sets import admits_keras_2, as_text, is_exact, measured_in


def nothing_said() -> KerasReleases:
    """The releases of a project that names neither Keras nor TensorFlow: all."""
    return KerasReleases("", MEASURED, admits_others=True, newest=MEASURED[-1], strength="none")


@lru_cache(maxsize=64)
def releases_from_option(text: str, said_by: str = "--keras-version") -> KerasReleases:
    """The releases that ``--keras-version`` names: "3.5.0", or specifiers such as ">=3.4,<3.7".

    ``said_by`` is the option or setting with the text, for messages. Raises ValueError with a message of one line.
    """
    specifiers = (_specifiers_of_option(text.strip()),)
    versions = measured_in(specifiers)
    others = admits_keras_2(specifiers)
    if not versions and not others:
        raise ValueError(f"no Keras release matches {text!r}")
    return KerasReleases(
        admitted=as_text(specifiers),
        versions=versions,
        admits_others=others,
        newest=versions[-1] if versions else None,
        strength="exact" if is_exact(specifiers[0]) else "range",
        evidence=(Evidence(said_by, 0, text),),
    )


def _specifiers_of_option(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(f"=={Version(text)}")
    except InvalidVersion:
        pass
    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier as error:
        meant = meant_specifiers(text)
        write = f"; did you mean {meant!r}?" if meant else ", such as 3.5.0 or >=3.4,<4"
        raise ValueError(f"{text!r} is neither a version nor a version specifier{write}") from error
    if not specifiers:
        raise ValueError("an empty text names no Keras version")
    return specifiers
