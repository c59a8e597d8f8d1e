// Drives a real VS Code, served by code-server, in a real Chromium: trusts the workspace, opens a file and a notebook, waits
// until the finding is underlined, applies the quick fix, and saves. Writes what it saw to a JSON file, and pictures to a
// folder if one is named.
//
//     node session.mjs URL SEEN.json [PICTURES]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, seenFile, pictures] = process.argv.slice(2);
const PATIENCE = Number(process.env.PATIENCE ?? 240_000);
const TITLE = "Pass the losses in output order";
const seen = {};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1240, height: 560 } });
page.setDefaultTimeout(PATIENCE);

const picture = async (name) => {
  if (pictures) {
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
};

// Opens VS Code's box for a text, by a key that is pressed until the box is there, types into it, and chooses a row.
const choose = async (key, typed, text) => {
  const widget = page.locator(".quick-input-widget");
  const box = widget.locator(".quick-input-box input");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  for (let tries = 0; tries < 20 && !(await row.isVisible()); tries++) {
    await widget.waitFor({ state: "hidden", timeout: 3000 }).catch(() => undefined);
    await page.keyboard.press(key);
    await page.waitForTimeout(500);
    if (await box.isVisible()) {
      await page.keyboard.type(typed);
      await row.waitFor({ timeout: 3000 }).catch(() => page.keyboard.press("Escape"));
    }
  }
  await row.click();
};

const command = async (text) => {
  await choose("F1", text, text);
};

const open = async (name) => {
  await choose("Control+p", name, name);
  await page.locator(".tab.active", { hasText: name }).waitFor();
};

const status = page.locator(".statusbar-item", { hasText: /keras/i }).first();

// The underlined place becomes the cursor's; then the menu of quick fixes is opened.
const quickFix = async (name) => {
  const squiggle = page.locator(".squiggly-error:visible").first();
  await squiggle.waitFor();
  seen[name] = { squiggles: await page.locator(".squiggly-error:visible").count() };
  const place = await squiggle.boundingBox();
  await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
  await page.locator(".statusbar-item", { hasText: "Keras 3" }).first().waitFor();
  seen[name].status = await status.innerText();
  const hover = page.locator(".monaco-hover:visible", { hasText: "KER101" }).first();
  for (let tries = 0; tries < 20 && !(await hover.isVisible()); tries++) {
    await page.mouse.move(place.x + place.width / 2 + tries, place.y + place.height / 2, { steps: 3 });
    await hover.waitFor({ timeout: 3000 }).catch(() => page.mouse.move(5, 5));
  }
  seen[name].hover = await hover.innerText();
  await picture(name);
  await page.mouse.move(5, 5); // the hover goes; Escape would leave the cell
  await hover.waitFor({ state: "hidden" });
  await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
  await page.keyboard.press("Control+.");
  const item = page.locator(".action-widget .monaco-list-row", { hasText: TITLE }).first();
  await item.waitFor();
  seen[name].offered = await page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  await picture(`${name}-fix`);
  await item.click();
  await page.locator(".squiggly-error:visible").first().waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
};

try {
  await page.goto(url);
  await page.locator(".monaco-workbench .explorer-folders-view").waitFor();
  await status.waitFor();
  seen.untrusted = await status.getAttribute("aria-label");
  await command("Workspaces: Manage Workspace Trust");
  await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
  await page.getByText("You trust this folder").waitFor();
  await page.locator(".modal-editor-action-container .codicon-close, .codicon-modal-editor-close").first().click();
  await command("View: Toggle Primary Side Bar Visibility");
  await open("train.py");
  await quickFix("python");
  await open("train.ipynb");
  await quickFix("notebook");
  await open("all.ipynb");
  await page.locator(".squiggly-error:visible").first().waitFor();
  await command("keraslint: Fix all");
  await page.locator(".squiggly-error:visible").first().waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  await command("keraslint: Show which Keras this project gets");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "requirements.txt" }).first().waitFor();
  seen.keras = await page.locator(".quick-input-list .monaco-list-row").allInnerTexts();
  await picture("keras");
} catch (error) {
  seen.failure = String(error);
  await page.screenshot({ path: seenFile.replace(/\.json$/, ".png") });
} finally {
  writeFileSync(seenFile, JSON.stringify(seen, null, 1));
  await browser.close();
}
