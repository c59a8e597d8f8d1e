"""Programs that decide themselves what their imports give: Python and the interpreter read the same order, or none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from keraslint.analysis import analyze
from keraslint.analysis.modules import Project
from keraslint.behaviour.structure import Outputs
from keraslint.document import Document

USE = """
import keras
inputs = keras.Input((3,))
heads = {{name: keras.layers.Dense(1, name=name)(inputs) for name in ("area", "price")}}
model = keras.Model(inputs, [heads[name] for name in {order}])
model.compile("sgd", loss={{"price": "mse", "area": "mae"}})
"""
PRICE, AREA = 'ORDER = ["price", "area"]\n', 'ORDER = ["area", "price"]\n'
TUPLES = {"conf.py": 'ORDER = ("price", "area")\n', "alt.py": 'ORDER = ("area", "price")\n'}

Tree = dict[str, str]

PLACED: dict[str, Tree] = {
    "by itself": {"main.py": "import conf", "conf.py": PRICE + "import sys, alt\nsys.modules[__name__] = alt"},
    "by an instance": {
        "main.py": "import conf",
        "conf.py": PRICE
        + "import sys\nclass Own:\n    ORDER = ('area', 'price')\nif True:\n    sys.modules[__name__] = Own()",
    },
    "alias": {"main.py": "from sys import modules as known\nimport alt\nknown['conf'] = alt\nimport conf"},
    "before and after": {"main.py": "import sys, alt, conf\nfirst = conf\nsys.modules['conf'] = alt\nimport conf"},
    "after, the first": {"main.py": "import sys, alt, conf\nsys.modules['conf'] = alt"},
    "update": {"main.py": "import sys, alt\nsys.modules.update({'conf': alt})\nimport conf"},
    "update by keyword": {
        "main.py": "import sys, alt\nsys.modules.update(conf=alt)\nfrom conf import ORDER\nimport conf"
    },
    "merged": {"main.py": "import sys, alt\nsys.modules |= {'conf': alt}\nimport conf"},
    "merged alias": {"main.py": "import sys, alt\nm = sys.modules\nm |= {'conf': alt}\nm['alt'] = None\nimport conf"},
    "setdefault": {"main.py": "import sys, alt\nsys.modules.setdefault('conf', alt)\nimport conf"},
    "setdefault after": {"main.py": "import sys, alt, conf\nsys.modules.setdefault('conf', alt)\nimport conf"},
    "method": {"main.py": "import sys, alt\nf = sys.modules.__setitem__\nf('conf', alt)\nimport conf"},
    "helper": {
        "main.py": "import helper, alt\nhelper.put('conf', alt)\nimport conf",
        "helper.py": "import sys\ndef put(name, module):\n    sys.modules[name] = module",
    },
    "helper with the dict": {
        "main.py": "import helper, alt, sys\nhelper.put(sys.modules, alt)\nimport conf",
        "helper.py": "def put(known, module):\n    known['conf'] = module",
    },
    "class of a dict": {"main.py": "import sys, alt\ndict.update(sys.modules, conf=alt)\nimport conf"},
    "operator": {"main.py": "import sys, alt, operator\noperator.setitem(sys.modules, 'conf', alt)\nimport conf"},
    "patch": {
        "main.py": "import sys, alt\nfrom unittest import mock\nmock.patch.dict(sys.modules, {'conf': alt}).start()\n"
        "import conf"
    },
    "patch by name": {
        "main.py": "import sys, alt\nfrom unittest import mock\nmock.patch.dict('sys.modules', {'conf': alt}).start()\n"
        "import conf"
    },
    "dict of sys": {"main.py": "import sys, alt\nvars(sys)['modules']['conf'] = alt\nimport conf"},
    "through another module": {"main.py": "import os, alt\nos.sys.modules['conf'] = alt\nimport conf"},
    "getattr": {"main.py": "import sys, alt\ngetattr(sys, 'mod' + 'ules')['conf'] = alt\nimport conf"},
    "in a branch": {"main.py": "import sys, alt\nif len(sys.argv) > 1:\n    sys.modules['conf'] = alt\nimport conf"},
    "in a branch that is not taken": {
        "main.py": "import sys, alt\nif len(sys.argv) > 5:\n    sys.modules['conf'] = alt\nimport conf"
    },
    "in a loop": {
        "main.py": "import sys, alt\nfor name in sorted(set(sys.argv[1:2])):\n"
        "    sys.modules['conf'] = alt\nimport conf"
    },
    "in a loop, later": {
        "main.py": "import sys, alt\nfor name in [*sys.argv, *sys.argv]:\n    import conf\n"
        "    sys.modules['conf'] = alt"
    },
    "in a try": {
        "main.py": "import sys, alt\ntry:\n    int('x')\nexcept ValueError:\n    sys.modules['conf'] = alt\nimport conf"
    },
    "taken out": {"main.py": "import sys, alt\nsys.modules['conf'] = alt\ndel sys.modules['conf']\nimport conf"},
    "popped": {"main.py": "import sys, alt\nsys.modules['conf'] = alt\nsys.modules.pop('conf', None)\nimport conf"},
    "import_module": {
        "main.py": "import sys, alt, importlib\nsys.modules['conf'] = alt\nconf = importlib.import_module('conf')"
    },
    "get": {"main.py": "import sys, conf\nsys.modules.get('conf').ORDER.sort()\nimport conf", "conf.py": PRICE},
    "in a package": {
        "main.py": "import sys, alt\nsys.modules['pkg.conf'] = alt\nimport pkg.conf as conf",
        "pkg/__init__.py": "",
        "pkg/conf.py": PRICE,
    },
    "in a package, by itself": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "",
        "pkg/conf.py": PRICE + "import sys, alt\nsys.modules[__name__] = alt",
    },
    "in a package, relative": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "import sys, alt\nsys.modules[__name__ + '.conf'] = alt\nfrom .conf import ORDER",
        "pkg/conf.py": PRICE,
    },
    "a package": {
        "main.py": "import sys, alt\nsys.modules['pkg'] = alt\nfrom pkg import ORDER\nimport pkg as conf",
        "pkg/__init__.py": PRICE,
    },
    "a module of the library": {
        "main.py": "import sys, alt\nsys.modules['copy'] = alt\nimport copy as conf",
    },
    "as the target of a loop": {"main.py": "import sys, alt\nfor sys.modules['conf'] in [alt]: pass\nimport conf"},
    "an attribute of any": {
        "main.py": "import sys, conf\nfor n in list(sys.modules):\n"
        "    if n == 'conf': sys.modules[n].ORDER = ['area','price']"
    },
    "an attribute, by name": {
        "main.py": "import sys, conf\nm = sys.modules\nm[conf.__name__].ORDER = ('area','price')"
    },
    "another mapping": {
        "main.py": "import collections, sys, alt\n"
        "sys.modules = collections.ChainMap({'conf': alt}, sys.modules)\nimport conf"
    },
    "method in a thread": {
        "main.py": "import threading, sys, alt\n"
        "t = threading.Thread(target=sys.modules.update, args=({'conf': alt},))\nt.start(); t.join()\n"
        "import conf"
    },
    "in a thread": {
        "main.py": "import sys, alt\ndef put():\n    sys.modules['conf'] = alt\nimport threading\n"
        "t = threading.Thread(target=put)\nt.start(); t.join()\nimport conf"
    },
    "in a try around the import": {
        "main.py": "try:\n    import conf\nexcept ImportError:\n    pass",
        "conf.py": 'ORDER = ["price", "area"]\nimport sys, alt\nsys.modules[\'conf\'] = alt',
    },
    "made of a file": {
        "main.py": "import sys, importlib.util as u, os\n"
        "s = u.spec_from_file_location('conf', os.path.join(os.path.dirname(__file__),'alt.py'))\n"
        "m = u.module_from_spec(s)\nsys.modules['conf'] = m\ns.loader.exec_module(m)\nimport conf"
    },
    "by a file that runs unseen": {
        "main.py": "import conf, importlib.util as u, os\n"
        "s = u.spec_from_file_location('x', os.path.join(os.path.dirname(__file__),'x.py'))\n"
        "m = u.module_from_spec(s)\ns.loader.exec_module(m)",
        "x.py": "import conf\nconf.ORDER = ['area','price']",
    },
    "by a module that runs unseen": {
        "main.py": "import runpy, os\nrunpy.run_module('x')\nimport conf",
        "x.py": "import sys, alt\nsys.modules['conf'] = alt",
    },
    "a list that a module changes that runs unseen": {
        "main.py": "import runpy, os, conf\nrunpy.run_module('x')",
        "x.py": "import conf\nconf.ORDER.reverse()",
        "conf.py": 'ORDER = ["price", "area"]\n',
    },
}

HOOKS: dict[str, Tree] = {
    "a finder": {
        "main.py": "import hook, conf",
        "hook.py": "import sys, importlib.util\nclass Find:\n    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n        if name == 'conf':\n"
        "            found = importlib.util.find_spec('alt')\n"
        "            return importlib.util.spec_from_file_location('conf', found.origin)\n"
        "sys.meta_path[:] = [Find, *sys.meta_path]",
    },
    "a finder, by the operator": {
        "main.py": "import sys\nfrom hook import Find\nsys.meta_path = [Find()] + sys.meta_path\nimport conf",
        "hook.py": "import alt\nfrom importlib.machinery import ModuleSpec\nclass Find:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        return ModuleSpec(name, self) if name == 'conf' else None\n"
        "    def create_module(self, spec):\n        return alt\n    def exec_module(self, module):\n        pass",
    },
    "builtins": {
        "main.py": "import hook, conf",
        "hook.py": "import builtins, alt\nplain = builtins.__import__\n"
        "def own(name, *more):\n    return alt if name == 'conf' else plain(name, *more)\nbuiltins.__import__ = own",
    },
    "__builtins__": {
        "main.py": "import builtins, alt\nplain = builtins.__import__\n"
        "vars(builtins)['__import__'] = lambda name, *more: alt if name == 'conf' else plain(name, *more)\nimport conf",
    },
    "setattr": {
        "main.py": "import builtins, alt\nplain = builtins.__import__\n"
        "setattr(builtins, '__import__', lambda name, *more: alt if name == 'conf' else plain(name, *more))\n"
        "import conf",
    },
    "import_module": {
        "main.py": "import importlib, alt\nimportlib.import_module = lambda name: alt\n"
        "conf = importlib.import_module('conf')",
    },
    "a loader": {
        "main.py": "import hook, conf",
        "hook.py": "from importlib.machinery import SourceFileLoader as Loader\nplain = Loader.exec_module\n"
        "def own(self, module):\n    plain(self, module)\n    if module.__name__ == 'conf':\n"
        "        module.ORDER = sorted(module.ORDER)\nLoader.exec_module = own",
    },
    "a loader's bytes": {
        "main.py": "import hook, conf",
        "hook.py": "import importlib.machinery as machinery\nplain = machinery.SourceFileLoader.get_data\n"
        "def own(self, path):\n    data = plain(self, path)\n"
        "    return b'ORDER = [\"area\", \"price\"]' if path.endswith('conf.py') else data\n"
        "machinery.SourceFileLoader.get_data = own\n"
        "def stats(self, path):\n    raise OSError\nmachinery.SourceFileLoader.path_stats = stats",
    },
    "path_hooks": {
        "main.py": "import hook, conf",
        "hook.py": "import sys, alt\nfrom importlib.machinery import ModuleSpec\nclass Find:\n"
        "    def __init__(self, path):\n        pass\n"
        "    def find_spec(self, name, target=None):\n"
        "        return ModuleSpec(name, self) if name == 'conf' else None\n"
        "    def create_module(self, spec):\n        return alt\n    def exec_module(self, module):\n        pass\n"
        "sys.path_hooks.insert(0, Find)\nsys.path_importer_cache.clear()",
    },
    "invalidate_caches": {"main.py": "import importlib\nimportlib.invalidate_caches()\nimport conf"},
    "patched by name": {
        "main.py": "import alt, builtins\nfrom unittest import mock\nold = __import__\n"
        "mock.patch('builtins.__import__', lambda n, *a: alt if n == 'conf' else old(n, *a)).start()\n"
        "import conf"
    },
    "in a context": {
        "main.py": "import hook\nwith hook.use():\n    import conf",
        "hook.py": "import builtins, contextlib, alt\n@contextlib.contextmanager\ndef use():\n"
        "    old = builtins.__import__\n"
        "    builtins.__import__ = lambda n, *a: alt if n == 'conf' else old(n, *a)\n    yield\n"
        "    builtins.__import__ = old",
    },
    "a module": {
        "main.py": "import sys\nimport hook\nsys.meta_path.insert(0, hook)\nimport conf",
        "hook.py": "import alt\nfrom importlib.machinery import ModuleSpec\nimport sys\n"
        "def find_spec(n, p=None, t=None):\n"
        "    return ModuleSpec(n, sys.modules[__name__]) if n == 'conf' else None\n"
        "def create_module(s): return alt\ndef exec_module(m): pass",
    },
    "a method of a finder": {
        "main.py": "import sys, alt\nfrom importlib.machinery import PathFinder\n"
        "old = PathFinder.find_spec\nclass Own:\n    @classmethod\n"
        "    def find_spec(cls, n, p=None, t=None): return old('alt' if n == 'conf' else n, p, t)\n"
        "PathFinder.find_spec = Own.find_spec\nimport conf"
    },
}

PATHS: dict[str, Tree] = {
    "first in a package": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "__path__.insert(0, __path__[0] + '/local')",
        "pkg/local/conf.py": AREA,
        "pkg/conf.py": PRICE,
    },
    "set in a package": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "__path__ = [one + '/local' for one in __path__]",
        "pkg/local/conf.py": AREA,
        "pkg/conf.py": PRICE,
    },
    "set from outside": {
        "main.py": "import pkg\npkg.__path__[0] += '/local'\nfrom pkg import conf",
        "pkg/__init__.py": "",
        "pkg/local/conf.py": AREA,
        "pkg/conf.py": PRICE,
    },
    "set from outside, relative": {
        "main.py": "import pkg\npkg.__path__ = [pkg.__path__[0] + '/local']\nfrom pkg.late import conf",
        "pkg/__init__.py": "import pkg.late",
        "pkg/late.py": "def __getattr__(name):\n    from . import conf\n    return conf",
        "pkg/local/conf.py": AREA,
        "pkg/conf.py": PRICE,
    },
    "last in a package": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "__path__.append(__path__[0] + '/local')\n__path__ += ['x']",
        "pkg/local/conf.py": AREA,
        "pkg/conf.py": PRICE,
    },
    "extend_path": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)",
        "pkg/conf.py": PRICE,
    },
    "sys.path, first": {
        "main.py": "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'a', 'b'))\nimport conf",
        "a/b/conf.py": AREA,
    },
    "sys.path, slice": {
        "main.py": "import sys, os\nsys.path[:0] = [os.path.join(os.path.dirname(__file__), 'a')]\nimport conf",
        "a/conf.py": AREA,
    },
    "sys.path, set": {
        "main.py": "import sys, os\nsys.path = [os.path.join(os.path.dirname(__file__), 'a'), *sys.path]\nimport conf",
        "a/conf.py": AREA,
    },
    "sys.path, in a helper": {
        "main.py": "import helper, conf",
        "helper.py": "from sys import path\nfrom os.path import dirname\npath.insert(0, dirname(__file__) + '/a')",
        "a/conf.py": AREA,
    },
    "sys.path, turned": {
        "main.py": "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), 'a'))\nsys.path.reverse()\n"
        "import conf",
        "a/conf.py": AREA,
    },
    "sys.path, taken out": {
        "main.py": "import sys, os\nhere = os.path.dirname(__file__)\nsys.path.append(here + '/a')\n"
        "sys.path.remove(here)\n"
        "import conf",
        "a/conf.py": AREA,
    },
    "sys.path, last": {
        "main.py": "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), 'a'))\nimport conf",
        "a/conf.py": AREA,
    },
    "site": {
        "main.py": "import site, os\nsite.addsitedir(os.path.join(os.path.dirname(__file__), 'a'))\nimport conf",
        "a/conf.py": AREA,
    },
    "sys.path, after the import": {
        "main.py": "import conf, sys, os\nsys.path.insert(0, os.path.dirname(__file__) + '/a')\nimport conf",
        "a/conf.py": AREA,
    },
    "sys.path, an item": {
        "main.py": "import sys, os\nsys.path[0] = os.path.dirname(__file__)+'/a'\nimport conf",
        "a/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "sys.path, through the class": {
        "main.py": "import sys, os\nlist.insert(sys.path, 0, os.path.dirname(__file__)+'/a')\nimport conf",
        "a/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "in a package, through globals": {
        "main.py": "import pkg\nfrom pkg.conf import ORDER\nclass conf: ORDER=ORDER",
        "pkg/__init__.py": "import os\nglobals()['__path__'] = [os.path.dirname(__file__) + '/x']",
        "pkg/x/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "turned in a package": {
        "main.py": "import pkg\nfrom pkg.conf import ORDER\nclass conf: ORDER=ORDER",
        "pkg/__init__.py": "__path__.reverse()\n__path__.append(__path__[0]+'/x')\n__path__.reverse()",
        "pkg/x/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "the spec of a package": {
        "main.py": "import pkg.conf as conf",
        "pkg/__init__.py": "import importlib.util, os\n"
        "__spec__.submodule_search_locations.insert(0, os.path.dirname(__file__)+'/x')",
        "pkg/x/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "in a package, by a function": {
        "main.py": "import pkg.conf as conf",
        "pkg/__init__.py": "def f(p): p.insert(0, p[0] + '/x')\nf(__path__)",
        "pkg/x/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "known, the own folder": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, the own folder, by pathlib": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).resolve().parent))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, without such a module": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'c'))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, with such a module": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[0] / 'b' / '..' / 'a'))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, with such a module, joined": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parent.joinpath('a')))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, of another file": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.insert(0, helper.HERE + '/a')\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
    "known, last": {
        "main.py": "import sys, os, helper\nfrom pathlib import Path\n"
        "sys.path.append(os.path.join(os.path.dirname(__file__), 'a'))\nimport conf",
        "helper.py": "import os\nHERE = os.path.dirname(__file__)",
        "a/conf.py": AREA,
        "b/conf.py": PRICE,
    },
}

PACKAGE = {"pkg/__init__.py": "", "pkg/conf.py": PRICE}
OWN = "class conf:\n    ORDER = ['area', 'price']\n"

ATTRIBUTES: dict[str, Tree] = {
    "set after the import": {
        "main.py": "import pkg.conf as conf",
        "pkg/__init__.py": "from . import conf\nfrom types import SimpleNamespace\n"
        "conf = SimpleNamespace(ORDER=['area', 'price'])",
    },
    "set after the import, dotted": {
        "main.py": "import pkg.conf\nconf = pkg.conf",
        "pkg/__init__.py": "import pkg.conf\n" + OWN,
    },
    "set after the import, from": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "from .conf import ORDER\n" + OWN,
    },
    "set after the import, from the module": {
        "main.py": "from pkg.conf import ORDER\nclass conf:\n    ORDER = ORDER",
        "pkg/__init__.py": "from .conf import ORDER\n" + OWN,
    },
    "import_module": {
        "main.py": "import importlib\nconf = importlib.import_module('pkg.conf')",
        "pkg/__init__.py": "from .conf import ORDER\n" + OWN,
    },
    "set before the import": {"main.py": "import pkg.conf\nfrom pkg import conf", "pkg/__init__.py": OWN},
    "set before the import, as": {"main.py": "import pkg.conf as conf", "pkg/__init__.py": OWN},
    "not imported": {"main.py": "from pkg import conf", "pkg/__init__.py": OWN},
    "imported by another": {
        "main.py": "import helper\nfrom pkg import conf",
        "helper.py": "def run():\n    import pkg.conf\nrun()",
        "pkg/__init__.py": OWN,
    },
    "set from outside": {
        "main.py": "import pkg.conf, alt\npkg.conf = alt\nimport pkg.conf as conf",
        "pkg/__init__.py": "",
    },
    "a function of the same name": {
        "main.py": "from pkg import conf as make\nclass conf:\n    ORDER = make()",
        "pkg/__init__.py": "from .conf import conf",
        "pkg/conf.py": "def conf():\n    return ['price', 'area']",
    },
    "names of the same name, imported twice": {
        "main.py": "import pkg.other, pkg\nconf = pkg.conf",
        "pkg/__init__.py": "from .other import conf\nfrom .conf import ORDER",
        "pkg/other.py": OWN + "import pkg.conf",
    },
    "an inner package": {
        "main.py": "import pkg.sub.conf as conf",
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "from . import conf as real\nfrom alt import ORDER\nclass conf:\n    ORDER = ORDER",
        "pkg/sub/conf.py": PRICE,
    },
    "__import__": {
        "main.py": "conf = __import__('pkg.conf')",
        "pkg/__init__.py": AREA,
    },
    "__import__ with a list": {
        "main.py": "conf = __import__('pkg.conf', fromlist=['ORDER'])",
        "pkg/__init__.py": AREA,
    },
    "getattr with a default": {
        "main.py": "import pkg, alt\nconf = getattr(pkg, 'conf', alt)",
        "pkg/__init__.py": "",
    },
    "the name of a module": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "",
        "pkg/conf.py": "ORDER = ['area', 'price'] if __name__ == 'pkg.conf' else ['price', 'area']",
    },
    "imported later by another": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "import alt as conf\nfrom . import other",
        "pkg/other.py": "from .conf import ORDER",
    },
    "imported earlier by another": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "from . import other\nimport alt as conf",
        "pkg/other.py": "from .conf import ORDER",
    },
    "deleted": {
        "main.py": "import pkg\ndel pkg.conf\nimport pkg.conf as conf",
        "pkg/__init__.py": "from .conf import ORDER",
    },
    "of another package": {
        "main.py": "from pkg.sub import conf",
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "from .. import conf",
        "pkg/sub/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "of another package, replaced": {
        "main.py": "from pkg.sub import conf",
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "from .. import conf\nfrom . import other",
        "pkg/sub/other.py": "import pkg.sub.conf",
        "pkg/sub/conf.py": 'ORDER = ["area", "price"]\n',
    },
    "imported by a loop": {
        "main.py": "import pkg, helper\nconf = pkg.conf",
        "pkg/__init__.py": "class conf:\n    ORDER = ['area', 'price']",
        "helper.py": "import importlib, pkg, pkgutil\n"
        "for i in pkgutil.iter_modules(pkg.__path__): importlib.import_module('pkg.' + i.name)",
    },
    "__import__ with a level": {
        "main.py": "import pkg\nconf = pkg.conf",
        "pkg/__init__.py": "class conf:\n    ORDER = ['area', 'price']\n"
        "__import__('conf', globals(), None, ['ORDER'], 1)",
    },
    "imported for a name that it lacks": {
        "main.py": "import pkg\nconf = pkg.conf",
        "pkg/__init__.py": "class conf:\n    ORDER = ['area', 'price']\nif True:\n    try:\n"
        "        from .conf import nothing\n    except ImportError:\n        pass",
    },
}

MODULES: dict[str, Tree] = {
    "__getattr__": {
        "main.py": "import conf",
        "conf.py": "def __getattr__(name):\n    if name == 'ORDER':\n        return ['area', 'price']\n"
        "    raise AttributeError(name)",
    },
    "__getattr__ and a module": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "def __getattr__(name):\n    import alt\n    return alt",
    },
    "__getattr__ that raises": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "def __getattr__(name):\n    raise AttributeError(name)",
    },
    "__getattr__ that imports": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "import importlib\ndef __getattr__(name):\n"
        "    return importlib.import_module('.' + name, __name__)",
    },
    "__getattr__, not a function": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "import functools, alt\n__getattr__ = functools.partial(lambda one, name: one, alt)",
    },
    "__class__": {
        "main.py": "import conf",
        "conf.py": "import sys, types\n_order = ['price', 'area']\nclass Own(types.ModuleType):\n"
        "    @property\n    def ORDER(self):\n        return sorted(self._order)\n"
        "sys.modules[__name__].__class__ = Own",
    },
    "reload": {
        "main.py": "import importlib, conf\nconf.FLAGS.append(1)\nimportlib.reload(conf)",
        "conf.py": "import flags\nFLAGS = flags.FLAGS\nORDER = ['area', 'price'] if FLAGS else ['price', 'area']",
        "flags.py": "FLAGS = []",
    },
    "reload of functions": {
        "main.py": "import importlib, maker\nmaker.FLAGS.append(1)\nimportlib.reload(maker)\nclass conf:\n"
        "    ORDER = maker.make()",
        "maker.py": "from flags import FLAGS\nif FLAGS:\n    def make():\n        return ['area', 'price']\nelse:\n"
        "    def make():\n        return ['price', 'area']",
        "flags.py": "FLAGS = []",
    },
    "reload by a helper": {
        "main.py": "import helper, flags, maker\nflags.FLAGS.append(1)\nhelper.again('maker')\nclass conf:\n"
        "    ORDER = maker.make()",
        "helper.py": "import importlib, sys\ndef again(name):\n    return importlib.reload(sys.modules[name])",
        "maker.py": "from flags import FLAGS\ndef first():\n    return ['area', 'price']\ndef second():\n"
        "    return ['price', 'area']\nmake = first if FLAGS else second",
        "flags.py": "FLAGS = []",
    },
    "star": {
        "main.py": "ORDER = ['price', 'area']\nfrom names import *\nclass conf:\n    ORDER = ORDER",
        "names.py": "__all__ = []\n" + AREA + "__all__.append('ORDER')",
    },
    "star, from outside": {
        "main.py": "import names\nnames.__all__ = ['ORDER']\nORDER = ['price', 'area']\n"
        "from names import *\nclass conf:\n"
        "    ORDER = ORDER",
        "names.py": "__all__ = ['OTHER']\nOTHER = 1\n" + AREA,
    },
    "star without it": {
        "main.py": "ORDER = ['area', 'price']\nfrom names import *\nclass conf:\n    ORDER = ORDER",
        "names.py": "__all__ = ['OTHER']\nOTHER = 1\n" + PRICE,
    },
    "star, not known": {
        "main.py": "ORDER = ['area', 'price']\nfrom names import *\nclass conf:\n    ORDER = ORDER",
        "names.py": "import os\n__all__ = [one for one in ['ORDER'] if os.sep == '?']\n" + PRICE,
    },
    "star, with a low line": {
        "main.py": "_ORDER = ['price', 'area']\nfrom names import *\nclass conf:\n    ORDER = _ORDER",
        "names.py": "import os\n__all__ = ['_' + one for one in ['ORDER'] if os.sep]\n_ORDER = ['area', 'price']",
    },
    "star of a package": {
        "main.py": "import alt as conf\nfrom pkg import *",
        "pkg/__init__.py": "__all__ = ['conf']",
    },
    "star through another": {
        "main.py": "ORDER = ['price', 'area']\nfrom names import *\nclass conf:\n    ORDER = ORDER",
        "names.py": "from other import *",
        "other.py": "__all__ = ['ORDER']\n" + AREA,
    },
    "__getattr__ that sets": {
        "main.py": "import conf",
        "conf.py": "_o = ['price', 'area']\ndef __getattr__(n):\n    globals()[n] = v = _o[::-1]\n    return v",
    },
    "__getattr__ with a handler": {
        "main.py": "from pkg import conf",
        "pkg/__init__.py": "import alt\n_m = {'conf': alt}\ndef __getattr__(n):\n    try:\n"
        "        return _m[n]\n    except KeyError:\n        raise AttributeError(n)",
    },
    "reload of classes": {
        "main.py": "import conf, importlib, os\nfrom conf import Heads\nos.environ['AX'] = '1'\n"
        "importlib.reload(conf)\nconf = conf.Heads",
        "conf.py": "import os\nclass Heads:\n    ORDER = ('price','area')\nif 'AX' in os.environ:\n"
        "    class Heads:\n        ORDER = ('area','price')",
    },
    "star of what is put into globals": {
        "main.py": "ORDER = ['price','area']\nfrom names import *\nclass conf: ORDER = ORDER",
        "names.py": "import alt\nglobals().update(alt.__dict__)",
    },
    "star with __getattr__": {
        "main.py": "ORDER = ['price','area']\nfrom names import *\nclass conf: ORDER = ORDER",
        "names.py": "__all__ = ['ORDER']\ndef __getattr__(n):\n"
        "    if n == 'ORDER': return ['area', 'price']\n    raise AttributeError(n)",
    },
}
KINDS = {"placed": PLACED, "hooks": HOOKS, "paths": PATHS, "attributes": ATTRIBUTES, "modules": MODULES}
CASES = {f"{kind}: {form}": tree for kind, trees in KINDS.items() for form, tree in trees.items()}

# Programs of which the order is known, though they do something of the kind.
KNOWN = frozenset(
    "placed: by itself|placed: alias|placed: update|placed: helper|placed: taken out|placed: after, the first"
    "|hooks: invalidate_caches|paths: last in a package|paths: extend_path|paths: sys.path, last"
    "|paths: known, the own folder|paths: known, the own folder, by pathlib|paths: known, without such a module"
    "|paths: known, last|paths: sys.path, after the import|attributes: set after the import"
    "|attributes: set before the import"
    "|attributes: not imported|attributes: __import__|attributes: a function of the same name"
    "|attributes: set after the import, from the module|modules: __getattr__|modules: __getattr__ and a module"
    "|modules: __getattr__ that raises|modules: __getattr__ that imports|modules: star|modules: star without it"
    "|modules: star of a package".split("|")
)


def _write(root: Path, tree: Tree) -> Path:
    defaults = {**TUPLES, **({"pkg/conf.py": PRICE} if "pkg/__init__.py" in tree else {})}
    for name, text in {**defaults, **tree}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (USE.format(order="conf.ORDER") if name == "main.py" else "\n"), encoding="utf-8")
    return root / "main.py"


@pytest.mark.slow
@pytest.mark.parametrize("form", CASES)
def test_an_order_that_is_known_is_the_one_of_python(form: str, tmp_path: Path) -> None:
    main = _write(tmp_path, CASES[form])
    command = [sys.executable, "-X", "utf8", "-B", str(Path(__file__).with_name("own_imports.py")), str(main)]
    ran = subprocess.run([*command, "argument"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    ((*names,),) = json.loads(ran.stdout)
    facts = analyze(Document.from_bytes(str(main), main.read_bytes()), Project())
    said = [call.model.outputs for call in facts.compiles]
    if form in KNOWN:
        assert said == [Outputs("list", tuple(names))]
    else:
        assert said in ([], [None], [Outputs("list", tuple(names))])
