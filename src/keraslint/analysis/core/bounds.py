"""The bounds within which the interpreter works. Reaching one yields Unknown, never a guess.

Some end the analysis of the checked file, or of a function that nothing calls: MAX_STEPS, MAX_STEPS_ALONE, MAX_OBJECTS,
MAX_OBSERVATIONS, MAX_SIZE and MAX_ANCESTORS. KER003 says from which row on, and which call has more than MAX_CONTEXTS.
At each of the others the analysis goes on without the value.
"""


class OutOfBounds(Exception):
    """A bound of the whole analysis was reached: what was observed so far is kept, the rest is not analysed.

    The message says which bound, or why nothing is known from here on.
    """


class KerasChanged(OutOfBounds):
    """The program replaces a part of Keras, or what a function or class of its own is made of.

    Nothing that follows is known, in no module and on no path.
    """


MAX_STEPS = 60_000
"""Statements and calls interpreted for one checked file."""

MAX_STEPS_ALONE = 8_000
"""Statements and calls interpreted for one function that nothing in view calls."""

MAX_STEPS_ASIDE = 2_000
"""Statements and calls interpreted for one checked file in functions of modules in which nothing is about Keras.

Beyond them such a function is not followed: all that it can reach is forgotten."""

MAX_MODULES = 60
"""Modules of the project that are followed from one checked file; each has MAX_STEPS_ALONE steps of its own."""

MAX_IMPORTED = 300
"""Modules of the project that are looked at for what a file may compile or train by its imports."""

MAX_MODULE_BYTES = 1_000_000
"""Size of a module that is followed."""

MAX_DEPTH = 14
"""Calls followed into each other; recursion of the analysed code ends here."""

MAX_UNROLL = 128
"""Turns of a loop or comprehension over a known sequence; a longer one counts as unknown."""

MAX_ALTERNATIVES = 8
"""Values that a name may have after branches."""

MAX_PATH_STEPS = 3_000
"""Steps on paths that are followed separately; when they are used up, no more paths of the file are."""

MAX_PATH_CONDITIONS = 3
"""Nested conditions whose answers are followed separately; the branches of all others are joined."""

MAX_RUNS = 100
"""Runs of a program whose course depends on the installed version, those that end at a new case included.

They share three times the steps of one file."""

MAX_ANSWERS = 3
"""Conditions on the version that can't be evaluated whose answers are both followed."""

MAX_ITEMS = 2_048
"""Items of a list, tuple or dict that are kept."""

MAX_SIZE = 1_000_000
"""Values within each other, each counted as often as it occurs: a larger tuple ends the analysis."""

MAX_ORIGIN = 2_000
"""The same for what an unknown value is made of: one with more of it is equal to no other value."""

MAX_ANCESTORS = 500
"""Classes that a class is derived from; a longer line ends the analysis."""

MAX_TEXT = 4_096
"""Characters of a text that is computed."""

MAX_WIDTH = 999
"""Width that a text is padded to; in a template, numbers of at most three digits."""

MAX_BITS = 256
"""Bits of an integer that is computed."""

MAX_OBJECTS = 60_000
"""Lists, dicts, instances and scopes alive at once."""

MAX_CONTEXTS = 256
"""Contexts of one compile call that are judged, as of one in a loop whose turns give different losses or weights."""

MAX_OBSERVATIONS = 4_096
"""Compile calls, training calls and reads of outputs recorded for one file, each context counted."""

MAX_EFFECT_STEPS = 1_500
"""Statements and calls interpreted for what a function changes, each time that code out of view may call it."""

MAX_EFFECT_STEPS_OF_FILE = 4_000
"""The same for all such functions of one checked file together."""

MAX_EFFECTS_WITHIN = 3
"""Such functions that are followed within each other."""

MAX_HANDED = 24
"""Functions that code out of view holds and that are run for what they change; more of them may change anything."""
