// Runs Python and keraslint beside the page. It is sent programs, and sends answers; all is loaded from its own folder.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = new URL(".", import.meta.url).href;
let answer = null, answered;
const first = new Promise((resolve) => { answered = resolve; });

async function unpack(python, name) {
  const got = await fetch(here + name);
  if (!got.ok) throw new Error(`${name}: ${got.status} ${got.statusText}`);
  python.unpackArchive(await got.arrayBuffer(), "zip", { extractDir: "/lib/playground" });
}

async function start() {
  const python = await loadPyodide({ indexURL: `${here}pyodide/` });
  await unpack(python, "keraslint.zip");
  python.runPython("import sys; sys.path.insert(0, '/lib/playground')");
  answer = python.pyimport("check").answer;
  postMessage({ state: "ready" });
  await first; // LibCST takes seconds to load: findings come before it
  try {
    await unpack(python, "libcst.zip");
    python.runPython("import importlib; importlib.invalidate_caches(); import libcst");
    postMessage({ state: "fixes" });
  } catch (error) {
    postMessage({ state: "no fixes", text: String(error) });
  }
}

addEventListener("message", ({ data: { number, request } }) => {
  try {
    postMessage({ number, answer: JSON.parse(answer(JSON.stringify(request))) });
  } catch (error) {
    postMessage({ number, failed: String(error).trim().split("\n").at(-1) });
  }
  answered();
});

start().catch((error) => postMessage({ state: "failed", text: String(error) }));
