"use strict";
const STORE = "detente-seat-token";
const TABS = [["brief", "Brief"], ["news", "News"], ["orders", "Orders"], ["talk", "Talk"], ["deals", "Deals"], ["predict", "Predict"], ["debrief", "Debrief"]];
let view = null, feed = null, seats = [], drawn = "", part = "brief";

function show(name) {
  part = name;
  for (const [id] of TABS) byId("p-" + id).hidden = id !== name;
  for (const button of byId("tabs").children) {
    if (button.dataset.part === name) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
  }
  if (name === "debrief") debrief();
}

function tabs() {
  const shown = TABS.filter(([id]) => (id !== "orders" || view.levers.length) && (id !== "debrief" || view.revealed));
  put(byId("tabs"), ...shown.map(([id, words]) => {
    const button = el("button", { type: "button", id: "t-" + id, onclick: () => { show(id); window.scrollTo(0, 0); } }, words);
    button.dataset.part = id;
    return button;
  }));
  show(shown.some(([id]) => id === part) ? part : "brief");
}

function tick() {
  if (!view) return;
  byId("when").textContent = ["Turn " + view.turn, view.date, clockText(view)].filter(Boolean).join(" · ");
}

async function refresh() {
  const heard = feed ? feed.last() : 0, from = feed;
  view = clocked(await ask("GET", "/api/view"));
  tick();
  byId("join").hidden = true;
  if (!view.seat) {
    byId("parts").hidden = byId("tabs").hidden = true;
    byId("choose").hidden = false;
    byId("title").textContent = "Détente: " + view.name;
    return choose();
  }
  byId("choose").hidden = true;
  byId("parts").hidden = byId("tabs").hidden = false;
  byId("title").textContent = view.seat.name;
  const now = view.seat.id + "/" + view.turn + "/" + view.revealed;
  if (now !== drawn) {
    if (!drawn.startsWith(view.seat.id + "/")) start();
    drawn = now;
    levers();
    tabs();
  }
  brief();
  put(byId("public"), cells(view.public));
  marks();
  deals();
  questions();
  // Another room by now, that has less to tell than was heard; of another seat the page has begun to listen anew.
  if (feed === from && view.last < heard) { location.reload(); return; }
  if (feed) feed.behind(view.last);
}

// Asks again by itself: who was shown out begins again at the door.
const again = () => refresh().catch((error) => { if (error.status === 401) location.reload(); });

function brief() {
  const list = (title, lines) => [el("h2", {}, title), el("ul", {}, ...lines.map((line) => el("li", {}, line)))];
  put(byId("p-brief"), el("p", {}, view.seat.brief), ...list("We want", view.seat.aims), ...list("We cannot accept", view.seat.red_lines),
    el("h2", {}, "What we know of ourselves"), cells(view.own), el("h2", {}, "What we think of others"), cells(view.estimates),
    el("p", { class: "soft", dir: "auto" }, "In this delegation: " + view.seat.members.join(", ")));
}

async function choose() {
  const said = await ask("GET", "/api/seats");
  put(byId("seats"), ...said.seats.map((seat) => el("div", { class: "card" }, el("h3", {}, seat.name), el("p", {}, seat.brief),
    el("p", { class: "soft" }, seat.members === 1 ? "1 member" : seat.members + " members"),
    el("button", { type: "button", onclick: doing(async () => { await ask("POST", "/api/seat", { seat: seat.id }); await refresh(); }) }, "Take " + seat.name))));
}

function start() {
  if (feed) feed.stop();
  put(byId("news"));
  put(byId("messages"));
  let soon = 0;
  feed = listen("/api/", (item) => {
    const list = byId(item.kind === "message" && item.to !== "ALL" ? "messages" : "news");
    list.prepend(newsLine(item));
    while (list.children.length > 300) list.lastChild.remove();
    clearTimeout(soon);
    soon = setTimeout(again, 150);
  });
  ask("GET", "/api/seats").then((said) => {
    seats = said.seats;
    const to = seats.filter((seat) => !seat.mine).map((seat) => el("option", { value: seat.id }, seat.name));
    put(byId("to"), ...(view.seat.speaks ? [el("option", { value: "ALL" }, "Everybody")] : []), el("option", { value: "HOST" }, "Facilitator"), ...to);
  }).catch(() => {});
}

function levers() {
  put(byId("levers"), ...view.levers.map((lever) => {
    const input = field(lever, lever.ordered ?? lever.value);
    input.id = "l-" + lever.id;
    const range = lever.kind === "number" ? lever.low + " to " + lever.high + " " + lever.unit : "";
    const form = el("form", { class: "card", onsubmit: doing(async () => {
      await ask("POST", "/api/orders", { lever: lever.id, value: read(lever, input), turn: view.turn });
      say(lever.name + ": ordered, and kept.");
      await refresh();
    }) }, el("label", { for: input.id }, el("strong", {}, lever.name)), el("p", { class: "soft" }, "moves: " + lever.touches),
    el("div", { class: "row" }, input, el("span", { class: "soft" }, range), el("button", {}, "Order")), el("p", { id: "m-" + lever.id }));
    return form;
  }));
}

function marks() {
  for (const lever of view.levers) {
    const mark = byId("m-" + lever.id);
    if (!mark) continue;
    const ordered = lever.ordered === null || lever.ordered === undefined ? "nothing ordered" : "ordered: " + lever.ordered + (lever.ordered_by ? " by " + lever.ordered_by : "");
    mark.textContent = "now " + lever.value + "; " + ordered + (lever.bound ? " (by a signed package)" : "");
  }
}

function deals() {
  if (!changed(byId("deals"), view.proposals)) return;
  put(byId("deals"), ...view.proposals.map((deal) => {
    const open = deal.stand === "open", mine = deal.signed.includes(view.seat.id);
    const act = (what, words) => el("button", { type: "button", id: what + "-" + deal.id, onclick: doing(async () => { await ask("POST", "/api/proposals/" + deal.id, { do: what }); await refresh(); }) }, words);
    return el("div", { class: "card" }, el("h3", { dir: "auto" }, deal.title), el("p", { class: "soft" }, "by " + deal.by + " · " + deal.stand + " · signed by " + (deal.signed.join(", ") || "nobody") + " of " + deal.parties.join(", ")),
      el("ul", {}, ...deal.terms.map((term) => el("li", {}, term.name + " (" + term.holder + "): " + term.value))),
      open ? el("div", { class: "row" }, mine ? null : act("sign", "Sign"), act("drop", "Say no"), el("button", { type: "button", id: "amend-" + deal.id, onclick: doing(() => amend(deal)) }, "Rewrite")) : null);
  }));
}

let all = [], amended = null;
async function term(known) {
  if (!all.length) all = (await ask("GET", "/api/levers")).levers;
  const pick = el("select", { "aria-label": "Lever" }, ...all.map((lever) => el("option", { value: lever.id }, lever.owner + ": " + lever.name)));
  const line = el("div", { class: "row card" }, pick);
  const out = el("button", { type: "button", onclick: () => line.remove() }, "Take it out");
  const draw = (value) => { const lever = all.find((one) => one.id === pick.value); line.lever = lever; line.input = field(lever, value); line.input.setAttribute("aria-label", "Value"); put(line, pick, line.input, el("span", { class: "soft" }, lever.kind === "number" ? lever.low + " to " + lever.high + " " + lever.unit : ""), out); };
  if (known) pick.value = known.lever;
  pick.addEventListener("change", () => draw(""));
  draw(known ? known.set : "");
  byId("d-terms").append(line);
}

// The form for a new package, or for one that is written anew.
function drafting(deal) {
  amended = deal;
  put(byId("d-terms"));
  byId("d-title").value = deal ? deal.title : "";
  byId("d-title").disabled = Boolean(deal);
  byId("d-head").textContent = deal ? "Rewrite it; all sign anew" : "Draft a package";
  byId("d-put").textContent = deal ? "Put it on the table anew" : "Put it on the table";
  byId("d-leave").hidden = !deal;
}
async function amend(deal) {
  drafting(deal);
  for (const known of deal.terms) await term(known);
  byId("draft").scrollIntoView();
  byId("d-more").focus({ preventScroll: true });
}

function questions() {
  if (byId("questions").contains(document.activeElement)) return;
  put(byId("questions"), ...view.predictions.open.map((one) => {
    const input = el("input", { type: "number", min: 0, max: 100, step: 1, value: one.percent ?? "", required: true, id: "q-" + one.question });
    return el("form", { class: "card", onsubmit: doing(async () => { await ask("POST", "/api/predictions", { question: one.question, percent: Math.round(Number(input.value)) }); say("Kept."); input.blur(); await refresh(); }) },
      el("label", { for: input.id }, one.text), el("div", { class: "row" }, input, el("span", {}, "%"), el("button", {}, "Predict")));
  }));
  const brier = view.predictions.brier;
  byId("score").textContent = brier === null ? "No prediction has been scored yet." : "Score over " + view.predictions.past.length + " predictions: " + number(brier);
}

async function debrief() {
  const where = byId("debrief");
  put(where, el("p", {}, "Futures are running …"));
  try {
    put(where, debriefTable(await debriefed((words) => put(where, el("p", {}, words)))));
  } catch (error) { put(where, el("p", { class: "warn" }, error.message)); }
}

byId("join").addEventListener("submit", doing(async () => {
  const said = await ask("POST", "/api/join", { code: byId("code").value, nickname: byId("nickname").value });
  try { localStorage.setItem(STORE, said.token); } catch { /* The cookie is there all the same. */ }
  await known(said.token);
}));
byId("write").addEventListener("submit", doing(async () => {
  await ask("POST", "/api/messages", { to: byId("to").value, text: byId("text").value });
  byId("text").value = "";
  say("Sent.");
}));
byId("d-more").addEventListener("click", doing(() => term()));
byId("d-leave").addEventListener("click", () => drafting(null));
byId("draft").addEventListener("submit", doing(async () => {
  const terms = [...byId("d-terms").children].map((line) => ({ lever: line.lever.id, value: read(line.lever, line.input) }));
  if (!terms.length) return term();
  if (amended) await ask("POST", "/api/proposals/" + amended.id, { do: "amend", terms });
  else await ask("POST", "/api/proposals", { title: byId("d-title").value, terms });
  drafting(null);
  await refresh();
}));
setInterval(tick, 1000);
setInterval(() => { if (!document.hidden && view && view.seat) again(); }, 30000);
document.addEventListener("visibilitychange", () => { if (!document.hidden && view) again(); });

// With the cookie news is pushed; a browser that keeps none shows its token instead, and asks for news.
async function known(token) {
  try { await refresh(); } catch (error) {
    if (error.status !== 401) throw error;
    key = token;
    try { await refresh(); } catch (after) { key = null; throw after; }
  }
}

// Comes back to the seat: by the cookie, or where the browser has lost it by the token that it kept.
(async () => {
  for (;;) {
    try {
      try { await refresh(); return; } catch (error) { if (error.status !== 401) throw error; }
      let kept = null;
      try { kept = localStorage.getItem(STORE); } catch { kept = null; }
      if (kept) {
        try { key = kept; await ask("POST", "/api/back"); } finally { key = null; }
        await known(kept);
        return;
      }
      break;
    } catch (error) {
      if (error.status === 401) break;
      say(error.status ? error.message : "No network just now; this page tries again.", true);
      await pause(5000);
    }
  }
  byId("join").hidden = false;
  byId("code").focus();
})();
