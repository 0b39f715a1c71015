// A browser, and a hand in front of it: it points, presses, types and looks, and knows of the program only what is on the screen.
//
// It looks with `detente.look()`, which is what the last picture showed and asks for no other one: a test that wakes the page
// cannot see what goes wrong while it rests.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

/** How much longer things take here, just now, than on the machine for which waits are written: never less than thrice, for a wait that
 * ends with what it waits for costs nothing where that comes soon. */
const slowness = { times: 3 };

/** A tenth of a second of work on a machine with nothing beside it. */
function work() {
  const since = performance.now();
  let x = 1;
  for (let i = 0; i < 60e6; i += 1) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x === 0 ? 0 : (performance.now() - since) / 100;
}

/** Measures the machine, and returns how many times as long as written waits last from here on. Browsers work on several cores, so that
 * what one loses shows twice in them. */
export function measured() {
  const slowest = Math.max(work(), work());
  slowness.times = Math.min(Math.max(3, 2 * slowest), 40);
  return slowness.times;
}

/** Milliseconds that a wait of so many seconds may last here. */
export const limit = seconds => 1000 * seconds * slowness.times;

export const rest = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

export class Wrong extends Error {}

export const check = (holds, sentence) => {
  if (!holds) throw new Wrong(sentence);
};

const first = paths => paths.find(path => existsSync(path));

/** A display of one's own, since Firefox draws WebGL by software only on one. */
async function display() {
  const child = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1440x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const number = await new Promise((done, failed) => {
    child.stdout.once("data", text => done(String(text).trim()));
    child.once("error", () => failed(new Error("The test needs a display for Firefox; install Xvfb (on Debian: `apt install xvfb`).")));
  });
  return { name: `:${number}`, end: () => child.kill() };
}

/** Starts a browser with an empty profile; Chromium with these words on its command line, too. */
export async function start(name, extra = {}, words = []) {
  const downloads = mkdtempSync(join(tmpdir(), "detente-downloads-"));
  const ends = [() => rmSync(downloads, { recursive: true, force: true })];
  let browser;
  if (name === "firefox") {
    const executablePath = first(["/usr/bin/firefox-esr", "/usr/bin/firefox"]);
    if (!executablePath) throw new Error("The test needs a Firefox; install one (on Debian: `apt install firefox-esr`).");
    const screen = await display();
    ends.push(screen.end);
    browser = await puppeteer.launch({
      browser: "firefox", executablePath, headless: false, protocolTimeout: 600_000, env: { ...process.env, DISPLAY: screen.name }, ...extra,
      extraPrefsFirefox: {
        "webgl.force-enabled": true,
        "webgl.disable-fail-if-major-performance-caveat": true,
        "dom.w3c_touch_events.enabled": 1,
        "network.dns.localDomains": "detente.test,outer.test",
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        "browser.download.useDownloadDir": true,
        "browser.download.always_ask_before_handling_new_types": false,
        "dom.disable_beforeunload": true,
        "ui.prefersReducedMotion": 1,
      },
    });
  } else {
    const executablePath = first(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]);
    if (!executablePath) throw new Error("The test needs a Chromium; install one (on Debian: `apt install chromium`).");
    browser = await puppeteer.launch({
      executablePath, headless: true, protocolTimeout: 600_000, ...extra,
      args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
        "--window-size=1280,800", "--host-resolver-rules=MAP *.test 127.0.0.1", "--force-prefers-reduced-motion", ...words],
    });
    const session = await browser.target().createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  }
  let ended = false;
  // A browser that dies is not a page that fails: it is said which it was, and how it ended.
  const child = browser.process();
  child?.once("exit", (code, signal) => { if (!ended) console.log(`  ${name} itself has ended (${signal ?? `code ${code}`}).`); });
  ends.push(() => { ended = true; return browser.close().catch(() => {}); });
  return { name, browser, downloads, end: async () => { for (const end of ends.reverse()) await end(); } };
}

/** One page of a browser, with a hand on it. */
export class Hand {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.complaints = [];
    page.on("pageerror", error => this.complaints.push(`exception: ${error.message ?? error}`));
    page.on("console", message => {
      // Firefox tells of its own slowness, and browsers of a file that a test asks for in vain.
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
  }

  static async of(desk, size = { width: 1280, height: 720 }) {
    const page = await desk.browser.newPage();
    await page.setViewport(size);
    return new Hand(page, desk.name);
  }

  /** Goes to an address and waits until the program draws there. */
  async open(address) {
    await this.page.goto(address, { waitUntil: "load", timeout: 90_000 });
    await this.drawn();
  }

  async drawn() {
    await this.until("the program draws", screen => screen.state.frames.drawn > 3, 90);
    await rest(0.3);
  }

  /** What the last picture showed; nothing is drawn for it. */
  look() {
    return this.page.evaluate(() => globalThis.detente?.look?.() ?? null).catch(() => null);
  }

  /** Looks until what is seen is as it should be, and returns it. */
  async until(what, holds, seconds = 10) {
    const end = Date.now() + 1000 * seconds;
    for (;;) {
      const screen = await this.look();
      if (screen && holds(screen)) return screen;
      if (Date.now() > end) {
        const said = await this.page.evaluate(() => document.body.innerText.slice(0, 300)).catch(() => "");
        const stands = screen ? JSON.stringify({ ...screen.state, futures: { ...screen.state.futures, ends: 0 } }) : "nothing";
        throw new Wrong(`Not within ${seconds} s: ${what}. The screen shows ${stands} ${said}`.trim());
      }
      await rest(0.05);
    }
  }

  async ratio() {
    return this.page.evaluate(() => devicePixelRatio);
  }

  /** A control that can be seen, by its name. */
  async control(name, role) {
    const is = c => c.name === name && c.shown && (!role || c.role === role);
    // A window that has just opened finds its place in its first pictures. What lies in it comes after what lies behind it.
    let before;
    const still = s => {
      const now = JSON.stringify(s.controls.findLast(is)?.shown);
      const { drawn } = s.state.frames;
      if (!before || now !== before.place) before = { place: now, drawn, since: Date.now() };
      // In two more pictures, or in the last one.
      const long = Date.now() - before.since;
      return now !== undefined && (drawn >= before.drawn + 2 && long > 300 || long > 1200);
    };
    const screen = await this.until(`there is “${name}” on the screen, and stays where it is`, still);
    return screen.controls.findLast(is);
  }

  /** The middle of a rectangle, or a point along it, in the page's own points. */
  async at(rect, share = 0.5) {
    const ratio = await this.ratio();
    return [(rect[0] + (rect[2] - rect[0]) * share) / ratio, (rect[1] + rect[3]) / 2 / ratio];
  }

  async point(x, y) {
    await this.page.mouse.move(x, y, { steps: 4 });
  }

  async press() {
    await this.page.mouse.down();
  }

  async release() {
    await this.page.mouse.up();
  }

  /** Presses and releases where the pointer is, without moving it. */
  async clickHere() {
    await this.press();
    await rest(0.07);
    await this.release();
  }

  async click(name, role) {
    const { shown } = await this.control(name, role);
    await this.point(...await this.at(shown));
    await rest(0.15);
    await this.clickHere();
  }

  async key(key, held = []) {
    for (const h of held) await this.page.keyboard.down(h);
    await this.page.keyboard.press(key, { delay: 30 });
    for (const h of held.reverse()) await this.page.keyboard.up(h);
  }

  /** A control once it stays where it is: what stands above it may still be coming. */
  async resting(name, kind) {
    let before = await this.control(name, kind);
    for (let tries = 0; tries < 20; tries += 1) {
      await rest(0.3);
      const now = await this.control(name, kind);
      if (now.rect.join() === before.rect.join()) return now;
      before = now;
    }
    throw new Wrong(`${name} does not stay where it is.`);
  }

  /** Drags a lever to a share of its width. */
  async dragLever(name, share) {
    const { rect } = await this.resting(name, "Slider");
    const ratio = await this.ratio();
    const y = (rect[1] + rect[3]) / 2 / ratio, left = rect[0] / ratio + 7, right = rect[2] / ratio - 7;
    const to = left + (right - left) * share;
    await this.point(Math.min(Math.max(to, left + 20), right - 20) - 15, y);
    await rest(0.15);
    await this.press();
    await rest(0.05);
    await this.point(to, y);
    await rest(0.05);
    await this.release();
  }

  /** Waits until the page rests: no picture in a while. */
  async settle(seconds = 30) {
    const end = Date.now() + 1000 * seconds;
    for (let before = -1; Date.now() < end;) {
      const screen = await this.look();
      const drawn = screen?.state.frames.drawn;
      if (drawn === before) return screen;
      before = drawn;
      await rest(1.2);
    }
    throw new Wrong("The page does not come to rest.");
  }

  async picture(folder, name) {
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${this.name}-${name}.png`) }).catch(() => {});
  }
}
