// Drives a real VS Code, which code-server serves, in a real Chromium, and writes what it saw to a JSON file.
//
//     node session.mjs SCENARIO ADDRESS SEEN.json [PICTURES]
//
// SCENARIO is a function below. playwright-core is found from the working folder. Pictures are made if a folder is named.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");
const [scenario, address, seenFile, pictures] = process.argv.slice(2);
const PATIENCE = Number(process.env.PATIENCE ?? 240_000);
const TITLE = "Pass the losses in output order";
const SQUIGGLE = ".squiggly-error:visible, .squiggly-warning:visible";
const seen = {};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const permissions = ["clipboard-read", "clipboard-write"];
const page = await browser.newPage({ viewport: { width: 1240, height: 560 }, permissions });
page.setDefaultTimeout(PATIENCE);

const status = page.locator(".statusbar-item[id='keraslint.keraslint.keraslint']").first();
const squiggle = page.locator(SQUIGGLE).first();

const picture = async (name) => {
  if (pictures) {
    await page.waitForTimeout(1000);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
};

// Does something until a place shows: the workbench does not hear keys and clicks while it is still being put together.
const until = async (place, act, { pause = 3000, tries = 60 } = {}) => {
  for (let count = 0; count < tries && !(await place.isVisible()); count++) {
    await act(count);
    await place.waitFor({ timeout: pause }).catch(() => undefined);
  }
  await place.waitFor({ timeout: 1000 });
};

// Opens VS Code's box by a key, types a text into it, and chooses the row with that text.
const choose = async (key, text) => {
  const box = page.locator(".quick-input-widget .quick-input-box input");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  await until(row, async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press(key);
    await box.waitFor({ timeout: 3000 }).catch(() => undefined);
    if (await box.isVisible()) {
      await box.fill(key === "F1" ? `>${text}` : text);
    }
  });
  await row.click({ timeout: 10_000 });
};

const command = (text) => choose("F1", text);

// What is chosen while extensions are started again, as when a workspace becomes trusted, may get lost.
const open = async (name) => {
  const tab = page.locator(".tab.active", { hasText: name });
  await until(tab, () => choose("Control+p", name).catch(() => undefined), { pause: 10_000, tries: 12 });
};

const save = async () => {
  await page.locator(".tab.active.dirty").waitFor();
  await page.keyboard.press("Control+s");
  await page.locator(".tab.active:not(.dirty)").waitFor();
};

// VS Code gives up what is to be done at a save where that takes long, as on a busy machine: then it is saved again.
const saveUntilFixed = async () => {
  for (let count = 0; count < 20; count++) {
    await page.keyboard.press(count % 2 ? "Backspace" : "Enter");
    await save();
    if (await squiggle.waitFor({ state: "detached", timeout: 10_000 }).then(() => true, () => false)) {
      return;
    }
  }
  throw new Error("it is not fixed at a save");
};

// Presses a button that copies a text, and waits for the text: VS Code writes it to the clipboard some time after.
const copied = async (button) => {
  await page.evaluate(() => navigator.clipboard.writeText("nothing was copied"));
  await button.click();
  for (let tries = 0; tries < 240; tries++) {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    if (text && text !== "nothing was copied") {
      return text;
    }
    await page.waitForTimeout(250);
  }
  throw new Error("nothing is copied");
};

const load = async () => {
  await page.goto(address);
  await page.locator(".monaco-workbench .explorer-folders-view").waitFor();
};

const squiggles = () => page.locator(SQUIGGLE).count();

// The underlined place becomes that of the cursor; the hover says what is wrong; the quick fix is applied and saved.
const fixInEditor = async (name) => {
  await open(`train.${name}`);
  await squiggle.waitFor();
  const found = { squiggles: await squiggles() };
  seen[name] = found;
  const { x, y, width, height } = await squiggle.boundingBox();
  const [left, top] = [x + width / 2, y + height / 2];
  await page.mouse.click(left, top);
  await status.filter({ hasText: "Keras 3" }).waitFor();
  found.status = await status.innerText();
  const hover = page.locator(".monaco-hover:visible", { hasText: "KER101" }).first();
  await until(hover, async (count) => {
    await page.mouse.move(5, 5);
    await page.mouse.move(left + (count % 9), top, { steps: 3 });
  });
  found.hover = await hover.innerText();
  await picture(name);
  await page.mouse.move(5, 5);
  await hover.waitFor({ state: "hidden" });
  const item = page.locator(".action-widget .monaco-list-row", { hasText: TITLE }).first();
  await until(item, async () => {
    await page.mouse.click(left, top);
    await page.keyboard.press("Control+.");
  });
  found.offered = await page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  await picture(`${name}-fix`);
  await item.click();
  await squiggle.waitFor({ state: "detached" });
  await save();
};

const scenarios = {
  async fixes() {
    await load();
    await command("View: Toggle Primary Side Bar Visibility");
    await fixInEditor("py");
    await fixInEditor("ipynb");
    await open("all.ipynb");
    await squiggle.waitFor();
    await command("keraslint: Fix all");
    await squiggle.waitFor({ state: "detached" });
    await save();
    await command("keraslint: Show which Keras this project gets");
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "requirements.txt" }).first().waitFor();
    seen.keras = await rows.allInnerTexts();
    await picture("keras");
  },

  // Nothing is started before the workspace is trusted; the command starts the server anew.
  async trust() {
    await load();
    await status.waitFor();
    await open("train.py");
    await page.waitForTimeout(2000);
    const label = await status.getAttribute("aria-label");
    seen.untrusted = { label, squiggles: await squiggles(), started: existsSync(process.env.MARK) };
    await command("Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
    await open("train.py");
    await squiggle.waitFor();
    seen.trusted = await status.filter({ hasText: "Keras 3" }).innerText();
    rmSync(process.env.MARK);
    await command("keraslint: Restart server");
    for (let tries = 0; tries < 240 && !existsSync(process.env.MARK); tries++) {
      await page.waitForTimeout(250);
    }
    await squiggle.waitFor();
    const again = await status.filter({ hasText: "Keras 3" }).innerText();
    seen.restarted = { started: existsSync(process.env.MARK), status: again };
  },

  // The interpreter that is selected has no keraslint; then another one is selected. All is fixed when it is saved.
  async selected() {
    await load();
    await open("train.py");
    const message = page.locator(".notifications-toasts .notification-list-item", { hasText: "keraslint" }).first();
    await message.waitFor();
    seen.message = await message.innerText();
    await command("Select the other interpreter");
    await squiggle.waitFor();
    seen.status = await status.filter({ hasText: "Keras 3" }).innerText();
    for (const name of ["train.py", "train.ipynb"]) {
      await open(name);
      await squiggle.waitFor();
      const { x, y, width, height } = await squiggle.boundingBox();
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.keyboard.press("Control+End");
      await saveUntilFixed();
    }
  },

  // keraslint is not found; then its user names its interpreter in the settings of this machine.
  async missing() {
    await load();
    await open("train.py");
    const message = page.locator(".notifications-toasts .notification-list-item", { hasText: "keraslint" }).first();
    await message.waitFor();
    seen.message = await message.innerText();
    seen.label = await status.getAttribute("aria-label");
    await picture("missing");
    seen.copied = await copied(message.locator(".monaco-button", { hasText: "Copy the command" }));
    await command("Preferences: Open Remote Settings (JSON)");
    await page.locator(".tab.active", { hasText: "settings.json" }).waitFor();
    await page.locator(".monaco-editor:visible .view-line").first().click();
    await page.keyboard.press("Control+a");
    await page.evaluate((text) => navigator.clipboard.writeText(text), process.env.SETTINGS);
    await page.keyboard.press("Control+v");
    await save();
    await open("train.py");
    await squiggle.waitFor();
    seen.status = await status.filter({ hasText: "Keras 3" }).innerText();
  },
};

try {
  await scenarios[scenario]();
} catch (error) {
  seen.failure = String(error);
  await page.screenshot({ path: seenFile.replace(/\.json$/, ".png") });
} finally {
  writeFileSync(seenFile, JSON.stringify(seen, null, 1));
  await browser.close();
}
