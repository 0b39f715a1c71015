//! Each side's band on its own side: by the land on which it falls, where the parties have land there.

use super::super::atlas::{atlas, meet};
use super::super::project::Plane;
use super::*;

/// Degrees from a front's line at which its sides are looked at: more than the line is simplified by.
const AWAY: f32 = 0.03;

/// Whether a place is on a country's land.
fn on(place: egui::Pos2, countries: &[&str]) -> bool {
    let p = [f64::from(place.x), f64::from(place.y)];
    let side = |a: Plane, b: Plane| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    atlas().levels[2].land.iter().filter(|land| countries.contains(&land.country)).any(|land| {
        meet(&land.bounds, &[p[0], p[1], p[0], p[1]])
            && land.triangles.chunks_exact(3).any(|t| {
                let [a, b, c] = [t[0], t[1], t[2]].map(|i| land.points[i as usize]);
                let signs = [side(a, b), side(b, c), side(c, a)];
                signs.iter().all(|s| *s >= 0.0) || signs.iter().all(|s| *s <= 0.0)
            })
    })
}

#[test]
fn bands_do_not_cross_the_line() {
    for k in 0..=10_u8 {
        let share = f32::from(k) / 10.0;
        let widths = [fronts::width(share), fronts::width(1.0 - share)];
        let [left, right] = fronts::offsets(widths);
        assert!(left - widths[0] / 2.0 > 0.0 && right + widths[1] / 2.0 < 0.0);
    }
}

#[test]
fn bands_lie_on_the_land_of_their_own_side() {
    let stand = Stand::new(7, 30);
    let scene = stand.scene(0.0);
    let facts = Facts::of(&scene);
    // Front, land to the left and to the right of its line; Natural Earth's Israel holds the Golan.
    let lands: [(&str, &[&str], &[&str]); 5] = [
        ("LEB", &["LBN"], &["ISR"]),
        ("GAZ", &["ISR"], &["GAZ"]),
        ("WBK", &["ISR"], &["WBK"]),
        ("SYR", &["ISR"], &["SYR"]),
        ("KSA-HOU", &["SAU"], &["YEM"]),
    ];
    let line = |id: &str| {
        let front = fronts::front(&facts, stand.sitting.rules.front(id).unwrap()).unwrap();
        front.path.iter().map(|p| pos2(p[0] as f32, p[1] as f32)).collect::<Vec<_>>()
    };
    let middles = |line: &[egui::Pos2]| line.windows(2).map(|p| p[0].lerp(p[1], 0.5)).collect::<Vec<_>>();
    for (id, left, right) in lands {
        let path = line(id);
        for (by, own, other) in [(AWAY, left, right), (-AWAY, right, left)] {
            let beside = middles(&ink::beside(&path, by));
            let share = |land: &[&str]| beside.iter().filter(|p| on(**p, land)).count() as f32 / beside.len() as f32;
            assert!(share(own) > 0.7 && share(other) < 0.25, "{id}, {by}: {} and {}", share(own), share(other));
        }
    }
    // The Red Sea's line lies off the Houthi-held coast, with ships and those who strike from the sea on its other side.
    let red = line("YEM-RED");
    let to_land = |way: f32| middles(&ink::beside(&red, way)).iter().filter(|p| on(**p, &["YEM"])).count();
    assert!(to_land(0.5) * 2 > red.len(), "{}", to_land(0.5));
    assert_eq!(to_land(-0.5), 0);
}

#[test]
fn where_no_land_tells_the_home_of_a_party_is_on_its_side() {
    let stand = Stand::new(7, 30);
    let scene = stand.scene(0.0);
    let facts = Facts::of(&scene);
    // Both parties of IRQ fire from and at places on either side of its line: none is wrong there.
    for id in ["LEB", "GAZ", "WBK", "IRN-ISR", "KSA-HOU"] {
        let front = fronts::front(&facts, stand.sitting.rules.front(id).unwrap()).unwrap();
        let line: Vec<egui::Pos2> = front.path.iter().map(|p| pos2(p[0] as f32, p[1] as f32)).collect();
        for (side, left) in [(0, true), (1, false)] {
            let home = front.sides[side].iter().find_map(|&a| facts.homes[a]).unwrap();
            assert_eq!(ink::is_left(&line, pos2(home[0] as f32, home[1] as f32)), left, "{id} side {side}");
        }
    }
}
