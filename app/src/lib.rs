//! What Hallpass does: use cases behind one gate.

pub mod mail;
pub mod mailer;
