// The seminar of docs/teaching.md, played on the page as it is written: what the text promises is held against what the screen holds.
// The window plays it likewise (tests/hand/lesson.rs).

import { readFileSync } from "node:fs";
import { Wrong, rest } from "./desk.mjs";
import { scaleOf } from "./checks.mjs";

const PAGE = readFileSync(new URL("../../docs/teaching.md", import.meta.url), "utf8");
const TEXT = PAGE.split(/\s+/).join(" ");
/** Who holds the levers that a ranking begins with. */
const OWNERS = /^(Israel|Iran|United States): /;

const all = s => !s.state.futures.running && s.state.futures.asked > 0 && s.state.futures.baseline >= s.state.futures.asked;
const middle = line => (line.rect[1] + line.rect[3]) / 2;

/** Lines of the panel at the right, from top to bottom and from left to right. */
function right(screen) {
  const tab = screen.controls.findLast(c => c.name === "Futures" && c.shown);
  if (!tab) return [];
  const lines = screen.texts.filter(t => t.rect[0] >= tab.rect[0] - 6 * screen.scale && t.rect[1] > 48 * screen.scale);
  const place = t => [Math.trunc(middle(t) / 6), t.rect[0]];
  return lines.sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
}

const panel = screen => right(screen).map(t => t.text.trim()).join(" ");

/** The words in the row of a headline outcome, without its name. */
function outcome(screen, name) {
  const line = right(screen).find(t => t.text.trim() === name && !t.cut);
  if (!line) return undefined;
  const row = right(screen).filter(t => Math.abs(middle(t) - middle(line)) < 6 * screen.scale).sort((a, b) => a.rect[0] - b.rect[0]);
  return row.map(t => t.text.trim()).join(" ").slice(name.length).trim();
}

class Lesson {
  constructor(hand) {
    this.hand = hand;
    this.wrong = [];
  }

  says(sentence) {
    if (!TEXT.includes(sentence)) throw new Wrong(`docs/teaching.md says no more “${sentence}”: play it anew, and change this`);
  }

  expect(what, holds) {
    if (!holds) this.wrong.push(what);
  }

  async futures(what, policy, from, seconds = 60) {
    await this.hand.until(`futures ${what}`, s => all(s) && s.state.futures.null !== policy && s.state.futures.from === from, seconds);
    return this.hand.settle(60);
  }

  async outcome(name, holds, promise) {
    const shown = outcome(await this.hand.look(), name);
    this.expect(`${promise}: the row “${name}” shows “${shown}”`, shown !== undefined && holds(shown));
  }

  /** The text says this, and the panel shows these words, scrolled to if need be. */
  async shows(sentence, words) {
    this.says(sentence);
    for (const word of words) {
      let found = panel(await this.hand.look()).includes(word);
      if (!found) {
        const screen = await this.hand.look(), ratio = await this.hand.ratio();
        const tab = screen.controls.findLast(c => c.name === "Futures" && c.shown).rect;
        await this.hand.point((tab[0] + 180) / ratio, (tab[3] + 170) / ratio);
        await this.hand.page.mouse.wheel({ deltaY: -3000 });
        for (let turns = 0; turns < 10 && !found; turns += 1) {
          await rest(1);
          found = panel(await this.hand.look()).includes(word);
          if (!found) await this.hand.page.mouse.wheel({ deltaY: 150 });
        }
      }
      this.expect(`“${sentence}”: the panel shows “${word}”`, found);
    }
  }

  async goTo(day) {
    const screen = await this.hand.settle(60);
    await this.hand.click(screen.controls.find(c => /^Day \d+$/.test(c.name) && c.shown).name);
    await this.hand.until("a click on the day asks for another", s => s.controls.some(c => c.name === "Day to go to" && c.focused), 10);
    await this.hand.page.keyboard.type(String(day), { delay: 40 });
    await rest(0.5);
    await this.hand.key("Enter");
    await this.hand.until(`the playhead goes to day ${day}`, s => s.state.day === day, 30);
  }

  async dragTo(day) {
    const screen = await this.hand.settle(60);
    const { whole, x } = scaleOf(screen), ratio = await this.hand.ratio(), y = (whole[1] + 12 * screen.scale) / ratio;
    await this.hand.point(x(screen.state.day) / ratio, y);
    await rest(0.2);
    await this.hand.press();
    await this.hand.point(x(day) / ratio, y);
    await rest(1);
    await this.hand.release();
    const now = (await this.hand.settle(60)).state.day;
    this.expect(`the playhead is dragged to day ${day} or next to it (day ${now})`, Math.abs(day - now) <= 3);
    for (let n = 0; n < Math.min(Math.abs(day - now), 40); n += 1) await this.hand.key(day > now ? "ArrowRight" : "ArrowLeft");
    await this.hand.until(`the arrow keys bring it to day ${day}`, s => s.state.day === day, 10);
  }
}

/** The cells of the text's table of experiments: a card, then what it does to three outcomes. */
function cards() {
  const lines = PAGE.split("\n"), head = lines.findIndex(line => line.startsWith("| Card |"));
  const rows = lines.slice(head + 2).filter((line, n, rest) => rest.slice(0, n + 1).every(l => l.startsWith("|")));
  return rows.map(row => row.replace(/^\||\|$/g, "").split(" | ").map(cell => cell.trim()));
}

export async function theSeminar(hand, desk, address) {
  await hand.open(`${address}?seminar`);
  const lesson = new Lesson(hand);
  // What an earlier check has left is on offer, over the map; whoever begins a lesson begins anew.
  if ((await hand.settle(60)).state.offered) {
    await hand.click("Begin anew");
    await hand.until("the offer is put away", s => !s.state.offered, 10);
  }
  lesson.says("Set the seed to 80 (click the number beside *Seed*, type, `Enter`)");
  const seed = (await hand.look()).controls.find(c => /^Seed \d+$/.test(c.name) && c.shown).name;
  await hand.click(seed);
  await hand.until("a field for the seed", s => s.controls.some(c => c.role === "TextInput" && c.name === "Seed" && c.focused), 10);
  await hand.page.keyboard.type("80", { delay: 40 });
  await rest(0.5);
  await hand.key("Enter");
  await hand.until("the seed of the text", s => s.state.seed === 80, 10);

  // 0 to 5.
  await lesson.futures("of the first day", false, 0);
  lesson.says("Press `Space`, let thirty days pass, press `Space` again");
  await hand.key(" ");
  await hand.until("thirty days pass", s => s.state.day >= 30, 60);
  await hand.key(" ");
  await hand.until("they stop", s => !s.state.playing, 10);
  const shut = s => !s.texts.some(t => t.text.trim() === "Key");
  await hand.key("k");
  await hand.until("the key of the map", s => !shut(s), 10);
  await hand.key("k");
  await hand.until("the key is away", shut, 10);
  await hand.key("Home");
  await hand.until("the first day", s => s.state.day === 0, 10);

  // 5 to 15.
  const table = cards();
  lesson.expect(`the text has three cards, and not ${table.length}`, table.length === 3);
  for (const cells of table) {
    const [name] = cells[0].split(" (");
    await hand.click(name);
    await rest(2);
    await hand.key(" ");
    await hand.until("Space stops the days that a card lets pass", s => !s.state.playing, 10);
    await hand.key("Home");
    await lesson.futures(`of “${name}”`, true, 0);
    for (const [n, what] of ["Regional war", "Piecemeal truce", "Unsettled war"].entries())
      await lesson.outcome(what, shown => shown.endsWith(cells[n + 1]), `${name}: the text gives “${cells[n + 1]}”`);
    await hand.key("z", ["Control"]);
    await hand.until("Ctrl Z takes a card's levers back in one step", s => s.state.policy.length === 0, 10);
    await hand.key("Home");
    await lesson.futures("of no policy", false, 0);
  }

  // 15 to 20.
  await hand.click("Send 5,000 more UNIFIL troops");
  await rest(2);
  await hand.key(" ");
  await hand.until("the days stop", s => !s.state.playing, 10);
  await hand.key("Home");
  await hand.until("the first day", s => s.state.day === 0, 10);
  await hand.click("defaults");
  await hand.until("parameters at their defaults", s => s.controls.some(c => c.name === "defaults" && c.on === true), 10);
  await lesson.futures("with parameters at their defaults", true, 0);
  lesson.says("regional war comes in 19 % of futures and not in 28 %, piecemeal truces in 75 % and not in 61 %");
  await lesson.outcome("Regional war", shown => shown.startsWith("19 %"), "regional war at the defaults");
  await lesson.outcome("Piecemeal truce", shown => shown === "75 % not detectable (0 to +3)", "truces at the defaults");
  const many = async (from, to) => {
    await hand.click(`${from} futures`);
    await hand.settle(30);
    await hand.click(to);
    await hand.key("Escape");
    await hand.until(`${to} are asked for`, s => s.state.futures.asked === Number(to), 10);
  };
  await many("256", "4096");
  await lesson.futures("4,096 of them", true, 0, 120);
  lesson.says("choose 4,096: +1.2 points (+0.9 to +1.5)");
  await lesson.outcome("Piecemeal truce", shown => shown.endsWith("+1.2 (+0.9 to +1.5)"), "with 4,096 futures");
  lesson.says("Then go back to 256 futures and to *from ranges*");
  await many("4096", "256");
  await hand.click("from ranges");
  await lesson.futures("as they were", true, 0);
  await hand.key("z", ["Control"]);
  await hand.key("Home");
  await lesson.futures("of no policy", false, 0);

  // 20 to 28.
  lesson.says("play to 8 March 2025 (day 120");
  await lesson.goTo(120);
  const screen = await hand.settle(60);
  lesson.expect("day 120 is 8 March 2025", screen.texts.some(t => t.text.includes("8 Mar 2025")));
  lesson.says("or choose it from the list where marks stand together");
  const ratio = await hand.ratio(), events = screen.texts.find(t => t.text.trim() === "Events");
  await hand.point(scaleOf(screen).x(104.5) / ratio, middle(events) / ratio);
  await rest(0.3);
  await hand.clickHere();
  const answer = s => s.controls.find(c => c.name.includes("Iran answers Israel with 167") && c.shown);
  const opened = s => panel(s).includes("event d104e2");
  const list = await hand.until("a click on the triangle opens Why, or asks which event of that day", s => opened(s) || answer(s), 10);
  if (!opened(list)) {
    await hand.settle(30);
    await hand.point(...await hand.at(answer(await hand.look()).shown));
    await rest(0.2);
    await hand.clickHere();
    await hand.until("a click in the list opens it in Why", opened, 20);
  }
  await hand.settle(60);
  await lesson.shows("The chance that day was 0.82 %, the draw 0.41 %", ["0.82 %", "0.41 %"]);
  await lesson.shows("With the partner shield intact the chance would have been 3.6 %", ["3.6 %"]);
  await lesson.shows("The chain leads to 26 January (event d79e1), a strike in Tehran", ["Tehran", "event d79e1"]);
  await lesson.shows("wrote 2.56 blows into Iran's ledger; 2.33 were left", ["2.56", "2.33"]);
  await lesson.shows("Without it the chance is 0.06 %", ["0.06 %"]);

  // 28 to 37.
  lesson.says("Drag the playhead back to day 70 (the arrow keys move it by single days) and press `B`");
  await hand.key("f");
  await lesson.dragTo(70);
  await hand.key("b");
  await hand.until("B begins a branch", s => s.state.branches === 2, 10);
  const lever = async () => {
    // As a person finds one of many: by a word in the search box.
    await hand.settle(30);
    if (!(await hand.look()).controls.some(c => c.role === "Slider" && c.name === "Leadership-strike rate" && c.shown)) {
      await hand.click("Search levers");
      await hand.until("the search takes what is typed", s => s.controls.some(c => c.name === "Search levers" && c.focused), 10);
      await hand.page.keyboard.type("Leadership", { delay: 40 });
    }
    await hand.until("the search finds the lever", s => s.controls.some(c => c.role === "Slider" && c.name === "Leadership-strike rate" && c.shown), 10);
    await hand.dragLever("Leadership-strike rate", 0);
    await hand.until("the rate stands at 0", s => s.state.policy[0]?.[2] === 0, 10);
  };
  lesson.says("set *Leadership-strike rate* to 0");
  await lever();
  await lesson.goTo(365);
  await hand.key("c");
  await hand.until("Compare", s => s.controls.some(c => c.name === "Compare" && c.on === true), 10);
  await hand.settle(60);
  await lesson.shows("10,447 are killed instead of 10,508", ["10,508", "10,447"]);
  lesson.says("Go back to the first branch (click its name in the timeline)");
  await hand.click("Branch As it stands");
  await hand.until("a click on its name shows the first branch", s => s.state.branch === 0, 10);
  await lesson.goTo(70);
  await hand.key("f");
  await lever();
  await lesson.futures("from day 70 with the moratorium", true, 70);
  lesson.says("lowers the share of regional war by day 250 by 6 points (−9 to −4)");
  await lesson.outcome("Regional war", shown => shown.endsWith("−6 (−9 to −4)"), "the moratorium from day 70");
  await hand.click("Rank levers");
  await hand.until("Rank levers shows what moves the needle", s => panel(s).includes("What moves the needle"), 20);
  const ranked = await hand.until("the ranking is done", s => panel(s).includes("futures run."), 240);
  const top = right(ranked).filter(t => OWNERS.test(t.text)).slice(0, 2).map(t => t.text);
  lesson.says("the rate of leadership strikes itself (back up to 3) and how far Iran answers (at 0 not at all) are at the top");
  lesson.expect(`the first levers of the ranking are ${top}`, top.join() === "Israel: Leadership-strike rate,Iran: Proportionality of answers");
  lesson.says("A branch in which nothing was moved shows exactly zero everywhere");
  await hand.key("b");
  await hand.until("another branch", s => s.state.branches >= 3, 10);
  await hand.key("c");
  await hand.until("a branch without a move does not part from its parent", s => panel(s).includes("They do not part"), 30);
  if (lesson.wrong.length) throw new Wrong(`${lesson.wrong.length} promises are not kept:\n      ${lesson.wrong.join("\n      ")}`);
}
