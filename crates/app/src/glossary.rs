//! The words of an explanation in plain sentences: one hover, one click or one focus away, and a page in the help.

use super::draw::{bold, narrow, quiet};
use super::look::Look;
use bevy_egui::egui::{self, RichText, Sense, Ui};
use detente_model::symbols::levers::Lever;
use std::collections::BTreeSet;

/// A word and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub term: &'static str,
    /// Other forms under which it appears.
    pub also: &'static [&'static str],
    /// One plain sentence.
    pub means: &'static str,
    /// The heading in `docs/model.md` under which it is defined.
    pub place: &'static str,
}

const fn term(term: &'static str, also: &'static [&'static str], means: &'static str, place: &'static str) -> Term {
    Term { term, also, means, place }
}

const ANSWERS: &str = "The ledger: answers and war mode";
const BLOWS: &str = "Initiative: blows and preventive strikes";
const COLLAPSE: &str = "Spoilers and collapse";
const FIRE: &str = "Routine fire";
const TALKS: &str = "Negotiation";
const COUNCIL: &str = "Security Council and General Assembly";
const NUCLEAR: &str = "Nuclear file";
const BASES: &str = "US bases and their hosts";
const RESTRAINT: &str = "Restraint bought and returned";
const JOINING: &str = "Incorporation";
const HOME: &str = "Iran's domestic balance";

/// Every word, in the order of the alphabet.
pub const TERMS: &[Term] = &[
    term(
        "a call for the release of hostages",
        &[],
        "The draft asks for the hostages to be released; it makes a vote of the United States against it less likely.",
        COUNCIL,
    ),
    term(
        "a cease-fire text of the Council",
        &[],
        "The Council has adopted a text on a cease-fire lately; it presses both sides at the table of that front.",
        COUNCIL,
    ),
    term(
        "a censure by the Board",
        &["censure"],
        "The IAEA Board has censured the programme lately; the owner may enrich faster in reply.",
        NUCLEAR,
    ),
    term(
        "a deadline within the fortnight",
        &[],
        "A date in the calendar is near; parties agree more readily under a deadline.",
        TALKS,
    ),
    term(
        "a draft of the United States' own",
        &[],
        "The United States has put the draft forward itself, and votes for it.",
        COUNCIL,
    ),
    term(
        "a fresh blow",
        &[],
        "A strike on a leadership in the last days; it makes a step up of the front likelier.",
        "Escalation levels",
    ),
    term(
        "a linked agreement collapsed",
        &[],
        "An agreement that this one hangs on has just ended; it pulls this one down.",
        COLLAPSE,
    ),
    term(
        "a package of the parties' own",
        &[],
        "The parties of one deal may trade one item for another; this is the package that all of them would most likely accept.",
        TALKS,
    ),
    term(
        "a short breakout time, little access",
        &["breakout"],
        "The programme could make material for a device quickly, and inspectors see little of it.",
        NUCLEAR,
    ),
    term(
        "a spoiler's attack",
        &["spoiler"],
        "A group left out of the agreement has attacked; that wears the agreement down for a while.",
        COLLAPSE,
    ),
    term(
        "a truce elsewhere",
        &[],
        "A group that fires in solidarity holds its fire while the front it speaks for is quiet.",
        FIRE,
    ),
    term(
        "age of the truce",
        &[],
        "Days since the truce was signed; elections are likelier to be held in a lasting calm.",
        "Gaza path",
    ),
    term(
        "air defence",
        &["the opponent's air defence"],
        "Share of air defence that is left; an actor without it answers more rarely and is struck more readily.",
        ANSWERS,
    ),
    term(
        "an accepted regional role",
        &[],
        "What the United States offers Iran beyond its nuclear file: a say in the region.",
        TALKS,
    ),
    term(
        "an admission to the United Nations",
        &[],
        "The Council has recommended Palestine as a member; it lends standing, and makes signing dearer for Israel.",
        COUNCIL,
    ),
    term(
        "an agreement in force",
        &["linked agreements in force", "agreement"],
        "A signed agreement that has not collapsed.",
        TALKS,
    ),
    term(
        "an announced exit that has not come",
        &[],
        "The coalition said that it would leave Iraq and did not; groups there fire more.",
        "Iraq: exit, integration, UN mission",
    ),
    term(
        "an audience at home under repression",
        &["audience at home"],
        "Unrest is being put down at home; those in power answer more readily abroad.",
        HOME,
    ),
    term(
        "an unconditional demand",
        &[],
        "The draft asks for a cease-fire without conditions; the United States has voted against such drafts.",
        COUNCIL,
    ),
    term(
        "attacks on ships",
        &[],
        "Attacks on merchant ships in the last 30 days; they suspend the roadmap.",
        "Saudi-Houthi roadmap",
    ),
    term(
        "base rate",
        &[],
        "The chance with every influence at its neutral value: what the model assumes when nothing special is going on.",
        "Design concepts",
    ),
    term("basing permission", &[], "How far a host lets its bases be used for strikes.", BASES),
    term("blow", &["blows"], "The unit of harm: the killing of a general officer abroad is one.", ANSWERS),
    term(
        "capability",
        &[],
        "Strength of an armed group against its strength at the start; it fires less when it has lost some.",
        FIRE,
    ),
    term(
        "caution",
        &["own caution"],
        "What holds a decision maker back: open channels, US presence, pressure; the more, the rarer a strike.",
        "Caution",
    ),
    term(
        "chance",
        &["chances"],
        "How often it would come out so on such a day; the model draws a number and it happens where that lies below.",
        "Randomness",
    ),
    term(
        "channel",
        &["mediation channel"],
        "A mediator through whom both sides talk; open, it makes an Iranian answer rarer.",
        "Caution",
    ),
    term("consent of a party", &[], "Chance that a party would accept the later stages of the roadmap.", JOINING),
    term(
        "daily exchanges",
        &["war mode"],
        "Two sides fire at each other day by day: much unanswered harm began it, and each then answers with a fixed daily chance.",
        ANSWERS,
    ),
    term(
        "days without a shot",
        &[],
        "How long neither side of an open war has fired at the other; a week, and the war has fallen silent.",
        ANSWERS,
    ),
    term(
        "deaths in Gaza",
        &[],
        "People killed in Gaza by the model's count; they move the US vote towards abstention.",
        COUNCIL,
    ),
    term(
        "draw",
        &["draws", "drawn"],
        "A random number between 0 and 100 %, fixed by the seed, the day and what is decided; below the chance, it happens.",
        "Randomness",
    ),
    term(
        "economic activity",
        &[],
        "What aid and trade let people in Gaza live on; the more, the more a fighter gives up.",
        JOINING,
    ),
    term(
        "economic activity beyond that of the start",
        &[],
        "How much more the economy of Gaza does than at the start; it speaks for the list of the Authority.",
        JOINING,
    ),
    term("enrichment cap offered", &[], "How low the offered agreement holds enrichment.", TALKS),
    term(
        "exchange gain",
        &[],
        "Unanswered harm after a full round of answers of a pair, for each blow before it; below 1 rounds shrink, above 1 they grow. Wars come by other roads as well.",
        ANSWERS,
    ),
    term(
        "exhaustion",
        &[],
        "How long a front has stood at its level; a tired front steps down more readily.",
        "Escalation levels",
    ),
    term(
        "fronts settled together",
        &[],
        "The share of the other tables that a collective deal settles; the more hangs on it, the better it holds.",
        COLLAPSE,
    ),
    term(
        "headline",
        &[],
        "The one class that sums up a history: regional war, collective deal, piecemeal truce, contained exchange or unsettled war.",
        "Outcomes",
    ),
    term("incorporation", &[], "How far an armed group has come under the political authority of a state.", JOINING),
    term("inspectors' access", &[], "Share of the programme that inspectors can see.", NUCLEAR),
    term(
        "integration of the groups",
        &[],
        "How far Iraq's armed groups are under the state's command.",
        "Iraq: exit, integration, UN mission",
    ),
    term(
        "intensity of the fighting against its reference",
        &[],
        "How hard the front is fought against what parties took for usual; costs of war make an agreement likelier.",
        TALKS,
    ),
    term(
        "isolation in the Assembly",
        &[],
        "Share of states that voted in favour of the last text; the higher, the costlier a lone vote against.",
        COUNCIL,
    ),
    term(
        "its guest joined in lately",
        &[],
        "US forces on a host's soil took part in strikes; that makes its bases a target.",
        BASES,
    ),
    term("its means", &[], "What a group outside an agreement has left to attack with, by its funding.", JOINING),
    term(
        "its own recent fire",
        &["recent fire elsewhere"],
        "Fire draws fire: yesterday's events raise what is expected today.",
        FIRE,
    ),
    term(
        "leadership-strike rate",
        &[],
        "How many strikes on leaders are expected a day before anything raises or lowers it.",
        BLOWS,
    ),
    term(
        "ledger",
        &["ledgers"],
        "What one side has suffered from the other and not answered, in blows; it fades with time, and each side keeps its own count.",
        ANSWERS,
    ),
    term(
        "legitimacy of the authority",
        &[],
        "How far Palestinians accept their authority; elections need it, and settlements lower it.",
        "Gaza path",
    ),
    term("level of the front", &["level"], "How hard a front is fought, from 0 to 6.", "Escalation levels"),
    term(
        "linked tables without an agreement",
        &[],
        "What an agreement by itself is worth less while the tables linked to it have none.",
        TALKS,
    ),
    term(
        "log odds",
        &["logit"],
        "The scale on which influences on a chance add up: 0.7 more about doubles a small chance.",
        ANSWERS,
    ),
    term("mediation", &[], "How strongly mediators work on the parties, from 0 to 1.", TALKS),
    term("monitoring mechanism", &[], "States that watch the truce in Lebanon and settle complaints.", COLLAPSE),
    term(
        "mutual restraint in force",
        &["mutual restraint"],
        "Both sides have agreed to hold back; strikes and answers become rarer.",
        ANSWERS,
    ),
    term(
        "national army in the area",
        &[],
        "Share of the Lebanese army's planned strength that stands in the south.",
        "Peacekeeping, army, withdrawal",
    ),
    term(
        "neutral value",
        &["neutral"],
        "The value at which a quantity has no part: nothing, intact, or the usual.",
        "Design concepts",
    ),
    term(
        "no cease-fire before the terms",
        &[],
        "Parties bargain under fire, which makes signing costlier for some.",
        TALKS,
    ),
    term(
        "one administration",
        &[],
        "Gaza and the West Bank have one; it speaks for the list of the Authority.",
        JOINING,
    ),
    term(
        "outside guarantee",
        &[],
        "A third party vouches for the agreement; it is signed more readily and lasts longer.",
        TALKS,
    ),
    term(
        "partner shield",
        &["the opponent's partner shield"],
        "What an armed partner is worth as a deterrent: its rounds and leaders against those it had; weakened, its ally answers more rarely and is struck more readily.",
        ANSWERS,
    ),
    term("patron's directive", &[], "What Iran tells an armed group to do, as far as the group obeys.", FIRE),
    term(
        "peacekeepers",
        &["peacekeepers, army and withdrawal"],
        "UN troops against their strength at the start.",
        "Peacekeeping, army, withdrawal",
    ),
    term("perceived threat", &[], "How threatening the opponent looks, from 0 to 1.", "Threat"),
    term("posture", &[], "How far the United States lets drafts of the Security Council pass; a lever.", COUNCIL),
    term(
        "provisions for aid",
        &[],
        "The draft is about aid getting through; it makes a vote of the United States against it less likely.",
        COUNCIL,
    ),
    term(
        "quantile",
        &[],
        "Where a draw lies among all that could come: 90 % means that nine of ten draws give less.",
        "Randomness",
    ),
    term("readiness to answer", &[], "A lever: how readily a side answers, 1 being the usual.", ANSWERS),
    term("reformist weight", &["reformists' weight"], "Weight of reformists in Iran's decisions, from 0 to 1.", HOME),
    term(
        "resolve as seen",
        &["the opponent's reputation", "reputation"],
        "How sure others are that an actor will answer; answers restore it, silence wears it down.",
        BLOWS,
    ),
    term(
        "restraint bought and returned",
        &[],
        "Debts are settled through mediators, and whoever let one go or pledged limits is struck less; how far, a lever says.",
        RESTRAINT,
    ),
    term(
        "restraint shown by the other",
        &[],
        "What the other side let go through mediators lately, or pledged; it fades, and ends with its next strike.",
        RESTRAINT,
    ),
    term(
        "sanctions pressure",
        &[],
        "How hard sanctions are enforced, from 0 to 1.",
        "Sanctions, oil, funding, corridor",
    ),
    term("sanctions relief offered", &[], "Share of the sanctions that an agreement would lift.", TALKS),
    term(
        "settlement",
        &["settled"],
        "What was agreed by the end: nothing, a truce in Lebanon or Gaza, or a collective deal.",
        "Outcomes",
    ),
    term("settlements", &[], "Israel's settlements in the West Bank: growth, freeze or withdrawal; a lever.", FIRE),
    term("settlements given up", &[], "1 for a withdrawal from settlements, a third for a freeze.", JOINING),
    term("shock common to the table", &[], "The mood of a day at the table, drawn for all parties together.", TALKS),
    term("sorties from host bases", &[], "Whether US aircraft fly strikes from bases in host states; a lever.", BASES),
    term(
        "stages of the path completed",
        &[],
        "Steps of the Gaza path done: withdrawal, one administration, elections, reconstruction.",
        "Gaza path",
    ),
    term("statehood or membership", &[], "The draft is about Palestinian membership in the United Nations.", COUNCIL),
    term("strength", &[], "Against the strength at the start, which is 1.", "Peacekeeping, army, withdrawal"),
    term("tempo", &[], "How much more or less is fired than the level of a front stands for; 1 is neither.", FIRE),
    term(
        "the administration's course",
        &["US consent"],
        "How far the US administration of the day backs Israel's course.",
        "Calendar, levers, channels",
    ),
    term(
        "the coalition's exit",
        &[],
        "The part of the coalition's forces in Iraq that has left; fewer forces, fewer targets.",
        "Iraq: exit, integration, UN mission",
    ),
    term(
        "the cost of earlier vetoes",
        &[],
        "What vetoes cast alone have cost in standing, fading over months; it pulls the vote toward abstention.",
        COUNCIL,
    ),
    term(
        "the leader's patience",
        &[],
        "How long Iran's leader holds back from a weapon; it grows in calm and wears down under unanswered harm.",
        HOME,
    ),
    term(
        "the roadmap",
        &["roadmap"],
        "The Saudi-Houthi agreement in phases; it holds Houthi fire down.",
        "Saudi-Houthi roadmap",
    ),
    term(
        "the security forum",
        &[],
        "Iran and the states that host US forces talk of one security for all; what that stands for helps agreements.",
        NUCLEAR,
    ),
    term(
        "the stock of 60 % uranium",
        &[],
        "Iran's uranium enriched to 60 per cent, times what it was at the start; a watcher presses sooner the more there is.",
        NUCLEAR,
    ),
    term("the truce", &["truce in force", "truce"], "The agreement that holds fire down on this front.", COLLAPSE),
    term(
        "threats to hosts of US bases",
        &[],
        "Iran has warned states that host US bases; their worry holds Israel back through Washington.",
        BASES,
    ),
    term("threshold", &[], "Unanswered harm, in blows, from which an answer is owed.", ANSWERS),
    term(
        "unanswered harm",
        &["unanswered harm on this front"],
        "Harm suffered and not answered, in blows; the more, the likelier an answer.",
        ANSWERS,
    ),
    term("US acquiescence", &[], "How far the United States lets Saudi Arabia sign with the Houthis.", TALKS),
    term("US deterrent presence", &[], "US forces sent to the region to deter; a lever.", "Caution"),
    term(
        "US leverage on Israel to sign",
        &[],
        "How far Washington makes signing cheaper for Israel's government; a lever.",
        TALKS,
    ),
    term(
        "US talks with groups",
        &[],
        "Whether the United States talks with armed groups, itself or through others; a lever.",
        TALKS,
    ),
    term("utility", &[], "What an outcome is worth to a party, on a scale of about −1 to 1.", TALKS),
    term("violations", &[], "Shots fired although a truce is in force, a day.", COLLAPSE),
    term(
        "violations that spread",
        &[],
        "An agreement linked with this one has collapsed, was struck or is left out; fire goes on under this one the more.",
        FIRE,
    ),
    term(
        "votes counted",
        &[],
        "Who won Palestinian elections, and what a truce is worth to the group that stood.",
        JOINING,
    ),
    term("weaponisation detected", &["weaponise"], "Work on a weapon has become known.", NUCLEAR),
    term(
        "what holds past the threshold of war",
        &[],
        "Share of days on which the caution of both sides keeps harm past the threshold from being answered as in war.",
        RESTRAINT,
    ),
    term(
        "what incorporation leaves of the patron's control",
        &[],
        "A group under a state's authority obeys its patron less.",
        JOINING,
    ),
    term(
        "withdrawal still to come",
        &[],
        "Share of the agreed withdrawal from South Lebanon that is still to be done.",
        "Peacekeeping, army, withdrawal",
    ),
    term("zone talks", &[], "Talks on a region without weapons of mass destruction; a lever.", NUCLEAR),
];

/// The entry for a word as an explanation writes it.
#[must_use]
pub fn entry(word: &str) -> Option<&'static Term> {
    TERMS.iter().find(|t| t.term.eq_ignore_ascii_case(word) || t.also.iter().any(|a| a.eq_ignore_ascii_case(word)))
}

/// What the name of a term means: of the table, of a lever, or of a channel of this scenario.
#[must_use]
pub fn meaning(name: &str, channels: &[String]) -> Option<String> {
    if let Some(term) = entry(name) {
        return Some(term.means.to_owned());
    }
    if let Some(lever) = Lever::ALL.iter().find(|lever| lever.row().name == name) {
        return Some(format!("A lever of the panel at the left: {}.", lever.row().name));
    }
    if name.starts_with("consent of ") {
        return entry("consent of a party").map(|term| term.means.to_owned());
    }
    let is_channel = channels.iter().any(|channel| channel == name);
    entry("channel").filter(|_| is_channel).map(|term| term.means.to_owned())
}

/// Words of a panel that were shown with their meaning already: each is marked once.
#[derive(Default)]
pub struct Shown(BTreeSet<&'static str>);

impl Shown {
    /// Where the next marked word stands in a text, from a byte on: (start, end, entry).
    fn next(&self, text: &str, from: usize) -> Option<(usize, usize, &'static Term)> {
        let lower = text.to_ascii_lowercase();
        let at_edge = |i: usize| lower[i..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let free = |i: usize| lower[..i].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let mut best: Option<(usize, usize, &'static Term)> = None;
        for term in TERMS.iter().filter(|t| !self.0.contains(t.term)) {
            for form in std::iter::once(&term.term).chain(term.also) {
                let form = form.to_ascii_lowercase();
                let hits = lower[from..].match_indices(form.as_str()).map(|(i, _)| from + i);
                if let Some(start) = hits.into_iter().find(|&i| free(i) && at_edge(i + form.len())) {
                    let end = start + form.len();
                    // The first in the text; of two that begin together, the longer.
                    if best.is_none_or(|(s, e, _)| (start, usize::MAX - end) < (s, usize::MAX - e)) {
                        best = Some((start, end, term));
                    }
                }
            }
        }
        best
    }
}

/// A word with its meaning one hover, click or focus away.
pub fn word(ui: &mut Ui, text: &str, means: &str, look: &Look) {
    let words = RichText::new(text).font(narrow()).color(look.ink).underline();
    let response = ui.add(egui::Label::new(words).sense(Sense::click()));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, text));
    super::draw::focus_ring(ui, &response, look);
    if response.clicked() {
        response.request_focus();
    }
    let tell = |ui: &mut Ui| {
        ui.set_max_width(320.0);
        ui.label(means);
    };
    if response.has_focus() {
        response.show_tooltip_ui(tell);
    } else {
        response.on_hover_ui(tell);
    }
}

/// A text that wraps, in which the first appearance of every word of the table is marked.
pub fn prose(ui: &mut Ui, text: &str, shown: &mut Shown, look: &Look) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 1.0);
        let mut from = 0;
        let plain = |ui: &mut Ui, part: &str| {
            if !part.is_empty() {
                ui.add(egui::Label::new(RichText::new(part).font(narrow()).color(look.ink2)).wrap());
            }
        };
        while let Some((start, end, term)) = shown.next(text, from) {
            plain(ui, &text[from..start]);
            word(ui, &text[start..end], term.means, look);
            shown.0.insert(term.term);
            from = end;
        }
        plain(ui, &text[from..]);
    });
}

/// The name of a term in an explanation, marked.
pub fn name(ui: &mut Ui, name: &str, channels: &[String], shown: &mut Shown, look: &Look) {
    match meaning(name, channels) {
        Some(means) => {
            if let Some(term) = entry(name) {
                shown.0.insert(term.term);
            }
            word(ui, name, &means, look);
        }
        None => {
            ui.add(egui::Label::new(RichText::new(name).font(narrow()).color(look.ink)));
        }
    }
}

/// The page "Words" of the help.
pub fn page(ui: &mut Ui, look: &Look) {
    egui::CollapsingHeader::new(RichText::new("Words").font(bold())).show(ui, |ui| {
        ui.add(
            egui::Label::new(quiet(
                "Each is defined in the model document (docs/model.md) under the heading named.",
                look,
            ))
            .wrap(),
        );
        for term in TERMS {
            ui.add_space(3.0);
            ui.add(egui::Label::new(RichText::new(term.term).font(bold())).wrap());
            ui.add(egui::Label::new(RichText::new(term.means).font(narrow())).wrap());
            ui.add(egui::Label::new(RichText::new(term.place).font(narrow()).color(look.ink2)).wrap());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::sim::probe::Attentive;
    use detente_model::sim::rules::Rules;
    use detente_model::sim::world::{Fate, Simulation};

    /// Names of all terms of the decisions of a scenario's histories.
    fn names(scenario: &str, days: u32) -> (BTreeSet<String>, Vec<String>) {
        let rules = Rules::new(&detente_model::scenario::load(scenario).unwrap());
        let fate = Fate { seed: 1, future: 0, prior: false };
        let mut simulation: Simulation<Attentive> = Simulation::new(&rules, fate, Vec::new());
        let mut names = BTreeSet::new();
        for _ in 0..days {
            simulation.step();
            for decision in std::mem::take(&mut simulation.probe_mut().0) {
                names.extend(decision.terms.into_iter().map(|term| term.name.into_owned()));
            }
        }
        (names, rules.channels.iter().map(|channel| channel.name.clone()).collect())
    }

    #[test]
    fn every_term_of_an_explanation_has_a_meaning() {
        let mut met = BTreeSet::new();
        for scenario in detente_model::scenario::builtin_names() {
            let (names, channels) = names(scenario, 90);
            for name in names {
                assert!(meaning(&name, &channels).is_some(), "{scenario}: `{name}` is in no glossary");
                met.insert(name);
            }
        }
        assert!(met.len() > 30, "{met:?}");
        assert_eq!(meaning("a word of nobody", &[]), None);
    }

    /// Names that a run of these days need not meet: every literal of the equations.
    #[test]
    fn every_name_written_in_an_equation_has_a_meaning() {
        let sources = [
            include_str!("../../model/src/sim/strategy/answer.rs"),
            include_str!("../../model/src/sim/strategy/initiative.rs"),
            include_str!("../../model/src/sim/strategy/bases.rs"),
            include_str!("../../model/src/sim/strategy/restraint.rs"),
            include_str!("../../model/src/sim/force/fire.rs"),
            include_str!("../../model/src/sim/force/ladder.rs"),
            include_str!("../../model/src/sim/home/nuclear.rs"),
            include_str!("../../model/src/sim/talks/ballot.rs"),
            include_str!("../../model/src/sim/talks/council.rs"),
            include_str!("../../model/src/sim/talks/negotiation.rs"),
            include_str!("../../model/src/sim/talks/path.rs"),
            include_str!("../../model/src/sim/talks/roadmap.rs"),
            include_str!("../../model/src/sim/talks/truce.rs"),
        ];
        let mut met = 0;
        for source in sources {
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            let calls =
                code.split(" term(").skip(1).chain(code.split("(term(").skip(1)).chain(code.split("name: ").skip(1));
            for call in calls {
                let Some(rest) = call.trim_start().strip_prefix('"') else { continue };
                let name = rest.split('"').next().unwrap_or_default();
                assert!(entry(name).is_some(), "`{name}` is in no glossary");
                met += 1;
            }
        }
        assert!(met > 60, "{met}");
    }

    #[test]
    fn entries_are_in_order_and_stand_where_they_say() {
        let document = include_str!("../../../docs/model.md");
        let lower = |t: &Term| t.term.to_lowercase();
        for pair in TERMS.windows(2) {
            assert!(lower(&pair[0]) < lower(&pair[1]), "{} and {}", pair[0].term, pair[1].term);
        }
        for term in TERMS {
            let heading = format!("# {}\n", term.place);
            assert!(document.contains(&heading), "{}: no heading {}", term.term, term.place);
            assert!(term.means.ends_with('.') && term.means.len() < 200, "{}", term.means);
        }
    }

    #[test]
    fn a_text_marks_each_word_once_and_the_longest_of_those_that_begin_together() {
        let mut shown = Shown::default();
        let text = "The chance that day was 0.2 %; the draw was less. Unanswered harm on this front: two blows, another chance.";
        let mut found = Vec::new();
        let mut from = 0;
        while let Some((start, end, term)) = shown.next(text, from) {
            found.push(&text[start..end]);
            shown.0.insert(term.term);
            from = end;
        }
        assert_eq!(found, ["chance", "draw", "Unanswered harm on this front", "blows"]);
        assert!(shown.next("chances and exchange", 0).is_none());
    }
}
