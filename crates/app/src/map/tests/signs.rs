//! Signs of what was agreed or let go are there while it is so, and not before or after.

use super::super::ended::{ENDED_DAYS, deal_ended};
use super::super::signs::{BOX, SETTLED_DAYS, elected, settled, taken_in};
use super::*;
use crate::map::fronts::{Calm, front};
use bevy_egui::egui::Shape;

/// Circles of a frame that are so.
fn circles(stand: &Stand, is: impl Fn(&egui::epaint::CircleShape) -> bool) -> usize {
    fn count(shape: &Shape, is: &impl Fn(&egui::epaint::CircleShape) -> bool) -> usize {
        match shape {
            Shape::Vec(list) => list.iter().map(|shape| count(shape, is)).sum(),
            Shape::Circle(circle) => usize::from(is(circle)),
            _ => 0,
        }
    }
    let drawn = stand.frame(&mut MapView { insets_hidden: true, ..MapView::default() }, [1440.0, 900.0], 0.0).0;
    drawn.shapes.iter().map(|clipped| count(&clipped.shape, &is)).sum()
}

/// Days on which something of a kind happened, and what.
fn days(stand: &Stand, is: impl Fn(&Event) -> bool) -> Vec<i32> {
    stand.sitting.past().iter().filter(|(_, event)| is(event)).map(|(id, _)| id.day).collect()
}

#[test]
fn a_group_that_a_state_has_taken_in_has_the_sign_of_one() {
    let mut stand = Stand::of("the-region-incorporated", 7, 0);
    let groups = |stand: &Stand| {
        let scene = stand.scene(0.0);
        let facts = Facts::of(&scene);
        (0..scene.rules.actors.len()).filter_map(|actor| Some((actor, taken_in(&facts, actor)?))).collect::<Vec<_>>()
    };
    let signs = |stand: &Stand| circles(stand, |circle| circle.fill == stand.look.un && circle.stroke.width > 1.0);
    assert_eq!((groups(&stand).len(), signs(&stand)), (0, 0));
    stand.go_to(365);
    let taken = groups(&stand);
    assert!(!taken.is_empty(), "nobody joins a state in a year");
    // One that stands where others do has no mark of its own at this distance.
    let mut view = MapView { insets_hidden: true, ..MapView::default() };
    stand.frame(&mut view, [1440.0, 900.0], 0.0);
    let marked = taken.iter().filter(|(actor, _)| view.seen[0].marked.contains(actor)).count();
    assert!(marked > 0);
    assert_eq!(signs(&stand), marked);
    let scene = stand.scene(0.0);
    for (actor, (state, share)) in taken {
        let tip = tips::tip(&Facts::of(&scene), hits::Target::Pick(Pick::Actor(actor))).unwrap();
        let line = (format!("Under the authority of {}", scene.rules.actors[state].name), facts::percent(share));
        assert!(tip.lines.contains(&line), "{:?}", tip.lines);
    }
}

#[test]
fn who_governs_by_votes_has_the_sign_of_it() {
    let mut stand = Stand::of("the-region-incorporated", 7, 0);
    let votes = (0..600).find(|day| {
        stand.go_to(*day);
        !elected(&Facts::of(&stand.scene(0.0))).is_empty()
    });
    let day = votes.expect("nobody is elected in six hundred days");
    let boxes = |stand: &Stand| {
        let mut view = MapView { insets_hidden: true, ..MapView::default() };
        let drawn = stand.frame(&mut view, [1440.0, 900.0], 0.0).0;
        let is = |s: &&egui::epaint::ClippedShape| matches!(&s.shape, Shape::Rect(r) if (r.rect.size() - BOX).length() < 0.01);
        drawn.shapes.iter().filter(is).count()
    };
    assert_eq!(boxes(&stand), 1);
    let scene = stand.scene(0.0);
    let (winner, share) = elected(&Facts::of(&scene))[0];
    assert!(["PAL", "HAM"].contains(&scene.rules.actors[winner].id.text.as_str()));
    let tip = tips::tip(&Facts::of(&scene), hits::Target::Pick(Pick::Actor(winner))).unwrap();
    let line = ("Governs by votes; its list had".to_owned(), facts::percent(share));
    assert!(tip.lines.contains(&line), "{:?}", tip.lines);
    stand.go_to(day - 1);
    assert_eq!(boxes(&stand), 0, "before the votes are counted nobody governs by them");
}

#[test]
fn an_answer_that_was_settled_has_its_sign_for_a_month() {
    let mut stand = Stand::of("restraint-returned", 7, 365);
    let settlements = days(&stand, |event| matches!(event, Event::AnswerSettled { .. }));
    let &first = settlements.first().expect("nothing is settled in a year");
    let signs = |stand: &Stand| {
        circles(stand, |c| c.radius == 7.0 && c.fill == stand.look.panel && c.stroke.color == stand.look.un)
    };
    let known = |stand: &Stand| settled(&Facts::of(&stand.scene(0.0))).len();
    stand.go_to(first);
    assert_eq!((known(&stand), signs(&stand)), (0, 0), "it is settled on that day, and the map shows its morning");
    stand.go_to(first + 1);
    assert_eq!((known(&stand), signs(&stand)), (1, 1));
    let scene = stand.scene(0.0);
    let (id, _) = settled(&Facts::of(&scene))[0];
    let tip = tips::tip(&Facts::of(&scene), hits::Target::Pick(Pick::Event(id))).unwrap();
    assert!(tip.lines[0].0.contains("mediators have settled it"), "{:?}", tip.lines);
    // After a month without another there is none.
    let quiet = (first..330).find(|day| !settlements.iter().any(|s| (day - SETTLED_DAYS..*day).contains(s))).unwrap();
    stand.go_to(quiet);
    assert_eq!((known(&stand), signs(&stand)), (0, 0), "day {quiet}");
}

#[test]
fn where_a_collective_deal_has_ended_its_fronts_say_so() {
    let ended = (1..40).find_map(|seed| {
        let stand = Stand::of("collective-deal", seed, 300);
        let deal = stand.sitting.rules.collective.unwrap();
        let over = |event: &Event| matches!(event, Event::Collapsed { table, .. } if usize::from(*table) == deal);
        Some((days(&stand, over).first().copied()?, stand))
    });
    let (day, mut stand) = ended.expect("no deal ends in forty histories");
    let fronts = |stand: &Stand| {
        let scene = stand.scene(0.0);
        let facts = Facts::of(&scene);
        let all = 0..scene.rules.fronts.len();
        let over = all.filter(|i| front(&facts, *i).is_some_and(|front| matches!(front.calm, Calm::DealOver(_))));
        let over: Vec<usize> = over.collect();
        assert!(over.iter().all(|i| deal_ended(&facts, *i).is_some()));
        over
    };
    let said = |stand: &Stand| {
        let drawn = stand.frame(&mut MapView::default(), [1440.0, 900.0], 0.0).0;
        words_of(&drawn).iter().filter(|words| words.contains("deal ended")).count()
    };
    stand.go_to(day);
    assert_eq!((fronts(&stand).len(), said(&stand)), (0, 0));
    stand.go_to(day + 1);
    let over = fronts(&stand);
    assert!(!over.is_empty() && said(&stand) > 0, "{over:?}");
    let scene = stand.scene(0.0);
    let tip = tips::tip(&Facts::of(&scene), hits::Target::Pick(Pick::Front(over[0]))).unwrap();
    assert!(tip.lines.iter().any(|(name, _)| name == "Collective deal"), "{:?}", tip.lines);
    stand.go_to(day + ENDED_DAYS + 1);
    let deal = stand.sitting.rules.collective.unwrap();
    // Unless another deal has ended since.
    let again = days(&stand, |e| matches!(e, Event::Collapsed { table, .. } if usize::from(*table) == deal));
    assert!(again.last() != Some(&day) || fronts(&stand).is_empty(), "told for ever");
}
