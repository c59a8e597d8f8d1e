// The extension: starts and stops the server, and its commands.

import { commands, env, ExtensionContext, LogOutputChannel, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { makeClient } from "./client";
import { findProgram, NotFound, onInterpreterChange } from "./find";
import { activeUri, showKeras, Status } from "./keras";

const FOR_START = ["keraslint.path", "keraslint.interpreter"];

let client: LanguageClient | undefined;
let turn: Promise<void> = Promise.resolve();

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("keraslint", { log: true });
  const status = new Status(() => client);
  const restart = (): Promise<void> => (turn = turn.then(() => start(context, output, status)));
  context.subscriptions.push(
    output,
    status,
    commands.registerCommand("keraslint.restart", restart),
    commands.registerCommand("keraslint.showKeras", () => withClient(showKeras)),
    commands.registerCommand("keraslint.fixAllInFile", () => withClient(fixAll)),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((event) => {
      if (FOR_START.some((name) => event.affectsConfiguration(name))) {
        void restart();
      } else if (event.affectsConfiguration("keraslint")) {
        status.soon();
      }
    }),
  );
  if (workspace.isTrusted) {
    context.subscriptions.push(await onInterpreterChange(() => void restart()));
  }
  await restart();
}

export async function deactivate(): Promise<void> {
  await turn;
  await client?.stop();
}

/** Starts the server, anew if it runs. An untrusted workspace may name any program: nothing is started there. */
async function start(context: ExtensionContext, output: LogOutputChannel, status: Status): Promise<void> {
  await stop();
  if (!workspace.isTrusted) {
    status.off("keraslint is not started before you trust this workspace");
    return;
  }
  const cwd = context.extensionPath;
  const found = await findProgram(workspace.workspaceFolders?.[0]?.uri, cwd);
  if ("tried" in found) {
    status.off("keraslint is not installed");
    void sayHowToInstall(found, output);
    return;
  }
  const command = [found.command, ...found.args].join(" ");
  output.info(`starting ${command}`);
  const started = makeClient(found, cwd, output);
  try {
    await started.start();
    client = started;
    status.soon();
  } catch (error) {
    status.off("keraslint could not be started");
    void window.showErrorMessage(`keraslint could not be started: ${command}: ${String(error)}`);
  }
}

async function stop(): Promise<void> {
  const before = client;
  client = undefined;
  try {
    await before?.stop();
  } catch {
    // It ended by itself.
  }
}

/** One message, with the command that installs keraslint. */
async function sayHowToInstall(found: NotFound, output: LogOutputChannel): Promise<void> {
  for (const { program, reason } of found.tried) {
    output.warn(`${program}: ${reason}`);
  }
  const install = `${found.interpreter ?? "python"} -m pip install "PATH/TO/keraslint[lsp]"`;
  const places = found.tried.map(({ program }) => program).join(", ");
  const copy = "Copy the command";
  const chosen = await window.showWarningMessage(`keraslint was not found (${places}). Install it from its clone: ${install}`, copy);
  if (chosen === copy) {
    await env.clipboard.writeText(install);
  }
}

async function withClient(act: (client: LanguageClient) => Promise<void>): Promise<void> {
  await turn;
  if (client === undefined) {
    void window.showInformationMessage("keraslint does not run: its output channel says why");
    return;
  }
  await act(client);
}

async function fixAll(running: LanguageClient): Promise<void> {
  const uri = activeUri();
  if (uri === undefined) {
    return;
  }
  const command = { command: "keraslint.fixAll", arguments: [running.code2ProtocolConverter.asUri(uri)] };
  if (!(await running.sendRequest("workspace/executeCommand", command))) {
    void window.showInformationMessage("keraslint: there is nothing that Fix all may fix");
  }
}
