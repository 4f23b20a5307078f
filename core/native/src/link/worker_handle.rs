//! The host's side of one worker: what can be said to it, and what it knows.

use std::{
    process::Child,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jardin_abi::{AnswerReader, Frame, Pick, RESULT_OK};
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::sync::oneshot;

use super::{
    channel::Channel, cpu_affinity::CpuAffinity, fault::Fault, frames, message::Subject,
    worker_spec::WorkerSpec,
};

/// How long a worker may take to say hello, to take its settings or a part of the catalogue, to learn or to
/// forget.
const MAX_SETUP_TIME: Duration = Duration::from_secs(1);

/// A worker that ends before it says anything has run nothing of its plugin but what runs at loading.
const ENDED_LOADING: &str = "it ended while it loaded the plugin; what runs at loading can open nothing and start no thread, as libraries of Go or \
                             Python do: write the plugin in Rust, C, C++ or Zig";

/// The answers to a batch: a list for each request, `None` where the plugin failed at it.
pub(crate) type Answers = Vec<Option<Vec<Pick>>>;

/// A worker that is spoken to, by one at a time.
pub(crate) struct WorkerHandle {
    pub(crate) child: Child,
    pub(crate) channel: Channel,
    affinity: CpuAffinity,
    /// The catalogue that it holds.
    known_catalogue: Option<Arc<View>>,
    /// Who waits to hear how it ended.
    pub(crate) verdict: Option<oneshot::Sender<Failure>>,
}

impl WorkerHandle {
    pub(crate) fn new(child: Child, channel: Channel) -> Self {
        let affinity = CpuAffinity::new(child.id());
        Self { child, channel, affinity, known_catalogue: None, verdict: None }
    }

    /// True where it holds the catalogue of this view.
    pub(crate) fn knows_catalogue(&self, view: &View) -> bool {
        self.known_catalogue.as_ref().is_some_and(|known| known.same_catalogue(view))
    }

    /// Hears the hello, looks from outside, and hands the settings over. The error says what is wrong.
    pub(crate) async fn greet(&mut self, spec: &WorkerSpec) -> Result<(), String> {
        let until = spec.clock.steady_now() + MAX_SETUP_TIME;
        let (head, body) = self.channel.hear_hello(until).await.map_err(|fault| match fault {
            Fault::Late => "it said nothing within a second",
            Fault::Gone | Fault::Garbled => ENDED_LOADING,
        })?;
        if head.subject != Subject::Hello {
            return Err(String::from_utf8_lossy(body).into_owned());
        }
        let look = |pid| jardin_sandbox::inspect(pid).map_err(|e| format!("it cannot be looked at: {e}"));
        let (seen, host) = (look(self.child.id())?, look(std::process::id())?);
        if !spec.limits.open && !seen.is_confined(host.filters) {
            return Err("it is not confined; the kernel must have seccomp and Landlock".to_owned());
        }
        self.send_settings(spec).await
    }

    async fn send_settings(&mut self, spec: &WorkerSpec) -> Result<(), String> {
        let mut settings = frames::settings_frame(&spec.params, spec.limits.memory_bytes);
        let until = spec.clock.steady_now() + MAX_SETUP_TIME;
        match self.channel.ask(Subject::Create, &mut settings, until).await {
            Ok((head, _)) if head.result == RESULT_OK => Ok(()),
            Ok((head, _)) => Err(format!("it refuses its settings (result {})", head.result)),
            Err(Fault::Late) => Err("it did not take its settings within a second".to_owned()),
            Err(Fault::Gone | Fault::Garbled) => Err("it ended while it was given its settings".to_owned()),
        }
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
        stats.round_trips.record(took);
        let answers = match head.subject {
            _ if head.result != RESULT_OK => Err(format!("the plugin gave the result {}", head.result)),
            Subject::Answer => AnswerReader::read(body, requests).map_err(|e| e.to_string()),
            _ => Err("it is not an answer".to_owned()),
        };
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
            if let Err(result) = self.call(spec.clock.steady_now(), Subject::Catalogue, &mut message).await? {
                return Ok(Err(result));
            }
        }
        self.known_catalogue = Some(Arc::clone(view));
        Ok(Ok(()))
    }

    /// A call that only says whether it went well; else the plugin's result.
    pub(crate) async fn call(
        &mut self,
        now: Instant,
        subject: Subject,
        message: &mut Frame,
    ) -> Result<Result<(), i32>, Fault> {
        let (head, _) = self.channel.ask(subject, message, now + MAX_SETUP_TIME).await?;
        Ok(if head.result == RESULT_OK { Ok(()) } else { Err(head.result) })
    }
}
