//! The commands, one per file.

pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod blueprint;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod operations;
pub(crate) mod restore;
pub(crate) mod secrets;
pub(crate) mod workspace;

use hallpass_app::operation::Operator;

/// The operator: the user who runs the command, by the name that the machine knows.
fn operator() -> Operator {
    let variable = |name| std::env::var_os(name).and_then(|user| user.into_string().ok());
    Operator::new(&variable("USER").or_else(|| variable("USERNAME")).unwrap_or_default())
}
