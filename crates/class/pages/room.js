"use strict";
// What all pages share. Text of others is put in as text, never as markup.
const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Puts the focus where there is no control: on a heading, or on what holds the controls that are gone.
function focusOn(node) {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

// Who works without a mouse stays where they were: what is drawn anew under the same id takes the focus over, and where it is
// gone, what it stood in.
function put(node, ...children) {
  const held = document.activeElement, inside = held && held !== node && node.contains(held);
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  if (!inside) return;
  const again = node.contains(held) ? held : held.id ? byId(held.id) : null;
  if (again) again.focus({ preventScroll: true }); else focusOn(node);
}

// Draws only what has changed since it was drawn last.
const drawnOf = new WeakMap();
function changed(node, ...what) {
  const now = JSON.stringify(what);
  if (drawnOf.get(node) === now) return false;
  drawnOf.set(node, now);
  return true;
}

// A mistake of whoever typed, said as the room says one.
function mistake(words) { const error = new Error(words); error.status = 422; return error; }

// How long things wait, milliseconds. What a dead line holds is given up, for browsers wait for minutes: a phone that slept comes back
// with connections that nobody else knows any more.
const WAITS = { answer: 10000, poll: 20000, opens: 8000, behind: 4000, look: 30000, again: 1000, tries: [2000, 2000, 4000, 8000, 16000] };

let key = null;
let saying = 0;
// What a page does when the room was not reached, or its stream broke off.
let lost = () => {};

function say(text, warns) {
  const line = byId("said");
  line.className = warns ? "warn" : "";
  line.textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => { line.textContent = ""; }, 8000);
}

// Asks the room; throws what it says where it says no. `waits` is how long that may take, milliseconds.
async function ask(method, path, body, waits = WAITS.answer) {
  const headers = {};
  if (key) headers.Authorization = "Bearer " + key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) options.body = JSON.stringify(body);
  const control = new AbortController(), late = setTimeout(() => control.abort(), waits);
  options.signal = control.signal;
  let response, text;
  try {
    response = await fetch(path, options);
    text = await response.text();
  } finally { clearTimeout(late); }
  let said = null;
  try { said = text ? JSON.parse(text) : null; } catch { said = null; }
  if (!response.ok) {
    const line = said && "refused." + said.code;
    const error = new Error((line in WORDS && t(line)) || (said && said.message) || t("failed"));
    error.status = response.status;
    throw error;
  }
  return said;
}

// Does something on a button; what goes wrong is said.
function doing(work) {
  return async (event) => {
    // What was said of what somebody did before is said no more.
    if (event) { event.preventDefault(); say(""); }
    try { await work(event); } catch (error) {
      say(error.status ? error.message : t("nonet"), true);
      if (!error.status) lost();
    }
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Listens to a stream: pushed where the network lets it, asked for where it does not. `onItem` gets every item once, in order.
function listen(base, onItem) {
  let last = 0, source = null, polling = false, stopped = false, failures = 0, flows = false;
  const take = (item) => { if (item.id === last + 1) { last = item.id; onItem(item); } else if (item.id > last + 1) toPoll(); };
  async function poll() {
    while (polling && !stopped) {
      try {
        const said = await ask("GET", base + "poll?after=" + last + "&wait=" + WAITS.poll / 1000, undefined, WAITS.answer + WAITS.poll);
        said.events.forEach(take);
      } catch (error) {
        // Shown out, or another room by now: the page begins again.
        if (error.status === 401) { stopped = true; location.reload(); return; }
        await pause(2000 + Math.random() * 2000);
      }
    }
  }
  function toPoll() {
    if (source) source.close();
    source = null;
    if (!polling && !stopped) { polling = true; poll(); }
  }
  function open() {
    if (source) source.close();
    [flows, failures] = [false, 0];
    const mine = source = new EventSource(base + "events?after=" + last);
    const opened = setTimeout(() => { if (source === mine && mine.readyState !== 1) toPoll(); }, WAITS.opens);
    source.onopen = () => { clearTimeout(opened); failures = 0; };
    source.onmessage = (event) => { flows = true; take(JSON.parse(event.data)); };
    source.onerror = () => { lost(); failures += 1; if (failures > 3 || (source && source.readyState === 2)) toPoll(); };
  }
  // A stream takes no key of its own: whoever comes with one asks.
  if (key || typeof EventSource === "undefined") toPoll(); else open();
  return {
    last: () => last,
    // What should have come by now and has not: a stream that has flowed is dead, and is opened anew; one that never did is held
    // back by somebody in between. A page that was just loaded has heard nothing yet, and is given time; `slept` says that there is
    // nothing to wait for.
    behind(known, slept) {
      const still = () => { if (!stopped && !polling && known > last) { if (flows) open(); else toPoll(); } };
      if (known > last) setTimeout(still, slept ? 0 : WAITS.behind);
    },
    stop() { stopped = true; polling = false; if (source) source.close(); },
  };
}

// Calls `work` when the page may have slept: it is seen again, the network is there again, or its own clock has jumped.
function woken(work) {
  for (const name of ["online", "pageshow"]) window.addEventListener(name, work);
  for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, () => { if (!document.hidden) work(); });
  let seen = Date.now();
  setInterval(() => { const now = Date.now(); if (now - seen > WAITS.look) work(); seen = now; }, 1000);
}

// In digits that can be typed here, too.
const number = (value) => new Intl.NumberFormat(document.documentElement.lang + "-u-nu-latn", { maximumSignificantDigits: 4 }).format(value);
// What the model or people say, in a language that need not be the page's. Theirs is mostly English.
const theirs = (tag, attributes, ...children) => el(tag, { lang: "en", dir: "auto", ...attributes }, ...children);
const cells = (values) => el("table", {}, el("tbody", {}, ...values.map((v) =>
  el("tr", {}, el("td", {}, theirs("span", {}, v.name)), el("td", { class: "n" }, number(v.value) + " ", v.unit === "1" ? null : theirs("span", { class: "soft" }, v.unit))))));

function newsLine(item) {
  const from = item.from ? el("strong", { dir: "auto" }, item.from + (item.to ? " → " + item.to : "") + ":") : null;
  const said = item.kind === "message" ? el("span", { dir: "auto" }, item.text) : theirs("span", {}, item.text);
  return el("li", { class: item.kind }, el("span", { class: "soft", dir: "ltr" }, item.date), " ", from, from ? " " : null, said);
}

// By the room's clock: that of a phone may be minutes off. `said` is what the room said last, `at` when it came.
function clocked(said) { said.at = performance.now(); return said; }
function clockText(said) {
  const words = (left) => Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  if (said.clock_left !== null && said.clock_left !== undefined) return t("clock.held", words(said.clock_left));
  if (!said.clock) return "";
  const left = Math.round(said.clock - said.now - (performance.now() - said.at) / 1000);
  return left <= 0 ? t("clock.up") : t("clock.left", words(left));
}
const whenText = (said) => [t("turn", said.turn), apart(said.date), clockText(said)].filter(Boolean).join(" · ");

function debriefTable(said) {
  const of = (d) => d ? t("debrief.range", number(d.difference), number(d.low), number(d.high)) : t("debrief.nothing");
  // Of agreements those that are told from none: there are more tables than a phone has columns.
  const force = (changed) => Object.entries(changed.in_force).filter(([, d]) => d.low > 0 || d.high < 0).map(([id, d]) => apart(said.tables[id]) + " " + of(d)).join("; ");
  const line = (words, changed) => el("tr", {}, el("td", {}, words, changed ? el("div", { class: "soft" }, t("debrief.force", force(changed) || t("debrief.alike"))) : null), el("td", { class: "n" }, of(changed && changed.killed)), el("td", { class: "n" }, changed ? of(changed.regional_war) : ""));
  const heads = (...words) => el("thead", {}, el("tr", {}, ...words.map((one, at) => el("th", { class: at ? "n" : "", scope: "col" }, one))));
  const head = () => heads(t("debrief.whose"), t("debrief.killed"), t("debrief.war"));
  const turn = (n) => said.turns.find((one) => one.turn === n);
  const parted = (n, words) => n ? el("p", {}, t(words, n, apart(turn(n).date), of(turn(n).changed.killed))) : null;
  const branch = (one) => el("p", {}, t(one.which === "most" ? "debrief.most" : "debrief.fewest", one.name, one.until, number(one.killed_there), number(one.killed_here), one.turn ?? 1, one.date), " ",
    theirs("span", { class: "soft" }, [...one.only_here, ...one.only_there.map((text) => "(" + one.name + ") " + text)].join(" ")));
  const order = (o) => line(t("debrief.order", o.turn, o.seat, o.name, o.value), o.changed);
  const plain = (words, rows) => el("table", {}, heads(...words), el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((text, at) => el("td", { class: at ? "n" : "" }, text))))));
  const history = (one, words) => one ? [words, number(one.killed), theirs("span", {}, one.as_it_stands)] : null;
  const scored = (seat) => said.predictions.find((one) => one.seat === seat);
  return el("div", { class: "debrief" }, theirs("p", { class: "soft" }, said.says),
    plain([t("debrief.history"), t("debrief.killed"), t("debrief.stands")], [history(said.history.as_played, t("debrief.played")), history(said.history.had_nobody_ordered, t("debrief.nobody"))].filter((row) => row)),
    el("h3", {}, t("debrief.each")), el("table", {}, head(), el("tbody", {}, line(t("debrief.all"), said.everybody), ...said.delegations.map((d) => line(d.name || d.seat, d.changed)))),
    el("h3", {}, t("debrief.turns")), parted(said.parted.from_worst, "debrief.from.worst"), parted(said.parted.from_best, "debrief.from.best"), ...said.branches.map(branch),
    el("table", {}, head(), el("tbody", {}, ...said.turns.map((one) => line(t("turn", one.turn) + " · " + apart(one.date), one.changed)))),
    said.predictions.length ? el("h3", {}, t("debrief.predictions")) : null,
    said.predictions.length ? plain([t("debrief.whose"), t("debrief.count"), t("debrief.mean")], said.predictions.map((one) => [one.name, String(one.predictions), number(one.brier)])) : null,
    said.ledgers.length ? el("h3", {}, t("debrief.harm")) : null,
    said.ledgers.length ? plain([t("debrief.whose"), t("debrief.holder"), t("debrief.other")], said.ledgers.map((one) => [t("debrief.against", one.holder, one.against), number(one.holder_counts), number(one.other_side_counts)])) : null,
    el("h3", {}, t("debrief.orders")), el("table", {}, head(), el("tbody", {}, ...said.orders.map(order))),
    ...said.delegations.map((d) => { const score = scored(d.seat); return el("section", { class: "sheet" }, theirs("h3", {}, d.name || d.seat),
      el("table", {}, head(), el("tbody", {}, line(t("debrief.its"), d.changed), ...said.orders.filter((o) => o.seat === d.seat).map(order))),
      score ? el("p", {}, t("debrief.score", score.predictions, number(score.brier))) : null); }),
    el("p", { class: "row noprint" }, el("button", { type: "button", onclick: () => window.print() }, t("debrief.print"))));
}

// Asks for the debrief until it is there; `under` is told how far it is.
async function debriefed(under) {
  const held = () => ask("GET", "/api/debrief", undefined, WAITS.answer + 25000);
  let said = await held();
  while (said.code === "under_way") { under(t("debrief.far", said.done, said.of)); said = await held(); }
  return said;
}

function field(lever, value) {
  if (lever.kind.choice) {
    const select = el("select", { lang: "en" }, ...lever.kind.choice.map((option) => el("option", { value: option }, option)));
    if (value !== "") select.value = value;
    return select;
  }
  if (lever.kind === "date") return el("input", { type: "text", dir: "ltr", placeholder: t("value.date"), value, required: true });
  return el("input", { type: "number", min: lever.low, max: lever.high, step: "any", value, required: true });
}
const rangeOf = (lever) => (lever.kind === "number" ? t("orders.range", lever.low, lever.high) + " " + lever.unit : "");
// A field that was left empty is no order of nought.
function read(lever, input) {
  const text = input.value.trim();
  if (text === "") { input.focus(); throw mistake(t("value.missing", lever.name)); }
  return lever.kind === "number" ? Number(text) : text;
}
