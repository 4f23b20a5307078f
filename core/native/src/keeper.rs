//! The task that looks after one worker: it starts it and a new one when it dies, serves the queue, tells the
//! catalogue, teaches, and sees to calls that were left unfinished.

use std::{
    os::{fd::OwnedFd, unix::process::ExitStatusExt as _},
    sync::{Arc, atomic::Ordering},
};

use jardin_abi::Frame;
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::{io::unix::AsyncFd, sync::mpsc};

use crate::{
    channel::{Broken, Channel},
    crew::{Crew, Seat, State, plugin_failed},
    deaths::Deaths,
    message::Subject,
    partner::{self, Partner},
    queue::{Reply, Waiting},
};

/// What a worker is told beside requests.
pub(crate) enum Lesson {
    Prepare { view: Arc<View>, reply: Reply<()> },
    Observe { generation: u64, message: Frame, reply: Reply<()> },
    Forget { generation: u64, message: Frame, reply: Reply<()> },
}

impl Lesson {
    fn refuse(self, failure: &Failure) {
        let (Self::Prepare { reply, .. } | Self::Observe { reply, .. } | Self::Forget { reply, .. }) = self;
        let _ = reply.send(Err(failure.clone()));
    }
}

/// Looks after the worker of one seat.
pub(crate) struct Keeper {
    crew: Arc<Crew>,
    number: usize,
    /// Readable when the worker has ended; `None` without one.
    end: Option<AsyncFd<OwnedFd>>,
    /// The newest catalogue that is known here.
    newest: Option<Arc<View>>,
    deaths: Deaths,
}

impl Keeper {
    pub(crate) fn new(crew: Arc<Crew>, number: usize) -> Self {
        Self { crew, number, end: None, newest: None, deaths: Deaths::default() }
    }

    /// Works until nobody can teach any more; the worker ends with it.
    pub(crate) async fn run(mut self, mut lessons: mpsc::Receiver<Lesson>) {
        let crew = Arc::clone(&self.crew);
        let Some(seat) = crew.seat(self.number) else {
            return;
        };
        loop {
            if self.end.is_none() && !self.start_or_wait(seat, &mut lessons).await {
                break;
            }
            let Some(end) = &self.end else { continue };
            tokio::select! {
                biased;
                () = seat.rung() => {
                    self.settle(seat).await;
                    self.serve(seat).await;
                }
                () = crew.queue.rung() => self.serve(seat).await,
                _ = end.readable() => self.ended(seat).await,
                lesson = lessons.recv() => match lesson {
                    Some(lesson) => self.learn(seat, lesson).await,
                    None => break,
                },
            }
        }
        if let Some(partner) = seat.partner().await.take() {
            let _ = crew.setting.spawner.end(partner.child).await;
        }
    }

    /// Starts a worker, or says no to lessons until the next try. False where nobody can teach any more.
    async fn start_or_wait(&mut self, seat: &Seat, lessons: &mut mpsc::Receiver<Lesson>) -> bool {
        let now = self.crew.setting.clock.instant();
        let (rests, wait) = self.deaths.rest(now);
        seat.set(if rests { State::Resting } else { State::Starting });
        self.refuse_all();
        let until = tokio::time::sleep(wait);
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => break,
                lesson = lessons.recv() => match lesson {
                    Some(lesson) => lesson.refuse(&self.crew.refusal().unwrap_or(Failure::Starting)),
                    None => return false,
                },
            }
        }
        if let Err(what) = self.start(seat, None).await {
            self.deaths.add(self.crew.setting.clock.instant());
            self.crew.setting.shown.say(what);
        }
        true
    }

    /// Who waits for a worker waits in vain where none is ready.
    fn refuse_all(&self) {
        while let Some(failure) = self.crew.refusal().filter(|_| !self.crew.queue.is_empty()) {
            self.crew.queue.take().into_iter().for_each(|waiting| waiting.refuse(&failure));
        }
    }

    /// Starts a worker and makes it ready; no worker where it died on the way. Its state is a new one, or,
    /// where it takes the place of one that had learned something else, that of a generation. An error is a
    /// worker that could not even be started.
    async fn start(&mut self, seat: &Seat, generation: Option<u64>) -> Result<(), String> {
        let crew = Arc::clone(&self.crew);
        let setting = &crew.setting;
        setting.shown.starts.fetch_add(1, Ordering::Relaxed);
        let plugin = setting.file.sealed().map_err(|e| format!("no sealed copy: {e}"))?;
        let started = setting.spawner.start(plugin, setting.how).await;
        let started = started.map_err(|e| format!("the worker cannot be started: {e}"))?;
        let channel = Channel::new(started.socket).map_err(|e| e.to_string())?;
        // SAFETY: `register` wants the descriptor open, and the same, while it is registered: an `OwnedFd`
        // keeps its number until it is dropped, and `AsyncFd` takes it out of the reactor before that.
        self.end = Some(unsafe { AsyncFd::register(started.end) }.map_err(|e| e.to_string())?);
        let mut held = seat.partner().await;
        let partner = held.insert(Partner::new(started.child, channel));
        if let Err(what) = partner.greet(setting).await {
            let signal = self.bury(held.take()).await.filter(|how| how.starts_with("signal"));
            self.mourn(seat, &signal.map_or_else(|| what.clone(), |signal| format!("{what}: {signal}")));
            return Ok(());
        }
        // a worker that dies of the catalogue has been seen to
        if self.tell(seat, &mut held).await.is_ok()
            && let Some(partner) = held.as_mut()
        {
            partner.generation =
                generation.unwrap_or_else(|| crew.generation.fetch_add(1, Ordering::AcqRel) + 1);
            seat.set(State::Ready);
        }
        Ok(())
    }

    /// Answers the requests that wait; nobody waits for a batch to fill.
    async fn serve(&mut self, seat: &Seat) {
        if self.crew.queue.is_empty() {
            return;
        }
        let mut held = seat.partner().await;
        // taken under the lock, so that nobody waits for a worker that another one speaks to
        let batch = self.crew.queue.take();
        let now = self.crew.setting.clock.instant();
        let (late, mut batch): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|waiting| waiting.ask.deadline.0 <= now);
        late.into_iter().for_each(|waiting| waiting.refuse(&Failure::Late));
        if let Some(Waiting { ask, .. }) = batch.last() {
            // the newest state of the catalogue serves all: indices never change their meaning
            self.newest = Some(Arc::clone(&ask.view));
        }
        while !batch.is_empty() {
            let failure = match self.tell(seat, &mut held).await {
                Ok(()) => self.answer(seat, &mut held, &mut batch).await.err(),
                Err(_) => Some((Failure::Starting, batch.len())),
            };
            if let Some((failure, of)) = failure {
                batch.drain(..of).for_each(|waiting| waiting.refuse(&failure));
            }
        }
    }

    /// Answers as many of the first requests as travel together. An error concerns so many of them.
    async fn answer(
        &mut self,
        seat: &Seat,
        held: &mut Option<Partner>,
        batch: &mut Vec<Waiting>,
    ) -> Result<(), (Failure, usize)> {
        let setting = &self.crew.setting;
        let questions: Vec<_> = batch.iter().map(Waiting::question).collect();
        let (message, take) = partner::fitting(setting.manifest(), &questions);
        let (Some(mut message), Some(partner)) = (message, held.as_mut()) else {
            return Err((Failure::Limit { limit: "frame size" }, take));
        };
        match partner.recommend(setting, &mut message, take).await {
            Ok(Ok(answers)) => {
                for (waiting, answer) in batch.drain(..take).zip(answers) {
                    // whoever no longer waits needs no answer
                    let _ = waiting.reply.send(answer.ok_or_else(plugin_failed));
                }
                Ok(())
            }
            Ok(Err(failure)) => Err((failure, take)),
            Err(broken) => Err((self.broken(seat, held, broken).await, take)),
        }
    }

    /// Sees to a call that somebody began and did not end.
    async fn settle(&mut self, seat: &Seat) {
        let mut held = seat.partner().await;
        let Some(partner) = held.as_mut() else { return };
        let broken = match partner.broken.take() {
            Some(broken) => Err(broken),
            None => partner.channel.settle(self.crew.setting.clock.instant()).await,
        };
        if let Err(broken) = broken {
            let verdict = partner.verdict.take();
            let failure = self.broken(seat, &mut held, broken).await;
            verdict.map(|verdict| verdict.send(failure));
        }
    }

    /// The worker has ended by itself.
    async fn ended(&mut self, seat: &Seat) {
        // whoever spoke to it meanwhile has left word
        self.settle(seat).await;
        let mut held = seat.partner().await;
        if held.is_some() {
            self.died(seat, &mut held, "it ended by itself").await;
        }
    }

    async fn broken(&mut self, seat: &Seat, held: &mut Option<Partner>, broken: Broken) -> Failure {
        match broken {
            Broken::Late => {
                self.crew.setting.shown.late.fetch_add(1, Ordering::Relaxed);
                self.died(seat, held, "it was late and was killed").await;
                Failure::Late
            }
            Broken::Gone(error) => {
                let how = self.died(seat, held, &error.to_string()).await;
                Failure::Died { how: how.into() }
            }
        }
    }

    /// Ends the worker and remembers its death; says how it ended.
    async fn died(&mut self, seat: &Seat, held: &mut Option<Partner>, otherwise: &str) -> String {
        let how = self.bury(held.take()).await.unwrap_or_else(|| otherwise.to_owned());
        self.mourn(seat, &how);
        how
    }

    /// Kills the worker if it still runs; how it had ended by itself.
    async fn bury(&mut self, partner: Option<Partner>) -> Option<String> {
        self.end = None;
        let setting = &self.crew.setting;
        let status = setting.spawner.end(partner?.child).await.ok()?;
        match (status.signal(), status.code()) {
            // our own kill: the worker was late, or its socket broke first
            (Some(libc::SIGKILL), _) => None,
            (Some(signal), _) => {
                setting.shown.signals.fetch_add(1, Ordering::Relaxed);
                if signal == libc::SIGSYS {
                    setting.shown.refused_calls.fetch_add(1, Ordering::Relaxed);
                    return Some(format!(
                        "signal {signal}: it made a system call that is not allowed, or gave itself up"
                    ));
                }
                Some(format!("signal {signal}"))
            }
            (None, code) => Some(format!("exit {}", code.unwrap_or(-1))),
        }
    }

    fn mourn(&mut self, seat: &Seat, how: &str) {
        self.end = None;
        self.deaths.add(self.crew.setting.clock.instant());
        self.crew.setting.shown.deaths.fetch_add(1, Ordering::Relaxed);
        self.crew.setting.shown.say(format!("the worker ended: {how}"));
        seat.set(State::Starting);
        self.refuse_all();
    }

    async fn learn(&mut self, seat: &Seat, lesson: Lesson) {
        let (reply, learned) = match lesson {
            Lesson::Prepare { view, reply } => {
                self.newest = Some(view);
                let mut held = seat.partner().await;
                (reply, self.tell(seat, &mut held).await.map_err(|_| Failure::Starting))
            }
            Lesson::Observe { generation, message, reply } => {
                (reply, self.taught(seat, Subject::Observe, generation, message).await)
            }
            Lesson::Forget { generation, message, reply } => {
                (reply, self.taught(seat, Subject::Forget, generation, message).await)
            }
        };
        let _ = reply.send(learned);
    }

    /// Teaches a generation: a worker that holds what was learned in another one gives way to a new one
    /// first.
    async fn taught(
        &mut self,
        seat: &Seat,
        subject: Subject,
        generation: u64,
        mut message: Frame,
    ) -> Result<(), Failure> {
        if generation != self.crew.generation.load(Ordering::Acquire) {
            return Err(Failure::Stale);
        }
        let mut held = seat.partner().await;
        if held.as_ref().is_some_and(|partner| partner.taught && partner.generation != generation) {
            seat.set(State::Starting);
            let old = held.take();
            drop(held);
            self.bury(old).await;
            self.start(seat, Some(generation)).await.map_err(|what| Failure::Died { how: what.into() })?;
            held = seat.partner().await;
        }
        let Some(partner) = held.as_mut() else {
            return Err(Failure::Starting);
        };
        partner.generation = generation;
        partner.taught = true;
        let done = partner.done(self.crew.setting.clock.instant(), subject, &mut message).await;
        self.fine(seat, &mut held, done).await
    }

    /// Tells the worker what of the catalogue it does not hold yet.
    async fn tell(&mut self, seat: &Seat, held: &mut Option<Partner>) -> Result<(), Failure> {
        let Some(partner) = held.as_mut() else {
            return Err(Failure::Starting);
        };
        let Some(view) = &self.newest else { return Ok(()) };
        let told = partner.tell(&self.crew.setting, view).await;
        self.fine(seat, held, told).await
    }

    /// A worker whose state is in doubt gives way to a new one, which begins with an empty state.
    async fn fine(
        &mut self,
        seat: &Seat,
        held: &mut Option<Partner>,
        told: Result<Result<(), i32>, Broken>,
    ) -> Result<(), Failure> {
        match told {
            Ok(Ok(())) => Ok(()),
            Ok(Err(result)) => {
                let what = format!("the plugin gave the result {result}");
                self.died(seat, held, &what).await;
                Err(Failure::Error { what: what.into() })
            }
            Err(broken) => Err(self.broken(seat, held, broken).await),
        }
    }
}
