// Opens a file in Chromium without a network, light and dark, and prints what happens as JSON.
//
//     node report.mjs FILE PICTURES
//
// playwright-core and axe-core are found from the working folder. A picture of each view goes to the folder PICTURES.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [file, pictures] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });

async function look(colorScheme, width) {
  const context = await browser.newContext({ colorScheme, offline: true, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const seen = { asked: [], said: [], axe: [] };
  page.on("request", (request) => seen.asked.push(request.url().split(":")[0]));
  page.on("console", (message) => seen.said.push(message.text()));
  page.on("pageerror", (error) => seen.said.push(`${error}`));
  page.on("dialog", (dialog) => { seen.said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  seen.ran = await page.evaluate(() => window.ran ?? null);
  seen.elements = await page.evaluate(() => [...new Set([...document.querySelectorAll("*")].map((one) => one.localName))].sort());
  seen.handlers = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith("on")));
  seen.links = await page.evaluate(() => [...document.links].map((one) => one.href));
  seen.text = await page.evaluate(() => document.body.innerText);
  seen.pictures = await page.evaluate(() => [...document.querySelectorAll("svg")].map((one) => one.querySelector("desc").textContent));
  seen.over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  seen.background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.screenshot({ path: `${pictures}/${colorScheme}${width}.png`, fullPage: true });
  await context.close();
  const audited = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width, height: 900 } });
  const again = await audited.newPage();
  await again.goto(pathToFileURL(file).href);
  await again.evaluate(axe);
  const audit = await again.evaluate(() => axe.run(document));
  seen.passes = audit.passes.length;
  seen.axe = audit.violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html.slice(0, 160)).join("; ")}`);
  await audited.close();
  return seen;
}

const found = {};
for (const [scheme, width] of [["light", 1280], ["light", 390], ["dark", 1280], ["dark", 390]]) {
  found[`${scheme} ${width}`] = await look(scheme, width);
}
await browser.close();
console.log(JSON.stringify(found));
