//! The one writer. Wishes come in a queue; those that wait together become one commit, and nobody hears of any of them before it
//! is on the disk. Readers never see a state that could still be lost: the room is locked from the first decision of a batch to
//! its commit.

use crate::entry::Entry;
use crate::refused::Refused;
use crate::room::{Room, Who, Wish};
use crate::store::Store;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::{oneshot, watch};

/// Most wishes that wait, and that become one commit.
const MOST_WAITING: usize = 512;

/// What came of a wish: the number of its last entry, 0 where it changed nothing, and the turn it fell into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Number of the last entry.
    pub number: i64,
    /// Turn that was open when it was decided.
    pub turn: u32,
}

type Answer = Result<Done, Refused>;

struct Task {
    who: Option<Who>,
    wish: Wish,
    reply: oneshot::Sender<Answer>,
}

/// The way to the one writer, and to the room for those who read.
#[derive(Clone)]
pub struct Keeper {
    tasks: SyncSender<Task>,
    room: Arc<RwLock<Room>>,
    changed: watch::Receiver<u64>,
}

fn broken(why: &str) -> Refused {
    Refused::new(503, "not_kept", format!("The room keeps nothing any more ({why}). Start the server again."))
}

impl Keeper {
    /// Takes a journal up where it ends, and writes on.
    ///
    /// # Errors
    /// One sentence, if the journal is not that of this room.
    pub fn start(mut store: Store, mut room: Room) -> Result<Self, String> {
        let entries = store.entries()?;
        let mut ran = 0;
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
        let mut writer = Writer { store, room: Arc::clone(&room), next, change, broken: None };
        let spawned = std::thread::Builder::new().name("keeper".to_owned()).spawn(move || writer.work(&queue));
        spawned.map_err(|error| format!("this machine gives no thread to keep the room: {error}"))?;
        Ok(Self { tasks, room, changed })
    }

    /// The room as it is on the disk.
    pub fn room(&self) -> RwLockReadGuard<'_, Room> {
        // A writer that panicked has left the room between two entries; what stands there is still a room, and it takes no more.
        self.room.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells when something has changed.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    /// Hands in a wish, and answers when what came of it is on the disk.
    ///
    /// # Errors
    /// A refusal.
    pub async fn wish(&self, who: Option<Who>, wish: Wish) -> Answer {
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
    store: Store,
    room: Arc<RwLock<Room>>,
    next: i64,
    change: watch::Sender<u64>,
    /// Why nothing is kept any more.
    broken: Option<String>,
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
        let mut answers = Vec::with_capacity(batch.len());
        let mut entries = Vec::new();
        for Task { who, wish, reply } in batch {
            let answer = match &self.broken {
                Some(why) => Err(broken(why)),
                None => self.one(&mut room, who, &wish, &mut entries),
            };
            answers.push((reply, answer));
        }
        self.commit(&mut entries);
        drop(room);
        self.change.send_modify(|version| *version += 1);
        for (reply, answer) in answers {
            let answer = match (&self.broken, answer) {
                (Some(why), Ok(_)) => Err(broken(why)),
                (_, answer) => answer,
            };
            // Whoever asked may have gone; what was done is done.
            let _ = reply.send(answer);
        }
    }

    /// Decides one wish and does it. A turn is on the disk before its days run: whoever has seen its news finds them again.
    fn one(&mut self, room: &mut Room, who: Option<Who>, wish: &Wish, entries: &mut Vec<(i64, Entry)>) -> Answer {
        let turn = room.turn();
        // A person who was shown out within this batch asks no more.
        let decided = room.decide(who, wish)?;
        let mut last = 0;
        for entry in decided {
            last = self.next;
            self.next += 1;
            let turned = matches!(entry, Entry::Turned { .. });
            entries.push((last, entry.clone()));
            if turned {
                self.commit(entries);
            }
            if self.broken.is_none()
                && let Err(why) = room.apply(last, &entry)
            {
                self.broken = Some(why);
            }
            if let Some(why) = &self.broken {
                return Err(broken(why));
            }
            if turned && let Some(turn) = room.world.turns.last() {
                entries.push((self.next, Entry::Ran { turn: turn.number, digest: turn.digest.clone() }));
                self.next += 1;
            }
        }
        Ok(Done { number: last, turn })
    }

    fn commit(&mut self, entries: &mut Vec<(i64, Entry)>) {
        let entries = std::mem::take(entries);
        if !entries.is_empty()
            && self.broken.is_none()
            && let Err(why) = self.store.append(&entries)
        {
            self.broken = Some(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seats::{SHIPPED, Seats};
    use crate::world::World;
    use detente_session::Sitting;
    use std::path::Path;

    fn room() -> Room {
        let world = World::new(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4)).unwrap();
        Room::new(Seats::read(SHIPPED, world.rules()).unwrap(), world)
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
        let keeper = Keeper::start(opened(folder.path()), room()).unwrap();
        let wish = |wish| runtime.block_on(keeper.wish(Some(Who::Host), wish)).unwrap();
        for days in [9, 12] {
            wish(Wish::Turn { days, turn: None });
        }
        wish(Wish::Rewind { turn: 2 });
        let view = keeper.room().view(Who::Host);
        drop(keeper);
        let mut store = opened(folder.path());
        let entries = store.entries().unwrap();
        assert_eq!(entries.len(), 5, "{entries:?}");
        // As if it had been killed between the turn and its end.
        store.append(&[(6, Entry::Turned { turn: 4, days: 3 })]).unwrap();
        drop(store);
        let keeper = Keeper::start(opened(folder.path()), room()).unwrap();
        assert_eq!(keeper.room().world.today(), 12);
        assert_ne!(keeper.room().view(Who::Host), view);
        let digest = keeper.room().world.digest();
        drop(keeper);
        let entries = opened(folder.path()).entries().unwrap();
        assert_eq!(entries.last(), Some(&(7, Entry::Ran { turn: 4, digest })));
    }
}
