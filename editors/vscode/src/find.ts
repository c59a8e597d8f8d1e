// Finds the program to start: that of a setting, of the selected interpreter, or the one on the PATH.

import { execFile } from "node:child_process";
import { PythonExtension } from "@vscode/python-extension";
import { extensions, Uri, workspace } from "vscode";

/** A program that serves, and its arguments. */
export interface Program {
  command: string;
  args: string[];
}

/** Programs that were tried, with why each of them can't serve. */
export interface NotFound {
  tried: { program: string; reason: string }[];
  interpreter: string | undefined;
}

/** The first program that serves, in the order: `keraslint.path`, the interpreter, the PATH. `cwd`: where it is tried. */
export async function findProgram(folder: Uri | undefined, cwd: string): Promise<Program | NotFound> {
  const settings = workspace.getConfiguration("keraslint", folder);
  const path = settings.get<string>("path") || "";
  const interpreter = settings.get<string>("interpreter") || (await selectedInterpreter(folder));
  const tried: NotFound["tried"] = [];
  for (const program of programs(path, interpreter)) {
    const reason = await whyNot(program, cwd);
    if (reason === undefined) {
      return program;
    }
    tried.push({ program: [program.command, ...program.args.slice(0, -1)].join(" "), reason });
  }
  return { tried, interpreter };
}

function programs(path: string, interpreter: string | undefined): Program[] {
  if (path) {
    return [{ command: path, args: ["server"] }];
  }
  const onPath = { command: "keraslint", args: ["server"] };
  return interpreter ? [{ command: interpreter, args: ["-m", "keraslint", "server"] }, onPath] : [onPath];
}

/** Why a program does not serve: it is started once, without anything to read. */
function whyNot(program: Program, cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program.command, program.args, { cwd, timeout: 60_000 }, (error, _, stderr) => {
      const said = stderr.trim().split("\n").pop();
      resolve(error === null ? undefined : error.code === "ENOENT" ? "not found" : said || error.message);
    });
    child.stdin?.end();
  });
}

/** The interpreter that is selected in the Python extension; undefined where that extension is not installed. */
async function selectedInterpreter(folder: Uri | undefined): Promise<string | undefined> {
  if (extensions.getExtension("ms-python.python") === undefined) {
    return undefined;
  }
  const python = await PythonExtension.api();
  const environment = await python.environments.resolveEnvironment(python.environments.getActiveEnvironmentPath(folder));
  return environment?.executable.uri?.fsPath;
}

/** Calls `changed` when another interpreter is selected in the Python extension. */
export async function onInterpreterChange(changed: () => void): Promise<{ dispose(): void }> {
  if (extensions.getExtension("ms-python.python") === undefined) {
    return { dispose: () => undefined };
  }
  return (await PythonExtension.api()).environments.onDidChangeActiveEnvironmentPath(changed);
}
