// What a hand does with the page, and what should come of it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hand, Wrong, check, rest, start } from "./desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RESTS = [0.3, 1.5, 5];
const all = s => !s.state.futures.running && s.state.futures.baseline >= s.state.futures.asked;
const isOn = (s, name) => s.controls.some(c => c.name === name && c.on === true);

/** A lever moved while nothing else moves is answered by futures. */
export async function aLeverWhilePaused(hand) {
  await hand.until("the first futures come", s => all(s) && s.state.futures.null, 90);
  await hand.settle();
  await rest(2);
  await hand.dragLever("UNIFIL strength", 1);
  const begun = Date.now(), since = () => ((Date.now() - begun) / 1000).toFixed(2);
  await hand.until("the lever has moved", s => s.state.policy.length === 1, 5);
  await hand.until("the futures of a lever that was moved while paused", s => !s.state.futures.null && s.state.futures.policy >= 16, 5);
  const seen = since();
  await hand.until("all of them", s => !s.state.futures.running && s.state.futures.policy >= s.state.futures.asked, 15);
  const all_seen = since();
  const { first_band: band, took } = (await hand.look()).state.futures;
  const [workers, futures] = await hand.page.evaluate(() => window.detente.hands());
  check(workers > 0 && futures > 0, `${workers} workers ran ${futures} futures.`);
  console.log(`    on the screen after the hand: first band ${seen} s, all futures ${all_seen} s (${futures} so far by ${workers} of its workers); of their own work ${band?.toFixed(2)} and ${took?.toFixed(2)} s`);
}

/** Undo, redo, reset, another seed, other parameters, a branch and Compare are answered as a lever is: while nothing else moves. */
export async function movesOfAHand(hand, desk, address) {
  await hand.open(`${address}?moves`);
  await hand.settle(60);
  const ofAPolicy = s => all(s) && !s.state.futures.null && s.state.futures.policy >= s.state.futures.asked;
  const ofNone = s => all(s) && s.state.futures.null;
  const moved = async (what, does, holds) => {
    await rest(1);
    await does();
    return hand.until(what, holds, 30);
  };
  if ((await hand.look()).state.policy.length === 0) await hand.dragLever("UNIFIL strength", 1);
  const first = await hand.until("futures of the policy", s => s.state.policy.length === 1 && ofAPolicy(s), 30);
  const ends = JSON.stringify(first.state.futures.ends);
  await moved("futures without it, after Undo", () => hand.key("z", ["Control"]), s => s.state.policy.length === 0 && ofNone(s));
  const again = await moved("futures with it, after Redo", () => hand.key("Z", ["Control", "Shift"]), s => s.state.policy.length === 1 && ofAPolicy(s));
  check(JSON.stringify(again.state.futures.ends) === ends, "The same policy has other futures after Undo and Redo.");
  await moved("futures without it, after its reset", () => hand.click("Reset UNIFIL strength"), s => s.state.policy.length === 0 && ofNone(s));
  await hand.dragLever("UNIFIL strength", 1);
  await hand.until("futures with it once more", s => s.state.policy.length === 1 && ofAPolicy(s), 30);
  const { seed } = (await hand.look()).state;
  const rolled = await moved("futures of another seed", () => hand.click("Roll another seed"), s => s.state.seed !== seed && ofAPolicy(s));
  const before = JSON.stringify(rolled.state.futures.ends);
  await moved("futures with default parameters", () => hand.click("defaults"), s => ofAPolicy(s) && JSON.stringify(s.state.futures.ends) !== before);
  await moved("futures without a policy, after reset all", () => hand.click("reset all"), s => s.state.policy.length === 0 && ofNone(s));
  for (let week = 0; week < 6; week += 1) await hand.key("ArrowRight", ["Shift"]);
  const later = await hand.until("futures from a later day", s => s.state.day >= 42 && s.state.futures.from === s.state.day && ofNone(s), 40);
  const { branches } = later.state;
  await moved("a branch", () => hand.key("b"), s => s.state.branches === branches + 1);
  await hand.dragLever("UNIFIL strength", 0.1);
  await hand.until("futures of the branch's lever", s => s.state.policy.length === 1 && ofAPolicy(s), 30);
  await moved("Compare shows both", () => hand.click("Compare"), s => isOn(s, "Compare") && s.texts.some(t => /pairs of futures, B − A/.test(t.text)));
  await hand.key("f");
  await moved("the start again", () => hand.key("Home"), s => s.state.day === 0);
}

/** What axe-core finds on the page itself, before and after a panel is turned: nothing. */
export async function axeOnThePage(hand, desk, address) {
  await hand.open(`${address}?axe`);
  await hand.settle(60);
  for (const [key, tab] of [["w", "Why"], ["f", "Futures"]]) {
    await hand.key(key);
    await hand.until(`the panel ${tab}`, s => isOn(s, tab), 5);
    await axeFinds(hand.page, `the page with ${tab}`);
  }
}

const axeFinds = async (page, where) => {
  // The policy of the page lets no script run that is not its own: it is handed in from outside, as a person's own extension is.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
    .map(one => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 140)}`));
  check(found.length === 0, `axe-core finds on ${where}:\n      ${found.join("\n      ")}`);
};

/** A click is a click after any rest of the pointer. */
export async function clicksAfterRests(hand) {
  const lost = [];
  const trial = async (what, at, holds, back) => {
    for (const seconds of RESTS) {
      await hand.point(...at);
      await rest(seconds);
      await hand.clickHere();
      await hand.until(what, holds, 3).catch(() => lost.push(`a click on ${what} after ${seconds} s of rest`));
      await back();
    }
  };
  const quiet = async () => { await rest(0.4); };
  const middle = async name => hand.at((await hand.control(name)).shown);

  const play = await middle("Play");
  for (const seconds of RESTS) {
    await hand.point(...play);
    await rest(seconds);
    await hand.clickHere();
    const plays = await hand.until("it plays", s => s.state.playing, 3).catch(() => lost.push(`a click on Play after ${seconds} s of rest`));
    if (plays?.state) {
      await rest(0.3);
      await hand.clickHere();
      await hand.until("it stops", s => !s.state.playing, 3).catch(() => lost.push("a second click without moving"));
    }
  }
  await hand.settle(60);
  await trial("the tab Inspect", await middle("Inspect"), s => isOn(s, "Inspect"), async () => { await hand.key("f"); await quiet(); });
  const map = (await hand.control("Map of the region")).rect;
  const on = t => t.text.trim() === "LEB" && t.rect[0] > map[0] && t.rect[2] < map[2] && t.rect[1] > map[1] && t.rect[3] < map[3];
  const screen = await hand.until("the Lebanon front has its plate", s => s.texts.some(on));
  await trial("the plate of a front", await hand.at(screen.texts.find(on).rect), s => isOn(s, "Inspect"), async () => { await hand.key("f"); await quiet(); });
  const dark = await hand.at((await hand.control("Dark")).shown);
  await trial("the button for a dark ground", dark, s => s.controls.some(c => c.name === "Light"), async () => { await hand.key("t"); await quiet(); });
  if (lost.length) throw new Wrong(`lost:\n      ${lost.join("\n      ")}`);
}

const MONTHS = [["Dec", 23], ["Jan 2025", 54], ["Feb", 85], ["Mar", 113], ["Apr", 144], ["May", 174], ["Jun", 205], ["Jul", 235], ["Oct", 327]];

/** Days to pixels, read from the months that are written on the timeline. */
export function scaleOf(screen) {
  const whole = screen.controls.find(c => c.name === "Day" && c.role === "Slider").rect;
  const near = t => t.rect[1] > whole[1] - 4 && t.rect[3] < whole[1] + 30 * screen.scale && t.rect[0] > whole[0];
  const marks = MONTHS.map(([name, day]) => [day, screen.texts.filter(t => t.text.trim() === name && near(t)).map(t => t.rect[0])[0]]).filter(m => m[1] !== undefined);
  check(marks.length > 1, "The timeline names fewer than two months.");
  const [a, b] = [marks[0], marks.at(-1)];
  const perDay = (b[1] - a[1]) / (b[0] - a[0]);
  return { whole, day: x => a[0] + (x - a[1]) / perDay, x: day => a[1] + (day - a[0]) * perDay };
}

/** The playhead goes to the day under the pointer, and stays there while the button is down. */
export async function dragsTheTimeline(hand) {
  for (const share of [0.3, 0.82, 0.5]) {
    const screen = await hand.settle(60);
    const { whole, day } = scaleOf(screen);
    const ratio = await hand.ratio();
    const x = Math.round((whole[0] + (whole[2] - whole[0]) * share) / ratio), y = (whole[1] + 12 * screen.scale) / ratio;
    await hand.point(x - 30, y);
    await rest(0.2);
    await hand.press();
    await rest(0.3);
    await hand.point(x, y);
    await rest(1.5);
    const held = (await hand.look()).state.day;
    await hand.release();
    const after = (await hand.settle(60)).state.day, wanted = day(x * ratio);
    check(Math.abs(held - after) < 1.5, `The playhead runs on: day ${held} while the button is down, ${after} after.`);
    check(Math.abs(after - wanted) <= 2, `Pressed and let go on day ${wanted.toFixed(1)} of the timeline, the playhead is on day ${after}.`);
  }
}

/** Puts away the window of the app that is open. */
const closes = async hand => {
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  for (let n = 0; n < 3 && (await hand.look()).controls.some(c => c.name === "Close (Esc)"); n += 1) {
    await hand.key("Escape");
    await rest(0.6);
  }
  await hand.until("Escape closes the window", s => !s.controls.some(c => c.name === "Close (Esc)"), 5);
};

const arrives = async (folder, ending, seconds = 20) => {
  const there = () => readdirSync(folder).find(name => name.endsWith(ending));
  for (const end = Date.now() + 1000 * seconds; !there();) {
    check(Date.now() < end, `No file *${ending} is downloaded.`);
    await rest(0.2);
  }
  await rest(0.5);
  return join(folder, there());
};

/** Ctrl+S opens the app's own window; a session and a report come as downloads. */
export async function savesAndReports(hand, desk) {
  await hand.key("s", ["Control"]);
  await hand.click("Save as a file");
  const session = await arrives(desk.downloads, ".detente");
  check(JSON.parse(readFileSync(session, "utf8")).seed !== undefined, "The session that was saved has no seed.");
  await hand.until("it is said", s => s.state.notice, 5);
  if (!(await hand.look()).controls.some(c => c.name === "Close (Esc)")) await hand.key("s", ["Control"]);
  await hand.click("Write the report");
  const report = readFileSync(await arrives(desk.downloads, ".zip", 60));
  for (const name of ["events.csv", "series.parquet"]) check(report.includes(name), `The archive of the report lacks ${name}.`);
  await closes(hand);
}

/** Ctrl+O and the browser's own dialog open what was saved, history and all; a film chosen by mistake is refused in a sentence, as is
 * what is no session, and neither costs anything. */
export async function opensAFile(hand, desk, address) {
  await hand.open(`${address}?file`);
  await hand.dragLever("UNIFIL strength", 1);
  const moved = s => s.state.policy.length === 1 && s.state.policy[0][2] === 15000;
  await hand.until("the lever has moved", moved, 5);
  await hand.key("s", ["Control"]);
  await hand.click("Save as a file");
  const session = await arrives(desk.downloads, ".detente");
  await closes(hand);
  await hand.key("z", ["Control"]);
  await hand.until("the move is undone", s => s.state.policy.length === 0, 5);
  const choose = async path => {
    if (!(await hand.look()).controls.some(c => c.name === "Open a file")) await hand.key("o", ["Control"]);
    const asked = hand.page.waitForFileChooser({ timeout: 20_000 });
    await hand.click("Open a file");
    await (await asked).accept([path]);
  };
  const folder = mkdtempSync(join(tmpdir(), "detente-files-"));
  const film = join(folder, "film.detente"), letter = join(folder, "letter.detente");
  writeFileSync(film, "");
  truncateSync(film, 3_000_000_000);
  writeFileSync(letter, "Dear all, ".repeat(300_000));
  await choose(film);
  await hand.until("a film is refused by its size", s => /film\.detente has 3\.0 GB, too much/.test(s.state.notice ?? ""), 10);
  await choose(letter);
  await hand.until("a letter is no session", s => /not a session file/.test(s.state.notice ?? ""), 10);
  const { policy, day } = (await hand.look()).state;
  check(policy.length === 0 && day === 0, "A file that was refused has changed the session.");
  await choose(session);
  await hand.until("what was saved is open again", moved, 20);
  await closes(hand);
  rmSync(folder, { recursive: true });
}

/** “Copied” is said when the browser has copied, and the link stands in the address. */
export async function copiesTheLink(hand) {
  await hand.key("s", ["Control"]);
  await hand.click("Copy link");
  // First that it stands, and then, when the browser has answered, what became of the copy.
  await hand.until("it is said what became of the link", s => /is copied|does not let/.test(s.state.notice ?? ""), 5);
  const said = (await hand.look()).state.notice;
  const [address, field, clipboard] = await hand.page.evaluate(async () => [location.href,
    document.getElementById("byhand").open && document.getElementById("copy").value, await navigator.clipboard.readText?.().catch(() => null)]);
  check(address.includes("#s="), `The link does not stand in the address: ${address}`);
  check(/is copied/.test(said) ? !field : field === address, `It is said “${said}”, and the field to copy from holds ${field}.`);
  if (/is copied/.test(said) && clipboard) check(clipboard === address, "Something else was copied than the address.");
  if (field) await hand.key("Escape");
  await closes(hand);
  console.log(`    “${said}”`);
}

/** Tab moves in the map; Escape and then Tab, or F6, leaves it; the links about it are seen. */
export async function nobodyIsCaught(hand) {
  const where = () => hand.page.evaluate(() => document.activeElement?.id);
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  await hand.key("Tab");
  check(await where() === "studio", "Tab leaves the map although the map has controls.");
  await hand.key("Escape");
  await hand.key("Tab");
  check(await where() === "after", `Escape and then Tab leads to “${await where()}”.`);
  const seen = await hand.page.evaluate(() => document.getElementById("after").getBoundingClientRect().top < innerHeight);
  check(seen, "The link after the map has the keyboard and is not seen.");
  await hand.key("Enter");
  check(await where() === "studio", "The link after the map does not lead back.");
  await hand.key("F6");
  check(await where() === "after", "F6 does not leave the map.");
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  await hand.key("F6", ["Shift"]);
  check(await where() === "before", "Shift+F6 does not lead before the map.");
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  // Shift was let go outside, for the app, too: Escape with Shift would not leave a field.
  const searches = s => s.controls.some(c => c.name === "Search levers" && c.focused);
  await hand.key("f", ["Control"]);
  await hand.until("Ctrl+F goes to the search for levers", searches, 5);
  await rest(0.5);
  await hand.key("Escape");
  await hand.until("Escape leaves the search after Shift was let go outside of the map", s => !searches(s), 5);
}

/** Shortcuts go by the place of the key where it carries no Latin letter; the browser's own zoom stays its own. */
export async function keysByTheirPlace(hand) {
  // Drivers of browsers know one layout: a letter of another one is made here, while a real Ctrl is held.
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  const press = async (key, code) => {
    await hand.page.keyboard.down("Control");
    const taken = await hand.page.evaluate((key, code) => {
      const canvas = document.getElementById("studio");
      const event = kind => new KeyboardEvent(kind, { key, code, ctrlKey: true, bubbles: true, cancelable: true });
      const taken = !canvas.dispatchEvent(event("keydown"));
      canvas.dispatchEvent(event("keyup"));
      return taken;
    }, key, code);
    await hand.page.keyboard.up("Control");
    return taken;
  };
  for (const [key, code] of [["s", "KeyS"], ["ד", "KeyS"], ["س", "KeyS"], ["ז", "KeyZ"], ["z", "KeyY"]]) {
    check(await press(key, code), `Ctrl with ${key} (${code}) is left to the browser.`);
    if (code !== "KeyS") continue;
    await hand.until(`Ctrl with ${key} opens save and share`, s => s.controls.some(c => c.name === "Copy link"), 5);
    await hand.key("Escape");
    await hand.until("Escape closes it", s => !s.controls.some(c => c.name === "Copy link"), 5);
  }
  check(await press("f", "KeyF"), "Ctrl+F opens the browser's search beside the app's.");
  const searches = s => s.controls.some(c => c.name === "Search levers" && c.focused);
  await hand.until("Ctrl+F goes to the search for levers", searches, 5);
  // Escape puts away first what lies over it, a word or a tooltip.
  for (let n = 0; n < 3 && searches(await hand.look()); n += 1) {
    await hand.key("Escape");
    await rest(0.8);
  }
  await hand.until("Escape leaves the search", s => !searches(s), 5);
  for (const [key, code] of [["+", "Equal"], ["=", "Equal"], ["-", "Minus"], ["0", "Digit0"], ["r", "KeyR"], ["c", "KeyC"]])
    check(!await press(key, code), `Ctrl with ${key} is taken from the browser.`);
  const before = (await hand.settle()).scale;
  for (let n = 0; n < 3; n += 1) await hand.key("+", ["Control"]);
  await rest(0.6);
  await hand.key("Escape");
  await rest(0.3);
  check((await hand.look()).scale / await hand.ratio() === before / await hand.ratio(), "Ctrl + enlarges the app as well as the page.");
  await hand.page.evaluate(() => document.getElementById("studio").focus());
}

/** A finger plays, and drags the map. */
export async function aFinger(hand) {
  const play = await hand.at((await hand.control("Play")).shown);
  await hand.page.touchscreen.tap(...play);
  await hand.until("a tap on Play plays", s => s.state.playing, 5);
  await rest(0.5);
  await hand.page.touchscreen.tap(...play);
  await hand.until("a second tap stops", s => !s.state.playing, 5);
  const screen = await hand.settle(60), map = screen.controls.find(c => c.name === "Map of the region").rect;
  const place = s => s.texts.filter(t => t.rect[0] > map[0] && t.rect[2] < map[2] && t.rect[1] > map[1] + 60 && t.rect[3] < map[3] - 60).map(t => `${t.text}@${t.rect.map(Math.round)}`).join();
  const [x, y] = await hand.at(map), before = place(screen);
  await hand.page.touchscreen.touchStart(x, y);
  for (let n = 1; n <= 8; n += 1) {
    await hand.page.touchscreen.touchMove(x - 12 * n, y + 6 * n);
    await rest(0.03);
  }
  await hand.page.touchscreen.touchEnd();
  await hand.until("a finger drags the map", s => place(s) !== before, 5);
  check(await hand.page.evaluate(() => [scrollX, scrollY, visualViewport.scale].join()) === "0,0,1", "A finger on the map moves the page.");
}

/** A tab in the background rests, and goes on at once without a jump. */
export async function aTabBehind(hand, desk) {
  await hand.click("Play");
  await hand.until("it plays", s => s.state.playing, 5);
  await rest(0.5);
  const other = await desk.browser.newPage();
  await other.bringToFront();
  await rest(0.7);
  const hidden = await hand.look();
  await rest(4);
  const still = await hand.look();
  await hand.page.bringToFront();
  await rest(1);
  const back = await hand.look();
  await other.close();
  check(still.state.day - hidden.state.day <= 4, `A tab behind went from day ${hidden.state.day} to ${still.state.day}.`);
  check(back.state.day > still.state.day, "The tab does not go on when it is shown.");
  check(back.state.day - still.state.day <= 12, `The tab jumps from day ${still.state.day} to ${back.state.day} when it is shown.`);
  await hand.page.mouse.move(640, 300);
  await hand.click("Pause");
  await hand.until("it stops", s => !s.state.playing, 5);
  await hand.settle(60);
}

const offered = s => s.state.offered;

/** The session is there after a reload. */
export async function reloads(hand) {
  const left = (await hand.settle(60)).state;
  await hand.page.reload({ waitUntil: "load" });
  await hand.drawn();
  await hand.until("the session is offered", offered, 15);
  await takesUp(hand, left);
  // A page that is closed the moment after a lever was moved has kept that move.
  const before = JSON.stringify((await hand.look()).state.policy);
  await hand.dragLever("UNIFIL strength", 0.55);
  await hand.until("a lever has moved", s => JSON.stringify(s.state.policy) !== before, 5);
  // The last place of the hand is drawn a few frames later.
  await rest(0.5);
  const moved = (await hand.look()).state;
  await hand.page.reload({ waitUntil: "load" });
  await hand.drawn();
  await hand.until("the session is offered after a hasty end", offered, 15);
  await takesUp(hand, moved);
}

/** Takes up the session that is offered, and finds it whole. */
async function takesUp(hand, left) {
  const screen = await hand.look();
  const button = screen.controls.find(c => c.shown && /go on|restore|take up|open it/i.test(c.name) && c.role === "Button");
  check(button, `There is no button that takes the session up, among ${screen.controls.filter(c => c.role === "Button").map(c => c.name).join(", ")}`);
  await hand.click(button.name);
  await hand.until("the session is whole", s => s.state.digest === left.digest && s.state.day === left.day && JSON.stringify(s.state.policy) === JSON.stringify(left.policy), 10);
}

/** Two tabs at work: neither takes the other's session. */
export async function twoTabs(hand, desk, address) {
  const left = (await hand.settle(60)).state;
  const other = await Hand.of(desk);
  await other.open(address);
  await other.page.bringToFront();
  await other.until("it draws", s => s.state.frames.drawn > 5, 20);
  await other.dragLever("UNIFIL strength", 0.1);
  await other.until("the other tab has a policy of its own", s => s.state.policy.length === 1, 5);
  await rest(2);
  await other.page.close();
  await hand.page.bringToFront();
  await hand.page.reload({ waitUntil: "load" });
  await hand.drawn();
  await hand.until("a session is offered", offered, 15);
  await hand.key("s", ["Control"]);
  const words = await hand.until("both sessions are listed", s => s.texts.filter(t => /ago|just now/.test(t.text)).length >= 2, 10);
  check(words, "");
  await hand.key("Escape");
  return left;
}

/** The graphics are lost, and come back: one sentence, and the session is kept. */
export async function losesItsGraphics(hand, desk, address, pictures) {
  await hand.open(`${address}?lost`);
  await hand.dragLever("UNIFIL strength", 0.9);
  const left = (await hand.until("a lever has moved", s => s.state.policy.length === 1, 5)).state;
  await hand.page.evaluate(() => {
    globalThis.gone = document.getElementById("studio").getContext("webgl2").getExtension("WEBGL_lose_context");
    globalThis.gone.loseContext();
  });
  await rest(1);
  const said = await hand.page.evaluate(() => [document.getElementById("trouble").hidden, document.getElementById("trouble").innerText, document.querySelector("#trouble button")?.textContent]);
  check(!said[0] && /graphics were lost/.test(said[1]) && /The session is kept/.test(said[1]) && said[2] === "Reload", `It is said: ${said}`);
  await hand.picture(pictures, "lost");
  await rest(2);
  const again = hand.page.waitForNavigation({ timeout: 20_000 }).catch(() => null);
  await hand.page.evaluate(() => globalThis.gone.restoreContext());
  await again;
  await hand.drawn();
  await hand.until("the session is offered after the graphics came back", offered, 15);
  await takesUp(hand, left);
  hand.complaints.length = 0;
}

/** Over plain http the browser has no clipboard: nothing throws, the link is in the address and, if need be, in a field. */
export async function overPlainHttp(hand, desk, address) {
  const plain = address.replace("127.0.0.1", "detente.test");
  await hand.open(plain);
  check(!await hand.page.evaluate(() => isSecureContext), `${plain} counts as secure, so that this proves nothing.`);
  await copiesTheLink(hand);
  await hand.key("l");
  await hand.until("the search for levers has the keyboard", s => s.controls.some(c => c.name === "Search levers" && c.focused), 5);
  await hand.page.keyboard.type("UNIFIL", { delay: 30 });
  await hand.key("a", ["Control"]);
  await hand.key("c", ["Control"]);
  await rest(1);
  if (await hand.page.evaluate(() => document.getElementById("byhand").open)) {
    check(await hand.page.evaluate(() => document.getElementById("copy").value) === "UNIFIL", "The field to copy from holds something else than what was selected.");
    await hand.key("Escape");
  }
  await hand.page.evaluate(() => document.getElementById("studio").focus());
  await hand.key("Escape");
  await hand.click("Play");
  await hand.until("the page goes on", s => s.state.playing, 5);
  // There are no locks either, and still a second tab is not offered what this one is at work on.
  await hand.click("Pause");
  await rest(3);
  const other = await Hand.of(desk);
  await other.open(plain);
  await other.page.bringToFront();
  await other.until("it draws", s => s.state.frames.drawn > 5, 20);
  await rest(3);
  check(!offered(await other.look()), "A second tab over plain http is offered the session that the first one is at work on.");
  await other.page.close();
  await hand.page.bringToFront();
  await hand.page.reload({ waitUntil: "load" });
  await hand.drawn();
  await hand.until("the session is offered once its tab is gone", offered, 15);
}

/** In a frame of another address that allows neither the clipboard nor downloads, nothing is claimed. */
export async function inAFrame(hand, desk, address, pictures, outer) {
  const page = hand.page;
  await page.goto(outer, { waitUntil: "load" });
  let frame;
  for (let n = 0; n < 600 && !frame; n += 1) {
    frame = page.frames().find(f => f.url().startsWith(address));
    await rest(0.1);
  }
  check(frame, "The frame does not load.");
  const inner = new Hand(page, hand.name);
  inner.look = () => frame.evaluate(() => globalThis.detente?.look?.() ?? null).catch(() => null);
  inner.ratio = () => frame.evaluate(() => devicePixelRatio);
  await inner.drawn();
  await inner.click("Play");
  await inner.until("it plays in a frame", s => s.state.playing, 5);
  await inner.click("Pause");
  await inner.key("s", ["Control"]);
  await inner.click("Copy link");
  await inner.until("it is said what became of the link", s => /is copied|does not let/.test(s.state.notice ?? ""), 5);
  const said = (await inner.look()).state.notice;
  const field = await frame.evaluate(() => document.getElementById("byhand").open && document.getElementById("copy").value);
  check(/copied/.test(said) ? !field || /not let/.test(said) : field, `In a frame it is said “${said}”, and the field holds ${field}.`);
  if (field) {
    check(await frame.evaluate(() => { const f = document.getElementById("copy"); return f.selectionEnd - f.selectionStart === f.value.length; }), "The link is not selected.");
    await frame.evaluate(() => document.getElementById("byhand").close());
  }
  await rest(0.5);
  if (!(await inner.look()).controls.some(c => c.name === "Save as a file")) await inner.key("s", ["Control"]);
  await inner.click("Save as a file");
  await inner.until("it is said that the frame may forbid downloads", s => /forbids them/.test(s.state.notice ?? ""), 5);
  await inner.picture(pictures, "frame");
  console.log(`    “${said}”`);
  hand.complaints.length = 0;
}

/** A frame that lets nothing be copied by any way, and one that does: what is said of the clipboard is true in both. */
export async function copiesInAFrame(hand, desk, address, pictures, outer) {
  const page = hand.page;
  for (const refuses of [true, false]) {
    const script = refuses && await page.evaluateOnNewDocument(() => { Document.prototype.execCommand = () => false; });
    await page.goto(outer, { waitUntil: "load" });
    let frame;
    for (let n = 0; n < 600 && !(frame = page.frames().find(f => f.url().startsWith(address))); n += 1) await rest(0.1);
    check(frame, "The frame does not load.");
    const inner = new Hand(page, hand.name);
    inner.look = () => frame.evaluate(() => globalThis.detente?.look?.() ?? null).catch(() => null);
    inner.ratio = () => frame.evaluate(() => devicePixelRatio);
    await inner.drawn();
    await inner.key("s", ["Control"]);
    await inner.click("Copy link");
    const seen = await inner.until("it is said what became of the link", s => /is copied|does not let/.test(s.state.notice ?? ""), 8);
    const shown = await frame.evaluate(() => {
      const dialog = document.getElementById("byhand"), field = document.getElementById("copy");
      return { open: dialog.open, words: document.getElementById("why").innerText, text: field.value, focused: document.activeElement === field,
        selected: field.value.slice(field.selectionStart, field.selectionEnd) };
    });
    if (refuses) {
      check(/does not let this page copy/.test(seen.state.notice), `Where nothing can be copied it says “${seen.state.notice}”`);
      check(shown.open && shown.text.includes("#s=") && shown.selected === shown.text && shown.focused, `The link is not there to be copied: ${JSON.stringify(shown)}`);
      check(/Ctrl\+C/.test(shown.words) && shown.words.split(". ").length <= 2, `What to do is said as “${shown.words}”`);
    } else if (/is copied/.test(seen.state.notice)) {
      check(!shown.open, "It is copied, and shown to be copied all the same.");
    }
    if (script?.identifier) await page.removeScriptToEvaluateOnNewDocument(script.identifier);
  }
  hand.complaints.length = 0;
}

/** What a screen reader gets of the page: a lever is found by its role and name, set, and answered; nothing is pointed at. */
export async function byItsNames(hand, desk, address) {
  const page = hand.page;
  await hand.open(`${address}?names`);
  // The tree as the browser hands it to readers, where the driver can ask for it, and else the elements that it is made of.
  const tree = async () => {
    if (hand.name === "chromium") {
      const whole = await page.accessibility.snapshot({ interestingOnly: false });
      const list = [];
      (function walk(node) { if (!node) return; list.push(node); (node.children ?? []).forEach(walk); })(whole);
      return list;
    }
    return page.evaluate(() => [...document.querySelectorAll("#controls > *")].map(e => ({
      role: e.getAttribute("role") ?? { BUTTON: "button", INPUT: "slider" }[e.tagName] ?? "text",
      name: e.getAttribute("aria-label") ?? e.textContent, value: Number(e.value), valuetext: e.getAttribute("aria-valuetext"),
    })));
  };
  const until = async (what, holds, seconds = 15) => {
    for (const end = Date.now() + 1000 * seconds; ;) {
      const list = await tree(), found = list.find(holds);
      if (found) return found;
      if (Date.now() > end) throw new Wrong(`Readers do not get in ${seconds} s: ${what}. They get ${JSON.stringify(list.slice(0, 40).map(n => [n.role, n.name, n.value]))}`);
      await rest(0.2);
    }
  };
  const is = (role, name) => node => node.role === role && node.name === name;
  const act = (name, what) => page.evaluate((name, what) => {
    const node = [...document.querySelectorAll("#controls > *")].find(e => e.getAttribute("aria-label") === name);
    if (what === "press") node.click();
    else if (what === "right") { node.focus(); node.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })); }
    else { node.value = what; node.dispatchEvent(new Event("input", { bubbles: true })); }
  }, name, what);
  const lever = await until("the lever", is("slider", "UNIFIL strength"));
  check(/10,?000/.test(String(lever.valuetext ?? lever.value)), `The lever's value is said as ${JSON.stringify(lever)}`);
  const outcomes = node => /events a day/.test(node.name ?? "") && /image|img/.test(node.role);
  const before = (await until("what the chart says", outcomes)).name;
  await act("UNIFIL strength", 15000);
  await hand.until("the lever is set by a reader", s => s.state.policy.some(([, id, value]) => id === "unifil.troops" && value === 15000), 8);
  await hand.until("its futures come", s => !s.state.futures.null && !s.state.futures.running, 30);
  const after = await until("what the chart says of the policy", node => outcomes(node) && node.name !== before);
  check(/policy/.test(after.name), `Of the outcome it is said: ${after.name}`);
  await act("UNIFIL strength", "right");
  await act("Play", "press");
  await hand.until("a reader presses Play", s => s.state.playing, 8);
  await until("the button is called Pause while it plays", is("button", "Pause"));
  await act("Pause", "press");
  await hand.until("a reader presses Pause", s => !s.state.playing, 8);
  await hand.settle();
  // Who reads nothing is disturbed by nothing: no element may be reached by Tab, and the page rests.
  const reached = await page.evaluate(() => [...document.querySelectorAll("#controls *")].filter(e => e.tabIndex >= 0).length);
  check(reached === 0, `Tab comes to ${reached} elements that are not seen.`);
  const drawn = (await hand.look()).state.frames.drawn;
  await rest(4);
  check((await hand.look()).state.frames.drawn - drawn <= 1, "The page draws while nothing moves.");
}

/** The report on paper: all of it, unfolded, and nothing cut at the side. */
export async function printsTheReport(hand, desk, address, pictures) {
  await hand.open(`${address}?print`);
  await hand.dragLever("UNIFIL strength", 0.9);
  await hand.until("the lever has moved", s => s.state.policy.length === 1 && s.state.policy[0][1] === "unifil.troops", 5);
  await hand.until("the futures come", s => !s.state.futures.null && !s.state.futures.running, 30);
  await hand.key("s", ["Control"]);
  await hand.click("Write the report");
  const zip = await arrives(desk.downloads, ".zip", 60);
  const folder = mkdtempSync(join(tmpdir(), "detente-print-"));
  execFileSync("python3", ["-m", "zipfile", "-e", zip, folder]);
  const html = execFileSync("find", [folder, "-name", "*.html"]).toString().trim().split("\n")[0];
  const sheet = await desk.browser.newPage();
  await sheet.goto(`file://${html}`, { waitUntil: "load" });
  const said = await sheet.evaluate(() => {
    const body = document.body.cloneNode(true);
    body.querySelectorAll("style, script, svg title, svg desc").forEach(e => e.remove());
    return body.textContent.replace(/\s+/g, "");
  });
  const file = join(folder, "report.pdf");
  await sheet.pdf({ path: file, format: "A4" });
  // What would be cut at the side of a page of A4 with its margins, 718 points of the browser wide.
  await sheet.emulateMediaType("print");
  await sheet.setViewport({ width: 718, height: 1000 });
  const wide = await sheet.evaluate(() => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > 719 && getComputedStyle(e).display !== "none").slice(0, 5)
    .map(e => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)} ${e.textContent.slice(0, 40)}`));
  const folded = await sheet.evaluate(() => [...document.querySelectorAll("details")]
    .filter(d => [...d.children].some(c => c.tagName !== "SUMMARY" && c.getBoundingClientRect().height === 0)).length);
  await sheet.close();
  const printed = execFileSync("gs", ["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=txtwrite", "-sOutputFile=-", file]).toString();
  check(printed.length > 2000, `The pages hold ${printed.length} letters.`);
  // A cell that wraps has its neighbour's words between its own, as the reader of the paper goes along lines.
  const near = words => new RegExp(words.split(" ").map(word => word.replace(/[^\w-]/g, ".")).join("[^]{0,300}?"), "i");
  for (const words of ["A what-if tool: outputs are conditional", "UNIFIL strength", "Assumption"]) {
    check(said.toLowerCase().includes(words.replace(/\s+/g, "").toLowerCase()), `The report does not say “${words}”.`);
    check(near(words).test(printed), `On paper there is no “${words}” (the page has ${said.length} letters, the paper ${printed.replace(/\s+/g, "").length}).`);
  }
  check(printed.replace(/\s+/g, "").length > 0.9 * said.length, `Of ${said.length} letters ${printed.replace(/\s+/g, "").length} are on paper.`);
  check(wide.length === 0, `Cut at the side: ${wide.join("; ")}`);
  check(folded === 0, `${folded} parts stay folded on paper.`);
}

/** Storage off: said once, and everything else works. */
export async function withoutStorage(hand, desk, address) {
  const page = hand.page;
  const script = await page.evaluateOnNewDocument(() => {
    const no = () => { throw new DOMException("denied", "SecurityError"); };
    for (const name of ["localStorage", "sessionStorage", "indexedDB"]) Object.defineProperty(window, name, { get: no });
  });
  await hand.open(`${address}?bare`);
  await hand.dragLever("UNIFIL strength", 0.8);
  await hand.until("it is said that nothing is kept", s => /kept/.test(s.state.notice ?? ""), 10);
  await hand.key("Escape");
  await hand.until("the word goes away", s => !/cannot be kept/.test(s.state.notice ?? ""), 10);
  await hand.dragLever("UNIFIL strength", 0.3);
  await rest(3);
  check(!/cannot be kept/.test((await hand.look()).state.notice ?? ""), "It is said again after every change.");
  if (script?.identifier) await page.removeScriptToEvaluateOnNewDocument(script.identifier);
}

/** Once it is loaded, the page needs no network. */
export async function offline(hand, desk, address) {
  await hand.open(`${address}?offline`);
  const asked = [];
  hand.page.on("request", request => { if (!/^(blob|data):/.test(request.url())) asked.push(request.url()); });
  await hand.page.setOfflineMode(true);
  await hand.click("Play");
  await hand.until("days pass", s => s.state.day >= 3, 20);
  await hand.click("Pause");
  await hand.click("Why");
  await hand.until("Why is open", s => isOn(s, "Why"), 5);
  await hand.key("s", ["Control"]);
  await hand.click("Write the report");
  await arrives(desk.downloads, ".zip", 60);
  await hand.page.setOfflineMode(false);
  check(asked.length === 0, `It asks for ${asked}`);
}

/** A page opened as a file, and a screen that is too small, get a sentence. */
export async function sentences(hand, desk, address, pictures, outer, dist) {
  const page = hand.page;
  await page.goto(`file://${dist}/index.html`, { waitUntil: "load" });
  await rest(0.5);
  const said = await page.evaluate(() => document.getElementById("trouble").innerText);
  check(/opened as a file/.test(said) && /web server/.test(said), `As a file it says: ${said}`);
  const shown = () => page.evaluate(() => getComputedStyle(document.getElementById("small")).display !== "none");
  for (const [width, height, small] of [[300, 600, true], [400, 460, true], [320, 480, false], [640, 360, false], [1280, 720, false]]) {
    await page.setViewport({ width, height });
    await rest(0.2);
    check(await shown() === small, `At ${width} × ${height} the sentence on small screens is ${small ? "missing" : "shown"}.`);
  }
  hand.complaints.length = 0;
}

/** On the screen of a phone held upright there is something to tap. */
export async function onAPhone(hand, desk, address, pictures) {
  // At a scale of one: at any other that is only pretended, Chromium counts the pixels of a canvas wrongly. `onAFineDisplay` has a real one.
  await hand.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 1, hasTouch: true, isMobile: hand.name === "chromium" });
  await hand.open(`${address}?phone`);
  const play = await hand.at((await hand.control("Play")).shown);
  await hand.page.touchscreen.tap(...play);
  await hand.until("a tap plays", s => s.state.playing, 5);
  await hand.picture(pictures, "phone");
  await hand.page.touchscreen.tap(...play);
}

/** On a display of three pixels to a point, as phones have: what is pointed at is what is meant, outcomes are in sight, and a report comes. */
export async function onAFineDisplay(_, desk, address, pictures) {
  const fine = await start("chromium", { defaultViewport: null }, ["--force-device-scale-factor=3", "--window-size=520,900"]);
  try {
    const hand = new Hand(await fine.browser.newPage(), "chromium");
    await hand.open(`${address}?fine`);
    check(await hand.ratio() === 3, `The display has ${await hand.ratio()} pixels to a point.`);
    await hand.click("Play");
    await hand.until("a click plays", s => s.state.playing && s.state.day > 0, 10);
    await hand.picture(pictures, "fine");
    await hand.click("Pause");
    await hand.until("another one stops", s => !s.state.playing, 5);
    await hand.click("Futures");
    await hand.until("Futures is open", s => s.texts.some(t => t.text.includes("Headline outcome")), 10);
    await hand.picture(pictures, "fine-futures");
    await hand.key("s", ["Control"]);
    await hand.click("Write the report");
    await arrives(fine.downloads, ".zip", 90);
    if (hand.complaints.length) throw new Wrong(`the page complains: ${hand.complaints.join("; ")}`);
  } finally {
    await fine.end();
  }
}
