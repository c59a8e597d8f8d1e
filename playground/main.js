// The page: an editor, the release or the pins to assume, and what keraslint finds. Nothing leaves the browser.
import { makeEditor, setText, showFindings } from "./editor.js";
import { fromFragment, toFragment } from "./link.js";
import { scriptOf } from "./notebook.js";
import example from "./example.py";

const page = document.querySelector("#playground-app");
const part = (name) => page.querySelector(`#playground-${name}`);
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

let ready = false, number = 0, waiting = null, fixes = "loading", note = "", checked = 0;

const worker = new Worker(new URL("./app/worker.js", document.baseURI), { type: "module" });
const editor = makeEditor(part("editor"), "", "Your program", () => later());

for (const release of [...RELEASES].reverse()) part("release").append(new Option(`Keras ${release}`, release));

function say(text, busy = false) {
  part("status").textContent = text;
  page.setAttribute("aria-busy", busy);
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(check, 400);
}

// What is asked, which the address of the page holds from now on.
async function remember() {
  const request = { code: editor.state.doc.toString(), release: part("release").value, pins: part("pins").value };
  history.replaceState(null, "", `#${await toFragment(request)}`);
  return request;
}

async function check() {
  const code = editor.state.doc.toString(), script = scriptOf(code);
  if (script) {
    note = `A notebook: its ${counted(script.cells, "code cell")}, as one script. `;
    setText(editor, script.text);
    return;
  }
  const request = await remember();
  part("pins").disabled = Boolean(request.release);
  if (!ready) return;
  say(`${note}Checking…`, true);
  number += 1;
  worker.postMessage({ number, request });
}

function link(finding) {
  const made = element("a", "", `${finding.code} ${finding.name}`);
  made.href = new URL(`rules/${finding.name}/`, new URL(page.dataset.root, document.baseURI)).href;
  return made;
}

function shownDiff(fix) {
  const block = element("pre", "playground-diff");
  block.tabIndex = 0;
  for (const line of fix.diff) {
    const kind = { "+": "added", "-": "removed", "@": "place" }[line[0]] ?? "same";
    block.append(element("span", `playground-${kind}`, `${line}\n`));
  }
  return block;
}

function shownFix(finding, fix) {
  const box = element("details", "playground-fix");
  box.open = fix === finding.fixes[0];
  box.append(element("summary", "", `Fix: ${fix.message}`), shownDiff(fix));
  const apply = element("button", "md-button", "Apply this fix");
  apply.type = "button";
  apply.addEventListener("click", () => {
    if (finding.file !== "requirements.txt") return setText(editor, fix.text);
    part("pins").value = fix.text;
    return check();
  });
  box.append(apply);
  return box;
}

function shownFinding(finding) {
  const item = element("li", `playground-finding playground-${finding.severity}`);
  const head = element("p");
  head.append(`${finding.file}:${finding.row}:${finding.column} `, element("strong", "", finding.severity), " ", link(finding));
  item.append(head, element("p", "", finding.message), ...finding.fixes.map((fix) => shownFix(finding, fix)));
  return item;
}

function shownPicture({ title, svg }) {
  const box = element("figure"), frame = element("div", "playground-picture");
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", title);
  // Its texts are escaped where it is made; an XML parser runs none of it, and what could act is left out.
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  for (const one of [drawn, ...drawn.querySelectorAll("*")]) {
    const known = ["svg", "title", "desc", "style", "g", "rect", "text", "path"].includes(one.localName);
    if (!known || one.getAttributeNames().some((name) => /^on|href/i.test(name))) one.remove();
  }
  frame.append(document.importNode(drawn, true));
  box.append(element("figcaption", "", title), frame);
  return box;
}

function show(answer) {
  showFindings(editor, answer.findings.filter((finding) => finding.file === "train.py"));
  const found = part("findings");
  found.replaceChildren(...answer.findings.map(shownFinding));
  part("pictures").replaceChildren(...answer.pictures.map(shownPicture));
  part("drawn").hidden = answer.pictures.length === 0;
  checked += 1;
  const left = { loading: " Fixes that rewrite a dict are still loading.", missing: " Fixes that rewrite a dict are left out." };
  const said = answer.problem || (answer.findings.length ? `${counted(answer.findings.length, "finding")}.` : "Nothing was found.");
  say(`${note}${said}${left[fixes] ?? ""}`);
  page.dataset.checked = checked;
}

worker.addEventListener("error", (event) => say(`Python could not be loaded: ${event.message ?? "no reason is known"}`));
worker.addEventListener("message", ({ data }) => {
  if (data.state === "ready") {
    ready = true;
    check();
  } else if (data.state === "failed") {
    say(`Python could not be loaded: ${data.text}`);
  } else if (data.state) {
    fixes = data.state === "fixes" ? "there" : "missing";
    page.dataset.fixes = fixes;
    check();
  } else if (data.number === number) {
    if (data.failed) say(`keraslint failed: ${data.failed}`);
    else show(data.answer);
  }
});

// The example of a rule, which the pages of the rules link to.
async function exampleOf(fragment) {
  const match = /^#rule=(KER\d+)$/.exec(fragment);
  if (!match) return null;
  const examples = await (await fetch(new URL("./app/examples.json", document.baseURI))).json();
  return { pins: "", ...examples[match[1]] };
}

async function begin() {
  let given = null;
  try {
    given = (await exampleOf(location.hash)) ?? (await fromFragment(location.hash));
  } catch (error) {
    note = `The link could not be read (${error.message}). `;
  }
  given ??= { code: example, release: "3.6.0", pins: "" };
  part("release").value = given.release;
  part("pins").value = given.pins;
  setText(editor, given.code);
}

part("release").addEventListener("change", check);
part("pins").addEventListener("input", later);
part("open").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) setText(editor, await file.text());
});
part("copy").addEventListener("click", async () => {
  await remember();
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied: it holds the program.");
  } catch {
    say("The address of this page is the link: it holds the program.");
  }
});
addEventListener("hashchange", begin);
say("Python is loading…", true);
begin();
