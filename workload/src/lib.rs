//! Workspaces as folders of JSON lines, with questions and their expected answers.

mod folder;
mod line;
mod quiz;

pub use folder::{FILES, Folder, FolderError, WHO_FILE};
pub use line::{Check, Record, WhatCheck, WhoCheck};
pub use quiz::{Quiz, Wrong};
