// The code of a notebook as one script: a line "# %% cell N" before each cell. Null where the text is no notebook.
export function scriptOf(text) {
  if (!text.trimStart().startsWith("{")) return null;
  let notebook;
  try {
    notebook = JSON.parse(text);
  } catch {
    return null;
  }
  const cells = notebook?.cells ?? notebook?.worksheets?.flatMap((sheet) => sheet.cells ?? []);
  if (!Array.isArray(cells)) return null;
  const joined = (part) => (Array.isArray(part) ? part.join("") : String(part ?? ""));
  const code = cells
    .map((cell, index) => [index + 1, cell])
    .filter(([, cell]) => cell?.cell_type === "code")
    .map(([number, cell]) => `# %% cell ${number}\n${joined(cell.source ?? cell.input).trimEnd()}\n`);
  return { text: code.join("\n"), cells: code.length };
}
