"use strict";
const STATES = ["closed", "talks", "in force", "collapsed"];
let wall = null, feed = null;

// The code is on the wall that the facilitator's desk has opened, which brings the key along in this tab; whoever else looks at a
// wall is not told it.
let code = null;
async function coded() {
  let kept = null;
  try { kept = sessionStorage.getItem("detente-key"); } catch { kept = null; }
  if (code || !kept) return;
  const answer = await fetch("/api/view", { headers: { Authorization: "Bearer " + kept }, cache: "no-store" });
  if (!answer.ok) return;
  code = (await answer.json()).code;
  byId("code").hidden = false;
  put(byId("code"), "code ", el("strong", { class: "big" }, code));
}

async function refresh() {
  await coded();
  const heard = feed.last();
  wall = clocked(await ask("GET", "/api/wall"));
  // Another room by now, that has less to tell than was heard.
  if (wall.last < heard) { location.reload(); return; }
  feed.behind(wall.last);
  byId("title").textContent = wall.scenario;
  byId("address").textContent = wall.address.replace(/^https?:\/\//, "");
  const of = (kind) => wall.public.filter((one) => one.id.startsWith(kind + "."));
  const name = (one) => one.name.split(": ").slice(1).join(": ");
  const rows = (list, value) => el("table", {}, el("tbody", {}, ...list.map((one) => el("tr", {}, el("td", {}, name(one)), el("td", { class: "n" }, value(one))))));
  put(byId("fronts"), rows(of("level"), (one) => "level " + one.value + " of 6"));
  put(byId("tables"), rows(of("status"), (one) => STATES[one.value] || ""));
  put(byId("killed"), rows(of("killed"), (one) => number(one.value)));
  tick();
}
function tick() { if (wall) byId("when").textContent = whenText(wall); }

let soon = 0;
feed = listen("/api/wall/", (item) => {
  byId("news").prepend(newsLine(item));
  while (byId("news").children.length > 40) byId("news").lastChild.remove();
  clearTimeout(soon);
  soon = setTimeout(doing(refresh), 150);
});
doing(refresh)();
setInterval(doing(refresh), 10000);
woken(doing(refresh));
setInterval(tick, 1000);
