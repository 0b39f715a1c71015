//! Words on the map, wherever it looks: no two on one spot, none out of the room, none under what floats.

use super::super::project::{BOUNDS, View, mercator};
use super::*;
use bevy_egui::egui::epaint::Primitive;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Everything that is wrong with the words of a frame.
fn faults(seen: &[Seen]) -> Vec<String> {
    let mut wrong = Vec::new();
    for pane in seen {
        for (i, word) in pane.placed.iter().enumerate() {
            // Placed words keep two pixels to each other sideways; a hundredth is for rounding.
            let rect = word.rect.shrink(0.01);
            if !pane.room.contains_rect(rect) {
                wrong.push(format!("{:?}: {rect:?} leaves {:?}", pane.pane, pane.room));
            }
            let both = pane.placed[i + 1..].iter().filter(|other| other.rect.intersects(rect));
            wrong.extend(both.map(|other| format!("{:?}: {rect:?} lies on {other:?}", pane.pane)));
            let under = pane.over.iter().filter(|over| over.intersects(rect));
            wrong.extend(under.map(|over| format!("{:?}: {rect:?} lies under {over:?}", pane.pane)));
        }
    }
    wrong
}

/// A view of a pane: longitude, latitude, and how close as a power of two.
fn anywhere() -> impl Strategy<Value = (f64, f64, f64)> {
    (BOUNDS[0]..BOUNDS[1], BOUNDS[2]..BOUNDS[3], 3.0..11.0_f64)
}

#[test]
fn words_never_overlap_wherever_the_map_looks() {
    let stands = [Stand::new(7, 0), Stand::new(7, 96), Stand::new(11, 230), Stand::new(2417, 365)];
    let sizes = (200.0..1500.0_f32, 160.0..1000.0_f32);
    let near = (34.0..36.5_f64, 31.0..34.0_f64, 6.0..11.0_f64);
    let view = prop_oneof![anywhere().prop_map(Some), near.prop_map(Some), Just(None)];
    let views = (view, anywhere(), anywhere(), any::<bool>());
    let rest = (0..stands.len(), sizes, 0.8..2.0_f32, any::<bool>(), any::<bool>());
    let mut most = 0;
    let config = Config { failure_persistence: None, ..Config::with_cases(300) };
    let run = TestRunner::new(config).run(&(views, rest), |(views, (stand, (width, height), text, key, hidden))| {
        let stand = &stands[stand];
        stand.ctx.set_zoom_factor(text);
        let mut view = MapView { key_open: key, insets_hidden: hidden, ..MapView::default() };
        let (region, south, gaza, insets) = views;
        let look = |(lon, lat, scale): (f64, f64, f64)| View { centre: mercator(lon, lat), scale: scale.exp2() };
        if let Some(region) = region {
            view.region.look_at(look(region));
        }
        if insets {
            view.south.look_at(look(south));
            view.gaza.look_at(look(gaza));
        }
        let size = [width / text, height / text];
        // The text size holds from the second frame on.
        stand.frame(&mut view, size, 0.0);
        let (drawn, _) = stand.frame(&mut view, size, 0.02);
        let wrong = faults(&view.seen);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for clipped in stand.ctx.tessellate(drawn.shapes, drawn.pixels_per_point) {
            if let Primitive::Mesh(mesh) = clipped.primitive {
                prop_assert!(mesh.is_valid() && mesh.vertices.iter().all(|v| v.pos.is_finite()), "not a number");
            }
        }
        Ok(())
    });
    run.unwrap();
    for stand in &stands {
        stand.ctx.set_zoom_factor(1.0);
        let mut view = MapView::default();
        stand.frame(&mut view, [1400.0, 900.0], 0.0);
        stand.frame(&mut view, [1400.0, 900.0], 0.02);
        most = most.max(view.seen.iter().map(|pane| pane.placed.len()).sum());
    }
    assert!(most > 40, "hardly any words: {most}");
}

#[test]
fn every_front_has_its_tag() {
    for (seed, day) in [(7, 96), (7, 30), (11, 200), (2417, 300)] {
        let stand = Stand::new(seed, day);
        // The map of a window of 1440 × 900, of the projector's at text size 1 and 1.2, and one of two side by side.
        for (size, hidden) in [
            ([732.0, 656.0], false),
            ([780.0, 526.0], false),
            ([650.0, 436.0], false),
            ([480.0, 620.0], true),
            ([1000.0, 800.0], true),
        ] {
            let mut view = MapView { insets_hidden: hidden, ..MapView::default() };
            stand.frame(&mut view, size, 0.0);
            let plates = view.seen[0].placed.iter().filter(|placed| placed.plate).count();
            assert_eq!(plates, stand.sitting.rules.fronts.len(), "seed {seed}, day {day}, {size:?}");
        }
    }
}

#[test]
fn local_names_come_last_and_take_no_room_from_others() {
    let stand = Stand::new(7, 96);
    let placed = |shown: bool| {
        let mut view = MapView::default();
        *view.layers.switch(layers::Layer::LocalNames) = shown;
        stand.frame(&mut view, [1000.0, 800.0], 0.0);
        view.seen.into_iter().flat_map(|pane| pane.placed).collect::<Vec<_>>()
    };
    let (with, without) = (placed(true), placed(false));
    assert!(without.iter().all(|p| !p.local));
    assert!(with.iter().filter(|p| p.local).count() > 8, "{with:?}");
    let latin: Vec<_> = with.into_iter().filter(|p| !p.local).collect();
    assert_eq!(latin, without);
}

#[test]
fn every_local_name_has_its_place() {
    let known = |place: &str| {
        let sites = ["november-2024", "october-2023"]
            .iter()
            .any(|name| detente_model::scenario::load(name).unwrap().scenario.sites.contains_key(place));
        sites || place == "Litani" || names::NAMES.iter().any(|(name, ..)| name.split(" (").next() == Some(place))
    };
    for place in local::all().keys() {
        assert!(known(place), "{place}");
    }
    // Places that several parties claim carry the names of both, or none.
    for place in ["jerusalem", "Golan Heights", "shebaa", "kfarchouba", "ghajar", "majdal_shams", "kerem_shalom"] {
        assert_eq!(local::of(place).len(), 2, "{place}");
    }
    assert!(local::of("The Gulf").is_empty());
}

/// Words painted in a frame.
fn said(drawn: &FullOutput) -> Vec<String> {
    fn collect(shape: &egui::Shape, into: &mut Vec<String>) {
        match shape {
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|s| collect(s, into)),
            egui::Shape::Text(text) => into.push(text.galley.text().to_owned()),
            _ => {}
        }
    }
    let mut all = Vec::new();
    drawn.shapes.iter().for_each(|clipped| collect(&clipped.shape, &mut all));
    all
}

/// The towns of Gaza have their names before those around them.
#[test]
fn gaza_has_its_names() {
    for (day, size) in [(0, [732.0, 656.0]), (96, [732.0, 656.0]), (96, [1212.0, 836.0]), (30, [1200.0, 824.0])] {
        let stand = Stand::new(7, day);
        let mut view = MapView::default();
        let words = said(&stand.frame(&mut view, size, 0.0).0);
        let named = |town: &&str| words.iter().any(|w| w == town);
        assert!(named(&"Gaza City"), "day {day} at {size:?}: {words:?}");
        // Two of the towns lie within twelve pixels of each other on the smallest inset: one of the five may find no room.
        let towns = ["Gaza City", "Khan Younis", "Rafah", "Deir al-Balah", "Jabalia"];
        assert!(towns.iter().filter(|town| named(town)).count() >= 4, "day {day} at {size:?}: {words:?}");
    }
}

#[test]
fn countries_have_their_names_at_the_usual_size() {
    let stand = Stand::new(7, 30);
    let words = said(&stand.frame(&mut MapView::default(), [732.0, 656.0], 0.0).0);
    for country in ["SYRIA", "EGYPT", "TURKEY"] {
        assert!(words.iter().any(|w| w == country), "{country}: {words:?}");
    }
}

/// A lecturer finds the countries of the actors and their capitals by name, whatever the fronts do; on the maps of windows of 1440 × 900
/// and of 1280 × 720.
#[test]
fn countries_of_actors_and_their_capitals_are_named_whatever_the_fronts_do() {
    let countries = ["LEBANON", "ISRAEL", "SYRIA", "JORDAN", "IRAQ", "IRAN", "SAUDI ARABIA", "YEMEN", "EGYPT"];
    // Jerusalem and Tel Aviv lie in the outline of an inset, which names one of them at the least.
    let capitals = ["Beirut", "Damascus", "Baghdad", "Tehran", "Riyadh", "Sana'a", "Mediterranean"];
    // On the lower map the sea off the coast is narrower than its own name.
    for (size, without) in [([732.0, 644.0], &[][..]), ([573.0, 514.0], &["Mediterranean"])] {
        for (seed, day) in [(7, 0), (7, 30), (7, 96), (11, 200), (2417, 300), (1, 103)] {
            let stand = Stand::new(seed, day);
            let mut view = MapView::default();
            let words = said(&stand.frame(&mut view, size, 0.0).0);
            let named = |name: &&str| words.iter().any(|w| w == name);
            let missing: Vec<&str> = countries.iter().chain(&capitals).copied().filter(|name| !named(name)).collect();
            assert_eq!(missing, without, "seed {seed}, day {day}, {size:?}");
            assert!(named(&"Jerusalem") || named(&"Tel Aviv"), "seed {seed}, day {day}, {size:?}");
            let plates = view.seen[0].placed.iter().filter(|placed| placed.plate).count();
            assert_eq!(plates, stand.sitting.rules.fronts.len(), "seed {seed}, day {day}, {size:?}");
            assert_eq!(faults(&view.seen), Vec::<String>::new(), "seed {seed}, day {day}, {size:?}");
        }
    }
}

/// The key lies over the map for a while: what is beside it stays where it was.
#[test]
fn an_open_key_moves_no_words() {
    for size in [[732.0, 644.0], [573.0, 514.0], [1212.0, 836.0]] {
        let stand = Stand::new(7, 96);
        let placed = |key_open: bool| {
            let mut view = MapView { key_open, ..MapView::default() };
            stand.frame(&mut view, size, 0.0);
            (std::mem::take(&mut view.seen[0].placed), view.seen.len())
        };
        let ((closed, _), (open, panes)) = (placed(false), placed(true));
        assert!(open.iter().all(|word| closed.contains(word)), "{size:?}");
        assert!(!open.is_empty() && open.len() < closed.len(), "{size:?}: nothing lies under the key, or all of it");
        // An inset is seen whole or not at all.
        assert_eq!(panes, if size[0] > 1000.0 { 3 } else { 1 }, "{size:?}");
    }
}

/// A war that is under way on day 0 is drawn as one, from the scenario's own rates.
#[test]
fn fire_is_drawn_before_the_first_day_was_played() {
    let stand = Stand::new(7, 0);
    let scene = stand.scene(0.0);
    let facts = Facts::of(&scene);
    let of = |id: &str| fronts::front(&facts, stand.sitting.rules.front(id).unwrap()).unwrap();
    assert!(facts.fire.iter().all(|events| *events == 0.0), "nothing was counted yet");
    for front in ["LEB", "GAZ", "WBK", "YEM-RED"] {
        assert!(of(front).share.iter().any(|share| *share > 0.05), "{front}: {:?}", of(front).share);
    }
}

#[test]
fn every_party_to_a_front_has_its_mark_on_the_region() {
    let stand = Stand::new(7, 30);
    let mut view = MapView::default();
    stand.frame(&mut view, [732.0, 656.0], 0.0);
    let scene = stand.scene(0.0);
    let rules = scene.rules;
    let facts = Facts::of(&scene);
    let wanted = |i: &usize| {
        rules.fronts.iter().any(|f| f.parties.contains(i))
            && facts.homes[*i].is_some()
            && rules.actors[*i].kind != detente_model::scenario::raw::ActorKind::Shipping
            && rules.actors[*i].id.text != "USA"
    };
    let marked = &view.seen[0].marked;
    for i in (0..rules.actors.len()).filter(wanted) {
        assert!(marked.contains(&i), "{} has no mark", rules.actors[i].name);
    }
}

/// Two maps side by side show two evenings; the plate of a front is in the same place on both.
#[test]
fn plates_stand_in_the_same_places_on_two_maps() {
    let plates = |day: i32| {
        let stand = Stand::new(7, day);
        let mut view = MapView { insets_below: true, ..MapView::default() };
        stand.frame(&mut view, [484.0, 612.0], 0.0);
        let placed = std::mem::take(&mut view.seen[0].placed);
        placed.into_iter().filter(|p| p.plate).map(|p| p.rect).collect::<Vec<_>>()
    };
    let (first, later) = (plates(30), plates(120));
    assert!(!first.is_empty());
    assert_eq!(first, later);
}

#[test]
fn a_missions_strength_is_said_to_be_no_sectors() {
    let stand = Stand::new(7, 3);
    let scene = stand.scene(0.0);
    let tip = tips::tip(&Facts::of(&scene), hits::Target::Pick(Pick::Mission(0))).unwrap();
    let lines: Vec<&str> = tip.lines.iter().map(|(name, _)| name.as_str()).collect();
    assert!(lines.contains(&"The mission's strength, not this sector's"), "{lines:?}");
    assert!(lines.len() <= TIP_LINES, "a line is behind a click: {lines:?}");
}

#[test]
fn a_host_under_a_warning_has_a_sign_and_says_who_hears_it() {
    let mut stand = Stand::of("the-region-incorporated", 7, 0);
    let rules = stand.sitting.rules.clone();
    let warned = |stand: &Stand| {
        let hosts = &stand.sitting.now().columns.hosts;
        let today = stand.sitting.today();
        (0..hosts.len()).find(|&h| detente_model::sim::strategy::hosts::threatened(&hosts[h], today, &rules.p))
    };
    let polygons = |stand: &Stand| {
        fn count(shape: &egui::Shape) -> usize {
            match shape {
                egui::Shape::Vec(list) => list.iter().map(count).sum(),
                // A sign to speak is the only triangle of this size.
                egui::Shape::Path(path) => usize::from(path.points.len() == 3 && path.closed),
                _ => 0,
            }
        }
        let drawn = stand.frame(&mut MapView::default(), [1440.0, 900.0], 0.0).0;
        drawn.shapes.iter().map(|clipped| count(&clipped.shape)).sum::<usize>()
    };
    assert_eq!(warned(&stand), None);
    let before = polygons(&stand);
    let host = (1..400).find_map(|day| {
        stand.go_to(day);
        warned(&stand)
    });
    let host = host.expect("nobody is ever warned");
    let scene = stand.scene(0.0);
    let facts = Facts::of(&scene);
    let site = rules.hosts[host].bases[0];
    assert_eq!(bases::base(&facts, site).warned, Some(rules.p.host_voice > 0.0));
    let tip = tips::tip(&facts, hits::Target::Pick(Pick::Site(site))).unwrap();
    let lines: Vec<&str> = tip.lines.iter().take(TIP_LINES).map(|(name, _)| name.as_str()).collect();
    assert!(lines.iter().any(|line| line.starts_with("Warned by ")), "{lines:?}");
    assert!(lines.contains(&"Hosts' warning to Washington"), "{lines:?}");
    assert!(polygons(&stand) > before, "the sign is not drawn");
}
