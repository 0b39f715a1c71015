"use strict";
const STORE = "detente-seat-token";
const TABS = ["brief", "news", "orders", "talk", "deals", "predict", "debrief"];
// Which part shows what comes down the stream.
const SHOWS = { message: "talk", proposal: "deals", wish: "orders", debrief: "debrief" };
let view = null, feed = null, seats = [], part = "brief", reached = true, unread = {}, heardOf = 0;

function show(name) {
  const before = part;
  part = name;
  unread[name] = 0;
  for (const id of TABS) byId("p-" + id).hidden = id !== name;
  for (const button of byId("tabs").children) {
    if (button.dataset.part === name) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
  }
  counts();
  if (name === "debrief" && before !== name) debrief();
}

// How much has come that was not looked at.
function counts() {
  for (const button of byId("tabs").children) {
    const id = button.dataset.part, new_ = unread[id] || 0;
    button.textContent = t("tab." + id) + (new_ ? " (" + number(new_) + ")" : "");
  }
}

function tabs() {
  const shown = TABS.filter((id) => (id !== "orders" || view.levers.length) && (id !== "debrief" || view.revealed));
  put(byId("tabs"), ...shown.map((id) => {
    const button = el("button", { type: "button", id: "t-" + id, "data-part": id, onclick: () => { show(id); window.scrollTo(0, 0); } });
    return button;
  }));
  show(shown.includes(part) ? part : "brief");
}

function tick() {
  if (view) byId("when").textContent = whenText(view) + (reached ? "" : " · " + t("offline"));
}

async function refresh(waits) {
  const heard = feed ? feed.last() : 0, from = feed, slept = !reached;
  view = clocked(await ask("GET", "/api/view", undefined, waits));
  [reached, tries] = [true, 0];
  tick();
  byId("join").hidden = true;
  if (!view.seat) {
    byId("parts").hidden = byId("tabs").hidden = true;
    byId("title").textContent = "Détente: " + view.name;
    await choose();
    if (byId("choose").hidden) { byId("choose").hidden = false; focusOn(byId("choose-h")); }
    return;
  }
  const taken = !byId("choose").hidden;
  byId("choose").hidden = true;
  byId("parts").hidden = byId("tabs").hidden = false;
  byId("title").textContent = view.seat.name;
  if (changed(byId("parts"), view.seat.id)) start();
  draw();
  if (taken) focusOn(byId("title"));
  // Another room by now, that has less to tell than was heard; of another seat the page has begun to listen anew.
  if (feed === from && view.last < heard) { location.reload(); return; }
  if (feed) feed.behind(view.last, slept);
}

// What is typed and not yet sent stays until the turn is over: fields are drawn once for each.
function draw() {
  const of = [view.seat.id, view.seat.is_head, view.turn, language];
  if (changed(byId("levers"), of)) levers();
  if (changed(byId("questions"), of)) questions();
  if (changed(byId("tabs"), view.seat.id, view.revealed, language)) tabs();
  brief();
  put(byId("public"), cells(view.public));
  marks();
  deals();
}

// Asks again by itself: who was shown out begins again at the door, and who has no network asks until there is one.
// A browser that slept holds more than one dead line, and takes another each time: the first tries are short.
let asking = false, later = 0, tries = 0;
async function again() {
  if (asking || !view) return;
  asking = true;
  clearTimeout(later);
  try { await refresh(WAITS.tries[Math.min(tries, WAITS.tries.length - 1)]); } catch (error) {
    if (error.status === 401) location.reload();
    tries += 1;
    reached = Boolean(error.status);
    later = setTimeout(again, WAITS.again);
    tick();
  }
  asking = false;
}

function brief() {
  const list = (title, lines) => [el("h2", {}, title), theirs("ul", {}, ...lines.map((line) => el("li", {}, line)))];
  put(byId("brief"), theirs("p", {}, view.seat.brief), ...list(t("brief.want"), view.seat.aims), ...list(t("brief.red"), view.seat.red_lines),
    el("h2", {}, t("brief.own")), cells(view.own), el("h2", {}, t("brief.others")), cells(view.estimates));
  byId("members").textContent = t("brief.members", view.seat.members.join(", ")) + (view.seat.members.length > 1 ? " · " + t("brief.head", view.seat.head) : "");
}

async function choose() {
  const said = await ask("GET", "/api/seats");
  put(byId("seats"), ...said.seats.map((seat) => el("div", { class: "card" }, theirs("h3", {}, seat.name), theirs("p", {}, seat.brief),
    el("p", { class: "soft" }, t("choose.members", seat.members)),
    el("button", { type: "button", id: "take-" + seat.id, onclick: doing(async () => { await ask("POST", "/api/seat", { seat: seat.id }); await refresh(); }) }, t("choose.take", seat.name)))));
}

// Says what has come while another part is looked at; what was there before the page was is not new.
function came(item) {
  if (item.id <= heardOf) return;
  const where = SHOWS[item.kind] || "news";
  const mine = item.from === view.seat.id;
  if (where !== part && !mine) { unread[where] = (unread[where] || 0) + 1; counts(); }
  if (item.kind === "message" && !mine) say(t("news.message", item.from));
  if (item.kind === "turn") say(t("news.turn", item.turn + 1));
}

function start() {
  if (feed) feed.stop();
  put(byId("news"));
  put(byId("messages"));
  [unread, heardOf] = [{}, view.last];
  let soon = 0;
  feed = listen("/api/", (item) => {
    const list = byId(item.kind === "message" && item.to !== "ALL" ? "messages" : "news");
    list.prepend(newsLine(item));
    while (list.children.length > 300) list.lastChild.remove();
    came(item);
    clearTimeout(soon);
    soon = setTimeout(again, 150);
  });
  ask("GET", "/api/seats").then((said) => { seats = said.seats; addressees(); }).catch(() => {});
}

function addressees() {
  const to = seats.filter((seat) => !seat.mine).map((seat) => el("option", { value: seat.id, lang: "en" }, seat.name)), before = byId("to").value;
  put(byId("to"), ...(view.seat.speaks ? [el("option", { value: "ALL" }, t("everybody"))] : []), el("option", { value: "HOST" }, t("facilitator")), ...to);
  if (before) byId("to").value = before;
}

function levers() {
  put(byId("levers"), ...view.levers.map((lever) => {
    const input = field(lever, lever.ordered ?? lever.value);
    input.id = "l-" + lever.id;
    input.setAttribute("aria-describedby", "r-" + lever.id + " m-" + lever.id);
    return el("form", { class: "card", onsubmit: doing(async () => {
      await ask("POST", "/api/orders", { lever: lever.id, value: read(lever, input), turn: view.turn });
      say(t(view.seat.is_head ? "orders.kept" : "orders.wished", lever.name));
      await refresh();
    }) }, theirs("label", { for: input.id }, el("strong", {}, lever.name)), el("p", { class: "soft" }, t("orders.moves", lever.touches)),
    el("div", { class: "row" }, input, el("span", { class: "soft", id: "r-" + lever.id }, rangeOf(lever)), el("button", { id: "o-" + lever.id, "aria-describedby": input.id }, t(view.seat.is_head ? "orders.give" : "orders.wish"))), el("p", { id: "m-" + lever.id }));
  }));
}

function marks() {
  for (const lever of view.levers) {
    const mark = byId("m-" + lever.id);
    const ordered = lever.ordered !== null && lever.ordered !== undefined;
    const words = !ordered ? t("orders.none", lever.value) : lever.ordered_by ? t("orders.by", lever.value, lever.ordered, lever.ordered_by) : t("orders.stands", lever.value, lever.ordered);
    // What members wish for is given by the head of the delegation, or not.
    if (mark) put(mark, words + (lever.bound ? " (" + t("orders.bound") + ")" : ""), ...lever.wishes.map((one, at) => el("span", { class: "row" }, t("orders.wish.by", one.by, one.value), view.seat.is_head ? el("button", { type: "button", id: "w-" + lever.id + at, onclick: doing(async () => {
      await ask("POST", "/api/orders", { lever: lever.id, value: one.value, turn: view.turn });
      await refresh();
    }) }, t("orders.give") + ": " + apart(one.value)) : null)));
  }
  for (const one of view.predictions.open) {
    const mark = byId("s-" + one.question);
    if (mark) mark.textContent = one.percent === null ? "" : t("predict.mine", one.percent);
  }
  const { brier, past } = view.predictions;
  byId("score").textContent = brier === null ? t("predict.unscored") : t("predict.score", past.length, number(brier));
}

function deals() {
  const { is_head: head, members } = view.seat;
  if (!changed(byId("deals"), view.proposals, head, members.length, language)) return;
  put(byId("deals"), ...view.proposals.map((deal) => {
    const open = deal.stand === "open", mine = deal.signed.includes(view.seat.id);
    const button = (what, words, work) => el("button", { type: "button", id: what + "-" + deal.id, "aria-describedby": "deal-" + deal.id, onclick: doing(work) }, words);
    const act = (what, words) => button(what, words, async () => { await ask("POST", "/api/proposals/" + deal.id, { do: what }); await refresh(); });
    return el("div", { class: "card" }, el("h3", { dir: "auto", id: "deal-" + deal.id }, deal.title),
      el("p", { class: "soft" }, t("deals.line", deal.by, t("deals." + deal.stand), deal.signed.join(", ") || t("deals.nobody"), deal.parties.join(", ")) + (members.length > 1 ? " · " + t("deals.votes", deal.votes.for, deal.votes.against) : "")),
      theirs("ul", {}, ...deal.terms.map((term) => el("li", {}, term.name + " (" + term.holder + "): " + term.value))),
      open ? el("div", { class: "row" }, head && mine ? null : act("sign", t(head ? "deals.sign" : "deals.for")), act("drop", t(head ? "deals.drop" : "deals.against")), head ? button("amend", t("deals.amend"), () => amend(deal)) : null) : null);
  }));
}

let all = [], amended = null;
async function term(known) {
  if (!all.length) all = (await ask("GET", "/api/levers")).levers;
  const pick = el("select", { "aria-label": t("deals.lever") }, ...all.map((lever) => el("option", { value: lever.id, lang: "en" }, lever.owner + ": " + lever.name)));
  // The list itself stays where it is: letters that are typed in it go on from those before.
  const rest = el("span", { class: "row" }), line = el("div", { class: "row card" }, pick, rest);
  const out = el("button", { type: "button", onclick: () => { line.remove(); byId("d-more").focus(); } }, t("deals.out"));
  const draw = (value) => {
    const lever = all.find((one) => one.id === pick.value);
    [line.lever, line.input] = [lever, field(lever, value)];
    line.input.setAttribute("aria-label", t("deals.value"));
    put(rest, line.input, el("span", { class: "soft" }, rangeOf(lever)), out);
  };
  if (known) pick.value = known.lever;
  pick.addEventListener("change", () => draw(""));
  draw(known ? known.set : "");
  byId("d-terms").append(line);
  return pick;
}

// The form for a new package, or for one that is written anew.
function drafting(deal) {
  amended = deal;
  put(byId("d-terms"));
  byId("d-title").value = deal ? deal.title : "";
  byId("d-title").disabled = Boolean(deal);
  drafted();
}
function drafted() {
  byId("d-head").textContent = t(amended ? "deals.anew" : "deals.draft");
  byId("d-put").textContent = t(amended ? "deals.put.anew" : "deals.put");
  byId("d-leave").hidden = !amended;
}
async function amend(deal) {
  drafting(deal);
  for (const known of deal.terms) await term(known);
  byId("draft").scrollIntoView();
  byId("d-more").focus({ preventScroll: true });
}

function questions() {
  put(byId("questions"), ...view.predictions.open.map((one) => {
    const line = "predict." + one.question;
    const input = el("input", { type: "number", min: 0, max: 100, step: 1, value: one.percent ?? "", required: true, id: "q-" + one.question, "aria-describedby": "s-" + one.question });
    return el("form", { class: "card", onsubmit: doing(async () => {
      await ask("POST", "/api/predictions", { question: one.question, percent: Math.round(Number(input.value)) });
      say(t("predict.kept"));
      await refresh();
    }) }, el("label", { for: input.id }, line in WORDS ? t(line) : one.text),
    el("div", { class: "row" }, input, el("span", {}, "%"), el("button", { id: "b-" + one.question, "aria-describedby": input.id }, t("predict.give")), el("span", { class: "soft", id: "s-" + one.question })));
  }));
}

async function debrief() {
  const where = byId("debrief");
  put(where, el("p", {}, t("debrief.runs")));
  try {
    put(where, debriefTable(await debriefed((words) => put(where, el("p", {}, words)))));
  } catch (error) { put(where, el("p", { class: "warn" }, error.status ? error.message : t("nonet"))); }
}

byId("join").addEventListener("submit", doing(async () => {
  const said = await ask("POST", "/api/join", { code: byId("code").value, nickname: byId("nickname").value });
  try { localStorage.setItem(STORE, said.token); } catch { /* The cookie is there all the same. */ }
  await known(said.token);
}));
byId("write").addEventListener("submit", doing(async () => {
  await ask("POST", "/api/messages", { to: byId("to").value, text: byId("text").value });
  byId("text").value = "";
  say(t("talk.sent"));
}));
byId("forget").addEventListener("click", doing(async () => {
  if (!confirm(t("forget.sure"))) return;
  await ask("POST", "/api/forget", {});
  say(t("forget.done"));
  await refresh();
}));
byId("d-more").addEventListener("click", doing(async () => (await term()).focus()));
byId("d-leave").addEventListener("click", () => { drafting(null); byId("d-title").focus(); });
byId("draft").addEventListener("submit", doing(async () => {
  const terms = [...byId("d-terms").children].map((line) => ({ lever: line.lever.id, value: read(line.lever, line.input) }));
  if (!terms.length) { (await term()).focus(); return; }
  if (amended) await ask("POST", "/api/proposals/" + amended.id, { do: "amend", terms });
  else await ask("POST", "/api/proposals", { title: byId("d-title").value, terms });
  drafting(null);
  say(t("deals.done"));
  await refresh();
}));
// Whatever was drawn is drawn anew in another language; what was being drafted stays in the words in which it was begun.
languages(() => {
  if (!view) return;
  tick();
  if (!view.seat) { doing(choose)(); return; }
  draw();
  counts();
  addressees();
  drafted();
  if (part === "debrief") debrief();
});
setInterval(tick, 1000);
setInterval(() => { if (!document.hidden && view && view.seat) again(); }, WAITS.look);
woken(again);
lost = again;

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
      say(error.status ? error.message : t("nonet.waits"), true);
      await pause(5000);
    }
  }
  byId("join").hidden = false;
  byId("code").focus();
})();
