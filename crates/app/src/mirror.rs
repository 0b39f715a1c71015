//! What a screen reader is told where nobody hands egui's tree of controls on: in a page. The tree becomes a list in the order
//! of reading, and the list's changes become elements of the page ([`super::platform`]). What a reader does with an element
//! comes back as what AccessKit asks of the control.
//!
//! Nobody can tell whether a reader is there before it acts. So the tree is made only now and then, never in a frame in which
//! something moves, unless a reader has acted; and the last picture before a rest is always told.

use super::pace::Wake;
use bevy_egui::egui::accesskit::{Action, ActionData, ActionRequest, Node, NodeId, Role, Toggled, TreeId, TreeUpdate};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds between two trees while nothing moves.
const PAUSE: f64 = 0.25;
/// Seconds between two trees while something moves, for a reader that has acted.
const PAUSE_MOVING: f64 = 0.6;

/// What a control is to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, and nothing to do.
    Text,
    /// A button.
    Button,
    /// A slider.
    Slider,
    /// Anything else, by its name in ARIA.
    Other(&'static str),
}

/// One control or text, as a reader meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The control's number in egui.
    pub id: u64,
    /// What it is.
    pub kind: Kind,
    /// Its name; of a text, the text.
    pub name: String,
    /// Its value in words.
    pub value: Option<String>,
    /// Its value as a number, and between which it lies.
    pub number: Option<[f64; 3]>,
    /// Whether it is chosen, ticked or pressed, where it can be.
    pub on: Option<bool>,
    /// Whether it can be used.
    pub enabled: bool,
    /// Left, top, width and height, whole pixels of the page.
    pub place: [i32; 4],
}

/// A change of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is gone.
    Gone(u64),
    /// It is new, or has another place: before this one, or last.
    Put(Element, Option<u64>),
    /// It stands where it stood and says something else.
    Says(Element),
}

/// What a reader does with an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// Comes to it.
    Focus,
    /// Presses it.
    Press,
    /// Moves it up or down by a step.
    Step(bool),
    /// Sets it to a number.
    Set(f64),
}

/// The same, as egui understands it.
#[must_use]
pub fn request(id: u64, deed: Deed) -> ActionRequest {
    let (action, data) = match deed {
        Deed::Focus => (Action::Focus, None),
        Deed::Press => (Action::Click, None),
        Deed::Step(true) => (Action::Increment, None),
        Deed::Step(false) => (Action::Decrement, None),
        Deed::Set(value) => (Action::SetValue, Some(ActionData::NumericValue(value))),
    };
    ActionRequest { action, target_tree: TreeId::ROOT, target_node: NodeId(id), data }
}

fn kind(node: &Node) -> Option<Kind> {
    Some(match node.role() {
        Role::Label | Role::Paragraph | Role::Heading => Kind::Text,
        Role::Button | Role::DefaultButton | Role::DisclosureTriangle | Role::ColorWell => Kind::Button,
        Role::Slider => Kind::Slider,
        Role::CheckBox | Role::Switch => Kind::Other("checkbox"),
        Role::RadioButton => Kind::Other("radio"),
        Role::ComboBox => Kind::Other("combobox"),
        Role::Link => Kind::Other("link"),
        Role::Image => Kind::Other("img"),
        Role::SpinButton => Kind::Other("spinbutton"),
        Role::TextInput | Role::MultilineTextInput | Role::SearchInput => Kind::Other("textbox"),
        Role::ProgressIndicator => Kind::Other("progressbar"),
        Role::Unknown if node.supports_action(Action::Click) => Kind::Button,
        Role::Unknown => Kind::Other("group"),
        // What only holds others, bars and handles: their contents are read without them.
        _ => return None,
    })
}

/// The list of a tree. `scale` is how many pixels of the page a point of the layout has.
#[must_use]
pub fn elements(update: &TreeUpdate, scale: f32) -> Vec<Element> {
    let nodes: BTreeMap<NodeId, &Node> = update.nodes.iter().map(|(id, node)| (*id, node)).collect();
    let (mut list, mut seen) = (Vec::new(), BTreeSet::new());
    let mut next: Vec<NodeId> = update.tree.as_ref().map(|tree| tree.root).into_iter().collect();
    while let Some(id) = next.pop() {
        let Some(node) = nodes.get(&id).filter(|_| seen.insert(id)) else { continue };
        next.extend(node.children().iter().rev());
        let Some(kind) = kind(node).filter(|_| !node.is_hidden()) else { continue };
        let name = node.label().or(node.value()).unwrap_or_default().trim().to_owned();
        let Some(bounds) = node.bounds().filter(|_| !name.is_empty()) else { continue };
        let number = node.numeric_value().map(|now| {
            [now, node.min_numeric_value().unwrap_or(now.min(0.0)), node.max_numeric_value().unwrap_or(now.max(1.0))]
        });
        let [x, y, right, bottom] =
            [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|side| (side as f32 * scale).round() as i32);
        list.push(Element {
            id: id.0,
            kind,
            name,
            value: node.description().or(node.value().filter(|_| node.label().is_some())).map(str::to_owned),
            number,
            on: node.toggled().map(|on| on == Toggled::True),
            enabled: !node.is_disabled(),
            place: [x, y, (right - x).max(1), (bottom - y).max(1)],
        });
    }
    list
}

/// What leads from one list to another, to be done in this order.
#[must_use]
pub fn changes(old: &[Element], new: &[Element]) -> Vec<Change> {
    let before: BTreeMap<u64, &Element> = old.iter().map(|element| (element.id, element)).collect();
    // Numbers are given anew: where a sentence stood there may be a chart. What is of another kind is another element.
    let same = |element: &&Element| before.get(&element.id).is_some_and(|old| old.kind == element.kind);
    let stay: BTreeSet<u64> = new.iter().filter(same).map(|element| element.id).collect();
    let mut list = Vec::new();
    let mut order = Vec::with_capacity(new.len());
    for element in old {
        if stay.contains(&element.id) {
            order.push(element.id);
        } else {
            list.push(Change::Gone(element.id));
        }
    }
    for (i, element) in new.iter().enumerate() {
        if order.get(i) == Some(&element.id) {
            if before.get(&element.id).is_none_or(|old| *old != element) {
                list.push(Change::Says(element.clone()));
            }
            continue;
        }
        order.retain(|id| *id != element.id);
        let here = i.min(order.len());
        list.push(Change::Put(element.clone(), order.get(here).copied()));
        order.insert(here, element.id);
    }
    list
}

/// Seconds without a frame after which the next one comes alone.
const ALONE: f64 = 0.4;

/// Seconds without a frame after which what follows is a new matter.
const QUIET: f64 = 1.0;

/// Trees with nothing new after which no more are asked for.
const VAIN: u32 = 3;

/// When the tree is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rhythm {
    last: Option<f64>,
    /// The frame before.
    seen: Option<f64>,
    behind: bool,
    /// Trees that were asked for one after the other and said nothing new.
    vain: u32,
    /// Whether a reader has acted.
    pub read: bool,
}

impl Rhythm {
    /// Begins a frame: whether its tree is to be made. `moving` says whether something moves in it.
    pub fn begin(&mut self, now: f64, moving: bool) -> bool {
        // A frame that comes alone shows what stands, whatever moved before it.
        let moving = moving && self.seen.is_some_and(|seen| now - seen < ALONE);
        if self.seen.is_none_or(|seen| now - seen > QUIET) {
            self.vain = 0;
        }
        self.seen = Some(now);
        let pause = if moving { PAUSE_MOVING } else { PAUSE };
        let due = (self.read || !moving) && self.last.is_none_or(|last| !(0.0..pause).contains(&(now - last)));
        if due {
            self.last = Some(now);
            self.vain += u32::from(self.behind);
        }
        // A tree can bring a frame of its own: what says nothing new is not asked for without end.
        self.behind = !due && self.vain < VAIN;
        due
    }

    /// Something new was told, or a reader has acted.
    pub fn told_something(&mut self) {
        self.vain = 0;
    }

    /// Seconds after which a frame is wanted for what has not been told yet; none where all has.
    #[must_use]
    pub fn rest(&self, now: f64) -> Option<f64> {
        self.behind.then(|| (self.last.map_or(0.0, |last| last + PAUSE) - now).clamp(0.0, PAUSE))
    }

    /// Wakes earlier, if readers have not been told yet of what stands.
    #[must_use]
    pub fn sooner(&self, wake: Wake, now: f64) -> Wake {
        match (wake, self.rest(now)) {
            // Before a reader has acted nothing wakes a page at rest: its next frame tells.
            (Wake::Within(rest), Some(soon)) if self.read => Wake::Within(rest.min(soon.max(0.01))),
            (wake, _) => wake,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::fonts;
    use crate::studio::Studio;
    use bevy_egui::egui::{Context, Event, Pos2, RawInput, Rect, Vec2};
    use detente_model::scenario::load;
    use detente_session::Sitting;

    /// The list as the page has it after changes.
    fn apply(list: &mut Vec<Element>, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Gone(id) => list.retain(|element| element.id != id),
                Change::Says(new) => {
                    let at = list.iter().position(|element| element.id == new.id).unwrap();
                    list[at] = new;
                }
                Change::Put(new, before) => {
                    list.retain(|element| element.id != new.id);
                    let at = before.map_or(list.len(), |id| list.iter().position(|e| e.id == id).unwrap());
                    list.insert(at, new);
                }
            }
        }
    }

    fn element(id: u64, name: &str) -> Element {
        let name = name.to_owned();
        let place = [0, 0, 1, 1];
        Element { id, kind: Kind::Text, name, value: None, number: None, on: None, enabled: true, place }
    }

    #[test]
    fn changes_lead_from_any_list_to_any_other_and_from_a_list_to_itself_there_are_none() {
        let mut state = 7_u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut page: Vec<Element> = Vec::new();
        for _ in 0..300 {
            let mut new: Vec<Element> = Vec::new();
            for _ in 0..next(12) {
                let id = next(15);
                if new.iter().all(|e| e.id != id) {
                    new.push(element(id, if next(3) == 0 { "other" } else { "one" }));
                }
            }
            let old = page.clone();
            apply(&mut page, changes(&old, &new));
            assert_eq!(page, new);
            assert_eq!(changes(&new, &new), Vec::new());
        }
    }

    #[test]
    fn a_text_that_changes_is_told_anew_and_nothing_else_is() {
        let old = [element(1, "Day 3"), element(2, "Play"), element(3, "foot")];
        let new = [element(1, "Day 4"), element(2, "Play"), element(3, "foot")];
        assert_eq!(changes(&old, &new), [Change::Says(element(1, "Day 4"))]);
        let more = [element(1, "Day 4"), element(9, "note"), element(2, "Play"), element(3, "foot")];
        assert_eq!(changes(&new, &more), [Change::Put(element(9, "note"), Some(2))]);
    }

    #[test]
    fn a_number_that_is_given_to_another_kind_of_control_makes_another_element() {
        let (old, mut chart) = ([element(1, "coming"), element(2, "Play")], element(1, "a chart"));
        chart.kind = Kind::Other("img");
        let told = changes(&old, &[chart.clone(), element(2, "Play")]);
        assert_eq!(told, [Change::Gone(1), Change::Put(chart, Some(2))]);
    }

    #[test]
    fn no_frame_that_moves_makes_the_tree_until_a_reader_acts_and_the_last_picture_is_always_told() {
        let mut rhythm = Rhythm::default();
        assert!(rhythm.begin(0.0, false));
        assert_eq!(rhythm.rest(0.0), None, "at rest nothing more is wanted");
        for k in 1..300 {
            assert!(!rhythm.begin(f64::from(k) / 60.0, true), "it makes the tree in a frame that moves");
        }
        // Motion ends: one more frame is asked for, it tells, and then there is rest.
        let rest = rhythm.rest(5.0).unwrap();
        assert!(rhythm.begin(5.0 + rest, false));
        assert_eq!(rhythm.rest(5.0 + rest), None);
        // Were every tree that a reader is told to bring a frame of its own, there would still be rest.
        let mut reading = Rhythm { read: true, ..rhythm };
        let (mut now, mut asked) = (7.0, 0);
        while asked < 20 && {
            reading.begin(now, true);
            reading.begin(now + 0.09, true);
            reading.rest(now + 0.09).is_some()
        } {
            (now, asked) = (now + 0.09 + reading.rest(now + 0.09).unwrap_or(0.0), asked + 1);
        }
        assert!(asked < 20, "it asks for frames without end");
        // Quick frames without motion, as a pointer makes them: four a second at most.
        let told = (0..60).filter(|k| rhythm.begin(10.0 + f64::from(*k) / 60.0, false)).count();
        assert!((3..=5).contains(&told), "{told}");
        rhythm.read = true;
        let told = (0..120).filter(|k| rhythm.begin(20.0 + f64::from(*k) / 60.0, true)).count();
        assert!((2..=5).contains(&told), "a reader hears how it goes on: {told}");
    }

    /// A studio that is met through the list alone.
    struct Reader {
        studio: Studio,
        ctx: Context,
        list: Vec<Element>,
        time: f64,
    }

    impl Reader {
        fn new() -> Self {
            let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
            studio.is_tour = true;
            let ctx = Context::default();
            ctx.set_fonts(fonts());
            ctx.enable_accesskit();
            let mut reader = Self { studio, ctx, list: Vec::new(), time: 0.0 };
            reader.frame(Vec::new());
            reader.settle();
            reader
        }

        fn frame(&mut self, events: Vec<Event>) {
            self.time += 0.05;
            self.studio.pass(0.05, || true);
            let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1440.0, 900.0)));
            let input = RawInput { screen_rect, time: Some(self.time), events, ..RawInput::default() };
            let Self { ctx, studio, .. } = self;
            let mut drawn = ctx.run_ui(input, |ui| studio.ui(ui));
            drawn.textures_delta.clear();
            let update = drawn.platform_output.accesskit_update.unwrap();
            let new = elements(&update, 1.0);
            let told = changes(&self.list, &new);
            apply(&mut self.list, told);
        }

        fn settle(&mut self) {
            for _ in 0..400 {
                self.frame(Vec::new());
                if !self.studio.is_busy() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
            self.frame(Vec::new());
        }

        fn find(&self, kind: Kind, name: &str) -> &Element {
            self.list.iter().find(|e| e.kind == kind && e.name == name).unwrap_or_else(|| {
                panic!("no {name}: {:?}", self.list.iter().map(|e| e.name.as_str()).collect::<Vec<_>>())
            })
        }

        fn does(&mut self, kind: Kind, name: &str, deed: Deed) {
            let id = self.find(kind, name).id;
            self.frame(vec![Event::AccessKitActionRequest(request(id, deed))]);
            self.frame(Vec::new());
        }
    }

    #[test]
    fn a_lever_a_button_the_timeline_and_what_charts_say_are_met_and_moved_without_eyes_or_hands() {
        let mut reader = Reader::new();
        let lever = reader.find(Kind::Slider, "UNIFIL strength");
        assert_eq!(lever.number, Some([10_000.0, 0.0, 15_000.0]));
        assert!(lever.value.as_deref().is_some_and(|words| words.contains("10,000")), "{:?}", lever.value);
        let chart = |reader: &Reader| {
            reader.list.iter().filter(|e| e.kind == Kind::Other("img")).map(|e| e.name.clone()).collect::<String>()
        };
        assert!(chart(&reader).contains("events"), "what the chart says: {}", chart(&reader));
        let before = chart(&reader);
        reader.does(Kind::Slider, "UNIFIL strength", Deed::Set(15_000.0));
        assert_eq!(reader.find(Kind::Slider, "UNIFIL strength").number.unwrap()[0].to_bits(), 15_000_f64.to_bits());
        reader.does(Kind::Slider, "UNIFIL strength", Deed::Step(false));
        let stepped = reader.find(Kind::Slider, "UNIFIL strength").number.unwrap()[0];
        assert!(stepped < 15_000.0 && stepped > 13_000.0, "{stepped}");
        reader.settle();
        assert_ne!(chart(&reader), before, "the chart says nothing of the policy");

        assert_eq!(reader.find(Kind::Slider, "Day").number.unwrap()[0].to_bits(), 0_f64.to_bits());
        reader.does(Kind::Slider, "Day", Deed::Set(30.0));
        assert_eq!(reader.studio.sitting.today(), 30);
        reader.does(Kind::Slider, "Day", Deed::Step(true));
        assert_eq!(reader.studio.sitting.today(), 31);
        reader.does(Kind::Button, "Play", Deed::Press);
        assert!(reader.studio.playing);
        reader.find(Kind::Button, "Pause");
    }
}
