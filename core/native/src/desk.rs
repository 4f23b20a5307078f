//! The task that owns one worker: it takes what is queued, keeps the catalogue told, watches the time, and starts a new worker when one dies.

use std::{
    collections::VecDeque,
    io,
    os::unix::process::ExitStatusExt as _,
    process::Child,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jardin_abi::{AnswerReader, Frame, MOST_BYTES, Pick, RESULT_OK};
use jardin_model::ItemIndex;
use jardin_policy::View;
use jardin_strategy::{Ask, Clock, Failure, Params};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    Manifest, PluginFile, Spawner,
    channel::Channel,
    encode::{self, Question},
    message::Subject,
    room,
    shown::{Shown, State},
    spawn::How,
};

/// How long a worker may take to say hello, to take its settings or a part of the catalogue, to learn or to forget.
const PATIENCE: Duration = Duration::from_secs(1);
/// A batch holds so many requests at most.
const MOST_REQUESTS: usize = 32;
/// After so many deaths within a minute the worker rests.
const MOST_DEATHS: usize = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// How long the first wait after a death is; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(10);

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// A request that waits for its answer.
pub(crate) struct Waiting {
    pub(crate) ask: Ask,
    pub(crate) candidates: Vec<ItemIndex>,
    /// True where only candidates may be picked.
    pub(crate) given: bool,
    pub(crate) reply: Reply<Vec<Pick>>,
}

impl Waiting {
    fn question(&self) -> Question<'_> {
        Question {
            ask: &self.ask,
            candidates: &self.candidates,
            given: self.given,
        }
    }

    /// How many picks it asks for.
    fn wanted(&self) -> usize {
        if self.given { self.candidates.len() } else { self.ask.limit }
    }

    fn refuse(self, failure: &Failure) {
        // whoever no longer waits needs no answer
        let _ = self.reply.send(Err(failure.clone()));
    }
}

/// What a desk is asked to do.
pub(crate) enum Job {
    Recommend(Waiting),
    Prepare { view: Arc<View>, reply: Reply<()> },
    Observe { generation: u64, frame: Frame, reply: Reply<()> },
    Forget { generation: u64, frame: Frame, reply: Reply<()> },
}

/// What a desk needs to start workers.
pub(crate) struct Setting {
    pub(crate) file: PluginFile,
    pub(crate) spawner: Spawner,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) params: Params,
    pub(crate) time: Duration,
    pub(crate) how: How,
    pub(crate) shown: Arc<Shown>,
}

impl Setting {
    fn manifest(&self) -> &Manifest {
        &self.file.manifest
    }
}

struct Worker {
    child: Child,
    channel: Channel,
}

pub(crate) struct Desk {
    setting: Setting,
    worker: Option<Worker>,
    /// The catalogue that the worker holds.
    told: Option<Arc<View>>,
    /// The newest catalogue that is known here.
    newest: Option<Arc<View>>,
    deaths: VecDeque<Instant>,
}

/// How a call to a worker ended when it did not end well.
enum Broken {
    Late,
    Gone(io::Error),
}

impl Desk {
    pub(crate) const fn new(setting: Setting) -> Self {
        Self {
            setting,
            worker: None,
            told: None,
            newest: None,
            deaths: VecDeque::new(),
        }
    }

    /// Works until nobody can ask any more; the worker ends with it.
    pub(crate) async fn run(mut self, mut requests: mpsc::Receiver<Job>, mut lessons: mpsc::Receiver<Job>) {
        loop {
            if self.worker.is_none() && !self.start_or_wait(&mut requests, &mut lessons).await {
                break;
            }
            let Some(worker) = &mut self.worker else { continue };
            let job = tokio::select! {
                biased;
                job = requests.recv() => job,
                job = lessons.recv() => job,
                // an idle worker says nothing: what comes is its end
                _ = worker.channel.hear() => {
                    self.died("it ended by itself").await;
                    continue;
                }
            };
            match job {
                Some(job) => self.work(job, &mut requests).await,
                None => break,
            }
        }
        if let Some(worker) = self.worker.take() {
            let _ = self.setting.spawner.end(worker.child).await;
        }
    }

    /// Starts a worker, or says no to everybody until the next try. False where nobody can ask any more.
    async fn start_or_wait(&mut self, requests: &mut mpsc::Receiver<Job>, lessons: &mut mpsc::Receiver<Job>) -> bool {
        let now = self.setting.clock.instant();
        while self.deaths.front().is_some_and(|at| now.duration_since(*at) > MINUTE) {
            self.deaths.pop_front();
        }
        let rests = self.deaths.len() >= MOST_DEATHS;
        let wait = match self.deaths.len() {
            0 => Duration::ZERO,
            _ if rests => MINUTE,
            n => FIRST_WAIT * 2_u32.saturating_pow(u32::try_from(n).unwrap_or(8).min(8)),
        };
        self.setting.shown.set(if rests { State::Resting } else { State::Starting });
        let failure = if rests { Failure::Resting } else { Failure::Starting };
        let until = tokio::time::sleep(wait);
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => break,
                job = requests.recv() => match job { Some(job) => refuse(job, &failure), None => return false },
                job = lessons.recv() => match job { Some(job) => refuse(job, &failure), None => return false },
            }
        }
        if let Err(what) = self.start().await {
            self.deaths.push_back(self.setting.clock.instant());
            self.setting.shown.say(what);
        }
        true
    }

    /// Starts a worker and makes it ready; no worker where it died on the way. An error is a worker that could not even be started.
    async fn start(&mut self) -> Result<(), String> {
        let shown = Arc::clone(&self.setting.shown);
        shown.starts.fetch_add(1, Ordering::Relaxed);
        let plugin = self.setting.file.sealed().map_err(|e| format!("no sealed copy: {e}"))?;
        let started = self
            .setting
            .spawner
            .start(plugin, self.setting.how)
            .await
            .map_err(|e| format!("the worker cannot be started: {e}"))?;
        let pid = started.child.id();
        let channel = Channel::new(started.socket).map_err(|e| e.to_string())?;
        let mut worker = Worker {
            child: started.child,
            channel,
        };
        self.told = None;
        let greeted = greet(&mut worker, pid, &self.setting).await;
        self.worker = Some(worker);
        match greeted {
            // a worker that dies of the catalogue has been seen to
            Ok(()) if self.tell_catalogue().await.is_err() => return Ok(()),
            Ok(()) => {}
            Err(what) => {
                let signal = self.end_worker().await.filter(|how| how.starts_with("signal"));
                self.mourn(&signal.map_or_else(|| what.clone(), |signal| format!("{what}: {signal}")));
                return Ok(());
            }
        }
        shown.generation.fetch_add(1, Ordering::AcqRel);
        shown.set(State::Ready);
        Ok(())
    }

    async fn work(&mut self, job: Job, requests: &mut mpsc::Receiver<Job>) {
        match job {
            Job::Recommend(_) => self.recommend(job, requests).await,
            Job::Prepare { view, reply } => {
                self.newest = Some(view);
                let told = self.tell_catalogue().await;
                let _ = reply.send(told.map(drop).map_err(|_| Failure::Starting));
            }
            Job::Observe { generation, frame, reply } => self.teach(Subject::Observe, generation, &frame, reply).await,
            Job::Forget { generation, frame, reply } => self.teach(Subject::Forget, generation, &frame, reply).await,
        }
    }

    /// Answers a request together with those that wait behind it; nobody waits for a batch to fill.
    async fn recommend(&mut self, first: Job, requests: &mut mpsc::Receiver<Job>) {
        let (mut batch, mut later) = (Vec::new(), Vec::new());
        let now = self.setting.clock.instant();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Recommend(waiting) if waiting.ask.deadline.0 <= now => waiting.refuse(&Failure::Late),
                Job::Recommend(waiting) => batch.push(waiting),
                other => later.push(other),
            }
            if batch.len() < MOST_REQUESTS && later.is_empty() {
                next = requests.try_recv().ok();
            }
        }
        if let Some(Waiting { ask, .. }) = batch.last() {
            // the newest state of the catalogue serves all: indices never change their meaning
            self.newest = Some(Arc::clone(&ask.view));
        }
        if self.tell_catalogue().await.is_err() {
            batch.into_iter().for_each(|waiting| waiting.refuse(&Failure::Starting));
        } else {
            self.answer(batch).await;
        }
        for job in later {
            if self.worker.is_some() {
                Box::pin(self.work(job, requests)).await;
            } else {
                refuse(job, &Failure::Starting);
            }
        }
    }

    async fn answer(&mut self, mut batch: Vec<Waiting>) {
        while !batch.is_empty() {
            let (frame, take) = self.frame_of(&batch);
            let part: Vec<Waiting> = batch.drain(..take).collect();
            let answers = match frame {
                Some(frame) => self.asked(&frame, part.len()).await,
                None => Err(Failure::Limit { limit: "frame size" }),
            };
            self.setting.shown.requests.fetch_add(part.len() as u64, Ordering::Relaxed);
            match answers {
                Ok(answers) => {
                    for (waiting, answer) in part.into_iter().zip(answers) {
                        let _ = waiting.reply.send(answer.ok_or_else(|| Failure::Error {
                            what: "the plugin failed".into(),
                        }));
                    }
                }
                Err(failure) => part.into_iter().for_each(|waiting| waiting.refuse(&failure)),
            }
        }
    }

    /// As many requests as fit into one frame and whose answers fit into one message, and how many these are; no frame where not even the
    /// first fits.
    fn frame_of(&self, batch: &[Waiting]) -> (Option<Frame>, usize) {
        let mut take = room::fitting(batch.iter().map(Waiting::wanted));
        loop {
            let questions: Vec<Question<'_>> = batch.iter().take(take).map(Waiting::question).collect();
            let frame = encode::batch(self.setting.manifest(), &questions);
            if frame.bytes().len() <= MOST_BYTES {
                return (Some(frame), take);
            }
            if take == 1 {
                return (None, 1);
            }
            take /= 2;
        }
    }

    /// One round trip under the strategy's time; a worker that is late is killed.
    async fn asked(&mut self, frame: &Frame, requests: usize) -> Result<Vec<Option<Vec<Pick>>>, Failure> {
        let time = self.setting.time;
        let Some(worker) = &mut self.worker else {
            return Err(Failure::Starting);
        };
        let outcome = match timeout(time, worker.channel.ask(Subject::Recommend, frame)).await {
            Err(_) => Err(Broken::Late),
            Ok(Err(error)) => Err(Broken::Gone(error)),
            Ok(Ok((head, _))) if head.result != RESULT_OK => Ok(Err(format!("the plugin gave the result {}", head.result))),
            Ok(Ok((head, body))) if head.subject == Subject::Answer => Ok(AnswerReader::read(body, requests).map_err(|e| e.to_string())),
            Ok(Ok(_)) => Ok(Err("it is no answer".to_owned())),
        };
        match outcome {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(what)) => {
                self.setting.shown.rejected.fetch_add(1, Ordering::Relaxed);
                Err(Failure::Rejected { what: what.into() })
            }
            Err(broken) => Err(self.broken(broken).await),
        }
    }

    async fn broken(&mut self, broken: Broken) -> Failure {
        match broken {
            Broken::Late => {
                self.setting.shown.late.fetch_add(1, Ordering::Relaxed);
                self.died("it was late and was killed").await;
                Failure::Late
            }
            Broken::Gone(error) => {
                let how = self.died(&error.to_string()).await;
                Failure::Died { how: how.into() }
            }
        }
    }

    /// Reaps the worker and remembers its death; says how it ended.
    async fn died(&mut self, otherwise: &str) -> String {
        let how = self.end_worker().await.unwrap_or_else(|| otherwise.to_owned());
        self.mourn(&how);
        how
    }

    /// Kills the worker if it still runs; how it had ended by itself.
    async fn end_worker(&mut self) -> Option<String> {
        let worker = self.worker.take()?;
        let status = self.setting.spawner.end(worker.child).await.ok()?;
        let shown = &self.setting.shown;
        match (status.signal(), status.code()) {
            // our own kill: the worker was late, or its socket broke first
            (Some(libc::SIGKILL), _) => None,
            (Some(signal), _) => {
                shown.signals.fetch_add(1, Ordering::Relaxed);
                if signal == libc::SIGSYS {
                    shown.refused_calls.fetch_add(1, Ordering::Relaxed);
                    return Some(format!(
                        "signal {signal}: it made a system call that is not allowed, or gave itself up"
                    ));
                }
                Some(format!("signal {signal}"))
            }
            (None, code) => Some(format!("exit {}", code.unwrap_or(-1))),
        }
    }

    fn mourn(&mut self, how: &str) {
        self.told = None;
        self.deaths.push_back(self.setting.clock.instant());
        self.setting.shown.deaths.fetch_add(1, Ordering::Relaxed);
        self.setting.shown.say(format!("the worker ended: {how}"));
        self.setting.shown.set(State::Starting);
    }

    async fn teach(&mut self, subject: Subject, generation: u64, frame: &Frame, reply: Reply<()>) {
        let result = if generation == self.setting.shown.generation.load(Ordering::Acquire) {
            self.done(subject, frame).await
        } else {
            Err(Failure::Stale)
        };
        let _ = reply.send(result);
    }

    /// Tells the worker what of the catalogue it does not hold yet.
    async fn tell_catalogue(&mut self) -> Result<(), Failure> {
        let Some(view) = self.newest.clone() else { return Ok(()) };
        if self.told.as_ref().is_some_and(|told| told.same_catalogue(&view)) {
            return Ok(());
        }
        for frame in encode::catalogue(self.setting.manifest(), &view, self.told.as_deref()) {
            self.done(Subject::Catalogue, &frame).await?;
        }
        self.told = Some(view);
        Ok(())
    }

    async fn done(&mut self, subject: Subject, frame: &Frame) -> Result<(), Failure> {
        let Some(worker) = &mut self.worker else {
            return Err(Failure::Starting);
        };
        let outcome = match timeout(PATIENCE, worker.channel.ask(subject, frame)).await {
            Err(_) => Err(Broken::Late),
            Ok(Err(error)) => Err(Broken::Gone(error)),
            Ok(Ok((head, _))) => Ok(head.result),
        };
        match outcome {
            Ok(RESULT_OK) => Ok(()),
            // its state is in doubt now: a new worker begins with an empty one
            Ok(result) => {
                self.died(&format!("the plugin gave the result {result}")).await;
                Err(Failure::Error {
                    what: format!("the plugin gave the result {result}").into(),
                })
            }
            Err(broken) => Err(self.broken(broken).await),
        }
    }
}

fn refuse(job: Job, failure: &Failure) {
    match job {
        Job::Recommend(waiting) => waiting.refuse(failure),
        Job::Prepare { reply, .. } | Job::Observe { reply, .. } | Job::Forget { reply, .. } => drop(reply.send(Err(failure.clone()))),
    }
}

/// Hears the hello, looks from outside, and hands the settings over.
async fn greet(worker: &mut Worker, pid: u32, setting: &Setting) -> Result<(), String> {
    let hello = timeout(PATIENCE, worker.channel.hear())
        .await
        .map_err(|_| "it said nothing within a second".to_owned())?;
    let (head, body) = hello.map_err(|_| "it ended before it said anything".to_owned())?;
    if head.subject != Subject::Hello {
        return Err(String::from_utf8_lossy(body).into_owned());
    }
    let seen = jardin_sandbox::inspect(pid).map_err(|e| format!("it cannot be looked at: {e}"))?;
    if !setting.how.open && !seen.is_confined() {
        return Err("it is not confined; the kernel must have seccomp and Landlock".to_owned());
    }
    let created = timeout(
        PATIENCE,
        worker
            .channel
            .ask(Subject::Create, &encode::settings(&setting.params, setting.how.memory_bytes)),
    )
    .await;
    match created {
        Ok(Ok((head, _))) if head.result == RESULT_OK => Ok(()),
        Ok(Ok((head, _))) => Err(format!("it refuses its settings (result {})", head.result)),
        Ok(Err(_)) => Err("it ended while it was given its settings".to_owned()),
        Err(_) => Err("it did not take its settings within a second".to_owned()),
    }
}
