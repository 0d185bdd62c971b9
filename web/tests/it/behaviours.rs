//! What the five systems do, as their API shows it: each test carries the ids that it proves.

mod halo;
mod hari;
mod harmonia;
mod harmony;
mod team_management;
