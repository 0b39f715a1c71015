// What people do in a class, and what should come of it.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Wrong, check, rest } from "./desk.mjs";
import { Person, PHONE, SCREEN } from "./person.mjs";
import { Buffering, Line } from "./room.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The seats that ship, and of those with levers one that takes a number: its name, and two values that differ from what holds at first.
const SEATS = {
  DEL: ["Conveners of the deal", "Linkage between agreements", ["0.7", "0.4"]],
  GLF: ["Gulf states and Yemen", "Assurances to host states", ["0.8", "0.3"]],
  IRN: ["Iran", "Rate of blows at leaders and plots abroad", ["0.5", "0.9"]],
  IRQ: ["Iraq", "Support for integrating militias", ["0.4", "0.6"]],
  ISR: ["Israel", "Leadership-strike rate", ["0.6", "0.8"]],
  LBN: ["Lebanon and the UN mission there", "UNIFIL strength", ["12000", "15000"]],
  MED: ["Mediators (Oman, Qatar, Egypt, Switzerland)", "Qatar channel", ["0.6", "0.9"]],
  PRS: ["Press"],
  PSE: ["Palestinians", "Aid into Gaza", ["600", "400"]],
  UNB: ["UN bodies (Council and Assembly)", "Votes that cost and texts that act", ["0.7", "0.2"]],
  UNS: ["UN secretariat"],
  USA: ["United States", "Deterrent presence", ["0.8", "0.5"]],
};
const nick = seat => `Nick of ${seat}`;

/** Comes in at the door and takes a seat. */
async function comesIn(person, room, seat, name = nick(seat)) {
  await person.type("Code", room.code.toLowerCase());
  await person.type("Nickname", name);
  await person.press("Come in");
  await person.press(`Take ${SEATS[seat][0]}`);
  await person.until("the seat is taken", wanted => document.getElementById("title").textContent === wanted, 10, SEATS[seat][0]);
}

async function facilitates(person, room, address) {
  await person.open(`${address}/host`);
  await person.type("Key that the server printed", room.facilitator_key);
  await person.press("Enter");
  await person.until("the desk is open", () => !document.getElementById("desk").hidden);
}

async function orders(person, lever, value) {
  await person.tab("orders");
  await person.type(lever, value, "#levers");
  await person.press("Order", `form:has([id="${await person.page.evaluate(name => hand.find(name, "#levers").id, lever)}"])`);
  await person.says(`${lever}: ordered, and kept.`);
}

async function writes(person, to, text) {
  await person.tab("talk");
  await person.pick("To", to);
  await person.type("Message", text);
  await person.press("Send");
  await person.says("Sent.");
}

/** Closes the turn, and waits until every page has heard of it. */
async function closes(host, pages, turn) {
  await host.press("Close the turn and play");
  await Promise.all([host, ...pages].map(page => page.until(`turn ${turn + 1} is open`, next => document.getElementById("when").textContent.startsWith(next), 20, `Turn ${turn + 1} ·`)));
}

/** A short lesson through the pages: twelve delegations in two browsers, a server that is killed in the middle of it, the debrief. */
export async function aLesson({ room, people, folder, long }, ...desks) {
  const address = room.address.replace(/\/$/, "");
  const of = {};
  const add = async (desk, size) => { const person = await Person.of(desk, size); people.push(person); return person; };
  const host = await add(desks[0], SCREEN), wall = await add(desks[0], SCREEN);
  await facilitates(host, room, address);
  await wall.open(`${address}/wall`);
  for (const [at, seat] of Object.keys(SEATS).entries()) {
    // Every fourth in the other browser.
    of[seat] = await (await add(desks[at % 4 === 3 ? 1 : 0], PHONE)).open(`${address}/`);
    await comesIn(of[seat], room, seat);
  }
  const seats = Object.values(of), all = [...seats, wall];
  const { IRN, ISR, MED, PRS, PSE, LBN } = of;
  await host.until("all seats are taken", () => document.getElementById("people").innerText.includes("Empty: none"));
  const turns = 8;
  const secret = "The rug is blue.";
  for (let turn = 1; turn <= turns; turn += 1) {
    const acting = Object.keys(SEATS).filter((seat, at) => SEATS[seat][1] && (long || turn === 1 || at % 6 === turn % 6));
    for (const seat of acting) {
      const [, lever, values] = SEATS[seat];
      // What a package binds is not ordered beside it.
      if (turn === 3 && ["IRN", "ISR"].includes(seat)) continue;
      await orders(of[seat], lever, values[turn % 2]);
    }
    await predicts(of[Object.keys(SEATS)[turn]], turn);
    if (turn === 1) await host.until("all orders are on the desk", wanted => document.querySelectorAll("#orders tbody tr").length === wanted, 10, acting.length);
    if (turn === 2) {
      await writes(MED, "Iran", secret);
      await IRN.until("what has come is counted", () => /\(1\)/.test(document.getElementById("t-talk").textContent));
      await IRN.tab("talk");
      await IRN.says(secret);
      await writes(PRS, "Everybody", "The press writes to all.");
      await wall.says("The press writes to all.");
    }
    if (turn === 3) await signs(IRN, ISR, host, folder);
    if (turn === 4) await survives(room, { host, seats, IRN, PSE }, secret);
    if (turn === 5) {
      for (const person of seats) await person.page.reload({ waitUntil: "load" });
      for (const [seat, person] of Object.entries(of)) await person.until(`${seat} has its seat`, name => document.getElementById("title").textContent === name, 10, SEATS[seat][0]);
    }
    if (turn === 6) await says(LBN, ISR);
    if (turn === 7) {
      await host.type("Minutes for orders", "10");
      await host.press("Start the clock");
      await IRN.until("the clock runs", () => /· \d+:\d\d left/.test(document.getElementById("when").textContent));
    }
    await closes(host, all, turn);
    if (turn === 3) await IRN.until("what was signed is in force", () => /^now 0(\.\d)?;/.test(document.querySelector('[id="m-iran.blow_rate"]').textContent));
  }
  // Nobody else has read what was for one.
  for (const [seat, person] of Object.entries(of).filter(([seat]) => !["IRN", "MED"].includes(seat))) {
    const told = await person.page.evaluate(() => document.documentElement.textContent);
    check(!told.includes(secret), `${seat} was told what was for Iran.`);
  }
  await predictionsAreScored(of);
  await host.press("Debrief");
  await host.until("the debrief is there", () => document.querySelector("#debrief table"), long ? 900 : 60);
  await host.press("Open the debrief to everybody");
  await IRN.tab("debrief");
  await IRN.until("a seat reads the debrief", () => document.querySelector("#debrief table"), 30);
  const rows = await IRN.page.evaluate(() => document.querySelectorAll("#debrief > .debrief > table:last-of-type tbody tr").length);
  const given = (await room.asked("/api/session")).said.orders.length;
  check(rows === given, `The debrief has ${rows} lines for ${given} orders.`);
  for (const id of ["brief", "news", "orders", "talk", "deals", "predict", "debrief"]) {
    await IRN.tab(id);
    await IRN.picture(folder, `seat-${id}`);
    const cut = await IRN.cut();
    check(!cut.length, `${id}: ${cut.join("; ")}.`);
  }
  await host.picture(folder, "host");
  await wall.picture(folder, "wall");
  const beyond = await wall.page.evaluate(() => [document.documentElement.scrollHeight - innerHeight, ...[...document.querySelectorAll("#fronts, #tables, #killed")].map(node => Math.ceil(node.getBoundingClientRect().bottom) - innerHeight)]);
  check(beyond.every(by => by <= 0), `The wall is ${Math.max(...beyond)} px higher than the projector.`);
}

const QUESTIONS = ["Will an agreement be signed before the turn ends?", "Will an open war begin before the turn ends?"];

async function predicts(person, turn) {
  await person.tab("predict");
  // What is typed beside it stays when the first is sent.
  await person.type(QUESTIONS[0], String(10 * turn));
  await person.type(QUESTIONS[1], "5");
  await person.press("Predict", "form:has(#q-signed)");
  await person.says(`you said ${10 * turn} %`);
  check(await person.page.evaluate(() => document.getElementById("q-war").value) === "5", "What was typed beside a prediction is gone when that is sent.");
  await person.press("Predict", "form:has(#q-war)");
  await person.says("you said 5 %");
}

async function predictionsAreScored(of) {
  const person = Object.values(of)[1];
  await person.tab("predict");
  await person.says("Predictions scored: 2; mean score");
}

/** A package of two levers, drafted on one page, and signed on two: it binds, and its lever is ordered by nobody. */
async function signs(IRN, ISR, host, folder) {
  await IRN.tab("deals");
  await IRN.type("Title", "Hold back, both");
  for (const lever of ["Iran: Rate of blows at leaders and plots abroad", "Israel: Leadership-strike rate"]) {
    await IRN.press("One more lever");
    await IRN.pick("Lever", lever, "#d-terms > :last-child");
    await IRN.type("Value", "0", "#d-terms > :last-child");
  }
  await IRN.picture(folder, "draft");
  await IRN.press("Put it on the table");
  await IRN.press("Sign", "#deals");
  await ISR.until("Israel is told of the package", () => /\(\d+\)/.test(document.getElementById("t-deals").textContent));
  await ISR.tab("deals");
  await ISR.press("Sign", "#deals");
  await ISR.says("binding");
  await IRN.says("binding");
  await IRN.tab("orders");
  await IRN.type("Rate of blows at leaders and plots abroad", "2", "#levers");
  await IRN.press("Order", 'form:has([id="l-iran.blow_rate"])');
  await IRN.says("is bound in this turn by a package");
  await host.says("by a package");
}

/** The server is killed after it has acknowledged an order and while somebody writes; it is started again, and nothing is gone. */
async function survives(room, { host, seats, IRN, PSE }, secret) {
  await PSE.tab("talk");
  await PSE.type("Message", "Half a sent");
  await orders(IRN, "Directive to Hezbollah", "0.4");
  await room.kill();
  await PSE.front();
  await PSE.page.keyboard.type("ence");
  await PSE.press("Send");
  await PSE.says("No network just now; nothing was lost. Try again.");
  await rest(1);
  await room.start();
  await Promise.all(seats.map(person => person.until("the page has its network again", () => !document.getElementById("when").textContent.includes("no network"), 30)));
  await PSE.press("Send");
  await PSE.says("Sent.", 20);
  await host.until("what was written over the cut has come once", words => document.getElementById("news").innerText.split(words).length === 2, 20, "Half a sentence");
  await host.until("the order stands", () => /IRN\s+iran\.directive\.hzb\s+0\.4/.test(document.getElementById("orders").innerText), 20);
  await IRN.says("ordered: 0.4");
  await IRN.tab("talk");
  await IRN.says(secret);
}

/** A package is written anew by another party, and refused by the first. */
async function says(LBN, ISR) {
  await LBN.tab("deals");
  await LBN.type("Title", "Quiet in the south");
  await LBN.press("One more lever");
  await LBN.pick("Lever", "Israel: Leadership-strike rate", "#d-terms");
  await LBN.type("Value", "0.5", "#d-terms");
  await LBN.press("Put it on the table");
  await ISR.tab("deals");
  await ISR.says("Quiet in the south");
  const card = ".card:has(h3:not(:empty)):nth-child(2)";
  await ISR.press("Rewrite", `#deals ${card}`);
  await ISR.type("Value", "0.7", "#d-terms");
  await ISR.press("Put it on the table anew");
  await LBN.says("0.7");
  await LBN.press("Say no", "#deals");
  await ISR.says("off the table");
}

/** A whole turn of a seat without a mouse; what has the focus is seen all the way, and news takes it from nobody. */
export async function byKeysAlone({ room, people }, desk) {
  const address = room.address.replace(/\/$/, "");
  const person = await Person.of(desk);
  people.push(person);
  await person.open(`${address}/`);
  await person.front();
  const { page } = person, type = words => page.keyboard.type(words);
  await person.until("the door is open, and the code is asked for", () => document.activeElement.id === "code");
  await type(room.code);
  await person.tabTo("Nickname");
  await type("By keys");
  await person.key("Enter");
  await person.until("the seats are shown, and the focus is at their head", () => document.activeElement.id === "choose-h");
  await person.tabTo("Take Iraq");
  await person.key("Enter");
  await person.until("the seat is taken, and the focus is at its head", () => document.activeElement.id === "title" && document.activeElement.textContent === "Iraq");
  await person.tabTo(/^Orders/);
  await person.key("Enter");
  await person.tabTo("Support for integrating militias");
  await type("0.5");
  await person.key("Enter");
  await person.says("Support for integrating militias: ordered, and kept.");
  const after = await person.focus();
  check(after.id === "l-iraq.militia_integration", `After an order the focus is at “${after.name}” and not in its field.`);
  // News comes while somebody types: the words and the place stay.
  await backTo(person, /^Talk/);
  await person.key("Enter");
  await person.tabTo("To");
  await letters(person, "Iran");
  await person.tabTo("Message");
  await type("Before the news");
  check((await room.asked("/api/messages", { to: "IRQ", text: "Meanwhile" })).status === 204, "The facilitator's message was not taken.");
  await person.says("Meanwhile");
  check((await room.asked("/api/turn", { days: 7 })).status === 200, "The turn was not closed.");
  await person.until("the turn is over", () => document.getElementById("when").textContent.startsWith("Turn 2"), 20);
  await rest(0.5);
  await type(", after");
  check(await page.evaluate(() => document.activeElement.id === "text" && document.activeElement.value === "Before the news, after"), "News takes the focus, or what was typed.");
  await person.tabTo("Send");
  await person.key("Enter");
  await person.says("Before the news, after", 10);
  const heard = (await room.asked("/api/poll?after=0&wait=0")).said.events;
  check(heard.some(item => item.from === "IRQ" && item.to === "IRN" && item.text === "Before the news, after"), "What was written by keys did not reach Iran.");
  await backTo(person, /^Deals/);
  await person.key("Enter");
  await person.tabTo("Title");
  await type("By keys alone");
  await person.tabTo("One more lever");
  await person.key("Enter");
  await person.until("the new lever has the focus", () => hand.name(document.activeElement) === "Lever");
  await letters(person, "Iraq: Support");
  await person.tabTo("Value");
  await type("0.8");
  await person.tabTo("Put it on the table");
  await person.key("Enter");
  await person.says("By keys alone");
  await backTo(person, "Sign");
  // What stands beside it comes while it has the focus: the list is drawn anew, and the focus stays.
  await proposes(person, "Another one", [{ lever: "iraq.militia_integration", value: 0.1 }, { lever: "iran.blow_rate", value: 0.5 }]);
  await person.says("Another one");
  const stays = await person.focus();
  check(stays.id === "sign-1", `A package that comes takes the focus from “Sign” to “${stays.name}”.`);
  await person.key("Enter");
  await person.says("binding");
  await backTo(person, /^Predict$/);
  await person.key("Enter");
  await person.tabTo(QUESTIONS[1]);
  await type("20");
  await person.key("Enter");
  await person.says("you said 20 %");
  const held = await person.focus();
  check(held.id === "q-war", `After a prediction the focus is at “${held.name}” and not in its field.`);
}

/** Puts a package on the table as another member of the same delegation does. */
async function proposes(person, title, terms) {
  const status = await person.page.evaluate(async (title, terms) => (await fetch("/api/proposals", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title, terms }) })).status, title, terms);
  check(status === 201, "The package was not taken.");
}

/** Picks from a list by the letters of its words: those that come a second after the others begin anew, so on a busy machine again. */
async function letters(person, words) {
  for (let tries = 0; tries < 5; tries += 1) {
    await person.page.keyboard.type(words);
    if (await person.page.evaluate(wanted => document.activeElement.selectedOptions[0].textContent.startsWith(wanted), words)) return;
    await rest(1.5);
  }
  throw new Wrong(`“${words}” is not reached by its letters.`);
}

/** Back by Shift and Tab, as people do who know where they were. */
async function backTo(person, name, most = 80) {
  for (let presses = 0; presses < most; presses += 1) {
    await person.page.keyboard.down("Shift");
    await person.key("Tab");
    await person.page.keyboard.up("Shift");
    const focus = await person.focus();
    if (focus.body) continue;
    if (focus.under !== undefined) throw new Wrong(`“${focus.name}” has the focus and lies under ${focus.under}.`);
    if (typeof name === "string" ? focus.name === name : name.test(focus.name)) return;
  }
  throw new Wrong(`“${name}” is not reached by Shift and Tab.`);
}

async function violations(person, what) {
  await person.page.evaluate(AXE);
  const found = await person.page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(one => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 120)} ${(one.nodes[0].any[0] ?? one.nodes[0].all[0] ?? one.nodes[0].none[0])?.message ?? ""}`));
  const cut = await person.cut();
  if (found.length || cut.length) throw new Wrong(`${what}: ${[...found, ...cut].join("\n      ")}`);
}

const HELLO = { en: ["Code", "Nickname", "Come in", "Take", "Language"], fr: ["Code", "Pseudonyme", "Entrer", "Prendre", "Langue"], ar: ["الرمز", "الاسم المستعار", "دخول", "اختيار", "اللغة"] };

/** What axe-core finds on every screen: nothing. In English, French and Arabic, by day and by night, and nothing is cut. */
export async function readsWell({ room, people, folder, long }, desk) {
  const address = room.address.replace(/\/$/, "");
  const add = async size => { const person = await Person.of(desk, size); people.push(person); return person; };
  const host = await add(SCREEN);
  await host.open(`${address}/host`);
  await violations(host, "the facilitator's door");
  await facilitates(host, room, address);
  const nights = desk.name === "chromium" ? ["light", "dark"] : ["light"];
  const person = await add(PHONE);
  await person.open(`${address}/`);
  await person.until("the door is open", () => !document.getElementById("join").hidden);
  await violations(person, "the door");
  for (const [language, [code, nickname, enter, take, name]] of Object.entries(HELLO)) {
    await speaks(person, language);
    const said = await person.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, ...["code", "nickname", "language"].map(id => hand.name(document.getElementById(id)))]);
    check(said.join() === [language, language === "ar" ? "rtl" : "ltr", code, nickname, name].join(), `In ${language} the door says ${said}.`);
    await violations(person, `the door in ${language}`);
    await person.picture(folder, `door-${language}`);
    if (language !== "ar") continue;
    // The rest in the last of them first: who comes in, and what was chosen stays over a reload.
    await person.type(code, "AAAAA");
    await person.type(nickname, "أمل");
    await person.press(enter);
    await person.says("ليس هذا رمز القاعة");
    await person.type(code, room.code);
    await person.press(enter);
    await violations(person, "the seats in Arabic");
    await person.picture(folder, "seats-ar");
    await person.press(`${take} Iran`);
    await person.says("ما نريده");
    await person.page.reload({ waitUntil: "load" });
    await person.says("ما نريده");
  }
  const page = person.page;
  await proposes(person, "Hold back", [{ lever: "iran.blow_rate", value: 0.5 }, { lever: "israel.blow_rate", value: 0.5 }]);
  await room.asked("/api/messages", { to: "IRN", text: "A word to Iran" });
  await room.asked("/api/turn", { days: 14 });
  await room.asked("/api/clock", { minutes: 10 });
  for (const language of ["ar", "fr", "en"]) {
    await speaks(person, language);
    // By night in one language, in the long form in all.
    for (const night of language === "en" || long ? nights : ["light"]) {
      if (nights.length > 1) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: night }]);
      for (const id of ["brief", "news", "orders", "talk", "deals", "predict"]) {
        await person.tab(id);
        if (id === "deals" && !await page.evaluate(() => document.getElementById("d-terms").children.length)) await page.evaluate(() => document.getElementById("d-more").click());
        await violations(person, `${id} in ${language}, ${night}`);
        await person.picture(folder, `${id}-${language}-${night}`);
      }
    }
  }
  if (nights.length > 1) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  const night = nights.at(-1);
  const wall = await (await add(SCREEN)).open(`${address}/wall`);
  await wall.says("of 6");
  await violations(wall, "the wall");
  const probe = await (await add(PHONE)).open(`${address}/check`);
  await probe.says("Your network will do.", 30);
  await violations(probe, "the test of the network");
  for (const language of ["fr", "ar"]) {
    await speaks(probe, language);
    await violations(probe, `the test of the network in ${language}`);
    await probe.picture(folder, `check-${language}`);
  }
  await host.says("Hold back");
  if (nights.length > 1) await host.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: night }]);
  await violations(host, "the facilitator's desk");
  // Its futures take longest of all: they are run for one of the two.
  if (desk.name === "chromium") {
    await host.press("Debrief");
    await host.until("the debrief is there", () => document.querySelector("#debrief table"), 120);
    await violations(host, "the facilitator's debrief");
    await host.press("Open the debrief to everybody");
    await person.tab("debrief");
    await person.until("a seat reads the debrief", () => document.querySelector("#debrief table"), 30);
    await violations(person, "the debrief of a seat");
    await person.picture(folder, "debrief");
  }
  await host.picture(folder, "host");
  // A name that is removed is gone from the facilitator's page, too, from what it was told before.
  await person.tab("talk");
  await person.type("Message", "With a name");
  await person.press("Send");
  await host.says("أمل");
  await person.tab("brief");
  await person.press("Remove my name");
  await person.says("person 1");
  await host.until("the name is gone from the desk", () => !document.body.innerText.includes("أمل") && document.body.innerText.includes("With a name"));
}

async function speaks(person, language) {
  const names = { en: "English", fr: "Français", ar: "العربية" };
  const now = await person.page.evaluate(() => hand.name(document.getElementById("language")));
  await person.pick(now, names[language], "header");
  await person.until(`the page speaks ${language}`, wanted => document.documentElement.lang === wanted, 5, language);
}

/** A phone that slept: its page was stopped, and its connections are such as nobody knows any more. It has all that it missed, once
 * and in order, and goes on. */
export async function aPhoneSleeps({ room, people, long }, desk) {
  const line = await new Line(room).start();
  try {
    const person = await Person.of(desk);
    people.push(person);
    await person.open(`${line.address}/`);
    await comesIn(person, room, "IRN");
    await person.tab("news");
    await room.asked("/api/messages", { to: "ALL", text: "Before it slept" });
    await person.says("Before it slept");
    const other = desk.name === "firefox" ? await desk.browser.newPage() : null;
    const session = desk.name === "chromium" ? await person.page.createCDPSession() : null;
    // In Chromium the page is stopped as a phone stops it; in Firefox it lies behind another.
    await session?.send("Page.setWebLifecycleState", { state: "frozen" });
    await other?.bringToFront();
    line.cut();
    for (const text of ["While it slept, one", "While it slept, two"]) await room.asked("/api/messages", { to: "ALL", text });
    const played = await room.asked("/api/turn", { days: 7 });
    check(played.status === 200, "The turn was not closed.");
    await rest(long ? 600 : 6);
    if (other) check(!(await person.text()).includes("While it slept"), "The line was not dead.");
    line.mend();
    await room.asked("/api/messages", { to: "ALL", text: "When it woke" });
    const since = Date.now();
    await session?.send("Page.setWebLifecycleState", { state: "active" });
    await other?.close();
    await person.page.bringToFront();
    await person.says("When it woke", 40);
    console.log(`    ${desk.name}: all that was missed ${((Date.now() - since) / 1000).toFixed(1)} s after it woke`);
    const told = await person.page.evaluate(() => [...document.querySelectorAll("#news li")].map(line => line.innerText).reverse());
    const places = ["Before it slept", "While it slept, one", "While it slept, two", "Turn 1 is played", "When it woke"].map(words => told.map((text, at) => (text.includes(words) ? at : -1)).filter(at => at >= 0));
    check(places.every(found => found.length === 1), `Of what was told some came twice or never: ${JSON.stringify(told)}`);
    check(places.every(([at], n) => n === 0 || at > places[n - 1][0]), `What was told is out of order: ${JSON.stringify(told)}`);
    await person.until("the page knows the turn", () => document.getElementById("when").textContent.startsWith("Turn 2 ·"), 30);
    await orders(person, "Directive to Hezbollah", "0.4");
    // And it hears on.
    await room.asked("/api/messages", { to: "ALL", text: "The morning after" });
    await person.tab("news");
    await person.says("The morning after", 30);
  } finally {
    line.end();
  }
}

/** A proxy that holds every response back until it is whole, and a browser that knows no pushed news: in both a seat hears of everything,
 * once and in order, by asking for it. */
export async function nothingIsPushed({ room, people }, desk) {
  const proxy = await new Buffering(room).start();
  try {
    const behind = await Person.of(desk), without = await Person.of(desk), wall = await Person.of(desk, SCREEN);
    people.push(behind, without, wall);
    await without.page.evaluateOnNewDocument(() => { delete globalThis.EventSource; });
    await behind.open(`${proxy.address}/`);
    await wall.open(`${proxy.address}/wall`);
    await without.open(`${room.address.replace(/\/$/, "")}/`);
    await comesIn(behind, room, "IRN");
    await comesIn(without, room, "ISR");
    check(await without.page.evaluate(() => typeof EventSource === "undefined"), "The browser knows pushed news after all.");
    for (const person of [behind, without]) await person.tab("news");
    for (const text of ["Nobody pushes, one", "Nobody pushes, two"]) {
      await room.asked("/api/messages", { to: "ALL", text });
      for (const person of [behind, without, wall]) await person.says(text, 45);
    }
    check(proxy.streams > 0, "No stream was begun behind the proxy: it held nothing back.");
    await orders(behind, "Directive to Hezbollah", "0.4");
    await orders(without, "Leadership-strike rate", "0.6");
    check((await room.asked("/api/turn", { days: 7 })).status === 200, "The turn was not closed.");
    for (const person of [behind, without]) {
      await person.until("the page knows the turn", () => document.getElementById("when").textContent.startsWith("Turn 2 ·"), 45);
      const told = await person.page.evaluate(() => [...document.querySelectorAll("#news li")].map(line => line.innerText).reverse());
      const places = ["Nobody pushes, one", "Nobody pushes, two", "Turn 1 is played"].map(words => told.map((text, at) => (text.includes(words) ? at : -1)).filter(at => at >= 0));
      check(places.every((found, at) => found.length === 1 && (at === 0 || found[0] > places[at - 1][0])), `Of what was told some came twice, never, or out of order: ${JSON.stringify(told)}`);
    }
  } finally {
    proxy.end();
  }
}

/** Two members of one delegation: what the second orders is proposed to the first, who gives it; its signature is a vote. The facilitator
 * makes the second the head. */
export async function aDelegation({ room, people, folder }, ...desks) {
  const address = room.address.replace(/\/$/, "");
  const host = await Person.of(desks[0], SCREEN), first = await Person.of(desks[0]), second = await Person.of(desks[1]);
  people.push(host, first, second);
  await facilitates(host, room, address);
  for (const [person, name] of [[first, "The first"], [second, "The second"]]) {
    await person.open(`${address}/`);
    await comesIn(person, room, "IRN", name);
  }
  await second.says("The first is the head; others propose");
  await second.tab("orders");
  await second.type("Directive to Hezbollah", "0.4", "#levers");
  await second.press("Propose", 'form:has([id="l-iran.directive.hzb"])');
  await second.says("proposed to the head of your delegation");
  await first.until("the head is told", () => /\(1\)/.test(document.getElementById("t-orders").textContent));
  await first.tab("orders");
  await first.says("The second proposes 0.4");
  await first.picture(folder, "a-wish");
  await first.press("Order: 0.4");
  await second.says("ordered: 0.4 by The first");
  await proposes(second, "Hold back", [{ lever: "iran.blow_rate", value: 0.5 }]);
  await second.tab("deals");
  await second.press("For it", "#deals");
  await first.tab("deals");
  await first.says("members: 1 for, 0 against");
  check(!(await first.text()).includes("binding"), "The vote of a member has bound the delegation.");
  await host.press("Make head: The second");
  await second.press("Sign", "#deals");
  await first.says("binding");
  for (const person of [first, second]) {
    const cut = await person.cut();
    check(!cut.length, cut.join("; "));
  }
  await violations(first, "the deals of a member");
  await host.picture(folder, "host-delegation");
}

/** The wall that the desk opens shows the code, and one that is opened by its address does not; the room is deleted after a question. */
export async function theRoomIsDeleted({ room, people }, desk) {
  const address = room.address.replace(/\/$/, "");
  const host = await Person.of(desk, SCREEN), wall = await Person.of(desk, SCREEN), seat = await Person.of(desk);
  people.push(host, wall, seat);
  await facilitates(host, room, address);
  await wall.open(`${address}/wall`);
  await seat.open(`${address}/`);
  await comesIn(seat, room, "IRN");
  await host.says(room.code);
  await host.until("who is here is seen", () => /1 of 1 people are here/.test(document.getElementById("here").textContent));
  const opened = new Promise(done => host.page.once("popup", done));
  await host.press("Open the wall with the code");
  const other = new Person(await opened, desk, SCREEN);
  people.push(Object.assign(other, { context: { close: () => Promise.resolve() } }));
  await other.until("the wall shows the code", code => document.body.innerText.includes(code), 10, room.code);
  await wall.says("of 6");
  check(!(await wall.text()).includes(room.code), "A wall that anybody opens shows the code.");
  const child = room.child, ended = new Promise(done => child.once("exit", done));
  await host.press("Delete the room");
  await host.says("The room is deleted, and its server has ended.");
  check(await ended === 0, "The server did not end as it should.");
  check(!existsSync(room.folder), "The folder of the room is still there.");
}
