"use strict";
const results = byId("results");
const told = (good, words) => { results.append(el("li", { class: good ? "" : "warn" }, (good ? "✓ " : "✗ ") + words)); return good; };
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

(async () => {
  let ms = null, poll = false, push = false;
  try { ms = await within(15000, reach()); } catch { ms = null; }
  told(ms !== null, ms === null ? "The room does not answer." : "The room answers, in " + Math.round(ms) + " ms.");
  try { await within(8000, pushed()); push = true; } catch { push = false; }
  told(push, push ? "News is pushed to this browser." : "News cannot be pushed here; the page asks for it instead.");
  try { await within(15000, ask("GET", "/api/wall/poll?after=9007199254740991&wait=3")); poll = true; } catch { poll = false; }
  told(poll, poll ? "A request may be held open." : "Requests that are held open are cut off.");
  told(store(), store() ? "This browser keeps a seat over a reload." : "This browser keeps nothing over a reload: leave private mode.");
  const good = ms !== null && (push || poll);
  byId("verdict").textContent = good ? "Your network will do." : "Not yet.";
  byId("ask").textContent = good ? "" : "Ask the technician: devices on this network must reach this computer on port " + (location.port || "80") + " over HTTP (no isolation of clients), and requests of 30 seconds must not be cut off. Otherwise use a hotspot, or one laptop for each delegation.";
})();
