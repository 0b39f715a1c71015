"use strict";
// What was found so far, as lines of the catalogue: said anew in another language.
const found = [];
let over = null;
function said() {
  put(byId("results"), ...found.map(([good, ...line]) => el("li", { class: good ? "" : "warn" }, (good ? "✓ " : "✗ ") + t(...line))));
  byId("verdict").textContent = over === null ? "" : t(over ? "check.good" : "check.bad");
  byId("ask").textContent = over === false ? t("check.ask", location.port || "80") : "";
}
const told = (good, ...line) => { found.push([good, ...line]); said(); };
const within = (ms, promise) => Promise.race([promise, pause(ms).then(() => { throw new Error("late"); })]);

async function reach() {
  const times = [];
  for (let i = 0; i < 5; i += 1) { const began = performance.now(); await ask("GET", "/api/wall"); times.push(performance.now() - began); }
  times.sort((a, b) => a - b);
  return times[2];
}
const pushed = () => new Promise((resolve, reject) => {
  if (typeof EventSource === "undefined") { reject(new Error("none")); return; }
  // That it opens says nothing: what comes down it may still be held back on the way.
  const source = new EventSource("/api/wall/events?hello=1");
  source.addEventListener("hello", () => { source.close(); resolve(); });
  source.onerror = () => { source.close(); reject(new Error("blocked")); };
});
function store() { try { localStorage.setItem("detente-check", "1"); localStorage.removeItem("detente-check"); return true; } catch { return false; } }

languages(said);
(async () => {
  let ms = null, poll = false, push = false;
  try { ms = await within(15000, reach()); } catch { ms = null; }
  if (ms === null) told(false, "check.silent"); else told(true, "check.answers", Math.round(ms));
  try { await within(8000, pushed()); push = true; } catch { push = false; }
  told(push, push ? "check.pushed" : "check.asked");
  try { await within(15000, ask("GET", "/api/wall/poll?after=9007199254740991&wait=3")); poll = true; } catch { poll = false; }
  told(poll, poll ? "check.held" : "check.cut");
  told(store(), store() ? "check.kept" : "check.lost");
  over = ms !== null && (push || poll);
  said();
})();
