"""KerasReleases: the Keras releases that a project allows, and the lines that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.diagnostic import Evidence
from keraslint.pins.deciding_versions import takes
from keraslint.pins.specifier_sets import admits_later


@dataclass(frozen=True, slots=True)
class Skipped:
    """A project file or a line of one that could not be read, and why. Row 0: the whole file.

    too_large: it is larger than what is read, so that nothing is known of it. text: the line as written, "" for a whole
    file. pin: False if no version of Keras can stand there. meant: the line as it may be meant, "" where nobody knows.
    """

    filename: str
    row: int
    reason: str
    too_large: bool = False
    text: str = ""
    pin: bool = True
    meant: str = ""


@dataclass(frozen=True, slots=True)
class KerasReleases:
    """The Keras releases that a project allows.

    admitted: specifier text as a person would write it ("==3.5.0", ">=3.4"), "" if no file gives a version; several
        alternatives are joined with " or ".
    versions: the measured Keras 3 releases that it allows, ascending; all of them if no file gives a version.
    admits_others: it also allows a Keras that never misroutes (Keras 2 and older).
    newest: the release that a fresh install would choose, None if the project can only get Keras 2.
    strength: "exact" for a lock or an exact pin, "range" for any other version condition (also one that
        follows from a TensorFlow version), "bare" if Keras or TensorFlow is named without a version,
        "none" if nothing names either; ``evidence`` then is empty, or the environment that holds neither.
    contradicts: the files contradict each other, so ``versions`` holds all that any of them allows.
    runtime: a file of the project asks for keraslint, so that the program can import ``keraslint.runtime``.
    unread: the lines and files that may give a version of Keras, and could not be read.
    brought_by: the TensorFlow that brings Keras, as ``tensorflow==2.18.0``, where no line gives a version of Keras.
    hinted: the releases that workflows install, where these do not count and others are allowed; None otherwise.
    legacy: a file of the project sets TF_USE_LEGACY_KERAS, so that ``tf.keras`` is Keras 2; ``keras`` is not.
    """

    admitted: str
    versions: tuple[Version, ...]
    admits_others: bool
    newest: Version | None
    strength: Literal["exact", "range", "bare", "none"]
    evidence: tuple[Evidence, ...] = ()
    contradicts: bool = False
    legacy: bool = False
    runtime: bool = False
    unread: tuple[Skipped, ...] = ()
    brought_by: str = ""
    hinted: KerasReleases | None = None

    @property
    def pinned(self) -> bool:
        """True if a lock or an exact pin decides."""
        return self.strength == "exact"

    @property
    def beyond(self) -> bool:
        """True if it allows only releases newer than every measured one; ``newest`` then represents them."""
        if self.newest != MEASURED[-1] or not self.versioned:
            return False
        return not any(takes(SpecifierSet(part), str(self.newest)) for part in self.admitted.split(" or "))

    @property
    def admits_newer(self) -> bool:
        """True if it allows releases newer than every measured one; the newest measured one represents them."""
        return self.newest is not None and admits_later(map(SpecifierSet, self.admitted.split(" or ")))

    @property
    def versioned(self) -> bool:
        """True if any line of the project gives a version condition."""
        return self.strength in ("exact", "range")
