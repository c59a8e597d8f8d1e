// The client of the language server: the documents that it is told of, and the settings that it gets.

import { LogOutputChannel } from "vscode";
import { DocumentSelector, LanguageClient, RevealOutputChannelOn } from "vscode-languageclient/node";
import { Program } from "./find";

const DEPENDENCY_FILES = [
  "**/*{req,constraint}*.{txt,in,pip,lock}",
  "**/{requirements,reqs,constraints}/*.{txt,in,pip}",
  "**/{pyproject,pixi,pylock,pylock.*}.toml",
  "**/{uv,poetry,pdm,Pipfile,pixi}.lock",
  "**/{Pipfile,setup.cfg,Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}",
  "**/*{conda,env}*.{yml,yaml}",
  "**/.github/workflows/*.{yml,yaml}",
];

export const PYTHON: DocumentSelector = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];

/** When a notebook is saved, VS Code asks for its code actions in the first cell, which often has text. */
const TEXT_CELL = { scheme: "vscode-notebook-cell", language: "markdown" };

/** The settings that the server knows: the others are this extension's own. */
const OF_SERVER = ["kerasVersion", "select", "ignore", "unsafeFixes"];

export function makeClient(program: Program, cwd: string, output: LogOutputChannel): LanguageClient {
  const run = { command: program.command, args: program.args, options: { cwd } };
  return new LanguageClient("keraslint", "keraslint", run, {
    documentSelector: [...PYTHON, TEXT_CELL, ...DEPENDENCY_FILES.map((pattern) => ({ scheme: "file", pattern }))],
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      workspace: {
        configuration: async (params, token, next) => {
          const said = await next(params, token);
          return Array.isArray(said) ? said.map(forServer) : said;
        },
      },
    },
  });
}

function forServer(settings: unknown): Record<string, unknown> {
  const entries = Object.entries((settings ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([name, value]) => OF_SERVER.includes(name) && value !== null && value !== ""));
}
