"use strict";
// The key is kept for this tab alone, and goes into no address.
const STORE = "detente-key";
let view = null;

function tick() { if (view) byId("when").textContent = ["Turn " + view.turn, view.date, clockText(view.clock)].filter(Boolean).join(" · "); }

async function refresh() {
  view = await ask("GET", "/api/view");
  tick();
  byId("enter").hidden = true;
  byId("desk").hidden = false;
  byId("stand").textContent = "As it stands: " + view.outcome + ". Digest " + view.digest + ".";
  byId("lock").textContent = view.locked ? "Open the door" : "Close the door";
  put(byId("orders"), el("table", {}, el("tbody", {}, ...view.orders.map((o) => el("tr", {}, el("td", {}, o.seat), el("td", {}, o.lever), el("td", {}, o.value))))));
  if (byId("people").contains(document.activeElement)) return;
  const seats = view.people.seats;
  put(byId("people"), el("table", {}, el("tbody", {}, ...view.people.people.map((person) => {
    const pick = el("select", { "aria-label": "Seat of " + person.name, onchange: doing(async () => { await ask("POST", "/api/assign", { player: person.player, seat: pick.value || null }); pick.blur(); await refresh(); }) },
      el("option", { value: "" }, "no seat"), ...seats.map((seat) => el("option", { value: seat.id }, seat.name)));
    pick.value = person.seat || "";
    return el("tr", {}, el("td", { dir: "auto" }, person.name), el("td", {}, pick),
      el("td", {}, el("button", { type: "button", onclick: doing(async () => { if (confirm("Show " + person.name + " out?")) { await ask("POST", "/api/assign", { player: person.player, out: true }); await refresh(); } }) }, "Show out")));
  }))), el("p", { class: "soft" }, "Empty: " + (seats.filter((seat) => !seat.members).map((seat) => seat.name).join(", ") || "none")));
}

let levers = [], input = null;
function chosen() {
  const lever = levers.find((one) => one.id === byId("lever").value);
  input = field(lever, "");
  input.setAttribute("aria-label", "Value");
  put(byId("value"), input, el("span", { class: "soft" }, lever.kind === "number" ? " " + lever.low + " to " + lever.high + " " + lever.unit : ""));
}

async function table() {
  levers = (await ask("GET", "/api/levers")).levers;
  put(byId("lever"), ...levers.map((lever) => el("option", { value: lever.id }, lever.owner + ": " + lever.name)));
  chosen();
}

function start() {
  doing(table)();
  let soon = 0;
  listen("/api/", (item) => {
    byId("news").prepend(newsLine(item));
    while (byId("news").children.length > 400) byId("news").lastChild.remove();
    clearTimeout(soon);
    soon = setTimeout(doing(refresh), 150);
  });
  setInterval(doing(refresh), 5000);
  setInterval(tick, 1000);
}

async function enter(typed) {
  key = typed;
  try { await refresh(); } catch (error) { key = null; throw error; }
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
  if (input.value === "") { input.focus(); return; }
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
byId("stop").addEventListener("click", doing(async () => { await ask("POST", "/api/clock", {}); await refresh(); }));
byId("lock").addEventListener("click", doing(async () => { await ask("POST", "/api/lock", { locked: !view.locked }); await refresh(); }));
byId("reveal").addEventListener("click", doing(async () => { await ask("POST", "/api/reveal"); say("Everybody can read the debrief now."); await refresh(); }));
byId("write").addEventListener("submit", doing(async () => { await ask("POST", "/api/messages", { to: "ALL", text: byId("text").value }); byId("text").value = ""; }));
byId("save").addEventListener("click", doing(async () => {
  const response = await fetch("/api/session", { headers: { Authorization: "Bearer " + key }, cache: "no-store" });
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: "class.detente" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}));
byId("show").addEventListener("click", doing(async () => {
  let said = await ask("GET", "/api/debrief");
  while (said.code === "under_way") { say("Futures are running: " + said.done + " of " + said.of); said = await ask("GET", "/api/debrief"); }
  put(byId("debrief"), el("h2", {}, "Debrief"), debriefTable(said));
}));
(async () => { try { const kept = sessionStorage.getItem(STORE); if (kept) await enter(kept); } catch { key = null; } })();
