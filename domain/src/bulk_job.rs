//! A bulk job: work on more records than one request may change, done in batches beside the requests.
//!
//! **Invariant:** a job that has ended never runs again. How far a job came changes only together with what
//! the batch has written.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{ApiKeyId, AuditId, BulkJobId, MemberId};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

/// So many records a request changes at once; more are a bulk job.
pub const MOST_AT_ONCE: i64 = 2_000;

/// How many bulk jobs of a workspace can run at once.
pub const MOST_RUNNING: i64 = 20;

/// How long a job that has ended is kept, with its result.
pub const KEPT: Span = Span::days(30);

/// How often a batch may fail in a row before its job is given up.
pub const MOST_FAILURES: i64 = 12;

/// The longest pause after a batch that failed.
pub const LONGEST_PAUSE: Span = Span::minutes(5);

/// What a bulk job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkJobKind {
    /// It gives records to another owner.
    Reassignment,
    /// It creates records.
    Import,
    /// It reads records into a file.
    Export,
}

impl BulkJobKind {
    /// Whether the audit log has an entry of its end with its figures. The one of its start says all of an export.
    #[must_use]
    pub const fn has_end_entry(self) -> bool {
        match self {
            BulkJobKind::Reassignment | BulkJobKind::Import => true,
            BulkJobKind::Export => false,
        }
    }
}

/// How a bulk job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkJobState {
    /// Batches are still to come; what is done so far can be seen.
    Running,
    /// It has done everything.
    Done,
    /// The member who started it may no longer do it, or a rule refused the rest.
    Stopped,
    /// A member has cancelled it.
    Cancelled,
    /// Its batches failed too often.
    Failed,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// Every value.
            pub const EVERY: &'static [$name] = &[$($name::$variant),*];

            /// The word in the API and in the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }

            /// The value of a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<$name> {
                $name::EVERY.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! { BulkJobKind { Reassignment = "reassignment", Import = "import", Export = "export" } }
words! { BulkJobState {
    Running = "running", Done = "done", Stopped = "stopped", Cancelled = "cancelled",
    Failed = "failed",
} }

/// What ended a bulk job before it was done, as data of which pages make sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum EndCause {
    /// A member has cancelled it.
    Cancelled {
        /// Their name.
        by: String,
    },
    /// The member who started it is not active in the workspace any more.
    MemberGone,
    /// The account of that member is disabled.
    AccountDisabled,
    /// The API key that started it is revoked, or has expired.
    KeyGone,
    /// The member who created that API key may no longer act for its member.
    KeyRests,
    /// The member may not do it any more.
    Denied {
        /// The name of the action.
        action: String,
        /// The name of the resource.
        resource: String,
        /// The name of the role that does not include it, where that is what limits it.
        role: Option<String>,
    },
    /// Something that it needs does not exist any more.
    Missing,
    /// A rule refused the rest.
    Refused {
        /// The code of the mistake, if it is one.
        code: Option<String>,
    },
    /// Its batches failed too often.
    Failures,
    /// Only the sentence says it.
    Unknown,
}

/// Why a bulk job ended before it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndReason {
    /// What ended it.
    #[serde(flatten)]
    pub cause: EndCause,
    /// The same as an English sentence.
    pub text: String,
}

impl EndReason {
    /// A cause with its sentence.
    #[must_use]
    pub fn new(cause: EndCause, text: impl Into<String>) -> EndReason {
        EndReason { cause, text: text.into() }
    }

    /// Reads what is stored: an object, or of an older job a sentence.
    #[must_use]
    pub fn read(stored: &str) -> EndReason {
        let known = serde_json::from_str(stored);
        known.unwrap_or_else(|_| EndReason::new(EndCause::Unknown, stored))
    }

    /// Writes it for [`EndReason::read`].
    #[must_use]
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| self.text.clone())
    }
}

/// A bulk job.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkJob {
    /// The id.
    pub id: BulkJobId,
    /// What it does.
    pub kind: BulkJobKind,
    /// How it is.
    pub state: BulkJobState,
    /// The member who started it, with whose rights each batch runs.
    pub member: MemberId,
    /// Their name as it was then.
    pub member_name: String,
    /// The API key by which they started it.
    pub api_key: Option<ApiKeyId>,
    /// The request that started it.
    pub request: String,
    /// The audit entry of its start, under which everything is found that it touches.
    pub audit: AuditId,
    /// What it is to do.
    pub parameters: Value,
    /// How many records it has changed, or written into its file.
    pub done: i64,
    /// How many it had to change or to write when it started; more where there turned out to be more.
    pub total: i64,
    /// Where its next batch begins.
    pub position: Value,
    /// What it has done, in figures.
    pub result: Value,
    /// Why it ended before it was done.
    pub reason: Option<EndReason>,
    /// When it started.
    pub created_at: Timestamp,
    /// When its last batch was done.
    pub updated_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// From when on its next batch may run.
    pub run_at: Timestamp,
    /// How many of its batches have failed since the last one that was done.
    pub failures: i64,
}

/// What a batch has done.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// How many records it has changed, or written into a file.
    pub records: i64,
    /// Where the next one begins; none after the last one.
    pub next: Option<Value>,
    /// What the job has done by now, in figures.
    pub result: Value,
}

impl BulkJob {
    /// Whether its next batch may run. A time that no batch sets comes from a clock that was ahead.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let is_ahead = self.run_at > now + LONGEST_PAUSE;
        self.state == BulkJobState::Running && (self.run_at <= now || is_ahead)
    }

    /// The job after a batch. The next one may run from a later time on, so that others get their turn.
    #[must_use]
    pub fn after(self, batch: Batch, now: Timestamp, run_at: Timestamp) -> BulkJob {
        let Batch { records, next, result } = batch;
        let done = self.done + records;
        let job = BulkJob {
            done,
            total: self.total.max(done),
            result,
            failures: 0,
            updated_at: now,
            run_at,
            ..self
        };
        match next {
            Some(position) => BulkJob { position, ..job },
            None => BulkJob { state: BulkJobState::Done, ended_at: Some(now), ..job },
        }
    }

    /// The job after a batch that failed, which has changed nothing: it is tried again later, each time
    /// after a longer pause, and given up in the end.
    #[must_use]
    pub fn after_failure(self, why: EndReason, now: Timestamp) -> BulkJob {
        let failures = self.failures + 1;
        if failures >= MOST_FAILURES {
            return BulkJob { failures, ..self.ended(BulkJobState::Failed, why, now) };
        }
        let pause = Span::seconds(1_i64 << failures.clamp(0, 16)).min(LONGEST_PAUSE);
        BulkJob { failures, run_at: now + pause, ..self }
    }

    /// The job, ended before it was done.
    #[must_use]
    pub fn ended(self, state: BulkJobState, why: EndReason, now: Timestamp) -> BulkJob {
        BulkJob { state, reason: Some(why), ended_at: Some(now), ..self }
    }

    /// Checks that it can be cancelled.
    ///
    /// # Errors
    ///
    /// `Already` when it has ended.
    pub const fn check_running(&self) -> Result<(), Refusal> {
        match self.state {
            BulkJobState::Running => Ok(()),
            BulkJobState::Done
            | BulkJobState::Stopped
            | BulkJobState::Cancelled
            | BulkJobState::Failed => Err(Refusal::Already { status: self.state.word() }),
        }
    }
}

/// Checks that a workspace in which so many bulk jobs run may start another one.
///
/// # Errors
///
/// `Fields`.
pub fn check_room(running: i64) -> Result<(), Refusal> {
    if running < MOST_RUNNING {
        return Ok(());
    }
    let detail = format!(
        "{running} bulk jobs of this workspace are running, which is the most; wait until one has ended"
    );
    Err(Refusal::field("", "too_many_jobs", detail))
}

#[cfg(test)]
mod tests;
