"use strict";
// The key is kept for this tab alone, and goes into no address.
const STORE = "detente-key";
let view = null, feed = null, seats = [], gone = false;

function tick() { if (view) byId("when").textContent = whenText(view); }

async function refresh() {
  if (gone) return;
  const heard = feed ? feed.last() : 0;
  view = clocked(await ask("GET", "/api/view"));
  if (view.last < heard) { location.reload(); return; }
  tick();
  byId("enter").hidden = true;
  byId("desk").hidden = false;
  byId("address").textContent = view.address;
  byId("code").textContent = view.code;
  const there = view.people.people.filter((one) => one.here).length;
  byId("here").textContent = there + " of " + view.people.people.length + " people are here just now; who is not was not heard of for a minute.";
  byId("stand").textContent = "As it stands: " + view.outcome + ". Digest " + view.digest + ".";
  byId("lock").textContent = view.locked ? "Open the door" : "Close the door";
  byId("hold").textContent = view.clock_left === null ? "Hold it" : "Let it go on";
  const who = (o) => o.package ? "by a package" : o.who || "";
  const heads = (...words) => el("thead", {}, el("tr", {}, ...words.map((one) => el("th", { scope: "col" }, one))));
  put(byId("orders"), view.orders.length ? el("table", {}, heads("seat", "lever", "value", "who"), el("tbody", {}, ...view.orders.map((o) => el("tr", {}, el("td", {}, o.seat), el("td", {}, o.lever), el("td", {}, o.value), el("td", { class: "soft", dir: "auto" }, who(o)))))) : el("p", { class: "soft" }, "None so far."));
  deals();
  seats = view.people.seats;
  if (changed(byId("to"), seats.map((seat) => seat.name))) {
    const to = byId("to").value;
    put(byId("to"), el("option", { value: "ALL" }, "Every screen"), ...seats.map((seat) => el("option", { value: seat.id }, seat.name)));
    if (to) byId("to").value = to;
  }
  // A name that is removed from the room goes from what was told with it, too.
  if (changed(byId("news"), view.forgotten)) hear();
  // A list of seats that is being chosen from is not drawn away.
  const choosing = document.activeElement && document.activeElement.matches("#people select");
  if (choosing || !changed(byId("people"), view.people)) return;
  put(byId("people"), el("table", {}, el("tbody", {}, ...view.people.people.map((person) => {
    const does = (id, words, sure, path, body) => el("button", { type: "button", id: id + person.player, "aria-label": words + ": " + person.name, onclick: doing(async () => { if (confirm(sure)) { await ask("POST", path, { player: person.player, ...body }); await refresh(); } }) }, words);
    const pick = el("select", { id: "seat-of-" + person.player, "aria-label": "Seat of " + person.name, onchange: doing(async () => { await ask("POST", "/api/assign", { player: person.player, seat: pick.value || null }); await refresh(); }) },
      el("option", { value: "" }, "no seat"), ...seats.map((seat) => el("option", { value: seat.id }, seat.name)));
    pick.value = person.seat || "";
    const away = person.here ? "here" : person.silent_minutes === null ? "not heard of since the server began" : "away, " + person.silent_minutes + " min";
    return el("tr", {}, el("td", { dir: "auto" }, person.name), el("td", { class: person.here ? "soft" : "warn" }, away), el("td", {}, pick),
      el("td", { class: "row" }, person.head ? el("span", { class: "soft" }, "head") : person.seat ? does("head-", "Make head", "Make " + person.name + " the head of the delegation? Orders and signatures of others are proposals to the head.", "/api/head", {}) : null,
        does("out-", "Show out", "Show " + person.name + " out?", "/api/assign", { out: true }),
        does("forget-", "Remove the name", "Remove the nickname " + person.name + " from the room and its files? Who has it stays where they are.", "/api/forget", {})));
  }))), el("p", { class: "soft" }, "Empty: " + (seats.filter((seat) => !seat.members).map((seat) => seat.name).join(", ") || "none")));
}

// Everything that came so far, and what comes.
function hear() {
  if (feed) feed.stop();
  put(byId("news"));
  let soon = 0;
  feed = listen("/api/", (item) => {
    byId("news").prepend(newsLine(item));
    while (byId("news").children.length > 400) byId("news").lastChild.remove();
    clearTimeout(soon);
    soon = setTimeout(doing(refresh), 150);
  });
}

// Packages on the table, to be signed by those who are not there: for a seat that nobody plays, or on paper.
function deals() {
  const open = view.proposals.filter((deal) => deal.stand !== "dropped");
  if (!changed(byId("deals"), open)) return;
  put(byId("deals"), ...open.map((deal) => {
    const by = (seat) => deal.signed.includes(seat) ? seat + " (" + (deal.signed_by[seat] || "facilitator") + ")" : null;
    const sign = (seat) => el("button", { type: "button", id: "sign-" + deal.id + "-" + seat, onclick: doing(async () => { await ask("POST", "/api/proposals/" + deal.id, { do: "sign", as: seat }); await refresh(); }) }, "Sign for " + seat);
    return el("div", { class: "card" }, el("h3", { dir: "auto" }, deal.title), el("p", { class: "soft" }, "by " + deal.by + " · " + deal.stand + " · signed by " + (deal.parties.map(by).filter((one) => one).join(", ") || "nobody")),
      el("ul", {}, ...deal.terms.map((term) => el("li", {}, term.name + " (" + term.holder + "): " + term.value))),
      deal.stand === "open" ? el("div", { class: "row" }, ...deal.parties.filter((seat) => !deal.signed.includes(seat)).map(sign)) : null);
  }));
}

// A page for each seat: what it reads at the start, and its levers.
function sheets() {
  const list = (title, lines) => [el("h3", {}, title), el("ul", {}, ...lines.map((line) => el("li", {}, line)))];
  put(byId("debrief"), el("h2", { class: "noprint" }, "Sheets of the seats"), el("p", { class: "soft noprint" }, "A page for each seat goes to the printer."), el("div", { class: "debrief" }, ...seats.map((seat) => {
    const own = levers.filter((lever) => seat.owners.includes(lever.owner));
    return el("section", { class: "sheet" }, el("h2", {}, seat.name + " (" + seat.id + ")"), el("p", {}, seat.brief), ...list("We want", seat.aims), ...list("We cannot accept", seat.red_lines),
      ...list("What we decide", own.length ? own.map((lever) => lever.name + (lever.kind === "number" ? ", " + rangeOf(lever) : "") + ": moves " + lever.touches) : ["Nothing by order: we have words."]),
      el("p", { class: "soft" }, "People go to " + view.address + " and type " + view.code + "."));
  })));
  window.print();
}

let levers = [], input = null;
function chosen() {
  const lever = levers.find((one) => one.id === byId("lever").value);
  input = field(lever, "");
  input.setAttribute("aria-label", "Value");
  put(byId("value"), input, el("span", { class: "soft" }, " " + rangeOf(lever)));
}

async function table() {
  levers = (await ask("GET", "/api/levers")).levers;
  put(byId("lever"), ...levers.map((lever) => el("option", { value: lever.id }, lever.owner + ": " + lever.name)));
  chosen();
}

function start() {
  doing(table)();
  setInterval(doing(refresh), 5000);
  setInterval(tick, 1000);
  woken(doing(refresh));
}

async function enter(typed) {
  key = typed;
  try { await refresh(); } catch (error) {
    // Without a network the key is as good as it was.
    if (error.status) { key = null; try { sessionStorage.removeItem(STORE); } catch { /* It was not kept. */ } }
    throw error;
  }
  focusOn(document.querySelector("h1"));
  try { sessionStorage.setItem(STORE, typed); } catch { /* Typed again after a reload. */ }
  start();
}

byId("enter").addEventListener("submit", doing(() => enter(byId("key").value.trim())));
byId("turn").addEventListener("submit", doing(async () => {
  const said = await ask("POST", "/api/turn", { days: Number(byId("days").value), turn: view.turn });
  say("Turn " + said.turn + " is played, to " + said.date + ".");
  await refresh();
}));
byId("lever").addEventListener("change", chosen);
byId("order").addEventListener("submit", doing(async () => {
  const lever = levers.find((one) => one.id === byId("lever").value);
  await ask("POST", "/api/orders", { lever: lever.id, value: read(lever, input), turn: view.turn });
  say(lever.name + ": ordered.");
  await refresh();
}));
byId("clock").addEventListener("submit", doing(async () => { await ask("POST", "/api/clock", { minutes: Number(byId("minutes").value) }); await refresh(); }));
byId("rewind").addEventListener("submit", doing(async () => {
  const turn = Number(byId("back").value);
  if (!confirm("Go back to the morning of turn " + turn + "? What was played stays in the session, on another branch.")) return;
  await ask("POST", "/api/rewind", { turn });
  await refresh();
}));
byId("more").addEventListener("click", doing(async () => { await ask("POST", "/api/clock", { extend: 2 }); await refresh(); }));
byId("hold").addEventListener("click", doing(async () => { await ask("POST", "/api/clock", { hold: view.clock_left === null }); await refresh(); }));
byId("stop").addEventListener("click", doing(async () => { await ask("POST", "/api/clock", {}); await refresh(); }));
byId("lock").addEventListener("click", doing(async () => { await ask("POST", "/api/lock", { locked: !view.locked }); await refresh(); }));
byId("reveal").addEventListener("click", doing(async () => { await ask("POST", "/api/reveal"); say("Everybody can read the debrief now."); await refresh(); }));
byId("write").addEventListener("submit", doing(async () => { await ask("POST", "/api/messages", { to: byId("to").value, text: byId("text").value }); byId("text").value = ""; }));
byId("save").addEventListener("click", doing(async () => {
  const response = await fetch("/api/session", { headers: { Authorization: "Bearer " + key }, cache: "no-store" });
  if (!response.ok) throw mistake("The session was not given; ask again, or start the server again.");
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: "class.detente" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}));
byId("forget").addEventListener("click", doing(async () => {
  if (!confirm("Remove every nickname from the room and its files, of those who left, too? Seats, orders and messages stay.")) return;
  await ask("POST", "/api/forget", { everybody: true });
  say("No nickname is left in the room.");
  await refresh();
}));
// With the key of this tab: a wall that somebody else opens does not show the code.
byId("wall").addEventListener("click", () => { window.open("/wall"); });
byId("sheets").addEventListener("click", sheets);
byId("delete").addEventListener("click", doing(async () => {
  if (!confirm("Delete the room: nicknames, orders, messages, predictions, all of it, from this computer? Nothing brings it back. Save the session first if you want to keep what was played.")) return;
  await ask("POST", "/api/delete", { code: view.code });
  try { sessionStorage.removeItem(STORE); } catch { /* It was not kept. */ }
  document.querySelector("main").replaceChildren(el("p", { class: "big", id: "gone" }, "The room is deleted, and its server has ended."));
  gone = true;
  feed.stop();
}));
byId("show").addEventListener("click", doing(async () => {
  put(byId("debrief"), el("h2", {}, "Debrief"), debriefTable(await debriefed(say)));
}));
(async () => {
  let kept = null;
  try { kept = sessionStorage.getItem(STORE); } catch { kept = null; }
  while (kept) {
    try { await enter(kept); return; } catch (error) {
      if (error.status) { key = null; return; }
      say(t("nonet.waits"), true);
      await pause(5000);
    }
  }
})();
