//! The one writer. Wishes come in a queue; those that wait together become one commit, and nobody hears of any of them before it
//! is on the disk. Readers never see a state that could still be lost: the room is locked from the first decision of a batch to
//! its commit, and where that fails nobody reads it any more.

use crate::entry::Entry;
use crate::refused::Refused;
use crate::room::{Room, Who, Wish};
use crate::store::Store;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::{oneshot, watch};

/// Most wishes that wait, and that become one commit.
const MOST_WAITING: usize = 512;

/// What came of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Of an order: its number among those of its seat. The number of its entry would tell how much others do.
    pub order: u64,
    /// Of a member's wish for one: its number among those of its delegation.
    pub wish: u64,
    /// Turn that was open when it was decided.
    pub turn: u32,
}

type Answer = Result<Done, Refused>;

struct Task {
    who: Option<Who>,
    /// None to delete the room.
    wish: Option<Wish>,
    reply: oneshot::Sender<Answer>,
}

/// The way to the one writer, and to the room for those who read.
#[derive(Clone)]
pub struct Keeper {
    tasks: SyncSender<Task>,
    room: Arc<RwLock<Room>>,
    changed: watch::Receiver<u64>,
    /// Whether the room in memory holds what the disk does not.
    lost: Arc<AtomicBool>,
}

fn broken(why: &str) -> Refused {
    Refused::new(503, "not_kept", format!("The room keeps nothing any more ({why}). Start the server again."))
}

impl Keeper {
    /// Takes a journal up where it ends, and writes on. `tell` hears why, should it ever have to stop.
    ///
    /// # Errors
    /// One sentence, if the journal is not that of this room.
    pub fn start(mut store: Store, mut room: Room, tell: impl Fn(&str) + Send + 'static) -> Result<Self, String> {
        let entries = store.entries()?;
        // What a session brought with it was not played here.
        let mut ran = room.turn() - 1;
        for (number, entry) in &entries {
            room.apply(*number, entry)?;
            if let Entry::Ran { turn, .. } = entry {
                ran = *turn;
            }
        }
        let mut next = entries.last().map_or(1, |(number, _)| number + 1);
        // A turn that was closed and whose end never reached the disk has been played again just now.
        if let Some(turn) = room.world.turns.last().filter(|turn| turn.number > ran) {
            store.append(&[(next, Entry::Ran { turn: turn.number, digest: turn.digest.clone() })])?;
            next += 1;
        }
        let room = Arc::new(RwLock::new(room));
        let (tasks, queue) = sync_channel(MOST_WAITING);
        let (change, changed) = watch::channel(0);
        let lost = Arc::new(AtomicBool::new(false));
        let mut writer = Writer {
            store: Some(store),
            room: Arc::clone(&room),
            next,
            change,
            broken: None,
            lost: Arc::clone(&lost),
            tell: Box::new(tell),
        };
        let spawned = std::thread::Builder::new().name("keeper".to_owned()).spawn(move || writer.work(&queue));
        spawned.map_err(|error| format!("this machine gives no thread to keep the room: {error}"))?;
        Ok(Self { tasks, room, changed, lost })
    }

    /// The room as it is on the disk.
    ///
    /// # Errors
    /// A refusal, where it holds what the disk does not: it would be told and then be gone.
    pub fn room(&self) -> Result<RwLockReadGuard<'_, Room>, Refused> {
        let room = self.room.read().map_err(|_| broken("its writer has stopped"))?;
        // Looked at behind the lock: the writer says so before it lets go.
        if self.lost.load(Ordering::Acquire) {
            return Err(broken("what it was told last did not reach the disk"));
        }
        Ok(room)
    }

    /// Tells when somebody may have heard something.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    /// Hands in a wish, and answers when what came of it is on the disk.
    ///
    /// # Errors
    /// A refusal.
    pub async fn wish(&self, who: Option<Who>, wish: Wish) -> Answer {
        self.task(who, Some(wish)).await
    }

    /// Deletes all that is kept of the room, and answers when it is gone; nothing is read or kept after that.
    ///
    /// # Errors
    /// A refusal, where the disk does not let go of it.
    pub async fn delete(&self) -> Result<(), Refused> {
        self.task(Some(Who::Host), None).await.map(drop)
    }

    async fn task(&self, who: Option<Who>, wish: Option<Wish>) -> Answer {
        let (reply, answer) = oneshot::channel();
        match self.tasks.try_send(Task { who, wish, reply }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(crate::refused::slow_down()),
            Err(TrySendError::Disconnected(_)) => return Err(broken("its writer has stopped")),
        }
        answer.await.unwrap_or_else(|_| Err(broken("its writer has stopped")))
    }
}

struct Writer {
    /// None once the room was deleted.
    store: Option<Store>,
    room: Arc<RwLock<Room>>,
    next: i64,
    change: watch::Sender<u64>,
    /// Why nothing is kept any more.
    broken: Option<String>,
    lost: Arc<AtomicBool>,
    tell: Box<dyn Fn(&str) + Send>,
}

impl Writer {
    fn work(&mut self, queue: &Receiver<Task>) {
        while let Ok(first) = queue.recv() {
            let mut batch = vec![first];
            while batch.len() < MOST_WAITING
                && let Ok(task) = queue.try_recv()
            {
                batch.push(task);
            }
            self.batch(batch);
        }
    }

    fn batch(&mut self, batch: Vec<Task>) {
        let shared = Arc::clone(&self.room);
        let mut room = shared.write().unwrap_or_else(PoisonError::into_inner);
        let heard = room.heard();
        let mut answers = Vec::with_capacity(batch.len());
        let mut entries = Vec::new();
        for Task { who, wish, reply } in batch {
            let answer = match (&self.broken, wish) {
                (Some(why), _) => Err(broken(why)),
                (None, Some(wish)) => self.one(&mut room, who, &wish, &mut entries),
                (None, None) => self.delete(&mut entries),
            };
            answers.push((reply, answer));
        }
        self.commit(&mut entries);
        let news = room.heard() != heard;
        if let Some(why) = &self.broken
            && !self.lost.swap(true, Ordering::Release)
        {
            (self.tell)(&match self.store {
                Some(_) => format!("the room keeps nothing any more, and answers nobody: {why}; start it again"),
                None => format!("the facilitator deletes the room, and nobody is answered any more: {why}"),
            });
        }
        drop(room);
        // Who listens is woken by what there is to hear, and not by every order of somebody else.
        if news || self.broken.is_some() {
            self.change.send_modify(|version| *version += 1);
        }
        for (reply, answer) in answers {
            let answer = match (&self.broken, answer) {
                (Some(why), Ok(_)) if self.store.is_some() => Err(broken(why)),
                (_, answer) => answer,
            };
            // Whoever asked may have gone; what was done is done.
            let _ = reply.send(answer);
        }
    }

    /// Decides one wish and does it. A turn is on the disk before its days run: whoever has seen its news finds them again.
    fn one(&mut self, room: &mut Room, who: Option<Who>, wish: &Wish, entries: &mut Vec<(i64, Entry)>) -> Answer {
        let turn = room.turn();
        let decided = room.decide(who, wish)?;
        let (mut order, mut wished) = (0, 0);
        for entry in decided {
            let number = self.next;
            self.next += 1;
            let turned = matches!(entry, Entry::Turned { .. });
            entries.push((number, entry.clone()));
            if turned {
                self.commit(entries);
            }
            if self.broken.is_none()
                && let Err(why) = room.apply(number, &entry)
            {
                self.broken = Some(why);
            }
            if let Entry::Ordered { seat, .. } = &entry {
                order = room.orders_of(seat);
            }
            if let Entry::Wished { seat, .. } = &entry {
                wished = room.wishes_of(seat);
            }
            if let Some(why) = &self.broken {
                return Err(broken(why));
            }
            if turned && let Some(turn) = room.world.turns.last() {
                entries.push((self.next, Entry::Ran { turn: turn.number, digest: turn.digest.clone() }));
                self.next += 1;
            }
        }
        Ok(Done { order, wish: wished, turn })
    }

    /// What was decided before it is kept first: whoever was told that it was finds it gone with the rest, and not before it.
    fn delete(&mut self, entries: &mut Vec<(i64, Entry)>) -> Answer {
        self.commit(entries);
        let gone = self.store.take().map_or(Ok(()), Store::delete);
        self.broken = Some(gone.as_ref().err().cloned().unwrap_or_else(|| "it was deleted".to_owned()));
        gone.map(|()| Done { order: 0, wish: 0, turn: 0 }).map_err(|why| broken(&why))
    }

    fn commit(&mut self, entries: &mut Vec<(i64, Entry)>) {
        let entries = std::mem::take(entries);
        if !entries.is_empty()
            && self.broken.is_none()
            && let Some(Err(why)) = self.store.as_mut().map(|store| store.append(&entries))
        {
            self.broken = Some(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seats::Seats;
    use crate::world::World;
    use detente_session::Sitting;
    use std::path::Path;

    fn room() -> Room {
        let world = World::new(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4)).unwrap();
        Room::new(Seats::read(Seats::shipped(world.rules().frame.start).unwrap(), world.rules()).unwrap(), world)
    }

    /// Once the writer of before has let go of it.
    fn opened(folder: &Path) -> Store {
        for _ in 0..200 {
            if let Ok(store) = Store::open(folder) {
                return store;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Store::open(folder).unwrap()
    }

    /// Turns and ways back among them: taken up again, the room is the same, and nothing is written that was written before.
    #[test]
    fn a_room_taken_up_again_is_the_same_and_a_turn_that_never_reached_its_end_is_played() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let keeper = Keeper::start(opened(folder.path()), room(), |_| {}).unwrap();
        let wish = |wish| runtime.block_on(keeper.wish(Some(Who::Host), wish)).unwrap();
        for days in [9, 12] {
            wish(Wish::Turn { days, turn: None });
        }
        wish(Wish::Rewind { turn: 2 });
        let view = keeper.room().unwrap().view(Who::Host);
        drop(keeper);
        let mut store = opened(folder.path());
        let entries = store.entries().unwrap();
        assert_eq!(entries.len(), 5, "{entries:?}");
        // As if it had been killed between the turn and its end.
        store.append(&[(6, Entry::Turned { turn: 4, days: 3 })]).unwrap();
        drop(store);
        let keeper = Keeper::start(opened(folder.path()), room(), |_| {}).unwrap();
        assert_eq!(keeper.room().unwrap().world.today(), 12);
        assert_ne!(keeper.room().unwrap().view(Who::Host), view);
        let digest = keeper.room().unwrap().world.digest();
        drop(keeper);
        let entries = opened(folder.path()).entries().unwrap();
        assert_eq!(entries.last(), Some(&(7, Entry::Ran { turn: 4, digest })));
    }

    /// A disk that is full: what did not reach it is told to nobody, and the host hears why.
    #[test]
    fn what_did_not_reach_the_disk_is_read_by_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = opened(folder.path());
        store.fill();
        let (tell, told) = std::sync::mpsc::channel();
        let keeper = Keeper::start(store, room(), move |why| tell.send(why.to_owned()).unwrap()).unwrap();
        let mut kept = 0;
        let refused = loop {
            assert!(kept < 1_000, "the disk is full at some time");
            let words = Wish::Say { to: "ALL".to_owned(), text: "x".repeat(400) };
            match runtime.block_on(keeper.wish(Some(Who::Host), words)) {
                Ok(_) => kept += 1,
                Err(refused) => break refused,
            }
            assert_eq!(keeper.room().unwrap().length(crate::room::Stream::Wall), kept);
        };
        assert_eq!((refused.status, refused.code), (503, "not_kept"));
        assert_eq!(keeper.room().err().map(|refused| refused.status), Some(503));
        assert!(told.recv().unwrap().contains("keeps nothing any more"));
        drop(keeper);
        assert_eq!(opened(folder.path()).entries().unwrap().len() as u64, kept);
    }

    #[test]
    fn an_order_wakes_nobody_who_listens_and_is_counted_by_its_seat_alone() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let keeper = Keeper::start(opened(folder.path()), room(), |_| {}).unwrap();
        let wish = |who, wish| runtime.block_on(keeper.wish(who, wish)).unwrap();
        for token in ["a", "b"] {
            wish(None, Wish::Join { token: token.to_owned(), name: token.to_owned() });
        }
        for (player, seat) in ["IRN", "ISR"].into_iter().enumerate() {
            wish(Some(Who::Player(player)), Wish::Sit { seat: seat.to_owned() });
        }
        let mut changed = keeper.changed();
        changed.borrow_and_update();
        let order = |player, lever: &str| {
            let wanted = Wish::Order { lever: lever.to_owned(), value: 0.5.into(), turn: None };
            wish(Some(Who::Player(player)), wanted).order
        };
        assert_eq!([order(0, "iran.blow_rate"), order(0, "iran.blow_rate"), order(1, "israel.blow_rate")], [1, 2, 1]);
        assert!(!changed.has_changed().unwrap());
        wish(Some(Who::Host), Wish::Say { to: "IRN".to_owned(), text: "x".to_owned() });
        assert!(changed.has_changed().unwrap());
        changed.borrow_and_update();
        wish(Some(Who::Host), Wish::Assign { player: 0, seat: None });
        assert!(changed.has_changed().unwrap());
    }
}
