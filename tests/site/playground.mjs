// Uses the playground in Chromium, which reaches nothing but the site, as a reader does, and prints what it shows as JSON.
//
//     node playground.mjs ADDRESS PICTURES NOTEBOOK
//
// playwright-core and axe-core are found from the working folder. Pictures of the page go to the folder PICTURES.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [address, pictures, notebook] = process.argv.slice(2);
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const ATTACK = "<img src=x onerror=window.ran=1>";
const HOSTILE = `import keras
i = keras.Input((8,))
one, two = keras.layers.Dense(1, name="${ATTACK}")(i), keras.layers.Dense(2, name="!")(i)
model = keras.Model(i, [one, two])
model.compile("adam", loss={"${ATTACK}": "mse", "!": "<script>window.ran=2</script>"})
`;

function watched(page, seen) {
  page.setDefaultTimeout(240_000);
  page.on("console", (message) => message.type() === "log" || seen.problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => seen.problems.push(`error: ${error}`));
  page.on("request", (request) => /^(blob|data):/.test(request.url()) || request.url().startsWith(address) || seen.problems.push(`asks for ${request.url()}`));
  page.on("requestfailed", (request) => seen.problems.push(`not loaded: ${request.url()}`));
  return page;
}

const checked = (page) => page.evaluate(() => Number(document.querySelector("#playground-app").dataset.checked ?? 0));

// Waits for the answer to what is done, which is at least one check later.
async function after(page, doing) {
  const before = await checked(page);
  await doing();
  await page.waitForFunction((known) => Number(document.querySelector("#playground-app").dataset.checked ?? 0) > known, before);
  await page.waitForFunction(() => !/Checking/.test(document.querySelector("#playground-status").textContent));
}

const shown = (page) => page.evaluate(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  return {
    status: texts("#playground-status")[0],
    findings: texts(".playground-finding > p:nth-of-type(1)"),
    links: [...document.querySelectorAll(".playground-finding a")].map((one) => one.href),
    below: texts(".cm-content .playground-message"),
    underlined: texts(".cm-lintRange"),
    fixes: texts(".playground-fix summary"),
    diffs: texts(".playground-diff"),
    pictures: texts("#playground-pictures desc"),
    wrong: document.querySelectorAll("#playground-pictures path.wrong").length,
    red: [...document.querySelectorAll("#playground-pictures path.wrong")].map((one) => getComputedStyle(one).stroke),
    code: document.querySelector(".cm-content").cmTile?.view?.state.doc.toString() ?? texts(".cm-line").join("\n"),
    pins: document.querySelector("#playground-pins").value,
    ran: window.ran ?? null,
    over: document.documentElement.scrollWidth - innerWidth,
    scheme: document.body.dataset.mdColorScheme,
  };
});

async function audit(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document));
  return { passes: found.passes.length, violations: found.violations.map(({ id, impact, nodes }) => `${impact}: ${id}: ${nodes.map((one) => one.html.slice(0, 200)).join("; ")}`) };
}

async function write(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

const seen = { problems: [] };
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
const page = watched(await context.newPage(), seen);
// What the page says at its first answer, before it may say something else.
await page.addInitScript(() => document.addEventListener("DOMContentLoaded", () => {
  const observer = new MutationObserver(() => {
    observer.disconnect();
    window.firstStatus = document.querySelector("#playground-status").textContent;
  });
  observer.observe(document.querySelector("#playground-app"), { attributeFilter: ["data-checked"] });
}));
await page.goto(`${address}playground/`, { waitUntil: "load" });
await page.waitForFunction(() => Number(document.querySelector("#playground-app").dataset.checked ?? 0) > 0);
seen.first = { ...(await shown(page)), status: await page.evaluate(() => window.firstStatus) };
await page.waitForFunction(() => document.querySelector("#playground-app").dataset.fixes);
await page.waitForFunction(() => document.querySelectorAll(".playground-fix").length > 1 && !/loading/.test(document.querySelector("#playground-status").textContent));
seen.withFixes = await shown(page);
seen.audit = await audit(page);
await page.screenshot({ path: `${pictures}/playground-light.png`, fullPage: true });
await page.locator("#playground-copy").click();
await page.waitForFunction(() => /copied/.test(document.querySelector("#playground-status").textContent));
seen.copied = await page.evaluate(() => navigator.clipboard.readText());
await after(page, () => page.locator("#playground-release").selectOption("3.7.0"));
seen.right = await shown(page);
await after(page, () => page.locator("#playground-release").selectOption(""));
await after(page, () => page.locator("#playground-pins").fill("keras==3.5.0\n"));
seen.pinned = await shown(page);
await after(page, () => page.locator(".playground-fix button").first().click());
seen.applied = await shown(page);
await after(page, () => write(page, HOSTILE));
seen.hostile = await shown(page);
await after(page, () => write(page, "import keras\nmodel.compile(\n"));
seen.broken = await shown(page);
await after(page, () => page.locator("#playground-open").setInputFiles(notebook));
seen.notebook = await shown(page);
await after(page, () => page.locator("#playground-pins").fill("keras==3,5\n"));
seen.unreadable = await shown(page);

const dark = await browser.newContext({ viewport: { width: 390, height: 900 }, colorScheme: "dark" });
const other = watched(await dark.newPage(), seen);
await other.goto(seen.copied, { waitUntil: "load" });
await other.waitForFunction(() => document.querySelector("#playground-app").dataset.fixes);
await other.waitForFunction(() => document.querySelectorAll(".playground-fix").length > 1);
seen.linked = await shown(other);
seen.auditDark = await audit(other);
await other.screenshot({ path: `${pictures}/playground-dark.png`, fullPage: true });

const ruled = watched(await dark.newPage(), seen);
await ruled.goto(`${address}playground/#rule=KER313`, { waitUntil: "load" });
await ruled.waitForFunction(() => document.querySelector(".playground-finding"));
seen.ruled = await shown(ruled);

// The archive with LibCST can't be had: findings come all the same, and the page says what is missing.
const lacking = await browser.newContext();
const without = watched(await lacking.newPage(), { problems: [] });
await lacking.route("**/libcst.zip", (route) => route.abort());
await without.goto(`${address}playground/`, { waitUntil: "load" });
await without.waitForFunction(() => document.querySelector("#playground-app").dataset.fixes === "missing");
await without.waitForFunction(() => /left out/.test(document.querySelector("#playground-status").textContent));
seen.without = await shown(without);
await browser.close();
console.log(JSON.stringify(seen));
