// Plays with the page as a hand does: node hand.mjs PORT [FOLDER FOR PICTURES] [chromium|firefox|both|short] [CHECK …]
//
// `cargo web test --hand` serves the page and starts this. It needs Chromium, Firefox and Xvfb.

import { readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as single from "./checks.mjs";
import { theSeminar } from "./seminar.mjs";
import { Hand, Wrong, start } from "./desk.mjs";

const checks = { ...single, theSeminar };
const [port, folder = "pictures", which, ...named] = process.argv.slice(2);
if (!port) {
  console.error("Say at which port of this machine the page is: node hand.mjs PORT. `cargo web test --hand` does so by itself.");
  process.exit(2);
}
const address = `http://127.0.0.1:${port}/`;
const dist = resolve(join(dirname(fileURLToPath(import.meta.url)), "../dist"));

// Another address, with a frame that allows scripts and nothing else.
const around = createServer((_, answer) => {
  answer.setHeader("Content-Type", "text/html");
  answer.end(`<!doctype html><style>body{margin:0}iframe{border:0;width:1280px;height:720px}</style><iframe sandbox="allow-scripts allow-same-origin" src="${address}?frame"></iframe>`);
});
await new Promise(done => around.listen(0, "127.0.0.1", done));
const outer = `http://outer.test:${around.address().port}/`;

// What is done on one page after another, and what needs a page of its own.
const BOTH = ["aLeverWhilePaused", "clicksAfterRests", "nobodyIsCaught", "keysByTheirPlace", "savesAndReports", "copiesTheLink", "aFinger", "dragsTheTimeline", "aTabBehind", "reloads", "twoTabs", "byItsNames"];
const OWN = ["theSeminar", "movesOfAHand", "axeOnThePage", "losesItsGraphics", "overPlainHttp"];
const CHROMIUM = ["opensAFile", "inAFrame", "copiesInAFrame", "withoutStorage", "offline", "onAPhone", "onAFineDisplay", "sentences", "printsTheReport"];
// What the long form alone plays: nine times the pixels take more than a minute where they are drawn in software.
const LONG = ["onAFineDisplay"];
// What Firefox plays in the short form: what a hand does most. Chromium plays all but that in both.
const SHORT = ["aLeverWhilePaused", "clicksAfterRests", "savesAndReports", "dragsTheTimeline", "reloads"];

let failed = 0;
const begun = Date.now();

async function trial(name, hand, desk) {
  const since = Date.now();
  // A check finds the file that it asked for, and none of an earlier one.
  for (const file of readdirSync(desk.downloads)) rmSync(join(desk.downloads, file));
  try {
    await checks[name](hand, desk, address, folder, outer, dist);
    if (hand.complaints.length) throw new Wrong(`the page complains:\n      ${hand.complaints.join("\n      ")}`);
    console.log(`  ok    ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  } catch (why) {
    failed += 1;
    console.log(`  WRONG ${name}: ${why instanceof Wrong ? why.message : why.stack}`);
    await hand.picture(folder, `wrong-${name}`);
  }
  hand.complaints.length = 0;
}

for (const browser of ["chromium", "firefox"].filter(name => !which || ["both", "short"].includes(which) || name === which)) {
  console.log(`${browser}:`);
  const desk = await start(browser);
  const brief = which === "short" && browser === "firefox";
  const wanted = list => list.filter(name => (named.length ? named.includes(name) : which !== "short" || !LONG.includes(name)) && (!brief || SHORT.includes(name)));
  try {
    const common = wanted(BOTH);
    if (common.length) {
      const hand = await Hand.of(desk);
      await hand.open(address);
      for (const name of common) await trial(name, hand, desk);
      await hand.page.close();
    }
    for (const name of wanted(browser === "chromium" ? [...OWN, ...CHROMIUM] : OWN)) {
      const hand = await Hand.of(desk);
      await trial(name, hand, desk);
      await hand.page.close();
    }
  } catch (why) {
    failed += 1;
    console.log(`  WRONG ${why.message}`);
  } finally {
    await desk.end();
  }
}
around.close();
console.log(`${failed ? `${failed} went wrong` : "The page holds in the hand"} (${((Date.now() - begun) / 1000).toFixed(0)} s).`);
process.exit(failed ? 1 : 0);
