//! The rules in `domain` have tests in proportion to their code.

use super::repository::{Repository, Source, Violation};

const FOLDER: &str = "domain";

/// Lines of tests for ten lines of code.
const FEWEST_OF_TEN: usize = 8;

/// How many lines of code the tests and the rest have; neither comments nor empty lines count.
#[derive(Debug, Default, PartialEq)]
struct Proportion {
    tests: usize,
    code: usize,
}

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let of_folder = || all.rust.iter().filter(|source| source.file.folder() == FOLDER);
    let proportion = of_folder().fold(Proportion::default(), Proportion::with);
    let first = of_folder().map(|source| &source.file).next();
    let found = first.filter(|_| !proportion.suffices()).map(|file| {
        let Proportion { tests, code } = proportion;
        let message = format!(
            "{tests} lines of tests for {code} lines of code in `{FOLDER}`; expected \
             {FEWEST_OF_TEN} for ten"
        );
        Violation::new(file, 1, message)
    });
    found.into_iter().collect()
}

impl Proportion {
    fn with(self, source: &Source) -> Proportion {
        let lines =
            source.lines.iter().filter(|line| !line.code_with_strings.trim().is_empty());
        let lines = lines.count();
        if source.file.is_test() {
            Proportion { tests: self.tests + lines, ..self }
        } else {
            Proportion { code: self.code + lines, ..self }
        }
    }

    fn suffices(&self) -> bool {
        self.tests * 10 >= self.code * FEWEST_OF_TEN
    }
}

#[cfg(test)]
mod tests;
