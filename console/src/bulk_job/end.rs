//! Why a bulk job ended before it was done, in the language of the reader.

use hallpass_domain::bulk_job::{BulkJob, EndCause};

use crate::failure::sentence;
use crate::refusal;
use crate::text::{Language, Text};

/// What ended a job, in a sentence; none for one that runs or is done.
pub(super) fn words(text: Text, job: &BulkJob) -> Option<String> {
    let reason = job.reason.as_ref()?;
    let member = &job.member_name;
    Some(match &reason.cause {
        EndCause::Cancelled { by } => text!(text, "bulk-job-end-cancelled", by = by),
        EndCause::MemberGone => text!(text, "bulk-job-end-member-gone", member = member),
        EndCause::AccountDisabled => {
            text!(text, "bulk-job-end-account-disabled", member = member)
        }
        EndCause::KeyGone => text.get("bulk-job-end-key-gone"),
        EndCause::KeyRests => text.get("bulk-job-end-key-rests"),
        EndCause::Denied { action, resource, role } => {
            let action = action.to_lowercase();
            let denied = text!(
                text,
                "bulk-job-end-denied",
                member = member,
                action = action,
                resource = resource
            );
            match role {
                Some(role) => {
                    format!("{denied} {}", text!(text, "bulk-job-end-role", role = role))
                }
                None => denied,
            }
        }
        EndCause::Missing => text.get("bulk-job-end-missing"),
        EndCause::Refused { code } => match text.language {
            Language::English => sentence(&reason.text),
            Language::German => {
                let fault = code.as_ref().and_then(|code| refusal::of_fault(text, code));
                fault.unwrap_or_else(|| text.get("bulk-job-end-refused"))
            }
        },
        EndCause::Failures => text.get("bulk-job-end-failures"),
        EndCause::Unknown => sentence(&reason.text),
    })
}

#[cfg(test)]
mod tests;
