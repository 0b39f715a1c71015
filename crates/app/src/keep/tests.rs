//! Every way to lose a session that was found, tried.

use super::*;
use detente_model::scenario::load;
use std::sync::atomic::{AtomicU64, Ordering};

fn later() -> u64 {
    static NOW: AtomicU64 = AtomicU64::new(1_000);
    NOW.fetch_add(1_000, Ordering::Relaxed)
}

fn window(of: &Memory) -> Keeper {
    let mut keeper = Keeper::on(Box::new(of.another_window()), true);
    keeper.clock = later;
    keeper
}

fn fresh(seed: u64) -> Sitting {
    Sitting::new(load("november-2024").unwrap(), seed)
}

fn played(seed: u64) -> Sitting {
    let mut sitting = fresh(seed);
    sitting.step(2);
    sitting
}

fn seeds(keeper: &Keeper) -> Vec<u64> {
    keeper.records().map(|record| record.seed).collect()
}

fn offered(keeper: &Keeper) -> Option<u64> {
    keeper.offer().map(|record| record.seed)
}

/// What the studio does with a session that is gone on with.
fn taken_up(keeper: &mut Keeper, id: &str) -> Sitting {
    let sitting = keeper.saved(id).unwrap().open().unwrap();
    keeper.goes_on(id);
    sitting
}

/// The same with the one that is offered.
fn offer_taken(keeper: &mut Keeper) -> Sitting {
    let id = keeper.offer().unwrap().id.clone();
    taken_up(keeper, &id)
}

/// What the studio does when a sitting takes the place of another.
fn change(keeper: &mut Keeper, from: &Sitting, to: &Sitting) {
    keeper.set_aside(from);
    keeper.begin(to);
}

#[test]
fn a_change_is_kept_when_it_rests_and_soon_enough_when_it_does_not() {
    let memory = Memory::default();
    let mut keeper = window(&memory);
    let mut sitting = fresh(1);
    assert_eq!(keeper.pass(&sitting, 0.0), None, "nothing was done");
    sitting.step(1);
    assert_eq!(keeper.pass(&sitting, 10.0), Some(CALM));
    for i in 0..100 {
        sitting.step(1);
        keeper.pass(&sitting, 10.0 + 0.1 * f64::from(i));
    }
    let kept = window(&memory).records().map(|record| record.day).next();
    assert!(kept.is_some_and(|day| day > 40), "while days pass: {kept:?}");
    assert_eq!(keeper.pass(&sitting, 30.0), None);
    assert_eq!(window(&memory).records().map(|record| record.day).next(), Some(101));
}

#[test]
fn an_offer_that_is_ignored_is_still_there_after_other_work() {
    let memory = Memory::default();
    window(&memory).keep(&played(1));
    // B ignores the offer, and works.
    let mut b = window(&memory);
    assert_eq!(offered(&b), Some(1));
    b.keep(&played(2));
    assert_eq!(offered(&b), Some(1), "neither taken nor waved away");
    drop(b);
    let mut c = window(&memory);
    assert_eq!((offered(&c), seeds(&c)), (Some(2), vec![2, 1]));
    let back = offer_taken(&mut c);
    assert_eq!((back.seed(), back.today()), (2, 2));
    change(&mut c, &fresh(3), &back);
    assert_eq!((offered(&c), seeds(&c)), (None, vec![1]), "the other is still to be had");
}

#[test]
fn begin_anew_hides_the_offer_and_deletes_nothing() {
    let memory = Memory::default();
    window(&memory).keep(&played(1));
    let mut keeper = window(&memory);
    keeper.decline();
    assert_eq!((offered(&keeper), seeds(&keeper)), (None, vec![1]));
    let again = window(&memory);
    assert_eq!((offered(&again), seeds(&again)), (None, vec![1]), "waved away is not deleted");
}

#[test]
fn an_offer_that_another_window_took_up_meanwhile_is_not_written_over() {
    let memory = Memory::default();
    window(&memory).keep(&played(1));
    let (mut a, mut b) = (window(&memory), window(&memory));
    let mut taken = offer_taken(&mut b);
    change(&mut b, &fresh(2), &taken);
    taken.step(10);
    b.keep(&taken);
    // A still shows the offer as it was.
    assert_eq!(offered(&a), Some(1));
    a.decline();
    drop((a, b));
    let days: Vec<i32> = window(&memory).records().map(|record| record.day).collect();
    assert_eq!(days, [12]);
}

#[test]
fn two_windows_never_write_the_same_session() {
    let memory = Memory::default();
    let (mut a, mut b) = (window(&memory), window(&memory));
    let mut in_a = played(1);
    a.keep(&in_a);
    b.keep(&played(2));
    b.refresh();
    // A lives: what it has is not offered, and taken from the list it is a copy.
    assert_eq!((offered(&b), seeds(&b)), (None, vec![1]));
    let id = b.records().next().unwrap().id.clone();
    let copy = taken_up(&mut b, &id);
    change(&mut b, &played(2), &copy);
    let mut on = copy;
    on.step(5);
    b.keep(&on);
    in_a.step(1);
    a.keep(&in_a);
    drop((a, b));
    let days: Vec<(u64, i32)> = window(&memory).records().map(|r| (r.seed, r.day)).collect();
    assert_eq!(days, [(1, 3), (1, 7), (2, 2)]);
}

#[test]
fn a_link_opened_over_own_work_keeps_the_own_work() {
    let memory = Memory::default();
    window(&memory).keep(&played(1));
    // The page opens with the link of the lecturer, day 2 of seed 9, and plays a day.
    let mut linked = played(9);
    let mut page = window(&memory);
    page.begin(&linked);
    assert_eq!(page.pass(&linked, 100.0), None, "as it was opened it is not worth a place");
    linked.step(1);
    page.keep(&linked);
    drop(page);
    let mut next = window(&memory);
    assert_eq!(seeds(&next), [9, 1]);
    // And over a session of this start.
    let own = played(5);
    change(&mut next, &own, &played(6));
    assert!(next.is_aside());
    assert_eq!((offered(&next), seeds(&next)), (Some(5), vec![5, 9, 1]));
}

#[test]
fn what_was_put_aside_lasts_through_a_second_change_and_a_crash() {
    let memory = Memory::default();
    let mut keeper = window(&memory);
    change(&mut keeper, &played(1), &fresh(2));
    change(&mut keeper, &played(2), &fresh(3));
    keeper.keep(&played(3));
    drop(keeper);
    assert_eq!(seeds(&window(&memory)), [3, 2, 1]);
}

#[test]
fn a_crash_and_then_a_file_leaves_the_crashed_session_alone() {
    let memory = Memory::default();
    window(&memory).keep(&played(1));
    let mut file = played(7);
    let mut keeper = Keeper::on(Box::new(memory.another_window()), false);
    keeper.clock = later;
    keeper.begin(&file);
    assert_eq!(offered(&keeper), None, "a file was asked for");
    file.step(3);
    keeper.keep(&file);
    drop(keeper);
    assert_eq!(seeds(&window(&memory)), [7, 1]);
}

#[test]
fn twenty_are_kept_and_the_oldest_goes_but_never_one_that_is_open() {
    let memory = Memory::default();
    let mut open = window(&memory);
    open.keep(&played(100));
    for seed in 0..25 {
        window(&memory).keep(&played(seed));
    }
    let all = seeds(&window(&memory));
    assert_eq!(all[..3], [24, 23, 22]);
    assert!(all.contains(&100) && all.len() == MOST + 1, "{all:?}");
    let mut keeper = window(&memory);
    let id = keeper.records().next().unwrap().id.clone();
    keeper.forget(&id);
    assert_eq!(seeds(&window(&memory))[0], 23, "deleted by hand");
}

#[test]
fn a_storage_that_is_off_is_said_once_and_nothing_is_lost_within_the_start() {
    let memory = Memory::default();
    memory.turn_off();
    let mut keeper = window(&memory);
    let mut sitting = played(1);
    keeper.keep(&sitting);
    assert!(keeper.trouble.take().is_some());
    sitting.step(1);
    keeper.keep(&sitting);
    assert_eq!(keeper.trouble.take(), None, "said once");
    change(&mut keeper, &sitting, &fresh(2));
    assert_eq!(offer_taken(&mut keeper).today(), 3);
    assert_eq!(keeper.trouble, None);
}

#[test]
fn a_session_that_is_gone_on_with_keeps_its_id_and_its_file() {
    let memory = Memory::default();
    let mut keeper = window(&memory);
    keeper.belongs_to("/tmp/lesson.detente".to_owned());
    keeper.keep(&played(1));
    drop(keeper);
    let mut next = window(&memory);
    let mut back = offer_taken(&mut next);
    change(&mut next, &fresh(1), &back);
    assert_eq!(next.file(), Some("/tmp/lesson.detente"));
    back.step(1);
    next.keep(&back);
    drop(next);
    let records: Vec<i32> = window(&memory).records().map(|record| record.day).collect();
    assert_eq!(records, [3], "one session, one record");
}

#[test]
fn what_an_earlier_version_kept_says_what_it_is() {
    let tail = Saved::of(&played(4)).to_link();
    let record = Record::of_tail(&tail, "a", 60_000).unwrap();
    assert_eq!((record.scenario.as_str(), record.seed, record.day, record.branches), ("november-2024", 4, 2, 1));
    assert!(Record::of_tail("nonsense", "a", 0).is_err());
    for (now, words) in
        [(60_000, "just now"), (120_000, "1 minute ago"), (7_260_000, "2 hours ago"), (200_000_000, "2 days ago")]
    {
        assert_eq!(record.ago(now), words);
    }
}
