"""`nox -s keraslint` checks, `nox -s keraslint -- --diff src` shows what the fixes change."""

import nox


@nox.session
def keraslint(session: nox.Session) -> None:
    """Find Keras training code that goes wrong without an error."""
    session.install("./keraslint")  # the folder with your copy of it
    session.run("keraslint", "check", *(session.posargs or ["src"]))
