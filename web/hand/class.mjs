// Plays a class as its people do: node class.mjs PROGRAM [short|long] [FOLDER FOR PICTURES] [CHECK …]
//
// PROGRAM is a `detente` that was built without the window, or with it. The short form is for every check of the house; the long one
// gives every delegation orders in every one of eight turns, and lets the phone sleep for ten minutes. It needs Chromium, Firefox and Xvfb.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wrong, measured, start } from "./desk.mjs";
import * as lessons from "./lessons.mjs";
import { Room } from "./room.mjs";

const [program, form = "short", folder = "pictures", ...named] = process.argv.slice(2);
if (!program || !existsSync(program) || !["short", "long"].includes(form)) {
  console.error("Say which program serves the class: node class.mjs ../../target/debug/detente [short|long] [FOLDER].");
  process.exit(2);
}

let failed = 0;
const begun = Date.now();
const desks = {};

/** One check in a room of its own. Whatever a page complains of is wrong, too. */
async function trial(name, ...given) {
  if (named.length && !named.includes(name)) return;
  const since = Date.now(), times = measured();
  const data = mkdtempSync(join(tmpdir(), "detente-class-"));
  const people = [];
  const room = new Room(program, join(data, "room"));
  try {
    await room.start();
    await lessons[name]({ room, people, folder, long: form === "long" }, ...given);
    const complaints = people.flatMap(person => person.complaints);
    if (complaints.length) throw new Wrong(`a page complains:\n      ${[...new Set(complaints)].join("\n      ")}`);
    console.log(`  ok    ${name} (${given.map(desk => desk.name).join(" and ")}, ${((Date.now() - since) / 1000).toFixed(1)} s; waits last ${times.toFixed(0)} times as long as written)`);
  } catch (why) {
    failed += 1;
    console.log(`  WRONG ${name} (${given.map(desk => desk.name).join(" and ")}): ${why instanceof Wrong ? why.message : why.stack}`);
    for (const [at, person] of people.entries()) await person.picture(folder, `wrong-${name}-${at}`);
  } finally {
    for (const person of people) await person.end();
    await room.kill();
    rmSync(data, { recursive: true, force: true });
  }
}

try {
  for (const name of ["chromium", "firefox"]) desks[name] = await start(name);
  const { chromium, firefox } = desks;
  await trial("aLesson", chromium, firefox);
  for (const desk of [chromium, firefox]) {
    await trial("byKeysAlone", desk);
    await trial("readsWell", desk);
    await trial("aPhoneSleeps", desk);
    await trial("nothingIsPushed", desk);
  }
  await trial("aDelegation", chromium, firefox);
  await trial("theRoomIsDeleted", chromium);
} catch (why) {
  failed += 1;
  console.log(`  WRONG ${why.stack}`);
} finally {
  for (const desk of Object.values(desks)) await desk.end();
}
console.log(`${failed ? `${failed} went wrong` : "The class holds"} (${((Date.now() - begun) / 1000).toFixed(0)} s).`);
process.exit(failed ? 1 : 0);
