//! The probe: how a day explains its decisions, at no cost to a day that is not asked.
//!
//! Systems are generic over [`Probe`]. With [`Silent`] the compiler removes every trace of it; with [`Attentive`] each
//! decision leaves the terms of its equation, the chance without each of them, and the draw.

use bevy_ecs::component::Mutable;
use bevy_ecs::resource::Resource;
use serde::Serialize;
use std::borrow::Cow;

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Subject {
    /// A ledger holder deciding whether to answer.
    Answer(u16),
    /// A debt being settled through mediators.
    Settlement(u16),
    /// An initiative deciding on a blow.
    Blow(u16),
    /// An initiative deciding on a preventive strike.
    Preventive(u16),
    /// A pair deciding whether war mode ends.
    WarEnd(u16),
    /// A table deciding on a signing.
    Signing(u16),
    /// An agreement deciding on collapse.
    Collapse(u16),
    /// A spoiler: (table, actor).
    Spoiler(u16, u16),
    /// A front stepping up.
    StepUp(u16),
    /// A front stepping down.
    StepDown(u16),
    /// A stream's mean.
    Stream(u16),
    /// A friend joining an initiative's preventive strike.
    Joining(u16),
    /// A base on a host's soil being struck beside an answer.
    BaseStrike(u16),
    /// A corridor being lost.
    CorridorLoss(u16),
    /// A roadmap being suspended or resumed.
    RoadmapSuspension(u16),
    /// A roadmap reaching its next stage.
    RoadmapStage(u16),
    /// A programme's pace.
    Pace(u16),
    /// A censure by the Board.
    Censure(u16),
    /// A decision to weaponise.
    Weaponising(u16),
    /// Detection of weaponisation.
    Detection(u16),
    /// The US vote in a council.
    UsVote(u16),
    /// Elections being held on their date.
    Elections(u16),
    /// Which list comes first in elections along a path.
    Votes(u16),
    /// A stage of a path: (path, step).
    PathStage(u16, u8),
}

/// Where a term's value comes from; the explanation looks up the events that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Source {
    /// A ledger's unanswered harm.
    Ledger(u16),
    /// What the holder of a ledger has let go lately.
    Forgone(u16),
    /// An actor's air defence.
    AirDefence(u16),
    /// An actor's partner shield.
    Shield(u16),
    /// An actor's resolve.
    Resolve(u16),
    /// A lever.
    Lever(crate::symbols::levers::Lever),
    /// A channel being suspended or open.
    Channel(u16),
    /// What all channels of a table bring together.
    Mediation(u16),
    /// A table's agreement in force.
    Agreement(u16),
    /// A table's last collapse.
    Collapse(u16),
    /// The last spoiler's attack on a table.
    Spoiler(u16),
    /// A blow on a front's parties.
    Trigger(u16),
    /// A front's level.
    Level(u16),
    /// A stream's excitation.
    Excitation(u16),
    /// A threat.
    Threat(u16),
    /// A mission's deployment.
    Mission(u16),
    /// War mode of a pair.
    War(u16),
    /// An actor's opinion.
    Opinion(u16),
    /// A host's permission.
    Host(u16),
    /// Warnings to hosts, of which this one stands.
    Warning(u16),
    /// Strikes in which a host's guest took part.
    Joined(u16),
    /// The last censure of a programme.
    Censure(u16),
    /// A programme's decision to weaponise.
    Decided(u16),
    /// Weaponisation, as detected.
    Detected(u16),
    /// A territory's dead.
    Territory(u16),
    /// The Assembly's last text.
    Assembly(u16),
    /// The security forum of a programme's owner.
    Forum(u16),
    /// Vetoes cast alone in a council.
    Vetoes(u16),
    /// The last cease-fire text of a council.
    CeaseFireText(u16),
    /// The text of a council that admitted a member.
    Admission(u16),
    /// A roadmap's progress.
    Roadmap(u16),
    /// Integration and exit.
    Iraq(u16),
    /// Unrest at home.
    Unrest(u16),
    /// A path's stages.
    Path(u16),
    /// A group's way under political authority.
    Incorporation(u16),
    /// Economic activity along a path.
    Activity(u16),
    /// Votes counted along a path.
    Votes(u16),
    /// A supply corridor.
    Corridor(u16),
    /// A state or parameter that no event moves.
    Given,
}

/// One term of the equation that decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// Name of the quantity, for people.
    pub name: Cow<'static, str>,
    /// Its value.
    pub value: f64,
    /// Unit.
    pub unit: &'static str,
    /// The value that stands for "this cause is absent".
    pub neutral: f64,
    /// The chance (or mean) with the neutral value in its place.
    pub without: f64,
    /// Where the value comes from.
    pub source: Source,
}

/// Makes the terms of one equation: name, value, unit, the value that stands for absence, the inputs with that in its place,
/// and where the value comes from.
pub fn terms<I>(equation: impl Fn(&I) -> f64) -> impl Fn(&'static str, f64, &'static str, f64, I, Source) -> Term {
    move |name, value, unit, neutral, without, source| Term {
        name: name.into(),
        value,
        unit,
        neutral,
        without: equation(&without),
        source,
    }
}

/// A decision with its arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// What decided.
    pub subject: Subject,
    /// Chance of the event today (or the mean of a count).
    pub chance: f64,
    /// The uniform drawn; the event happens where it is below the chance.
    pub draw: f64,
    /// Terms, most telling first once explained.
    pub terms: Vec<Term>,
}

/// A listener to decisions.
pub trait Probe: Resource<Mutability = Mutable> + Default {
    /// Whether it listens at all.
    const ON: bool;
    /// Whether it is asked today about every decision, also about those that their draw rules out before the chance is known.
    #[inline(always)]
    fn asks(&self) -> bool {
        Self::ON
    }
    /// Hands over a decision; `make` is not called when nobody listens.
    fn decided(&mut self, make: impl FnOnce() -> Decision);
    /// Whether what comes without a draw may come: what a scenario documents or dates. It may, but for whoever takes such events
    /// away.
    #[inline(always)]
    fn allows(&self, _subject: Subject) -> bool {
        true
    }
    /// The draw that decides whether something happens, which it does where the draw lies below the chance: the one of the
    /// future's luck, but for whoever conditions on what is known to have happened.
    #[inline(always)]
    fn draw(&mut self, _subject: Subject, _chance: f64, draw: f64) -> f64 {
        draw
    }
    /// Whom a blow of an initiative hits: the one drawn by weight, but for whoever conditions on what is known.
    #[inline(always)]
    fn victim(&mut self, _initiative: u16, _victims: &[(usize, f64)], drawn: usize) -> usize {
        drawn
    }
    /// Is told which mechanism begins: for whoever times a day.
    #[inline(always)]
    fn phase(&mut self, _mechanism: &'static str) {}
}

/// Nobody listens: every call compiles to nothing.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub struct Silent;

impl Probe for Silent {
    const ON: bool = false;
    #[inline(always)]
    fn decided(&mut self, _: impl FnOnce() -> Decision) {}
}

/// Conditions a day on what is known to have happened: on its day a decision is made to happen, on other days it is held back,
/// and what the model gave as the chance of either is kept as a weight. Decisions of which nothing is known are drawn.
#[derive(Resource, Clone, Debug, Default)]
pub struct Conditioned {
    /// Decisions about which the record is complete today. In order, each once.
    pub known: Vec<Subject>,
    /// Those that happened today, each with the victim of a blow where that is known. In order, each once.
    pub happened: Vec<(Subject, Option<u16>)>,
    /// Logarithm of the chance that the model gave to all that was made to happen or held back, since it was last set to 0.
    pub log_weight: f64,
}

impl Conditioned {
    fn today(&self, subject: Subject) -> Option<Option<u16>> {
        let at = self.happened.binary_search_by_key(&subject, |(happened, _)| *happened).ok()?;
        Some(self.happened[at].1)
    }
}

impl Probe for Conditioned {
    const ON: bool = false;
    #[inline(always)]
    fn asks(&self) -> bool {
        true
    }
    #[inline(always)]
    fn decided(&mut self, _: impl FnOnce() -> Decision) {}

    /// The luck's draw is stretched over the part of its range that is left: what else is read from it stays distributed as
    /// the model has it, given what happened.
    fn draw(&mut self, subject: Subject, chance: f64, draw: f64) -> f64 {
        if self.today(subject).is_some() {
            if chance > 0.0 {
                self.log_weight += libm::log(chance);
                return (draw * chance).min(chance.next_down());
            }
            // It cannot happen here; whoever reads the day's events sees that it did not.
            return draw;
        }
        if self.known.binary_search(&subject).is_err() {
            return draw;
        }
        self.log_weight += libm::log1p(-chance.min(1.0));
        chance + draw * (1.0 - chance)
    }

    fn victim(&mut self, initiative: u16, victims: &[(usize, f64)], drawn: usize) -> usize {
        let Some(Some(victim)) = self.today(Subject::Blow(initiative)) else { return drawn };
        let total: f64 = victims.iter().map(|(_, weight)| weight).sum();
        let of = victims.iter().find(|(actor, _)| *actor == usize::from(victim)).map_or(0.0, |(_, weight)| *weight);
        self.log_weight += libm::log(of / total);
        usize::from(victim)
    }
}

/// Keeps every decision of the day.
#[derive(Resource, Default)]
pub struct Attentive(pub Vec<Decision>);

impl Probe for Attentive {
    const ON: bool = true;
    fn decided(&mut self, make: impl FnOnce() -> Decision) {
        self.0.push(make());
    }
}
