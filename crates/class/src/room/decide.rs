//! What a wish comes to: the entries that it is, or why it is refused. Nothing is changed here.

use super::*;

impl Room {
    /// The seat id under which somebody acts, for what needs a seat.
    fn acting(&self, who: Who) -> Result<String, Refused> {
        match (who, self.seat_of(who)) {
            (Who::Host, _) => Ok(HOST.to_owned()),
            (_, Some(seat)) => Ok(self.seats.all()[seat].id.clone()),
            _ => Err(Refused::new(409, "no_seat", "Take a seat first, with POST /api/seat.")),
        }
    }

    pub(super) fn lever(id: &str) -> Result<Lever, Refused> {
        Lever::from_id(id).ok_or_else(|| {
            let id = quoted(id, 40);
            Refused::new(422, "unknown_lever", format!("There is no lever `{id}`; your levers stand in GET /api/view."))
        })
    }

    fn terms(&self, terms: &[(String, serde_json::Value)]) -> Result<Vec<Term>, Refused> {
        if terms.is_empty() || terms.len() > MOST_TERMS {
            return Err(Refused::new(422, "bad_terms", format!("A package holds 1 to {MOST_TERMS} levers.")));
        }
        let mut known = BTreeSet::new();
        let mut all = Vec::new();
        for (id, value) in terms {
            let lever = Self::lever(id)?;
            if self.seats.holder(lever).is_none() {
                return Err(Refused::new(422, "nobodys_lever", format!("No seat of this room holds {id}.")));
            }
            if !known.insert(lever) {
                return Err(Refused::new(422, "bad_terms", format!("The package names {id} twice.")));
            }
            let value = self.world.value(lever, value).map_err(|why| Refused::new(422, "bad_value", why))?;
            all.push(Term { lever: lever.id().to_owned(), value });
        }
        Ok(all)
    }

    /// The person who acts, none for the facilitator.
    fn person(who: Who) -> Option<usize> {
        match who {
            Who::Host => None,
            Who::Player(player) => Some(player),
        }
    }

    /// Refuses what somebody has done as often in this turn as there is room for.
    fn room_for(&self, doing: Doing, seat: &str, player: Option<usize>, most: usize) -> Result<(), Refused> {
        let done = self.spent.get(&(doing, seat.to_owned(), player)).copied().unwrap_or(0);
        if done < most {
            return Ok(());
        }
        let what = match doing {
            Doing::Order => "orders of one person",
            Doing::Say => "messages of one person",
            Doing::Draft => "packages drafted or rewritten by one delegation",
            Doing::Predict => "predictions of one person",
            Doing::Vote => "votes of one person",
        };
        Err(full(format!("That is {most} {what} in this turn; go on in the next one.")))
    }

    pub(super) fn spend(&mut self, doing: Doing, seat: &str, player: Option<usize>) {
        *self.spent.entry((doing, seat.to_owned(), player)).or_default() += 1;
    }

    /// A package on which a seat has a say: the seat, the package's place, and the package. The facilitator has one in the name of
    /// a seat, for those who are not there.
    fn party(&self, who: Who, in_name_of: Option<&str>, proposal: u32) -> Result<(String, u32, &Proposal), Refused> {
        let gone = || Refused::new(404, "no_proposal", "There is no such package among yours.");
        let asked = (proposal as usize).wrapping_sub(1);
        let (seat, place) = match (who, in_name_of) {
            (Who::Host, Some(seat)) => (self.seats.all()[self.named(seat)?].id.clone(), asked),
            (Who::Host, None) => {
                let why = "Packages are between seats; say in whose name you act, with \"as\": \"IRN\" for instance.";
                return Err(Refused::new(422, "in_whose_name", why));
            }
            (_, Some(_)) => return Err(host_only()),
            (_, None) => {
                let seat = self.acting(who)?;
                let place = self.heard_of.get(&seat).and_then(|all| all.get(asked)).copied().ok_or_else(gone)?;
                (seat, place)
            }
        };
        let known = self.proposals.get(place).ok_or_else(gone)?;
        // To whoever is no party it is not there.
        if !known.parties.contains(&seat) {
            return Err(gone());
        }
        if known.stand != Stand::Open {
            return Err(Refused::new(409, "not_open", "This package is signed or off the table; draft another."));
        }
        Ok((seat, place as u32 + 1, known))
    }

    /// Whether a lever is one that a seat holds.
    pub(super) fn holds(&self, seat: &str, lever: Lever) -> bool {
        self.seats.holder(lever).is_some_and(|place| self.seats.all()[place].id == seat)
    }

    /// What a wish comes to: entries for the journal, or a refusal. Changes nothing.
    ///
    /// # Errors
    /// A refusal in words.
    pub fn decide(&self, who: Option<Who>, wish: &Wish) -> Result<Vec<Entry>, Refused> {
        if let Wish::Join { token, name } = wish {
            return self.join(token, name);
        }
        let who = who.ok_or_else(no_token)?;
        // Whoever was shown out while the wish waited asks no more.
        if let Who::Player(player) = who
            && self.players.get(player).is_none_or(|p| p.token.is_empty())
        {
            return Err(no_token());
        }
        let player = Self::person(who);
        let host = || if who == Who::Host { Ok(()) } else { Err(host_only()) };
        let one = |entry| Ok(vec![entry]);
        match wish {
            Wish::Join { .. } => Ok(Vec::new()),
            Wish::Sit { seat } => self.sit(who, seat),
            Wish::Assign { player, seat } => {
                host()?;
                self.known(*player)?;
                if let Some(seat) = seat {
                    self.named(seat)?;
                }
                one(Entry::Seated { player: *player, seat: seat.clone() })
            }
            Wish::Head { player } => {
                host()?;
                let seat = self.known(*player)?.seat.ok_or_else(|| {
                    Refused::new(409, "no_seat", "Only somebody on a seat can be its head; give them one first.")
                })?;
                if self.head(seat) == Some(*player) { Ok(Vec::new()) } else { one(Entry::Headed { player: *player }) }
            }
            Wish::Remove { player } => {
                host()?;
                self.known(*player)?;
                one(Entry::Removed { player: *player })
            }
            Wish::Forget { player: whose } => self.forget(who, *whose),
            Wish::Order { lever, value, turn } => {
                self.open(*turn)?;
                self.order(who, lever, value)
            }
            Wish::Say { to, text } => self.say(who, to, text),
            Wish::Propose { title, terms } => {
                let by = self.acting(who)?;
                if who == Who::Host {
                    return Err(Refused::new(
                        403,
                        "seats_only",
                        "Packages are between seats; the facilitator has none.",
                    ));
                }
                self.room_for(Doing::Draft, &by, None, MOST_DRAFTS)?;
                one(Entry::Proposed { by, title: clean_name(title), terms: self.terms(terms)?, player })
            }
            Wish::Amend { proposal, terms } => {
                let (by, proposal, _) = self.party(who, None, *proposal)?;
                if self.member(who).is_some() {
                    let why =
                        "Only the head of your delegation rewrites a package, for all sign anew then; propose another.";
                    return Err(Refused::new(403, "head_only", why));
                }
                self.room_for(Doing::Draft, &by, None, MOST_DRAFTS)?;
                one(Entry::Amended { proposal, by, terms: self.terms(terms)?, player })
            }
            Wish::Sign { proposal, seat } => {
                let (by, proposal, known) = self.party(who, seat.as_deref(), *proposal)?;
                if let Some(player) = self.member(who) {
                    return self.voted(known, proposal, by, player, true);
                }
                if known.signed.contains_key(&by) {
                    return Ok(Vec::new());
                }
                // Of its own levers alone: whether another party is bound elsewhere is that party's affair.
                let bound = known.terms.iter().find(|(l, _)| self.bound.contains_key(l) && self.holds(&by, *l));
                if let Some((lever, _)) = bound {
                    let why = format!("{} is bound by another package in this turn; sign in the next one.", lever.id());
                    return Err(Refused::new(409, "bound", why));
                }
                one(Entry::Signed { proposal, by, turn: self.turn, player })
            }
            Wish::Drop { proposal, seat } => {
                let (by, proposal, known) = self.party(who, seat.as_deref(), *proposal)?;
                if let Some(player) = self.member(who) {
                    return self.voted(known, proposal, by, player, false);
                }
                one(Entry::Dropped { proposal, by, player })
            }
            Wish::Predict { question, percent } => {
                let Some(player) = player else {
                    return Err(Refused::new(403, "players_only", "The facilitator predicts nothing here."));
                };
                let unknown = || Refused::new(422, "unknown_question", "The questions stand in GET /api/view.");
                let question = Question::find(question).ok_or_else(unknown)?;
                if *percent > 100 {
                    return Err(Refused::new(422, "bad_value", "A chance is 0 to 100 per cent."));
                }
                let stands = |p: &Predicted| (p.turn, p.question, p.percent) == (self.turn, question.id, *percent);
                if self.players[player].predicted.iter().any(stands) {
                    return Ok(Vec::new());
                }
                self.room_for(Doing::Predict, "", Some(player), MOST_PREDICTIONS)?;
                one(Entry::Predicted { player, turn: self.turn, question: question.id.to_owned(), percent: *percent })
            }
            Wish::Turn { days, turn } => {
                host()?;
                self.open(*turn)?;
                let most = LONGEST_TURN.min(self.world.left());
                if !(1..=most).contains(days) {
                    return Err(Refused::new(422, "bad_days", format!("A turn has 1 to {most} days here.")));
                }
                one(Entry::Turned { turn: self.turn, days: *days })
            }
            Wish::Rewind { turn } => {
                host()?;
                if !self.world.turns.iter().any(|known| known.number == *turn) {
                    let why = "Only a turn that led to where the world stands can be played again.";
                    return Err(Refused::new(404, "no_turn", why));
                }
                if !self.world.can_branch() {
                    return Err(full(
                        "This room has no room for another branch; save its session and go on from that one.",
                    ));
                }
                one(Entry::Rewound { turn: *turn })
            }
            Wish::Clock { now, set } => {
                host()?;
                self.clocked(*now, *set)
            }
            Wish::Lock { locked } => {
                host()?;
                if *locked == self.locked { Ok(Vec::new()) } else { one(Entry::Locked { locked: *locked }) }
            }
            Wish::Reveal => {
                host()?;
                if self.revealed { Ok(Vec::new()) } else { one(Entry::Revealed) }
            }
        }
    }

    /// The vote of a member on a package, unless it stands already.
    fn voted(
        &self,
        known: &Proposal,
        proposal: u32,
        by: String,
        player: usize,
        yes: bool,
    ) -> Result<Vec<Entry>, Refused> {
        if known.votes.get(&by).and_then(|votes| votes.get(&player)) == Some(&yes) {
            return Ok(Vec::new());
        }
        self.room_for(Doing::Vote, "", Some(player), MOST_VOTES)?;
        Ok(vec![Entry::Voted { proposal, by, player, yes }])
    }

    /// What the clock shows after it was set.
    fn clocked(&self, now: i64, set: Set) -> Result<Vec<Entry>, Refused> {
        let seconds = |minutes: u32| 60 * i64::from(minutes.min(LONGEST_CLOCK));
        let stands = || Refused::new(409, "no_clock", "The clock does not run; start it with \"minutes\".");
        let left = self.left.or_else(|| Some((self.clock? - now).max(0)));
        let (until, left) = match set {
            Set::Run(minutes) => (Some(now + seconds(minutes)), None),
            Set::Stop => (None, None),
            Set::Hold => (None, Some(left.ok_or_else(stands)?)),
            Set::GoOn => (Some(now + left.ok_or_else(stands)?), None),
            // What is held stays held.
            Set::Extend(minutes) => {
                let left = (left.ok_or_else(stands)? + seconds(minutes)).min(seconds(LONGEST_CLOCK));
                if self.left.is_some() { (None, Some(left)) } else { (Some(now + left), None) }
            }
        };
        Ok(vec![Entry::Clock { until, left }])
    }

    /// Refuses what was meant for another turn than the one that is open.
    fn open(&self, turn: Option<u32>) -> Result<(), Refused> {
        if turn.is_none_or(|turn| turn == self.turn) {
            return Ok(());
        }
        Err(Refused::new(409, "another_turn", format!("Turn {} is the one that is open now.", self.turn)))
    }

    fn known(&self, player: usize) -> Result<&Player, Refused> {
        self.players.get(player).filter(|p| !p.token.is_empty()).ok_or_else(no_player)
    }

    fn named(&self, seat: &str) -> Result<usize, Refused> {
        let unknown = || {
            let seat = quoted(seat, 20);
            Refused::new(404, "no_seat_of_that_name", format!("There is no seat `{seat}`; see GET /api/seats."))
        };
        self.seats.position(seat).ok_or_else(unknown)
    }

    /// Removes nicknames: anybody's own, and for the facilitator everybody's, of those who were shown out among them.
    fn forget(&self, who: Who, whose: Option<usize>) -> Result<Vec<Entry>, Refused> {
        if who != Who::Host && whose != Self::person(who) {
            return Err(host_only());
        }
        if whose.is_some_and(|player| player >= self.players.len()) {
            return Err(no_player());
        }
        let named = |player: &usize| self.players[*player].name != nameless(*player);
        let all = (0..self.players.len()).filter(|player| whose.is_none_or(|one| one == *player));
        Ok(all.filter(named).map(|player| Entry::Forgotten { player }).collect())
    }

    fn join(&self, token: &str, name: &str) -> Result<Vec<Entry>, Refused> {
        if self.locked {
            return Err(Refused::new(403, "locked", "The door is closed; ask the facilitator to open it."));
        }
        let mut entries = Vec::new();
        if self.tokens.len() >= MOST_PLAYERS {
            // Whoever came first and never sat down makes room: a flood at the door takes no seat from anybody.
            let idle = self.players.iter().position(|p| !p.token.is_empty() && p.seat.is_none());
            let no_room = || full("The room is full; ask the facilitator to show somebody out.");
            entries.push(Entry::Removed { player: idle.ok_or_else(no_room)? });
        }
        entries.push(Entry::Joined { token: token.to_owned(), name: clean_name(name) });
        Ok(entries)
    }

    fn sit(&self, who: Who, seat: &str) -> Result<Vec<Entry>, Refused> {
        let Who::Player(player) = who else {
            return Err(Refused::new(403, "players_only", "The facilitator sits on no seat; join as somebody else."));
        };
        let wanted = self.named(seat)?;
        match self.players[player].seat {
            Some(now) if now == wanted => return Ok(Vec::new()),
            // Who has seen one side's papers does not go over to the other.
            Some(_) => {
                let why = "You have a seat, and know what it knows; only the facilitator gives you another.";
                return Err(Refused::new(409, "seated", why));
            }
            None => {}
        }
        if self.members(wanted).count() >= MOST_MEMBERS {
            let why = format!("This delegation has {MOST_MEMBERS} members already; take another seat.");
            return Err(Refused::new(409, "seat_full", why));
        }
        Ok(vec![Entry::Seated { player, seat: Some(seat.to_owned()) }])
    }

    pub(super) fn members(&self, seat: usize) -> impl Iterator<Item = &Player> {
        self.players.iter().filter(move |p| p.seat == Some(seat) && !p.token.is_empty())
    }

    pub(super) fn order(&self, who: Who, lever: &str, value: &serde_json::Value) -> Result<Vec<Entry>, Refused> {
        let seat = self.acting(who)?;
        let lever = Self::lever(lever)?;
        if let Some(place) = self.seat_of(who)
            && !self.seats.all()[place].holds(lever)
        {
            let why = format!("{} belongs to {}; propose it to them.", lever.id(), whose(&self.seats, lever));
            return Err(Refused::new(403, "not_your_lever", why));
        }
        if self.bound.contains_key(&lever) {
            let whose = if who == Who::Host { "all its parties" } else { "your delegation" };
            let why =
                format!("{} is bound in this turn by a package that {whose} signed; order it in the next.", lever.id());
            return Err(Refused::new(409, "bound", why));
        }
        let player = Self::person(who);
        self.room_for(Doing::Order, &seat, player, MOST_ORDERS)?;
        let value = self.world.value(lever, value).map_err(|why| Refused::new(422, "bad_value", why))?;
        if let Some(player) = self.member(who) {
            return Ok(vec![Entry::Wished { turn: self.turn, seat, lever: lever.id().to_owned(), value, player }]);
        }
        Ok(vec![Entry::Ordered { turn: self.turn, seat, lever: lever.id().to_owned(), value, player }])
    }

    pub(super) fn say(&self, who: Who, to: &str, text: &str) -> Result<Vec<Entry>, Refused> {
        let from = self.acting(who)?;
        let text = quoted(text, LONGEST_MESSAGE);
        if text.is_empty() {
            return Err(Refused::new(422, "empty", "A message has words."));
        }
        if to == ALL {
            let speaks = self.seat_of(who).is_none_or(|seat| self.seats.all()[seat].speaks);
            if !speaks {
                let why = "Only the press and the facilitator write to every screen; write to the press.";
                return Err(Refused::new(403, "not_to_all", why));
            }
        } else if to != HOST {
            self.named(to)?;
        }
        let player = Self::person(who);
        if player.is_some() {
            self.room_for(Doing::Say, &from, player, MOST_MESSAGES)?;
        }
        Ok(vec![Entry::Said { from, to: to.to_owned(), text, player }])
    }
}
