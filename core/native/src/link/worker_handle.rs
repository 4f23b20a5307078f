//! The host's side of one worker: what can be said to it, and what it knows.

use std::{
    process::Child,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jardin_abi::{AnswerReader, Frame, Pick, RESULT_OK, WORDS_BYTES};
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::sync::oneshot;

use super::{
    channel::Channel,
    cpu_affinity::CpuAffinity,
    cpu_watch::CpuWatch,
    fault::Fault,
    frames,
    message::{HEAD_BYTES, Subject},
    worker_spec::WorkerSpec,
};

/// How long a worker may take for what is not a request, where somebody waits for it.
pub(crate) const MAX_SETUP_TIME: Duration = Duration::from_secs(1);

/// A worker that ends before it says anything has run nothing of its plugin but what runs at loading.
const ENDED_LOADING: &str = "it ended while it loaded the plugin; what runs at loading can open nothing and start no thread, as libraries of Go or \
                             Python do: write the plugin in Rust, C, C++ or Zig";

/// The answers to a batch: a list for each request, `None` where the plugin failed at it.
pub(crate) type Answers = Vec<Option<Vec<Pick>>>;

/// A worker that is spoken to, by one at a time.
pub(crate) struct WorkerHandle {
    pub(crate) child: Child,
    channel: Channel,
    affinity: CpuAffinity,
    cpu_watch: CpuWatch,
    /// The catalogue that it holds.
    known_catalogue: Option<Arc<View>>,
    /// Who waits to hear how it ended.
    pub(crate) verdict: Option<oneshot::Sender<Failure>>,
}

impl WorkerHandle {
    pub(crate) fn new(child: Child, channel: Channel) -> Self {
        let affinity = CpuAffinity::new(child.id());
        let cpu_watch = CpuWatch::default();
        Self { child, channel, affinity, cpu_watch, known_catalogue: None, verdict: None }
    }

    /// True where it holds the catalogue of this view.
    pub(crate) fn knows_catalogue(&self, view: &View) -> bool {
        self.known_catalogue.as_ref().is_some_and(|known| known.same_catalogue(view))
    }

    /// Whether it is kept on the core of this thread; `None` where it is kept nowhere.
    pub(crate) fn is_kept_here(&self) -> Option<bool> {
        self.affinity.is_kept_here()
    }

    /// Hears the hello, looks from outside, and hands the settings over. The error says what is wrong.
    pub(crate) async fn greet(&mut self, spec: &WorkerSpec) -> Result<(), String> {
        let until = spec.clock.steady_now() + spec.setup_time;
        let (head, body) = self.channel.hear_hello(until).await.map_err(|fault| match fault {
            Fault::Late => "it said nothing in its time",
            Fault::Aborted | Fault::OutOfMemory => fault.phrase(),
            Fault::Gone | Fault::Garbled | Fault::Unasked => ENDED_LOADING,
        })?;
        if head.subject != Subject::Hello {
            return Err(printable(body));
        }
        let look = |pid| jardin_sandbox::inspect(pid).map_err(|e| format!("it cannot be looked at: {e}"));
        let (seen, host) = (look(self.child.id())?, look(std::process::id())?);
        if !spec.limits.open && !seen.is_confined(host.filters) {
            return Err("it is not confined; the kernel must have seccomp and Landlock".to_owned());
        }
        self.send_settings(spec).await
    }

    async fn send_settings(&mut self, spec: &WorkerSpec) -> Result<(), String> {
        let mut settings = frames::settings_frame(&spec.params, spec.limits.memory_bytes, spec.people);
        let until = spec.clock.steady_now() + spec.setup_time;
        match self.channel.ask(Subject::Create, &mut settings, until).await {
            Ok((head, _)) if head.result == RESULT_OK => Ok(()),
            Ok((head, &[])) => Err(format!("it refuses its settings (result {})", head.result)),
            Ok((_, words)) => Err(format!("it refuses its settings: {}", printable(words))),
            Err(fault) => Err(format!("while it was given its settings: {}", fault.phrase())),
        }
    }

    /// Hears the answer of a call that somebody began and did not end.
    pub(crate) async fn settle(&mut self, now: Instant) -> Result<(), Fault> {
        self.cpu_watch.start_over();
        self.channel.settle(now).await
    }

    /// Looks at its clock of computing, while nobody speaks to it.
    ///
    /// # Errors
    /// [`Fault::Unasked`] where it went on computing after it had answered.
    pub(crate) fn check_idleness(&mut self, now: Instant) -> Result<(), Fault> {
        // one that has just ended is noticed by its end
        let pid = self.child.id();
        let (Ok(seen), Ok(cpu)) = (jardin_sandbox::inspect(pid), jardin_sandbox::cpu_time(pid)) else {
            return Ok(());
        };
        let is_unasked = self.cpu_watch.is_computing_unasked(now, cpu, seen.is_running);
        if is_unasked { Err(Fault::Unasked) } else { Ok(()) }
    }

    /// One round trip with a batch that fits, under the strategy's time.
    pub(crate) async fn recommend(
        &mut self,
        spec: &WorkerSpec,
        message: &mut Frame,
        requests: usize,
    ) -> Result<Result<Answers, Failure>, Fault> {
        let stats = &spec.stats;
        stats.requests.fetch_add(requests as u64, Ordering::Relaxed);
        let is_near = self.affinity.before_call();
        let sent = spec.clock.steady_now();
        let until = sent + spec.time;
        let (head, body) = self.channel.ask_from(is_near, Subject::Recommend, message, until).await?;
        let took = spec.clock.steady_now() - sent;
        self.affinity.after_call(took);
        self.cpu_watch.add_call(took);
        let length = HEAD_BYTES + body.len();
        stats.round_trips.record(took);
        stats.hear_note(head.note, &spec.manifest().notes, sent);
        let answers = match head.subject {
            _ if head.result != RESULT_OK => Err(format!("the plugin gave the result {}", head.result)),
            Subject::Answer => AnswerReader::read(body, requests).map_err(|e| e.to_string()),
            _ => Err("it is not an answer".to_owned()),
        };
        self.channel.clear_arrived(length);
        Ok(answers.map_err(|what| {
            stats.rejected.fetch_add(1, Ordering::Relaxed);
            Failure::Rejected { what: what.into() }
        }))
    }

    /// Tells it what of the catalogue it does not hold yet; else the plugin's result.
    pub(crate) async fn tell_catalogue(
        &mut self,
        spec: &WorkerSpec,
        view: &Arc<View>,
    ) -> Result<Result<(), i32>, Fault> {
        if self.knows_catalogue(view) {
            return Ok(Ok(()));
        }
        for mut message in frames::catalogue_frames(spec.manifest(), view, self.known_catalogue.as_deref()) {
            if let Err(result) = self.call(spec, Subject::Catalogue, &mut message).await? {
                return Ok(Err(result));
            }
        }
        self.known_catalogue = Some(Arc::clone(view));
        Ok(Ok(()))
    }

    /// A call that only says whether it went well; else the plugin's result.
    pub(crate) async fn call(
        &mut self,
        spec: &WorkerSpec,
        subject: Subject,
        message: &mut Frame,
    ) -> Result<Result<(), i32>, Fault> {
        let now = spec.clock.steady_now();
        let (head, _) = self.channel.ask(subject, message, now + spec.setup_time).await?;
        self.cpu_watch.add_call(spec.clock.steady_now() - now);
        Ok(if head.result == RESULT_OK { Ok(()) } else { Err(head.result) })
    }
}

/// The words of a plugin or of its loader, in one line that no terminal takes for an order.
fn printable(words: &[u8]) -> String {
    let words = String::from_utf8_lossy(words);
    words.chars().take(WORDS_BYTES).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
