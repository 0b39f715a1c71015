//! What everybody may know of the room, as the pages ask for it.

use super::*;

impl Room {
    /// The seats, and how many sit on each: what everybody may know. The facilitator sees who.
    #[must_use]
    pub fn seats_for(&self, who: Who) -> serde_json::Value {
        let mine = self.seat_of(who);
        let seats = self.seats.all().iter().enumerate().map(|(place, seat)| {
            let mut one = serde_json::json!({
                "id": seat.id, "name": seat.name, "brief": seat.brief,
                "has_levers": seat.owned().next().is_some(), "members": self.members(place).count(), "mine": mine == Some(place),
            });
            if who == Who::Host {
                let members: Vec<_> = self.members(place).map(|p| p.name.as_str()).collect();
                one["who"] = members.into();
                // For the printed sheets.
                one["aims"] = seat.aims.clone().into();
                one["red_lines"] = seat.red_lines.clone().into();
                one["owners"] = seat.owned().collect();
            }
            one
        });
        let mut all = serde_json::json!({ "seats": seats.collect::<Vec<_>>() });
        if who == Who::Host {
            let people = self.players.iter().enumerate().filter(|(_, p)| !p.token.is_empty());
            let people = people.map(|(number, p)| {
                let head = p.seat.is_some_and(|seat| self.head(seat) == Some(number));
                let seat = p.seat.map(|seat| self.seats.all()[seat].id.as_str());
                serde_json::json!({ "player": number, "name": p.name, "seat": seat, "head": head })
            });
            all["people"] = people.collect();
        }
        all
    }

    /// Values of the series that somebody may know: public ones, one's own, and one's estimates of others.
    fn values(&self, seat: Option<usize>, part: fog::Part) -> Vec<serde_json::Value> {
        let rows = self.world.names().zip(&self.series).zip(self.world.row());
        rows.filter(|((_, (known, of, _)), _)| *of == part && known.to(seat))
            .map(|(((name, unit), (_, _, words)), value)| {
                let value = match name.split('.').next().unwrap_or("") {
                    kind if OF_ONE_LEVER.contains(&kind) => rough(*value),
                    OF_OTHERS => vague(*value),
                    _ => short(*value),
                };
                serde_json::json!({ "id": name, "name": words, "unit": unit, "value": value })
            })
            .collect()
    }

    /// What everybody sees: the wall.
    #[must_use]
    pub fn wall(&self) -> serde_json::Value {
        serde_json::json!({
            "turn": self.turn, "day": self.world.today(), "date": self.world.date(), "clock": self.clock,
            "clock_left": self.left,
            "scenario": self.world.sitting().loaded.scenario.title, "revealed": self.revealed,
            "public": self.values(None, fog::Part::Public), "last": self.stream(Stream::Wall).len(),
        })
    }

    /// Everything that whoever asks may know, and nothing else.
    #[must_use]
    pub fn view(&self, who: Who) -> serde_json::Value {
        let mut view = self.wall();
        let stream = self.stream_of(who);
        view["last"] = self.stream(stream).len().into();
        let player = match who {
            Who::Host => {
                self.view_of_host(&mut view);
                return view;
            }
            Who::Player(player) => &self.players[player],
        };
        view["name"] = player.name.as_str().into();
        view["predictions"] = self.predictions(player);
        let Some(place) = player.seat else {
            view["seat"] = serde_json::Value::Null;
            return view;
        };
        let seat = &self.seats.all()[place];
        view["seat"] = serde_json::json!({
            "id": seat.id, "name": seat.name, "brief": seat.brief, "aims": seat.aims, "red_lines": seat.red_lines,
            "speaks": seat.speaks, "members": self.members(place).map(|p| p.name.as_str()).collect::<Vec<_>>(),
            "head": self.called(self.head(place)), "is_head": self.member(who).is_none(),
        });
        view["own"] = self.values(Some(place), fog::Part::Own).into();
        view["estimates"] = self.values(Some(place), fog::Part::Estimate).into();
        let levers = Lever::ALL.iter().filter(|lever| seat.holds(**lever)).map(|&lever| {
            let row = lever.row();
            let mut one = serde_json::json!({
                "id": row.id, "name": row.name, "kind": row.kind, "unit": row.unit, "low": row.low, "high": row.high,
                "touches": row.touches, "value": self.world.lever(lever), "ordered": null,
            });
            if let Some(order) = self.ordered(&seat.id, lever) {
                let start = self.world.rules().frame.start;
                one["ordered"] = detente_study::tables::provenance::stated(lever, order.value, start);
                one["ordered_by"] = self.called(order.player).into();
            }
            let wishes = self.wishes.iter().filter(|wish| wish.seat == seat.id && wish.lever == lever);
            let wishes = wishes.map(|wish| {
                let value =
                    detente_study::tables::provenance::stated(lever, wish.value, self.world.rules().frame.start);
                serde_json::json!({ "value": value, "by": self.called(Some(wish.player)) })
            });
            one["wishes"] = wishes.collect();
            if self.bound.contains_key(&lever) {
                one["bound"] = true.into();
            }
            one
        });
        view["levers"] = levers.collect();
        let mine = self.heard_of.get(&seat.id).into_iter().flatten().filter_map(|&place| self.proposals.get(place));
        let mine = mine.zip(1_u32..).filter(|(p, _)| p.parties.contains(&seat.id));
        let tallied = mine.map(|(p, number)| {
            let mut one = self.proposal_view(p, number);
            one["votes"] = self.tally(p, &seat.id, place, who);
            one
        });
        view["proposals"] = tallied.collect();
        view
    }

    /// How the members of a delegation stand to a package: of those who are still there, its head apart.
    fn tally(&self, p: &Proposal, seat: &str, place: usize, who: Who) -> serde_json::Value {
        let there =
            |player: &usize| self.seat_of(Who::Player(*player)) == Some(place) && self.head(place) != Some(*player);
        let votes: BTreeMap<usize, bool> = p
            .votes
            .get(seat)
            .into_iter()
            .flatten()
            .filter(|(player, _)| there(player))
            .map(|(p, yes)| (*p, *yes))
            .collect();
        let mine = match who {
            Who::Player(player) => votes.get(&player).copied(),
            Who::Host => None,
        };
        let of = |wanted: bool| votes.values().filter(|yes| **yes == wanted).count();
        serde_json::json!({ "for": of(true), "against": of(false), "mine": mine })
    }

    /// The order of a seat on a lever that stands so far.
    fn ordered(&self, seat: &str, lever: Lever) -> Option<&Order> {
        self.orders.iter().rev().find(|o| o.turn == self.turn && o.seat == seat && o.lever == lever)
    }

    fn proposal_view(&self, p: &Proposal, number: u32) -> serde_json::Value {
        let terms = p.terms.iter().map(|&(lever, value)| {
            let set = detente_study::tables::provenance::stated(lever, value, self.world.rules().frame.start);
            serde_json::json!({ "lever": lever.id(), "name": lever.row().name, "holder": whose(&self.seats, lever),
                "value": self.world.say(lever, value), "set": set })
        });
        serde_json::json!({
            "id": number, "by": p.by, "title": p.title, "stand": p.stand, "turn": p.turn, "parties": p.parties,
            "signed": p.signed.keys().collect::<Vec<_>>(), "terms": terms.collect::<Vec<_>>(),
        })
    }

    fn predictions(&self, player: &Player) -> serde_json::Value {
        let questions = QUESTIONS.iter().map(|question| {
            let mine = player.predicted.iter().find(|p| p.turn == self.turn && p.question == question.id);
            serde_json::json!({ "question": question.id, "text": question.text, "percent": mine.map(|p| p.percent) })
        });
        let over = || player.predicted.iter().filter_map(|p| Some((p, p.came?)));
        let scored = over().count();
        let sum: f64 = over().map(|(p, came)| brier(p.percent, came)).sum();
        let past = over().map(|(p, came)| {
            serde_json::json!({ "turn": p.turn, "question": p.question, "percent": p.percent, "came": came })
        });
        serde_json::json!({
            "open": questions.collect::<Vec<_>>(), "past": past.collect::<Vec<_>>(),
            "brier": (scored > 0).then(|| short(sum / scored as f64)),
        })
    }

    /// How well each delegation predicted: the mean squared distance of all its members' scored predictions.
    #[must_use]
    pub fn scores(&self) -> serde_json::Value {
        let of = |place: usize| {
            let all = self.players.iter().flat_map(|player| &player.predicted).filter(|p| p.seat == Some(place));
            let costs: Vec<f64> = all.filter_map(|p| Some(brier(p.percent, p.came?))).collect();
            let mean = costs.iter().sum::<f64>() / costs.len() as f64;
            (costs.len(), (!costs.is_empty()).then(|| short(mean)))
        };
        let lines = self.seats.all().iter().enumerate().filter_map(|(place, seat)| {
            let (predictions, brier) = of(place);
            let brier = brier?;
            Some(serde_json::json!({ "seat": seat.id, "name": seat.name, "predictions": predictions, "brier": brier }))
        });
        lines.collect()
    }

    fn view_of_host(&self, view: &mut serde_json::Value) {
        let lines = self.orders.iter().filter(|o| o.turn == self.turn);
        let orders = lines.map(|o| {
            serde_json::json!({
                "seat": o.seat, "lever": o.lever.id(), "value": self.world.say(o.lever, o.value), "number": o.number,
                "who": self.called(o.player), "package": o.package,
            })
        });
        view["orders"] = orders.collect();
        let turns = self
            .world
            .turns
            .iter()
            .map(|t| serde_json::json!({ "turn": t.number, "from": t.from, "days": t.days, "digest": t.digest }));
        view["turns"] = turns.collect();
        view["digest"] = self.world.digest().into();
        view["outcome"] = self.world.outcome().headline.words().into();
        view["locked"] = self.locked.into();
        view["forgotten"] = self.forgotten.into();
        let all = self.proposals.iter().zip(1_u32..).map(|(p, number)| {
            let mut one = self.proposal_view(p, number);
            let who: BTreeMap<_, _> = p.signed.iter().map(|(seat, player)| (seat, self.called(*player))).collect();
            one["signed_by"] = serde_json::json!(who);
            one
        });
        view["proposals"] = all.collect();
        view["people"] = self.seats_for(Who::Host);
    }
}

/// What a series is called on a page.
pub(super) fn titled(world: &World, name: &str, words: &str) -> String {
    let id = name.split_once('.').map_or("", |(_, id)| id);
    let rules = world.rules();
    let actor = |id: &str| rules.actor(id).map(|actor| rules.actors[actor].name.clone());
    let starts = |kinds: &[&str]| kinds.iter().any(|kind| name.starts_with(&format!("{kind}.")));
    let of_front = starts(&["level", "aid", "stages", "governs"]);
    let front = rules.fronts.iter().find(|front| front.id.text == id && of_front).map(|front| front.name.clone());
    let table = rules.table(id).filter(|_| starts(&["status", "age"])).map(|t| rules.tables[t].name.clone());
    let two = |mark: char, between: &str| {
        let (a, b) = id.split_once(mark)?;
        Some(format!(
            "{} {between} {}",
            actor(a).unwrap_or_else(|| a.to_owned()),
            actor(b).unwrap_or_else(|| b.to_owned())
        ))
    };
    // People are counted by territory, and some of those are called as actors are.
    let territory =
        rules.territories.iter().find(|t| t.id.text == id && starts(&["killed", "displaced"])).map(|t| t.name.clone());
    let mission = rules.missions.iter().find(|m| m.id.text == id).map(|m| m.name.clone());
    let channel = rules.channels.iter().find(|c| c.id.text == id && starts(&["channel"])).map(|c| c.name.clone());
    let of = front
        .or(table)
        .or(mission)
        .or(channel)
        .or(territory)
        .or_else(|| two('|', "against"))
        .or_else(|| two('/', "from"))
        .or_else(|| two('>', "on"))
        .or_else(|| two('-', "and").filter(|_| starts(&["war"])))
        .or_else(|| actor(id))
        .unwrap_or_else(|| id.to_owned());
    if of.is_empty() { words.to_owned() } else { format!("{words}: {of}") }
}
