"""How a program imports its module $m, whose body has an effect, and how it reaches functions in modules."""

from __future__ import annotations

from ..writer import Table

IMPORTS = Table(
    "import",
    {
        "import": "import $m",
        "twice": "import $m\nimport $m",
        "as": "import $m as $n",
        "from": "from $m import $m_value",
        "star": "from $m import *",
        "in a function": "def $g():\n    import $m\n$g()",
        "in a function not called": "def $g():\n    import $m",
        "in a class": "class $C:\n    import $m",
        "import_module": 'importlib.import_module("$m")',
        "__import__": '__import__("$m")',
        "reload": "import $m\nimportlib.reload($m)",
        "forgotten": 'import $m\ndel sys.modules["$m"]\nimport $m',
        "popped": 'import $m\nsys.modules.pop("$m")\nimport $m',
        "replaced": 'sys.modules["$m"] = types.ModuleType("$m")\nimport $m',
        "blocked": 'sys.modules["$m"] = None\ntry:\n    import $m\nexcept ImportError:\n    pass',
        "setdefault": 'sys.modules.setdefault("$m", types)\nimport $m',
        "found": 'importlib.util.find_spec("$m")',
        "tried": "try:\n    import $m\nexcept ImportError:\n    pass",
        "tried after another": "try:\n    import no_such_module\nexcept ImportError:\n    import $m",
        "tried, first found": "try:\n    import $m\nexcept ImportError:\n    import no_such_module",
        "type checking": "if typing.TYPE_CHECKING:\n    import $m",
        "perhaps": "if outside.flag():\n    import $m",
        "exec": 'exec("import $m")',
        "from in a loop": "for $i in [1, 2]:\n    from $m import $m_value",
        "missing name": "try:\n    from $m import no_such_name\nexcept ImportError:\n    pass",
    },
)
