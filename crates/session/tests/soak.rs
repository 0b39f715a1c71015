//! Ten thousand days in one sitting, with levers moved at random, rewinds, forks, undo and redo: what is shown is always
//! what a headless run gives, and memory holds the recorded history and nothing else.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::sync::Arc;

use detente_model::record::recorder::{EventId, record};
use detente_model::sim::event::Event;
use detente_model::symbols::levers::{Kind, Lever, OFF};
use detente_session::Sitting;
use detente_session::file::Saved;
use detente_session::sitting::{LAST_DAY, MOST_BRANCHES};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Days simulated before the end, those of replays not counted.
const DAYS: i32 = 10_000;
/// Days after which memory is first looked at.
const EARLY: i32 = 2_000;
/// Steps that undo and redo may each remember.
const STEPS: usize = 200;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn value(&mut self, lever: Lever, today: i32) -> f64 {
        let row = lever.row();
        match row.kind {
            Kind::Number => row.low + (row.high - row.low) * self.below(101) as f64 / 100.0,
            Kind::Choice(options) => self.below(options.len()) as f64,
            Kind::Date if self.below(3) == 0 => OFF,
            Kind::Date => f64::from(today + self.below(90) as i32),
        }
    }
}

/// A branch is what a headless run of its levers gives.
fn check(s: &Sitting, branch: usize) {
    let b = &s.branches()[branch];
    let run = record(&s.rules, s.fate(), &b.changes, b.history.days() as u32, |_| true).unwrap();
    assert_eq!(b.history.digest(), run.digest, "branch {branch}, {} days", b.history.days());
    assert_eq!(b.history.rows.len(), run.rows.len());
    assert_eq!(b.history.events, run.events);
}

fn days_kept(s: &Sitting) -> usize {
    s.branches().iter().map(|b| b.history.rows.len()).sum()
}

/// What a sitting holds beside what its own file needs: nothing but the steps of undo. Returns the bytes it needs for each
/// byte of what was recorded: rows of its series, once where branches share them, and the events of every branch.
fn hold(s: &Sitting, base: usize) -> f64 {
    let held = MEMORY.current_usage() - base;
    let before = MEMORY.current_usage();
    let script = s.script();
    let step = MEMORY.current_usage() - before;
    drop(script);

    let text = Saved::of(s).to_text();
    let before = MEMORY.current_usage();
    let again = Saved::from_text(&text).unwrap().open().unwrap();
    let needed = MEMORY.current_usage() - before;
    assert_eq!(again.script(), s.script());
    assert_eq!(again.now(), s.now());
    for (a, b) in again.branches().iter().zip(s.branches()) {
        assert_eq!(a.history.digest(), b.history.digest());
        assert_eq!(a.history.events, b.history.events);
        assert_eq!(a.history.rows, b.history.rows);
    }
    let days = days_kept(s);
    let events: usize = s.branches().iter().map(|b| b.history.events.len()).sum();
    let own: BTreeSet<*const Vec<f64>> =
        again.branches().iter().flat_map(|b| b.history.rows.iter().map(Arc::as_ptr)).collect();
    println!(
        "{days} days ({} their own) and {events} events on {} branches: {:.1} MB held, {:.1} MB for a fresh copy, {:.1} kB a step of undo",
        own.len(),
        s.branches().len(),
        held as f64 / 1e6,
        needed as f64 / 1e6,
        step as f64 / 1e3
    );
    // Lists grow by doubling, here and there alike, but not at the same moments.
    let most = needed + needed / 4 + 2 * STEPS * step;
    assert!(held <= most, "{held} bytes are held, and the history needs {needed}");
    let row = again.branches()[0].history.rows.first().map_or(0, |row| row.len() * size_of::<f64>());
    needed as f64 / (own.len() * row + events * size_of::<(EventId, Event)>()) as f64
}

#[test]
fn ten_thousand_days_leave_nothing_behind_but_their_history() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    // Whatever is made once for all is made here.
    drop(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1));
    let base = MEMORY.current_usage();

    let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 20);
    let (mut simulated, mut early, mut refused) = (0, None, 0);
    let mut did = [0; 9];
    while simulated < DAYS {
        let act = dice.below(100);
        let today = s.today();
        match act {
            0..40 => {
                let before = s.branch().history.days();
                s.go_to(today + 1 + dice.below(60) as i32);
                simulated += (s.branch().history.days() - before).max(0);
                did[0] += 1;
                if s.today() == LAST_DAY {
                    s.show(dice.below(s.branches().len()));
                    s.go_to(dice.below(LAST_DAY as usize) as i32);
                }
            }
            40..48 => {
                s.go_to(dice.below(today.max(0) as usize + 1) as i32);
                did[1] += 1;
            }
            48..70 => {
                let lever = Lever::ALL[dice.below(Lever::ALL.len())];
                let before = s.branches().len();
                match s.set_lever(lever, dice.value(lever, today)) {
                    Ok(forked) => assert_eq!(s.branches().len(), before + usize::from(forked.is_some())),
                    Err(sentence) => {
                        assert!(sentence.contains("64 branches") && before == MOST_BRANCHES, "{sentence}");
                        refused += 1;
                        // Go on where there is room: at the end of some branch.
                        s.show(dice.below(before));
                        s.go_to(s.branch().history.days());
                    }
                }
                did[2] += 1;
            }
            70..76 => {
                if s.fork("Another way").is_err() {
                    assert_eq!(s.branches().len(), MOST_BRANCHES);
                    refused += 1;
                }
                did[3] += 1;
            }
            76..84 => {
                s.undo();
                assert_eq!(s.today(), today, "undo takes back a move, not days");
                did[4] += 1;
            }
            84..89 => {
                s.redo();
                assert_eq!(s.today(), today);
                did[5] += 1;
            }
            89..94 => {
                s.show(dice.below(s.branches().len()));
                assert_eq!(s.today(), today);
                did[6] += 1;
            }
            94..96 => {
                let unchanged = s.levers_unchanged();
                match s.reset_all() {
                    Ok(_) => assert_eq!(s.levers(), unchanged, "every lever is back"),
                    Err(sentence) => assert!(sentence.contains("64 branches"), "{sentence}"),
                }
                did[7] += 1;
            }
            96..99 => s.end_step(),
            _ => {
                check(&s, dice.below(s.branches().len()));
                did[8] += 1;
            }
        }
        if simulated >= EARLY && early.is_none() {
            early = Some(hold(&s, base));
        }
    }
    assert!(did.iter().all(|&n| n > 0), "everything was done: {did:?}");
    println!("moves {did:?}, {refused} refused for want of room");
    let (early, late) = (early.unwrap(), hold(&s, base));
    assert!(late < 1.25 * early, "a recorded byte takes {late:.2} bytes, and took {early:.2}");
    for branch in 0..s.branches().len() {
        check(&s, branch);
    }
    drop(s);
    let left = MEMORY.current_usage().saturating_sub(base);
    assert!(left < 200_000, "{left} bytes stay behind when the sitting is gone");
}
