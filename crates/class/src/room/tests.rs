use super::*;
use detente_model::sim::event::NuclearStep;
use detente_session::Sitting;

#[path = "../../tests/common/known.rs"]
#[allow(dead_code, reason = "tests of the whole server use the rest of it")]
mod known;
use known::knowers;

fn room() -> Room {
    let world = World::new(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4)).unwrap();
    let mut room =
        Room::new(Seats::read(Seats::shipped(world.rules().frame.start).unwrap(), world.rules()).unwrap(), world);
    for place in 0..room.seats.all().len() {
        let token = format!("token {place}");
        let seat = room.seats.all()[place].id.clone();
        room.apply(0, &Entry::Joined { token, name: seat.clone() }).unwrap();
        room.apply(0, &Entry::Seated { player: place, seat: Some(seat) }).unwrap();
    }
    room
}

/// A number in every series that stands nowhere else: no seat is shown one that is another's business.
#[test]
fn no_seat_is_shown_a_number_of_another_seats_state() {
    let mut room = room();
    let names: Vec<String> = room.world.names().map(|(name, _)| name.to_owned()).collect();
    room.world.plant(vec![0.0; names.len()]);
    let empty: String = (0..12).map(|player| room.view(Who::Player(player)).to_string()).collect();
    // What is told in two digits is a multiple of a hundred here, and nobody's canary.
    let free = (1000..9999).filter(|n| n % 100 != 0 && !empty.contains(&n.to_string()));
    let free: Vec<u32> = free.collect();
    assert!(free.len() > names.len());
    let canaries: Vec<String> = free.iter().take(names.len()).map(|n| format!("\"value\":{n}.0")).collect();
    room.world.plant(free.iter().take(names.len()).map(|&n| f64::from(n)).collect());
    for player in 0..12 {
        let seat = room.seats.all()[player].id.as_str();
        let bytes = room.view(Who::Player(player)).to_string();
        for (name, canary) in names.iter().zip(&canaries) {
            let may = knowers(name).is_none_or(|seats| seats.contains(&seat));
            assert!(may || !bytes.contains(canary), "{seat} is shown {name}");
            // What it may know it is told: a seat without its own state plays blindly.
            assert_eq!(bytes.contains(&format!("\"id\":\"{name}\"")), may, "{seat} and {name}");
        }
    }
    let wall = room.wall().to_string();
    for (name, canary) in names.iter().zip(&canaries) {
        assert!(!wall.contains(canary) || knowers(name).is_none(), "the wall shows {name}");
    }
    for (kind, seat) in [
        ("channel.qatar", "MED"),
        ("national_troops.UNIFIL", "LBN"),
        ("pace.IRN", "IRN"),
        ("peacekeepers.UNIFIL", "UNS"),
    ] {
        let place = names.iter().position(|name| name == kind).unwrap();
        let Who::Player(player) = on(&room, seat) else { unreachable!() };
        assert!(room.view(Who::Player(player)).to_string().contains(&canaries[place]), "{seat} reads {kind}");
    }
}

#[test]
fn news_goes_to_those_who_learn_of_it_and_the_hidden_programme_to_no_seat() {
    let mut room = room();
    let heard = |room: &Room| -> Vec<String> {
        let ids = room.seats.all().iter().map(|seat| seat.id.clone());
        ids.enumerate().filter(|(place, _)| !room.stream(Stream::Seat(*place)).is_empty()).map(|(_, id)| id).collect()
    };
    for step in [NuclearStep::Decided, NuclearStep::Device] {
        room.tell(3, &Event::Nuclear { programme: 0, step });
    }
    assert!(heard(&room).is_empty() && room.stream(Stream::Wall).is_empty());
    assert_eq!(room.stream(Stream::Host).len(), 2);
    let ledger = room.world.rules().ledgers.iter().position(|l| l.id.text == "IRN|ISR").unwrap() as u16;
    room.tell(3, &Event::AnswerOwed { ledger });
    assert_eq!(heard(&room), ["IRN"]);
    room.tell(4, &Event::Signed { table: 0, left_out: None });
    assert_eq!(heard(&room).len(), 12);
    let iran = room.seats.position("IRN").unwrap();
    let ids: Vec<u64> = room.after(Stream::Seat(iran), 0, 9).iter().map(|item| item.id).collect();
    assert_eq!(ids, [1, 2], "no gap tells of what others heard");
}

#[test]
fn a_flood_at_the_door_takes_no_seat_from_anybody() {
    let mut room = room();
    for n in 0..2_000 {
        for entry in room.decide(None, &Wish::Join { token: format!("flood {n}"), name: "x".to_owned() }).unwrap() {
            room.apply(n, &entry).unwrap();
        }
    }
    assert_eq!(room.tokens.len(), MOST_PLAYERS);
    for place in 0..12 {
        assert_eq!(room.player(&format!("token {place}")), Some(place));
        assert_eq!(room.players[place].seat, Some(place));
    }
}

#[test]
fn a_room_is_the_fold_of_its_entries() {
    let mut room = room();
    let term = |lever: &str, value| Term { lever: lever.to_owned(), value };
    let entries = [
        Entry::Ordered {
            turn: 1,
            seat: "IRN".to_owned(),
            lever: "iran.blow_rate".to_owned(),
            value: 0.5,
            player: Some(2),
        },
        Entry::Proposed {
            by: "MED".to_owned(),
            title: "x".to_owned(),
            terms: vec![term("israel.blow_rate", 0.0)],
            player: Some(6),
        },
        Entry::Signed { proposal: 1, by: "MED".to_owned(), turn: 1, player: Some(6) },
        Entry::Signed { proposal: 1, by: "ISR".to_owned(), turn: 1, player: None },
        Entry::Turned { turn: 1, days: 12 },
    ];
    for (number, entry) in (1..).zip(&entries) {
        room.apply(number, entry).unwrap();
    }
    let mut again = self::room();
    for (number, entry) in (1..).zip(&entries) {
        let kept = serde_json::to_string(entry).unwrap();
        again.apply(number, &serde_json::from_str(&kept).unwrap()).unwrap();
    }
    assert_eq!(room.view(Who::Host), again.view(Who::Host));
    assert_eq!(room.world.given.len(), 2);
    for room in [&mut room, &mut again] {
        for entry in [Entry::Rewound { turn: 1 }, Entry::Turned { turn: 3, days: 5 }] {
            room.apply(7, &entry).unwrap();
        }
    }
    assert_eq!(room.view(Who::Host), again.view(Who::Host));
    assert!(room.world.given.is_empty() && room.world.today() == 5);
    // A journal of another model, or out of order, is refused.
    assert!(again.apply(9, &Entry::Ran { turn: 3, digest: "0".to_owned() }).is_err());
    assert!(again.apply(9, &Entry::Turned { turn: 1, days: 12 }).is_err());
}

/// Whoever sits on a seat of the room that tests have.
fn on(room: &Room, seat: &str) -> Who {
    Who::Player(room.seats.position(seat).unwrap())
}

/// Does what somebody wants, as the keeper would.
fn does(room: &mut Room, who: Who, wish: &Wish) -> Result<(), Refused> {
    for entry in room.decide(Some(who), wish)? {
        let number = room.orders.len() as i64 + 1;
        room.apply(number, &entry).unwrap();
    }
    Ok(())
}

fn package(levers: &[&str]) -> Wish {
    let terms = levers.iter().map(|lever| ((*lever).to_owned(), 0.into())).collect();
    Wish::Propose { title: "x".to_owned(), terms }
}

fn sign(proposal: u32) -> Wish {
    Wish::Sign { proposal, seat: None }
}

fn code(done: Result<(), Refused>) -> &'static str {
    done.map_or_else(|refused| refused.code, |()| "done")
}

/// Two rooms on the same luck. In one of them others order, write, negotiate, bind and predict; whatever Lebanon does and asks,
/// it is answered alike in both.
#[test]
fn what_others_do_changes_no_byte_of_what_a_seat_is_told() {
    let told = |busy: bool| {
        let mut room = room();
        let [iran, israel, us, lebanon] = ["IRN", "ISR", "USA", "LBN"].map(|seat| on(&room, seat));
        if busy {
            for _ in 0..3 {
                does(&mut room, iran, &package(&["iran.blow_rate", "us.deterrent_presence"])).unwrap();
                does(&mut room, israel, &package(&["israel.blow_rate"])).unwrap();
            }
            let order = Wish::Order { lever: "israel.response_scale".to_owned(), value: 0.5.into(), turn: None };
            does(&mut room, israel, &order).unwrap();
            does(&mut room, israel, &Wish::Say { to: "USA".to_owned(), text: "x".to_owned() }).unwrap();
            let predicted = Wish::Predict { question: "war".to_owned(), percent: 90 };
            does(&mut room, us, &predicted).unwrap();
        }
        does(&mut room, lebanon, &package(&["unifil.troops", "iran.blow_rate"])).unwrap();
        if busy {
            // Iran binds the lever that Lebanon's package is about, with somebody else.
            does(&mut room, iran, &sign(1)).unwrap();
            does(&mut room, us, &sign(1)).unwrap();
            assert!(room.bound.contains_key(&Lever::IranBlowRate));
        }
        let mut told = Vec::new();
        for wish in [
            sign(1),
            sign(2),
            Wish::Order { lever: "unifil.troops".to_owned(), value: 15_000.into(), turn: None },
            Wish::Amend { proposal: 1, terms: vec![("unifil.troops".to_owned(), 5.into())] },
            package(&["unifil.troops"]),
            sign(1),
            Wish::Drop { proposal: 2, seat: None },
        ] {
            told.push(code(does(&mut room, lebanon, &wish)).to_owned());
            told.push(room.view(lebanon).to_string());
            told.push(format!("{:?}", room.after(room.stream_of(lebanon), 0, 100)));
            told.push(room.orders_of("LBN").to_string());
        }
        told
    };
    let (alone, among) = (told(false), told(true));
    assert_eq!(alone[0], "done");
    for (at, (a, b)) in alone.iter().zip(&among).enumerate() {
        assert_eq!(a, b, "{at}");
    }
}

#[test]
fn what_a_seat_has_bound_it_signs_nowhere_else_and_a_second_package_never_becomes_whole() {
    let mut room = room();
    let [iran, israel, us] = ["IRN", "ISR", "USA"].map(|seat| on(&room, seat));
    does(&mut room, iran, &package(&["iran.blow_rate", "israel.blow_rate"])).unwrap();
    does(&mut room, us, &package(&["iran.blow_rate", "us.deterrent_presence"])).unwrap();
    // Each knows its packages by numbers of its own.
    for (who, number) in [(iran, 1), (iran, 2), (us, 1)] {
        does(&mut room, who, &sign(number)).unwrap();
    }
    assert_eq!(room.proposals[1].stand, Stand::Binding);
    assert!(room.proposals[0].signed.is_empty(), "Iran's is taken back");
    assert_eq!(code(does(&mut room, iran, &sign(1))), "bound");
    assert_eq!(code(does(&mut room, israel, &sign(1))), "done");
    assert_eq!(room.proposals[0].stand, Stand::Open);
    let order = |lever: &str| Wish::Order { lever: lever.to_owned(), value: 1.into(), turn: None };
    assert_eq!(code(does(&mut room, Who::Host, &order("iran.blow_rate"))), "bound");
    assert_eq!(code(does(&mut room, Who::Host, &order("israel.blow_rate"))), "done");
    does(&mut room, Who::Host, &Wish::Turn { days: 3, turn: None }).unwrap();
    assert_eq!(code(does(&mut room, iran, &sign(1))), "done");
    assert_eq!(room.proposals[0].stand, Stand::Binding);
}

#[test]
fn one_member_uses_up_nobody_elses_room_and_what_stands_is_no_entry() {
    let mut room = room();
    let [iran, israel] = ["IRN", "ISR"].map(|seat| on(&room, seat));
    for _ in 0..MOST_DRAFTS {
        does(&mut room, iran, &package(&["israel.blow_rate"])).unwrap();
    }
    let refused = room.decide(Some(iran), &package(&["israel.blow_rate"])).unwrap_err();
    assert_eq!((refused.status, refused.code), (409, "full"));
    let amend = Wish::Amend { proposal: 1, terms: vec![("israel.blow_rate".to_owned(), 1.into())] };
    assert_eq!(code(does(&mut room, iran, &amend)), "full");
    assert_eq!(code(does(&mut room, israel, &package(&["iran.blow_rate"]))), "done");
    does(&mut room, israel, &sign(1)).unwrap();
    let predicted = Wish::Predict { question: "war".to_owned(), percent: 9 };
    does(&mut room, israel, &predicted).unwrap();
    for again in [sign(1), predicted] {
        assert_eq!(room.decide(Some(israel), &again), Ok(Vec::new()), "{again:?}");
    }
    // A second member of Iran's delegation orders and writes when the first has done all that there is room for.
    let second = Who::Player(room.players.len());
    room.apply(1, &Entry::Joined { token: "second".to_owned(), name: "second".to_owned() }).unwrap();
    room.apply(2, &Entry::Seated { player: room.players.len() - 1, seat: Some("IRN".to_owned()) }).unwrap();
    let order = Wish::Order { lever: "iran.blow_rate".to_owned(), value: 1.into(), turn: None };
    let word = Wish::Say { to: "HOST".to_owned(), text: "x".to_owned() };
    for (wish, most) in [(order, MOST_ORDERS), (word, MOST_MESSAGES)] {
        for _ in 0..most {
            does(&mut room, iran, &wish).unwrap();
        }
        assert_eq!(code(does(&mut room, iran, &wish)), "full");
        assert_eq!(code(does(&mut room, second, &wish)), "done");
    }
    does(&mut room, Who::Host, &Wish::Turn { days: 1, turn: None }).unwrap();
    assert_eq!(code(does(&mut room, iran, &package(&["israel.blow_rate"]))), "done");
}

/// Of a delegation of three the head gives orders and signatures; what the others do are wishes and votes, which nobody else hears of.
#[test]
fn members_propose_and_the_head_signs() {
    let mut room = room();
    let [iran, israel] = ["IRN", "ISR"].map(|seat| on(&room, seat));
    let Who::Player(first) = iran else { unreachable!() };
    let place = room.seats.position("IRN").unwrap();
    let order = |value: f64| Wish::Order { lever: "iran.blow_rate".to_owned(), value: value.into(), turn: None };
    // A delegation of one is its own head.
    assert_eq!((room.head(place), room.view(iran)["seat"]["is_head"].as_bool()), (Some(first), Some(true)));
    let members: Vec<usize> = ["second", "third"]
        .into_iter()
        .map(|name| {
            let player = room.players.len();
            room.apply(1, &Entry::Joined { token: name.to_owned(), name: name.to_owned() }).unwrap();
            room.apply(2, &Entry::Seated { player, seat: Some("IRN".to_owned()) }).unwrap();
            player
        })
        .collect();
    let [second, third] = [members[0], members[1]].map(Who::Player);
    let before = (room.view(israel).to_string(), room.length(room.stream_of(israel)));
    for (who, value) in [(second, 0.5), (third, 0.25), (second, 0.75)] {
        does(&mut room, who, &order(value)).unwrap();
    }
    assert!(room.orders.is_empty(), "a wish is no order");
    let lever = |room: &Room, who| {
        let view = room.view(who);
        view["levers"].as_array().unwrap().iter().find(|l| l["id"] == "iran.blow_rate").unwrap().clone()
    };
    let wishes = serde_json::json!([{ "value": 0.25, "by": "third" }, { "value": 0.75, "by": "second" }]);
    assert_eq!((&lever(&room, iran)["wishes"], &lever(&room, second)["wishes"]), (&wishes, &wishes));
    // The head gives one of them, and they have their answer.
    does(&mut room, iran, &order(0.75)).unwrap();
    assert_eq!(
        (&lever(&room, third)["ordered"], &lever(&room, third)["wishes"]),
        (&0.75.into(), &serde_json::json!([]))
    );
    // Their signatures are votes, and their no takes nothing off the table.
    does(&mut room, second, &package(&["iran.response_scale"])).unwrap();
    for (who, wish) in [
        (second, sign(1)),
        (third, sign(1)),
        (third, Wish::Drop { proposal: 1, seat: None }),
        (third, Wish::Drop { proposal: 1, seat: None }),
    ] {
        does(&mut room, who, &wish).unwrap();
    }
    let deal = room.view(third)["proposals"][0].clone();
    assert_eq!((&deal["stand"], &deal["signed"]), (&"open".into(), &serde_json::json!([])));
    assert_eq!(deal["votes"], serde_json::json!({ "for": 1, "against": 1, "mine": false }));
    let amend = Wish::Amend { proposal: 1, terms: vec![("iran.response_scale".to_owned(), 1.into())] };
    assert_eq!(code(does(&mut room, second, &amend)), "head_only");
    assert_eq!(before, (room.view(israel).to_string(), room.length(room.stream_of(israel))), "nobody else hears of it");
    // The facilitator makes another the head; nobody else does. Who leaves is head no more.
    let Who::Player(player) = third else { unreachable!() };
    assert_eq!(code(does(&mut room, second, &Wish::Head { player })), "facilitator_only");
    does(&mut room, Who::Host, &Wish::Head { player }).unwrap();
    assert_eq!(room.view(iran)["seat"]["head"], "third");
    does(&mut room, third, &sign(1)).unwrap();
    assert_eq!(room.proposals[0].stand, Stand::Binding);
    does(&mut room, Who::Host, &Wish::Remove { player }).unwrap();
    assert_eq!(room.head(place), Some(first));
    does(&mut room, second, &Wish::Order { lever: "iran.axis_funding".to_owned(), value: 1.into(), turn: None })
        .unwrap();
    does(&mut room, Who::Host, &Wish::Turn { days: 1, turn: None }).unwrap();
    assert!(room.wishes.is_empty(), "a wish is of its turn");
    let [player] = [members[0]];
    does(&mut room, Who::Host, &Wish::Assign { player, seat: None }).unwrap();
    assert_eq!(code(does(&mut room, Who::Host, &Wish::Head { player })), "no_seat");
}

#[test]
fn whoever_was_shown_out_does_nothing_more_and_holds_no_place() {
    let mut room = room();
    let (iran, place) = (on(&room, "IRN"), room.seats.position("IRN").unwrap());
    let Who::Player(player) = iran else { unreachable!() };
    does(&mut room, Who::Host, &Wish::Remove { player }).unwrap();
    for wish in [
        Wish::Sit { seat: "IRN".to_owned() },
        Wish::Say { to: "HOST".to_owned(), text: "x".to_owned() },
        Wish::Predict { question: "war".to_owned(), percent: 1 },
    ] {
        assert_eq!(code(does(&mut room, iran, &wish)), "no_token");
    }
    // As a journal of before may have it.
    room.apply(1, &Entry::Seated { player, seat: Some("IRN".to_owned()) }).unwrap();
    assert_eq!(room.members(place).count(), 0);
    assert_eq!(code(does(&mut room, Who::Player(9_999), &sign(1))), "no_token");
}

#[test]
fn a_way_back_undoes_what_bound_what_was_predicted_and_what_was_laid_open() {
    let mut room = room();
    let [iran, israel] = ["IRN", "ISR"].map(|seat| on(&room, seat));
    let turn = Wish::Turn { days: 5, turn: None };
    does(&mut room, iran, &Wish::Predict { question: "war".to_owned(), percent: 0 }).unwrap();
    does(&mut room, Who::Host, &turn).unwrap();
    does(&mut room, iran, &package(&["israel.blow_rate"])).unwrap();
    for (who, question) in [(iran, "signed"), (israel, "war")] {
        does(&mut room, who, &sign(1)).unwrap();
        does(&mut room, who, &Wish::Predict { question: question.to_owned(), percent: 50 }).unwrap();
    }
    does(&mut room, Who::Host, &turn).unwrap();
    assert_eq!(room.scores().as_array().unwrap().len(), 2);
    does(&mut room, Who::Host, &Wish::Reveal).unwrap();
    assert!(room.revealed());
    does(&mut room, Who::Host, &Wish::Rewind { turn: 2 }).unwrap();
    assert!(!room.revealed());
    assert_eq!(room.view(israel)["proposals"][0]["stand"], "open");
    assert_eq!(room.view(israel)["proposals"][0]["signed"], serde_json::json!([]));
    let scores = room.scores();
    assert_eq!((scores.as_array().unwrap().len(), &scores[0]["predictions"]), (1, &1.into()), "{scores}");
    does(&mut room, Who::Host, &Wish::Reveal).unwrap();
    does(&mut room, Who::Host, &turn).unwrap();
    assert!(!room.revealed(), "what was laid open was of what had been played");
}

#[test]
fn the_facilitator_signs_for_a_seat_and_nobody_else_does() {
    let mut room = room();
    let israel = on(&room, "ISR");
    does(&mut room, israel, &package(&["iran.blow_rate"])).unwrap();
    does(&mut room, israel, &package(&["iran.blow_rate", "israel.blow_rate"])).unwrap();
    let as_seat = |seat: &str| Wish::Sign { proposal: 2, seat: Some(seat.to_owned()) };
    assert_eq!(code(does(&mut room, israel, &as_seat("IRN"))), "facilitator_only");
    assert_eq!(code(does(&mut room, Who::Host, &sign(2))), "in_whose_name");
    assert_eq!(code(does(&mut room, Who::Host, &as_seat("LBN"))), "no_proposal");
    assert_eq!(code(does(&mut room, Who::Host, &as_seat("XXX"))), "no_seat_of_that_name");
    does(&mut room, israel, &sign(2)).unwrap();
    does(&mut room, Who::Host, &as_seat("IRN")).unwrap();
    assert_eq!(room.proposals[1].stand, Stand::Binding);
    let view = room.view(Who::Host);
    assert_eq!(view["proposals"][1]["signed_by"], serde_json::json!({ "IRN": null, "ISR": "ISR" }));
    assert!(room.view(israel)["proposals"][1].get("signed_by").is_none());
}

#[test]
fn a_clock_is_held_goes_on_and_is_given_more() {
    let mut room = room();
    let mut set = |now: i64, set: Set| {
        let done = code(does(&mut room, Who::Host, &Wish::Clock { now, set }));
        let wall = room.wall();
        (done, wall["clock"].as_i64(), wall["clock_left"].as_i64())
    };
    assert_eq!(set(1_000, Set::Hold).0, "no_clock");
    assert_eq!(set(1_000, Set::Run(10)), ("done", Some(1_600), None));
    assert_eq!(set(1_100, Set::Extend(2)), ("done", Some(1_720), None));
    assert_eq!(set(1_200, Set::Hold), ("done", None, Some(520)));
    assert_eq!(set(9_000, Set::Extend(1)), ("done", None, Some(580)));
    assert_eq!(set(9_100, Set::GoOn), ("done", Some(9_680), None));
    // Time that is up is none that is owed.
    assert_eq!(set(9_999, Set::Extend(1)), ("done", Some(10_059), None));
    assert_eq!(set(1, Set::Extend(u32::MAX)).2, None);
    assert_eq!(set(1, Set::Stop), ("done", None, None));
}

#[test]
fn people_are_counted_where_they_are_and_places_have_names() {
    let room = room();
    let wall = room.wall();
    let name = |id: &str| {
        let of = wall["public"].as_array().unwrap().iter().find(|v| v["id"] == id);
        of.unwrap()["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name("killed.ISR"), "Killed since the start: Israel, other than the north");
    assert_eq!(name("killed.GAZA"), "Killed since the start: Gaza");
    assert_eq!(name("displaced.ISR-NORTH"), "Displaced: Northern Israel");
    assert_eq!(name("war.IRN-ISR"), "Open war: Iran and Israel");
    assert_eq!(name("aid.GAZ"), "Aid: Gaza");
    for one in wall["public"].as_array().unwrap() {
        let of = one["name"].as_str().unwrap().split(": ").last().unwrap();
        assert!(!of.contains('-') || of.chars().any(|c| c.is_lowercase()), "{one}");
    }
}

/// With four digits, everybody could read the owner's lever off what it alone makes.
#[test]
fn what_one_lever_makes_is_told_roughly() {
    let mut room = room();
    room.world.plant(vec![0.123_456; room.world.names().count()]);
    let wall = room.wall();
    let value = |id: &str| {
        let of = wall["public"].as_array().unwrap().iter().find(|v| v["id"].as_str().unwrap().starts_with(id));
        of.unwrap()["value"].as_f64().unwrap()
    };
    assert!((value("oil.") - 0.12).abs() < 1e-12 && (value("killed.") - 0.1235).abs() < 1e-12, "{wall}");
    // What others decide about is told to one.
    let us = room.view(on(&room, "USA"));
    let all = us["estimates"].as_array().unwrap();
    let exposure = all.iter().find(|v| v["id"] == "exposure.QAT").unwrap();
    assert!((exposure["value"].as_f64().unwrap() - 0.1).abs() < 1e-12, "{exposure}");
}
