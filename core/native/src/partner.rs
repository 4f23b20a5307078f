//! The host's side of one worker: what can be said to it, and what it was told.

use std::{
    process::Child,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jardin_abi::{AnswerReader, Frame, Pick, RESULT_OK};
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::sync::oneshot;

use crate::{
    Manifest,
    channel::{Broken, Channel},
    encode::{self, Question},
    message::{MOST, Subject},
    placing::Placing,
    room,
    setting::Setting,
};

/// How long a worker may take to say hello, to take its settings or a part of the catalogue, to learn or to
/// forget.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// A worker that ends before it says anything has run nothing of its plugin but what runs at loading.
const ENDED_LOADING: &str = "it ended while it loaded the plugin; what runs at loading can open nothing and start no thread, as libraries of Go or \
                             Python do: write the plugin in Rust, C, C++ or Zig";

/// The answers to a batch: a list for each request, `None` where the plugin failed at it.
pub(crate) type Answers = Vec<Option<Vec<Pick>>>;

/// A worker that is spoken to. Whoever holds it may ask; where a call breaks, it is left to the keeper.
pub(crate) struct Partner {
    pub(crate) child: Child,
    pub(crate) channel: Channel,
    placing: Placing,
    /// The catalogue that it holds.
    told: Option<Arc<View>>,
    /// Which state of the strategy it holds: see [`crate::strategy::NativeStrategy`].
    pub(crate) generation: u64,
    /// True where it has learned anything.
    pub(crate) taught: bool,
    /// How a call broke that the keeper has not seen to yet.
    pub(crate) broken: Option<Broken>,
    /// Who waits to hear how it ended.
    pub(crate) verdict: Option<oneshot::Sender<Failure>>,
}

impl Partner {
    pub(crate) fn new(child: Child, channel: Channel) -> Self {
        Self {
            placing: Placing::new(child.id()),
            child,
            channel,
            told: None,
            generation: 0,
            taught: false,
            broken: None,
            verdict: None,
        }
    }

    /// True where it can be asked at once: nothing is broken or owed, and it knows the catalogue of this
    /// view.
    pub(crate) fn is_free_for(&self, view: &View) -> bool {
        self.broken.is_none()
            && self.channel.is_settled()
            && self.told.as_ref().is_some_and(|told| told.same_catalogue(view))
    }

    /// Hears the hello, looks from outside, and hands the settings over. The error says what is wrong.
    pub(crate) async fn greet(&mut self, setting: &Setting) -> Result<(), String> {
        let until = setting.clock.instant() + PATIENCE;
        let (head, body) = self.channel.greeting(until).await.map_err(|broken| match broken {
            Broken::Late => "it said nothing within a second",
            Broken::Gone(_) => ENDED_LOADING,
        })?;
        if head.subject != Subject::Hello {
            return Err(String::from_utf8_lossy(body).into_owned());
        }
        let look = |pid| jardin_sandbox::inspect(pid).map_err(|e| format!("it cannot be looked at: {e}"));
        let (seen, host) = (look(self.child.id())?, look(std::process::id())?);
        if !setting.how.open && !seen.is_confined(host.filters) {
            return Err("it is not confined; the kernel must have seccomp and Landlock".to_owned());
        }
        let mut settings = encode::settings(&setting.params, setting.how.memory_bytes);
        let until = setting.clock.instant() + PATIENCE;
        match self.channel.ask(Subject::Create, &mut settings, until).await {
            Ok((head, _)) if head.result == RESULT_OK => Ok(()),
            Ok((head, _)) => Err(format!("it refuses its settings (result {})", head.result)),
            Err(Broken::Gone(_)) => Err("it ended while it was given its settings".to_owned()),
            Err(Broken::Late) => Err("it did not take its settings within a second".to_owned()),
        }
    }

    /// One round trip with a batch that fits, under the strategy's time.
    pub(crate) async fn recommend(
        &mut self,
        setting: &Setting,
        message: &mut Frame,
        requests: usize,
    ) -> Result<Result<Answers, Failure>, Broken> {
        let shown = &setting.shown;
        shown.requests.fetch_add(requests as u64, Ordering::Relaxed);
        let is_near = self.placing.before_call();
        let sent = setting.clock.instant();
        let until = sent + setting.time;
        let (head, body) = self.channel.ask_from(is_near, Subject::Recommend, message, until).await?;
        let took = setting.clock.instant() - sent;
        self.placing.after_call(took);
        shown.rounds.add(took);
        let answers = match head.subject {
            _ if head.result != RESULT_OK => Err(format!("the plugin gave the result {}", head.result)),
            Subject::Answer => AnswerReader::read(body, requests).map_err(|e| e.to_string()),
            _ => Err("it is no answer".to_owned()),
        };
        Ok(answers.map_err(|what| {
            shown.rejected.fetch_add(1, Ordering::Relaxed);
            Failure::Rejected { what: what.into() }
        }))
    }

    /// Tells it what of the catalogue it does not hold yet.
    pub(crate) async fn tell(
        &mut self,
        setting: &Setting,
        view: &Arc<View>,
    ) -> Result<Result<(), i32>, Broken> {
        if self.told.as_ref().is_some_and(|told| told.same_catalogue(view)) {
            return Ok(Ok(()));
        }
        for mut message in encode::catalogue(setting.manifest(), view, self.told.as_deref()) {
            if let Err(result) = self.done(setting.clock.instant(), Subject::Catalogue, &mut message).await? {
                return Ok(Err(result));
            }
        }
        self.told = Some(Arc::clone(view));
        Ok(Ok(()))
    }

    /// A call that only says whether it went well; else the plugin's result.
    pub(crate) async fn done(
        &mut self,
        now: Instant,
        subject: Subject,
        message: &mut Frame,
    ) -> Result<Result<(), i32>, Broken> {
        let (head, _) = self.channel.ask(subject, message, now + PATIENCE).await?;
        Ok(if head.result == RESULT_OK { Ok(()) } else { Err(head.result) })
    }
}

/// As many of the first questions as fit into one message and whose answers fit into one, and how many these
/// are; no message where not even the first fits.
pub(crate) fn fitting(manifest: &Manifest, questions: &[Question<'_>]) -> (Option<Frame>, usize) {
    let mut take = room::fitting(questions.iter().map(Question::wanted));
    loop {
        let message = encode::batch(manifest, questions.get(..take).unwrap_or(questions));
        if message.bytes().len() <= MOST {
            return (Some(message), take);
        }
        if take == 1 {
            return (None, 1);
        }
        take /= 2;
    }
}
