// Which Keras the project of the active editor gets: the item in the status bar, and the command that says why.

import * as path from "node:path";
import { languages, Position, QuickPickItem, Range, StatusBarAlignment, Uri, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { PYTHON } from "./client";

interface Evidence {
  filename: string;
  row: number;
  text: string;
}

/** What the server answers to `keraslint.keras`. */
interface Answer {
  words: string;
  lines: string[];
  evidence?: Evidence[];
}

const DELAY = 200;

/** The item in the status bar, shown beside Python. `running` returns the client where the server runs. */
export class Status {
  private readonly item = window.createStatusBarItem("keraslint", StatusBarAlignment.Right, 100);
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = [
    window.onDidChangeActiveTextEditor(() => this.soon()),
    window.onDidChangeActiveNotebookEditor(() => this.soon()),
    languages.onDidChangeDiagnostics(() => this.soon()),
    workspace.onDidSaveTextDocument(() => this.soon()),
  ];

  constructor(private readonly running: () => LanguageClient | undefined) {
    this.item.name = "keraslint";
    this.item.command = "keraslint.showKeras";
  }

  /** Asks the server again, after some time without another reason to do so. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renew(), DELAY);
  }

  /** Says why the server does not run. */
  off(reason: string): void {
    this.item.text = "$(circle-slash) keraslint";
    this.item.tooltip = reason;
    this.item.show();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.forEach((listener) => listener.dispose());
    this.item.dispose();
  }

  private async renew(): Promise<void> {
    const client = this.running();
    const document = window.activeTextEditor?.document;
    const notebook = window.activeNotebookEditor?.notebook;
    if (client === undefined) {
      return;
    }
    if (notebook === undefined && (document === undefined || languages.match(PYTHON as never, document) === 0)) {
      this.item.hide();
      return;
    }
    const answer = await ask(client, (notebook ?? document)?.uri);
    if (answer !== undefined) {
      this.item.text = `Keras ${answer.words}`;
      this.item.tooltip = answer.lines.join("\n");
      this.item.show();
    }
  }
}

/** Lists what decides, and opens the line that is chosen. */
export async function showKeras(client: LanguageClient): Promise<void> {
  const uri = activeUri() ?? workspace.workspaceFolders?.[0]?.uri;
  const answer = await ask(client, uri);
  if (answer === undefined || uri === undefined) {
    void window.showInformationMessage("keraslint: open a file or a folder first");
    return;
  }
  const [title, ...lines] = answer.lines;
  const items = lines.map((line) => ({ label: line.trim(), place: placeOf(line.trim(), answer.evidence ?? [], uri) }));
  const chosen = await window.showQuickPick<QuickPickItem & { place?: { uri: Uri; row: number } }>(items, { title });
  if (chosen?.place !== undefined) {
    const at = new Position(chosen.place.row - 1, 0);
    await window.showTextDocument(chosen.place.uri, { selection: new Range(at, at) });
  }
}

/** The notebook or the document in which the user is. */
export function activeUri(): Uri | undefined {
  return window.activeNotebookEditor?.notebook.uri ?? window.activeTextEditor?.document.uri;
}

async function ask(client: LanguageClient, uri: Uri | undefined): Promise<Answer | undefined> {
  if (uri === undefined) {
    return undefined;
  }
  const said = await client.sendRequest("workspace/executeCommand", {
    command: "keraslint.keras",
    arguments: [client.code2ProtocolConverter.asUri(uri)],
  });
  return (said as Answer | null) ?? undefined;
}

/** The place in a file that a line of the answer names. */
function placeOf(line: string, evidence: Evidence[], uri: Uri): { uri: Uri; row: number } | undefined {
  const found = evidence.find((item) => line === `${item.filename}:${item.row}: ${item.text}`);
  const folder = workspace.getWorkspaceFolder(uri)?.uri ?? Uri.joinPath(uri, "..");
  if (found === undefined) {
    return undefined;
  }
  const file = path.isAbsolute(found.filename) ? Uri.file(found.filename) : Uri.joinPath(folder, found.filename);
  return { uri: file, row: found.row };
}
