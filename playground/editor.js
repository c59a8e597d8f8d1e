// The editor: Python in colours, each finding underlined, and its message below the line.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const show = StateEffect.define();

class Message extends WidgetType {
  constructor(finding) {
    super();
    this.finding = finding;
  }
  eq(other) {
    return other.finding.message === this.finding.message && other.finding.code === this.finding.code;
  }
  toDOM() {
    const box = document.createElement("div");
    box.className = `playground-message playground-${this.finding.severity}`;
    box.textContent = `${this.finding.code} ${this.finding.message}`;
    return box;
  }
  ignoreEvent() {
    return false;
  }
}

const messages = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    let next = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(show)) {
        const widgets = effect.value.map((finding) => {
          const line = transaction.state.doc.lineAt(Math.min(finding.to, transaction.state.doc.length));
          return Decoration.widget({ widget: new Message(finding), block: true, side: 1 }).range(line.to);
        });
        next = Decoration.set(widgets, true);
      }
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function makeEditor(parent, text, label, changed) {
  const extensions = [
    lineNumbers(), history(), bracketMatching(), indentOnInput(), indentUnit.of("    "), python(), lintGutter(), messages,
    EditorView.lineWrapping,
    syntaxHighlighting(classHighlighter),
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "playground-tab" }),
    EditorView.updateListener.of((update) => update.docChanged && changed()),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  Object.assign(view.scrollDOM, { tabIndex: 0, role: "group", ariaLabel: `${label}, scrolled by the arrow keys` });
  return view;
}

export function setText(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

export function showFindings(view, findings) {
  const length = view.state.doc.length;
  const marks = findings.map(({ from, to, severity, message, code }) => ({
    from: Math.min(from, length), to: Math.min(to, length), message: `${code} ${message}`,
    severity: severity === "note" ? "info" : severity,
  }));
  view.dispatch(setDiagnostics(view.state, marks), { effects: show.of(findings) });
}
