"""Statements that hand the function $f to code that is not seen: event loops, threads, registries, libraries."""

from __future__ import annotations

ELSEWHERE = {
    "await": "async def $a():\n    return $f()\nasync def $b():\n    await $a()\nasyncio.run($b())",
    "coroutine not awaited": "async def $a():\n    $f()\n$v = $a()\n$v.close()",
    "task": "async def $a():\n    $f()\nasync def $b():\n    await asyncio.create_task($a())\nasyncio.run($b())",
    "task not awaited": (
        "async def $a():\n    $f()\nasync def $b():\n    t = asyncio.create_task($a())\n    await asyncio.sleep(0)\n"
        "asyncio.run($b())"
    ),
    "task after": ("async def $a():\n    $f()\nasync def $b():\n    t = asyncio.create_task($a())\nasyncio.run($b())"),
    "gather": "async def $a():\n    $f()\nasync def $b():\n    await asyncio.gather($a(), $a())\nasyncio.run($b())",
    "async for": (
        "async def $a():\n    $f()\n    yield 1\nasync def $b():\n    async for _ in $a():\n        pass\n"
        "asyncio.run($b())"
    ),
    "async with": (
        "class $C:\n    async def __aenter__(self):\n        $f()\n    async def __aexit__(self, *error):\n        pass\n"
        "async def $b():\n    async with $C():\n        pass\nasyncio.run($b())"
    ),
    "event loop": "async def $a():\n    $f()\n$v = asyncio.new_event_loop()\n$v.run_until_complete($a())\n$v.close()",
    "call_soon": (
        "async def $a():\n    asyncio.get_running_loop().call_soon($f)\n    await asyncio.sleep(0)\nasyncio.run($a())"
    ),
    "thread": "$v = threading.Thread(target=$f)\n$v.start()\n$v.join()",
    "thread not started": "$v = threading.Thread(target=$f)",
    "thread class": ("class $C(threading.Thread):\n    def run(self):\n        $f()\n$v = $C()\n$v.start()\n$v.join()"),
    "executor": "with concurrent.futures.ThreadPoolExecutor(1) as $v:\n    $v.submit($f)",
    "executor map": "with concurrent.futures.ThreadPoolExecutor(1) as $v:\n    list($v.map($f, [1]))",
    "exit stack": "with contextlib.ExitStack() as $v:\n    $v.callback($f)",
    "context variables": "contextvars.copy_context().run($f)",
    "timeit": "timeit.timeit($f, number=1)",
    "finalize": "class $C:\n    pass\n$v = $C()\nweakref.finalize($v, $f)\ndel $v",
    "weakref callback": "class $C:\n    pass\n$v = $C()\n$w = weakref.ref($v, $f)\ndel $v",
    "given to outside": "outside.use($f)",
    "given to outside by keyword": "outside.use(callback=$f)",
    "given to outside in a lambda": "outside.use(lambda: $f())",
    "given to outside in a partial": "outside.use(functools.partial($f, 1))",
    "given to outside with an object": ("class $C:\n    def run(self):\n        $f()\noutside.use($C())"),
    "given to outside in a method": "class $C:\n    def go(self):\n        $f()\noutside.use($C().go)",
    "given to outside in a class": "class $C:\n    def __init__(self):\n        $f()\noutside.use($C)",
    "given to outside in a list": "$v = [$f]\noutside.use(*$v)",
    "given to outside, flushed": "outside.use($f)\noutside.flush()",
    "context outside": "with outside.Context($f):\n    pass",
    "template method": ("class $C(outside.Base):\n    def configure(self):\n        $f()\n$C()"),
    "template method, later": ("class $C(outside.Base):\n    def configure(self):\n        $f()\n$v = $C()\n$v.run()"),
    "template method, super": (
        "class $C(outside.Base):\n    def __init__(self):\n        self.n = 1\n        super().__init__(self.n)\n"
        "    def configure(self):\n        $f()\n$C()"
    ),
    "dispatch by what is not known": '{True: $f, False: len}[outside.flag()]("")',
    "atexit": "atexit.register($f)\natexit.unregister($f)",
    "signal": "signal.signal(signal.SIGUSR1, lambda *args: $f())\nsignal.raise_signal(signal.SIGUSR1)",
}
