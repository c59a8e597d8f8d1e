// Opens pages in Chromium, narrow and wide, light and dark, and prints what is wrong with them as JSON.
//
//     node browser.mjs ADDRESS PROFILE PATH...
//
// PROFILE is an empty folder for the browser's data; playwright-core and axe-core are found from the working folder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [address, profile, ...paths] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

async function look(colorScheme, width) {
  const context = await chromium.launchPersistentContext(`${profile}/${colorScheme}${width}`, {
    executablePath: "/usr/bin/chromium", headless: true, args: flags, colorScheme, viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  const problems = [];
  let where = "";
  const note = (what) => problems.push(`${where} (${colorScheme}, ${width}): ${what}`);
  page.on("console", (message) => message.type() === "log" || note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`error: ${error}`));
  page.on("requestfailed", (request) => note(`not loaded: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && /^\w+:\/\//.test(request.url())) note(`asks for ${request.url()}`);
  });
  const seen = { problems, schemes: [], audited: 0, results: [] };
  for (where of paths) {
    await page.goto(address + where, { waitUntil: "load" });
    await page.evaluate(axe);
    const audit = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    seen.audited += audit.passes.length > 0;
    for (const { id, impact, nodes } of audit.violations) {
      if (["serious", "critical"].includes(impact)) note(`axe: ${id}: ${nodes.map((one) => one.html.slice(0, 160)).join("; ")}`);
    }
    seen.schemes.push(await page.evaluate(() => document.body.dataset.mdColorScheme));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) note(`wider than the window by ${over} pixels`);
    const broken = await page.evaluate(() => [...document.images].filter((one) => !one.naturalWidth).map((one) => one.src));
    if (broken.length) note(`pictures that are not shown: ${broken}`);
  }
  where = "search";
  await page.goto(address + paths[0], { waitUntil: "load" });
  if (width < 700) await page.locator("label[for=__search]").first().click();
  await page.locator(".md-search__input").click();
  await page.locator(".md-search__input").pressSequentially("misrouted-loss");
  // The results of a part of the word may come first, and are written anew with each letter.
  const results = await page.waitForFunction(() => {
    const links = [...document.querySelectorAll(".md-search-result__link")].map((one) => one.href);
    return links.some((one) => one.includes("rules/misrouted-loss/")) && links;
  });
  seen.results = await results.jsonValue();
  await context.close();
  return seen;
}

const views = [["light", 1280], ["light", 390], ["dark", 1280], ["dark", 390]];
const seen = {};
for (const view of views) seen[view.join(" ")] = await look(...view);
console.log(JSON.stringify(seen));
