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

// Who works without a mouse stays where they were: what is drawn anew under the same id takes the focus over.
function put(node, ...children) {
  const held = document.activeElement, inside = held && held !== node && node.contains(held);
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  const again = !inside ? null : node.contains(held) ? held : held.id ? byId(held.id) : null;
  if (again) again.focus({ preventScroll: true });
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

let key = null;
let saying = 0;

function say(text, warns) {
  const line = byId("said");
  line.className = warns ? "warn" : "";
  line.textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => { line.textContent = ""; }, 8000);
}

// Asks the room; throws what it says where it says no.
async function ask(method, path, body) {
  const headers = {};
  if (key) headers.Authorization = "Bearer " + key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) options.body = JSON.stringify(body);
  const response = await fetch(path, options);
  const text = await response.text();
  let said = null;
  try { said = text ? JSON.parse(text) : null; } catch { said = null; }
  if (!response.ok) {
    const error = new Error((said && said.message) || "The room did not answer as it should; try again.");
    error.status = response.status;
    throw error;
  }
  return said;
}

// Does something on a button; what goes wrong is said.
function doing(work) {
  return async (event) => {
    if (event) event.preventDefault();
    try { await work(event); } catch (error) { say(error.status ? error.message : "No network just now; nothing was lost. Try again.", true); }
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Listens to a stream: pushed where the network lets it, asked for where it does not. `onItem` gets every item once, in order.
function listen(base, onItem) {
  let last = 0, source = null, polling = false, stopped = false, failures = 0;
  const take = (item) => { if (item.id === last + 1) { last = item.id; onItem(item); } else if (item.id > last + 1) toPoll(); };
  async function poll() {
    while (polling && !stopped) {
      try {
        const said = await ask("GET", base + "poll?after=" + last + "&wait=20");
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
  // A stream takes no key of its own: whoever comes with one asks.
  if (key || typeof EventSource === "undefined") { toPoll(); } else {
    source = new EventSource(base + "events");
    const opened = setTimeout(() => { if (source && source.readyState !== 1) toPoll(); }, 8000);
    source.onopen = () => { clearTimeout(opened); failures = 0; };
    source.onmessage = (event) => take(JSON.parse(event.data));
    source.onerror = () => { failures += 1; if (failures > 3 || (source && source.readyState === 2)) toPoll(); };
  }
  return {
    last: () => last,
    // What should have come by now and has not: somebody in between holds the stream back. A page that was just loaded has
    // heard nothing yet, and is given time.
    behind(known) { if (!polling && known > last) setTimeout(() => { if (!stopped && known > last) toPoll(); }, 4000); },
    stop() { stopped = true; polling = false; if (source) source.close(); },
  };
}

const number = (value) => new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 }).format(value);
const cells = (values) => el("table", {}, el("tbody", {}, ...values.map((v) =>
  el("tr", {}, el("td", {}, v.name), el("td", { class: "n" }, number(v.value)), el("td", { class: "soft" }, v.unit === "1" ? "" : v.unit)))));

function newsLine(item) {
  const from = item.from ? el("strong", { dir: "auto" }, item.from + (item.to ? " → " + item.to : "") + ": ") : null;
  return el("li", { class: item.kind }, el("span", { class: "soft" }, item.date + " "), from, el("span", { dir: "auto" }, item.text));
}

// By the room's clock: that of a phone may be minutes off. `said` is what the room said last, `at` when it came.
function clocked(said) { said.at = performance.now(); return said; }
function clockText(said) {
  const words = (left) => Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0") + " left";
  if (said.clock_left !== null && said.clock_left !== undefined) return words(said.clock_left) + ", held";
  if (!said.clock) return "";
  const left = Math.round(said.clock - said.now - (performance.now() - said.at) / 1000);
  return left <= 0 ? "time is up" : words(left);
}

function debriefTable(said) {
  const of = (d) => d ? number(d.difference) + " (" + number(d.low) + " to " + number(d.high) + ")" : "moved nothing";
  const line = (words, changed) => el("tr", {}, el("td", {}, words), el("td", { class: "n" }, changed ? of(changed.killed) : of(null)), el("td", { class: "n" }, changed ? of(changed.regional_war) : ""));
  const head = () => el("thead", {}, el("tr", {}, el("th", {}, ""), el("th", { class: "n" }, "killed"), el("th", { class: "n" }, "regional war, % of futures")));
  const order = (o) => line("Turn " + o.turn + ", " + o.seat + ": " + o.name + " = " + o.value, o.changed);
  const plain = (heads, rows) => el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((words, i) => el("th", { class: i ? "n" : "" }, words)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((text, i) => el("td", { class: i ? "n" : "" }, text))))));
  const history = (one, words) => one ? [words, number(one.killed), one.as_it_stands] : null;
  const scored = (seat) => said.predictions.find((one) => one.seat === seat);
  return el("div", { class: "debrief" }, el("p", { class: "soft" }, said.says),
    plain(["One history", "killed", "as it stands"], [history(said.history.as_played, "As it was played"), history(said.history.had_nobody_ordered, "Had nobody ordered anything, on the same luck")].filter((row) => row)),
    el("h3", {}, "Everybody and each delegation"), el("table", {}, head(), el("tbody", {}, line("All orders together", said.everybody), ...said.delegations.map((d) => line(d.name || d.seat, d.changed)))),
    said.predictions.length ? el("h3", {}, "Predictions: 0 is the best score, 1 the worst") : null,
    said.predictions.length ? plain(["", "predictions", "mean score"], said.predictions.map((one) => [one.name, String(one.predictions), number(one.brier)])) : null,
    said.ledgers.length ? el("h3", {}, "Unanswered harm, as both sides count it") : null,
    said.ledgers.length ? plain(["", "holder counts", "other side counts"], said.ledgers.map((one) => [one.holder + " against " + one.against, number(one.holder_counts), number(one.other_side_counts)])) : null,
    el("h3", {}, "Order by order"), el("table", {}, head(), el("tbody", {}, ...said.orders.map(order))),
    ...said.delegations.map((d) => { const score = scored(d.seat); return el("section", { class: "sheet" }, el("h3", {}, d.name || d.seat),
      el("table", {}, head(), el("tbody", {}, line("All its orders together", d.changed), ...said.orders.filter((o) => o.seat === d.seat).map(order))),
      score ? el("p", {}, "Mean score of " + score.predictions + " predictions: " + number(score.brier)) : null); }),
    el("p", { class: "row noprint" }, el("button", { type: "button", onclick: () => window.print() }, "Print, a page for each delegation")));
}

// Asks for the debrief until it is there; `under` is told how far it is.
async function debriefed(under) {
  let said = await ask("GET", "/api/debrief");
  while (said.code === "under_way") { under("Futures are running: " + said.done + " of " + said.of); said = await ask("GET", "/api/debrief"); }
  return said;
}

function field(lever, value) {
  if (lever.kind.choice) {
    const select = el("select", {}, ...lever.kind.choice.map((option) => el("option", { value: option }, option)));
    if (value !== "") select.value = value;
    return select;
  }
  if (lever.kind === "date") return el("input", { type: "text", placeholder: "2025-03-01 or off", value, required: true });
  return el("input", { type: "number", min: lever.low, max: lever.high, step: "any", value, required: true });
}
// A field that was left empty is no order of nought.
function read(lever, input) {
  const text = input.value.trim();
  if (text === "") { input.focus(); throw mistake(lever.name + ": write a value first."); }
  return lever.kind === "number" ? Number(text) : text;
}
