//! What an entry of the journal does to the room.

use super::*;

impl Room {
    pub(super) fn push(
        &mut self,
        streams: &[Stream],
        kind: &'static str,
        text: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) {
        let (turn, day, date) = (self.turn, self.world.today(), self.world.date());
        self.push_of(
            streams,
            &Item {
                id: 0,
                kind,
                turn,
                day,
                date,
                text: text.to_owned(),
                from: from.map(str::to_owned),
                to: to.map(str::to_owned),
                who: None,
                player: None,
            },
        );
    }

    /// Puts a line into streams, under the next number of each.
    fn push_of(&mut self, streams: &[Stream], line: &Item) {
        let mut places: Vec<usize> = streams.iter().map(|&stream| self.place(stream)).collect();
        places.sort_unstable();
        places.dedup();
        let host = self.place(Stream::Host);
        for place in places {
            let id = self.streams[place].len() as u64 + 1;
            let who = line.who.clone().filter(|_| place == host);
            self.streams[place].push(Arc::new(Item { id, who, ..line.clone() }));
            self.heard += 1;
        }
    }

    fn everybody(&self) -> Vec<Stream> {
        (0..self.seats.all().len()).map(Stream::Seat).chain([Stream::Wall, Stream::Host]).collect()
    }

    /// The streams of parties, and the facilitator's.
    fn among<'a>(&self, seats: impl IntoIterator<Item = &'a String>) -> Vec<Stream> {
        let places = seats.into_iter().filter_map(|seat| self.seats.position(seat));
        places.map(Stream::Seat).chain([Stream::Host]).collect()
    }

    /// Does what an entry says. `number` is that of the entry.
    ///
    /// # Errors
    /// One sentence, where the entry is none that this room can have had: the journal was changed, or is of another version.
    pub fn apply(&mut self, number: i64, entry: &Entry) -> Result<(), String> {
        match entry {
            Entry::Joined { token, name } => {
                self.tokens.insert(token.clone(), self.players.len());
                let (name, token) = (name.clone(), token.clone());
                self.players.push(Player { name, seat: None, token, sat: 0, predicted: Vec::new() });
            }
            Entry::Seated { player, seat } => {
                let place =
                    seat.as_deref().map(|seat| self.seats.position(seat).ok_or(format!("there is no seat {seat}")));
                self.sat += 1;
                let (place, sat) = (place.transpose()?, self.sat);
                let player = self.at(*player)?;
                (player.seat, player.sat) = (place, sat);
                self.heard += 1;
            }
            Entry::Removed { player } => {
                let player = self.at(*player)?;
                player.seat = None;
                let token = std::mem::take(&mut player.token);
                self.tokens.remove(&token);
                self.heard += 1;
            }
            Entry::Forgotten { player } => {
                let name = nameless(*player);
                self.at(*player)?.name.clone_from(&name);
                for stream in &mut self.streams {
                    for item in stream.iter_mut().filter(|item| item.player == Some(*player) && item.who.is_some()) {
                        Arc::make_mut(item).who = Some(name.clone());
                    }
                }
                self.forgotten += 1;
                self.heard += 1;
            }
            Entry::Headed { player } => {
                self.sat += 1;
                let first = -self.sat;
                self.at(*player)?.sat = first;
                self.heard += 1;
            }
            Entry::Wished { turn: _, seat, lever, value, player } => {
                let lever = Lever::try_from(lever.clone())?;
                self.spend(Doing::Order, seat, Some(*player));
                *self.wished.entry(seat.clone()).or_default() += 1;
                self.wishes.retain(|known| (&known.seat, known.lever, known.player) != (seat, lever, *player));
                self.wishes.push(Wished { seat: seat.clone(), lever, value: *value, player: *player });
                let text = format!("A member wishes: {} = {}.", lever.row().name, self.world.say(lever, *value));
                let streams = self.among([seat]);
                self.push(&streams, "wish", &text, None, None);
            }
            Entry::Voted { proposal, by, player, yes } => {
                let known = self.proposal(*proposal)?;
                known.votes.entry(by.clone()).or_default().insert(*player, *yes);
                let text = format!("A member is {} “{}”.", if *yes { "for" } else { "against" }, known.title);
                self.spend(Doing::Vote, "", Some(*player));
                let streams = self.among([by]);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Ordered { turn, seat, lever, value, player } => {
                let (lever, seat, player) = (Lever::try_from(lever.clone())?, seat.clone(), *player);
                self.spend(Doing::Order, &seat, player);
                // What was wished for has its answer.
                self.wishes.retain(|known| known.seat != seat || known.lever != lever);
                *self.counted.entry(seat.clone()).or_default() += 1;
                self.orders.push(Order { turn: *turn, seat, lever, value: *value, number, player, package: false });
            }
            Entry::Said { from, to, text, player } => {
                self.spend(Doing::Say, from, *player);
                let streams = if to == ALL { self.everybody() } else { self.among([from, to]) };
                let line = Item {
                    id: 0,
                    kind: "message",
                    turn: self.turn,
                    day: self.world.today(),
                    date: self.world.date(),
                    text: text.clone(),
                    from: Some(from.clone()),
                    to: Some(to.clone()),
                    who: self.called(*player),
                    player: *player,
                };
                self.push_of(&streams, &line);
            }
            Entry::Proposed { by, title, terms, player: _ } => {
                let (terms, parties) = self.package(by, terms)?;
                self.spend(Doing::Draft, by, None);
                let (title, by, turn) = (title.clone(), by.clone(), self.turn);
                let streams = self.among(&parties);
                let text = format!("{by} puts “{title}” on the table.");
                let (signed, votes) = (BTreeMap::new(), BTreeMap::new());
                self.hears_of(&parties, self.proposals.len());
                self.proposals.push(Proposal { by, title, terms, parties, signed, votes, stand: Stand::Open, turn });
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Amended { proposal, by, terms, player: _ } => {
                self.spend(Doing::Draft, by, None);
                let sponsor = self.proposal(*proposal)?.by.clone();
                let (terms, mut parties) = self.package(&sponsor, terms)?;
                parties.insert(by.clone());
                let known = self.proposal(*proposal)?;
                // Whoever was a party hears that it no longer is.
                let heard: BTreeSet<String> = known.parties.union(&parties).cloned().collect();
                (known.terms, known.parties) = (terms, parties);
                known.signed.clear();
                known.votes.clear();
                let text = format!("{by} has rewritten “{}”; all sign anew.", known.title);
                let streams = self.among(&heard);
                self.hears_of(&heard, *proposal as usize - 1);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Signed { proposal, by, turn, player } => self.sign(number, *proposal, by, *turn, *player)?,
            Entry::Dropped { proposal, by, player: _ } => {
                let known = self.proposal(*proposal)?;
                known.stand = Stand::Dropped;
                let text = format!("{by} says no to “{}”; it is off the table.", known.title);
                let parties = known.parties.clone();
                let streams = self.among(&parties);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Predicted { player, turn, question, percent } => {
                let question = Question::find(question).ok_or(format!("there is no question {question}"))?.id;
                let (turn, percent) = (*turn, *percent);
                let person = self.at(*player)?;
                person.predicted.retain(|known| (known.turn, known.question) != (turn, question));
                person.predicted.push(Predicted { turn, question, percent, came: None, seat: person.seat });
                self.spend(Doing::Predict, "", Some(*player));
            }
            Entry::Turned { turn, days } => self.play(*turn, *days)?,
            Entry::Ran { turn, digest } => {
                let known = self.world.turns.iter().find(|known| known.number == *turn);
                if known.is_none_or(|known| known.digest != *digest) {
                    return Err(format!(
                        "turn {turn} was played to another digest ({digest}): this is another version of the model; open the \
                         room with the version that made it"
                    ));
                }
            }
            Entry::Rewound { turn } => {
                self.world.rewind(*turn)?;
                // What was ordered and signed for the turn that was open was for a world that is no more, and what bound in
                // those that were undone binds nobody.
                for known in &mut self.proposals {
                    if known.stand == Stand::Binding && known.turn >= *turn {
                        known.stand = Stand::Open;
                        known.signed.clear();
                    }
                }
                for player in &mut self.players {
                    player.predicted.retain(|known| known.turn < *turn);
                }
                self.turn += 1;
                self.over();
                let text = format!("The world is back on the morning of {}, before turn {turn}.", self.world.date());
                self.push(&self.everybody(), "turn", &text, None, None);
            }
            Entry::Clock { until, left } => {
                (self.clock, self.left) = (*until, *left);
                let text = match (until, left) {
                    (Some(_), _) => "The clock runs.",
                    (None, Some(_)) => "The clock is held.",
                    (None, None) => "The clock is stopped.",
                };
                self.push(&self.everybody(), "clock", text, None, None);
            }
            Entry::Locked { locked } => self.locked = *locked,
            Entry::Revealed => {
                self.revealed = true;
                self.push(&self.everybody(), "debrief", "The debrief is open to everybody.", None, None);
            }
        }
        Ok(())
    }

    /// What ends with a turn.
    pub(super) fn over(&mut self) {
        self.bound.clear();
        self.wishes.clear();
        self.spent.clear();
        (self.clock, self.left) = (None, None);
        // The debrief was of what had been played.
        self.revealed = false;
    }

    /// A person's nickname, as the facilitator is told it.
    pub(super) fn called(&self, player: Option<usize>) -> Option<String> {
        Some(self.players.get(player?)?.name.clone())
    }

    /// Gives a package a number of its own for each seat that has not heard of it.
    fn hears_of(&mut self, seats: &BTreeSet<String>, place: usize) {
        for seat in seats {
            let known = self.heard_of.entry(seat.clone()).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
    }

    fn at(&mut self, player: usize) -> Result<&mut Player, String> {
        self.players.get_mut(player).ok_or(format!("there is no person {player}"))
    }

    fn proposal(&mut self, proposal: u32) -> Result<&mut Proposal, String> {
        self.proposals.get_mut((proposal as usize).wrapping_sub(1)).ok_or(format!("there is no package {proposal}"))
    }

    /// Levers of a package, and its parties: whoever holds one of them, and whoever drafted it.
    pub(super) fn package(&self, by: &str, terms: &[Term]) -> Result<(Vec<(Lever, f64)>, BTreeSet<String>), String> {
        let mut parties = BTreeSet::from([by.to_owned()]);
        let mut all = Vec::new();
        for term in terms {
            let lever = Lever::try_from(term.lever.clone())?;
            parties.extend(self.seats.holder(lever).map(|seat| self.seats.all()[seat].id.clone()));
            all.push((lever, term.value));
        }
        Ok((all, parties))
    }

    /// A signature. The last one makes the package everybody's orders of this turn, all of it or nothing.
    pub(super) fn sign(
        &mut self,
        number: i64,
        proposal: u32,
        by: &str,
        turn: u32,
        player: Option<usize>,
    ) -> Result<(), String> {
        let known = self.proposal(proposal)?;
        known.signed.insert(by.to_owned(), player);
        let whole = known.parties.iter().all(|party| known.signed.contains_key(party));
        let (title, terms, parties) = (known.title.clone(), known.terms.clone(), known.parties.clone());
        if whole {
            known.stand = Stand::Binding;
            known.turn = turn;
        }
        let streams = self.among(&parties);
        self.push(&streams, "proposal", &format!("{by} signs “{title}”."), None, None);
        if whole {
            let mut bound = BTreeSet::new();
            for (lever, value) in terms {
                let Some(seat) = self.seats.holder(lever) else { continue };
                let seat = self.seats.all()[seat].id.clone();
                self.orders.push(Order { turn, seat, lever, value, number, player: None, package: true });
                self.bound.insert(lever, proposal);
                bound.insert(lever);
            }
            self.push(
                &streams,
                "proposal",
                &format!("“{title}” is signed by all its parties and binds them."),
                None,
                None,
            );
            self.withdraw(&bound);
        }
        Ok(())
    }

    /// Whoever has bound a lever signs no other package on it, and what it signed before is taken back: a second one never
    /// becomes whole in the same turn.
    fn withdraw(&mut self, bound: &BTreeSet<Lever>) {
        let mut lines = Vec::new();
        let seats = &self.seats;
        for known in self.proposals.iter_mut().filter(|known| known.stand == Stand::Open) {
            for lever in known.terms.iter().map(|(lever, _)| lever).filter(|lever| bound.contains(lever)) {
                let Some(holder) = seats.holder(*lever) else { continue };
                let holder = &seats.all()[holder].id;
                if known.signed.remove(holder).is_some() {
                    let text = format!("{holder} takes back its signature under “{}”.", known.title);
                    lines.push((known.parties.clone(), text));
                }
            }
        }
        for (parties, text) in lines {
            let streams = self.among(&parties);
            self.push(&streams, "proposal", &text, None, None);
        }
    }

    fn play(&mut self, turn: u32, days: i32) -> Result<(), String> {
        if turn != self.turn {
            return Err(format!("turn {turn} was closed out of turn"));
        }
        let events = self.world.play(turn, &self.orders, days)?;
        for player in &mut self.players {
            for p in player.predicted.iter_mut().filter(|p| p.turn == turn) {
                p.came = Question::find(p.question).map(|q| q.came(events.iter().map(|(_, event)| event)));
            }
        }
        self.over();
        let text = format!("Turn {turn} is played: {days} days, to the evening before {}.", self.world.date());
        self.push(&self.everybody(), "turn", &text, None, None);
        for (id, event) in events {
            self.tell(id.day, &event);
        }
        self.turn += 1;
        Ok(())
    }

    /// Puts an event into the streams of those who learn of it.
    pub(super) fn tell(&mut self, day: i32, event: &Event) {
        let known = fog::event(&self.seats, self.world.rules(), event);
        if event.kind().weight().is_none() {
            return;
        }
        let streams = match known {
            Known::All => self.everybody(),
            Known::To(seats) => seats.into_iter().map(Stream::Seat).chain([Stream::Host]).collect(),
            Known::Nobody => vec![Stream::Host],
        };
        let (text, date) = (self.world.sentence(event), self.world.rules().date(day).to_string());
        self.push_of(
            &streams,
            &Item {
                id: 0,
                kind: "news",
                turn: self.turn,
                day,
                date,
                text,
                from: None,
                to: None,
                who: None,
                player: None,
            },
        );
    }
}
