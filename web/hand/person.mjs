// Somebody in front of one page of a class: reads what can be seen, points at what lies on top, and types.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Wrong, limit, measured, rest } from "./desk.mjs";

export const PHONE = { width: 360, height: 640 };
export const SCREEN = { width: 1280, height: 720 };

/** What all pages are asked for from within: a control that can be seen by its name, and where it lies. */
function within() {
  const CONTROLS = "button, input, select, textarea, a[href]";
  const seen = node => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const words = node => node.getAttribute("aria-label") || [...(node.labels || [])].map(label => label.textContent).join(" ") || node.textContent;
  globalThis.hand = {
    /** Words without the marks of direction, and with plain spaces. */
    plain: text => text.replace(/[\u2066-\u2069]/g, "").replaceAll("\u00a0", " "),
    name(node) { return this.plain(words(node)).replace(/\s+/g, " ").trim(); },
    all: () => [...document.querySelectorAll(CONTROLS)].filter(seen),
    find(wanted, inside) {
      const room = inside ? [...document.querySelectorAll(inside)] : [document];
      return this.all().find(node => this.name(node) === wanted && room.some(one => one.contains(node)));
    },
    /** The middle of a control once it is scrolled to, or what lies over it. */
    place(node, scroll = true) {
      if (scroll) node.scrollIntoView({ block: "nearest" });
      const { left, top, width, height } = node.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const over = document.elementFromPoint(x, y);
      const free = over && (node === over || node.contains(over));
      return free ? { x, y } : { under: over ? over.id || over.tagName : "nothing: it is off the screen" };
    },
  };
}

export class Person {
  constructor(page, desk, size) {
    Object.assign(this, { page, desk, size, complaints: [] });
    page.on("pageerror", error => this.complaints.push(`exception: ${error.message ?? error}`));
    page.on("console", message => {
      // A room that was killed, or that says no, is told to the console by browsers themselves.
      if (message.type() === "error" && !/Failed to load resource|can’t establish a connection|was interrupted|net::ERR/.test(message.text())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on("dialog", dialog => dialog.accept());
  }

  /** Somebody in a browser, with cookies of their own. */
  static async of(desk, size = PHONE, language) {
    const context = await desk.browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ ...size, deviceScaleFactor: 1 });
    await page.evaluateOnNewDocument(within);
    if (language) await page.evaluateOnNewDocument(code => { try { localStorage.getItem("detente-language") ?? localStorage.setItem("detente-language", code); } catch { /* No page yet. */ } }, language);
    const person = new Person(page, desk, size);
    person.context = context;
    return person;
  }

  async open(address) {
    await this.page.goto(address, { waitUntil: "load", timeout: limit(30) });
    return this;
  }

  /** Asks the page until it answers with something, and returns that. How long that may take is told in seconds of a machine with nothing
   * beside it; where other work has come meanwhile, it may take longer. */
  async until(what, ask, seconds = 10, ...given) {
    const since = Date.now();
    let most = limit(seconds);
    for (;;) {
      const answer = await this.page.evaluate(ask, ...given).catch(() => null);
      if (answer) return answer;
      if (Date.now() - since > most) {
        measured();
        const now = limit(seconds);
        if (now <= most) throw new Wrong(`Not within ${Math.round(most / 1000)} s: ${what}. The page says: ${(await this.text()).slice(0, 400)}`);
        most = now;
      }
      await rest(0.05);
    }
  }

  text() {
    return this.page.evaluate(() => hand.plain(document.body.innerText)).catch(() => "");
  }

  says(words, seconds = 10) {
    return this.until(`it says “${words}”`, wanted => hand.plain(document.body.innerText).includes(wanted), seconds, words);
  }

  front() {
    return this.desk.name === "firefox" ? this.page.bringToFront() : Promise.resolve();
  }

  /** Where a control lies, free of what is above it. */
  async at(name, inside) {
    let under = "";
    const place = await this.until(`there is “${name}”${inside ? ` in ${inside}` : ""}, and nothing lies over it`, (wanted, where) => {
      const node = hand.find(wanted, where);
      if (!node || node.disabled) return null;
      const found = hand.place(node);
      return found.under === undefined ? found : null;
    }, 10, name, inside).catch(async why => {
      under = await this.page.evaluate((wanted, where) => { const node = hand.find(wanted, where); return node ? hand.place(node).under ?? "" : ""; }, name, inside).catch(() => "");
      throw under ? new Wrong(`“${name}” lies under ${under}.`) : why;
    });
    return [place.x, place.y];
  }

  async press(name, inside) {
    await this.front();
    await this.page.mouse.click(...await this.at(name, inside));
  }

  /** Types into a field, in place of what stands there. */
  async type(name, text, inside) {
    await this.press(name, inside);
    await this.page.evaluate(() => document.activeElement.select?.());
    await this.page.keyboard.type(text);
  }

  /** Picks from a list as the browser's own list does it. */
  async pick(name, option, inside) {
    await this.at(name, inside);
    const found = await this.page.evaluate((wanted, words, where) => {
      const node = hand.find(wanted, where);
      const one = [...node.options].find(each => each.textContent === words);
      if (!one) return [...node.options].map(each => each.textContent).join(", ");
      node.value = one.value;
      node.dispatchEvent(new Event("input", { bubbles: true }));
      node.dispatchEvent(new Event("change", { bubbles: true }));
      return null;
    }, name, option, inside);
    if (found !== null) throw new Wrong(`“${name}” has no “${option}”; there are ${found}.`);
  }

  /** One of the tabs, whatever is counted behind its name. */
  async tab(id) {
    await this.front();
    // By its place: what is counted behind its name may change while it is looked for.
    const place = await this.until(`there is the tab ${id}, and nothing lies over it`, wanted => {
      const node = document.getElementById(`t-${wanted}`);
      const found = node && node.getClientRects().length ? hand.place(node) : null;
      return found && found.under === undefined ? found : null;
    }, 10, id);
    await this.page.mouse.click(place.x, place.y);
    await this.until(`the tab ${id} is open`, wanted => !document.getElementById(`p-${wanted}`).hidden, 10, id);
  }

  async key(key) {
    await this.page.keyboard.press(key);
  }

  /** What has the focus: its name, and whether it can be seen and lies on top. */
  focus() {
    return this.page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return { name: "", body: true };
      // Where the browser itself has scrolled to.
      const place = hand.place(node, false);
      return { name: hand.name(node), id: node.id, under: place.under, ring: getComputedStyle(node).outlineStyle !== "none" };
    });
  }

  /** Goes on by the key Tab until something has the focus. Whatever has it on the way can be seen. */
  async tabTo(name, most = 60) {
    const passed = [];
    for (let presses = 0; presses < most; presses += 1) {
      await this.key("Tab");
      const focus = await this.focus();
      if (focus.body) continue;
      if (focus.under !== undefined) throw new Wrong(`“${focus.name}” has the focus and lies under ${focus.under}.`);
      if (!focus.ring) throw new Wrong(`“${focus.name}” has the focus and does not show it.`);
      passed.push(focus.name);
      if (typeof name === "string" ? focus.name === name : name.test(focus.name)) return;
    }
    throw new Wrong(`“${name}” is not reached by Tab; passed were ${passed.join(", ")}.`);
  }

  /** What sticks out of the page to a side, or is cut in a button. */
  cut() {
    return this.page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const cut = hand.all().filter(node => node.matches("button") && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)).map(node => node.textContent);
      const small = hand.all().filter(node => { const { width, height } = node.getBoundingClientRect(); return Math.min(width, height) < 24; }).map(node => hand.name(node) || node.id);
      return [...(wide > 0 ? [`the page is ${wide} px wider than the screen`] : []), ...cut.map(words => `“${words}” is cut`), ...small.map(words => `“${words}” is too small for a finger`)];
    });
  }

  async picture(folder, name) {
    mkdirSync(folder, { recursive: true });
    await this.front();
    await this.page.screenshot({ path: join(folder, `${this.desk.name}-class-${name}.png`) }).catch(() => {});
  }

  end() {
    return this.context.close().catch(() => {});
  }
}
