"""A stand-in for a library that the linter does not see: it does with what it is given as ``MODE`` says.

0: nothing. 1: it calls or changes it now. 2: it keeps it, and calls or changes it at the next call of anything here.
"""

MODE = 0
_kept = []


def _act(thing):
    if callable(thing):
        thing()
    elif isinstance(thing, list):
        thing.reverse()
    elif isinstance(thing, dict) and thing:
        thing.pop(next(iter(thing)))
    elif hasattr(thing, "run"):
        thing.run()


def flush():
    """Do what was put off."""
    while _kept:
        _act(_kept.pop(0))


def use(*things, **more):
    """Do with these things as the mode says."""
    flush()
    for thing in (*things, *more.values()):
        if MODE == 1:
            _act(thing)
        elif MODE == 2:
            _kept.append(thing)


def given(thing):
    """What was given, and used."""
    use(thing)
    return thing


def flag():
    """True in one mode."""
    flush()
    return MODE == 1


def number():
    """Another number in each mode."""
    flush()
    return MODE


def items():
    """Another list in each mode."""
    flush()
    return [0] * MODE


def decorate(function):
    """A function that calls this one in one mode only, and twice in another."""

    def decorated(*args, **keywords):
        if MODE == 2:
            function(*args, **keywords)
        return function(*args, **keywords) if MODE else None

    return decorated


class Base:
    """Calls methods that a class of the program may define."""

    def __init__(self, *args):
        if MODE == 1:
            self.configure()

    def configure(self):
        """Nothing, unless a subclass does something."""

    def run(self):
        """Call them later."""
        if MODE == 2:
            self.configure()


class Context:
    """Keeps what it is given, calls it at its end, and swallows what is raised, as the mode says."""

    def __init__(self, *things):
        self.things = things

    def __enter__(self):
        return self

    def __exit__(self, *error):
        use(*self.things)
        return MODE == 1
