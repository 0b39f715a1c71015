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

function put(node, ...children) { node.replaceChildren(...children); }

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
        if (error.status === 401) { stopped = true; return; }
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
    // What should have come by now and has not: somebody in between holds the stream back.
    behind(known) { if (known > last) toPoll(); },
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

function clockText(until) {
  if (!until) return "";
  const left = Math.round(until - Date.now() / 1000);
  if (left <= 0) return "time is up";
  return Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0") + " left";
}

function debriefTable(said) {
  const of = (d) => d ? number(d.difference) + " (" + number(d.low) + " to " + number(d.high) + ")" : "moved nothing";
  const line = (words, changed) => el("tr", {}, el("td", {}, words), el("td", { class: "n" }, changed ? of(changed.killed) : of(null)), el("td", { class: "n" }, changed ? of(changed.regional_war) : ""));
  const head = () => el("thead", {}, el("tr", {}, el("th", {}, ""), el("th", { class: "n" }, "killed"), el("th", { class: "n" }, "regional war, % of futures")));
  return el("div", {}, el("p", { class: "soft" }, said.says),
    el("h3", {}, "Everybody and each delegation"), el("table", {}, head(), el("tbody", {}, line("All orders together", said.everybody), ...said.delegations.map((d) => line(d.name || d.seat, d.changed)))),
    el("h3", {}, "Order by order"), el("table", {}, head(), el("tbody", {}, ...said.orders.map((o) => line("Turn " + o.turn + ", " + o.seat + ": " + o.name + " = " + o.value, o.changed)))));
}

function field(lever, value) {
  if (lever.kind.choice) {
    const select = el("select", {}, ...lever.kind.choice.map((option) => el("option", { value: option }, option)));
    if (value !== "") select.value = value;
    return select;
  }
  if (lever.kind === "date") return el("input", { type: "text", inputmode: "numeric", placeholder: "2025-03-01 or off", value });
  return el("input", { type: "number", min: lever.low, max: lever.high, step: "any", value });
}
const read = (lever, input) => (lever.kind === "number" ? Number(input.value) : input.value);
