"""The magics of IPython by what they do to the variables of a program: measured by ``tools/measure_magics.py``."""

from __future__ import annotations

HARMLESS = frozenset(
    "alias autoawait autoindent automagic autoreload bookmark cat cd clear colors cp dhist dirs doctest_mode env gui"
    " hist history killbgscripts ldir less lf lk ll load_ext logoff logon logstart logstate logstop ls lsmagic lx magic"
    " man matplotlib mkdir more mv page pdb pdef pdoc pfile pinfo pinfo2 pip pprint precision psearch psource pushd pwd"
    " quickref rehashx reload_ext rm rmdir save set_env sx system tb unalias unload_ext uv who who_ls whos"
    " xmode".split()
)
"""Line magics that set, delete, rebind and call no variable."""

RUN_THEIR_LINE = frozenset({"config", "prun", "time", "timeit"})
"""Line magics that run their line as Python, and touch no other variable than that does."""

PYTHON_CELLS = frozenset({"capture", "prun", "time"})
"""Cell magics whose cell is the program's own Python."""

OTHER_CELLS = frozenset(
    "! HTML bash file html javascript js latex markdown perl pypy python python2 python3 ruby script sh sx system"
    " writefile".split()
)
"""Cell magics whose cell touches no variable, unless they say so by an option."""
