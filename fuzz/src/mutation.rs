//! Derives inputs from those of a corpus by random changes.

use crate::rng::Rng;

/// The longest input, in bytes.
const LONGEST: usize = 32 * 1024;

/// The most changes that are made to an input at once.
const MOST_CHANGES: usize = 6;

/// Bytes that parsers treat specially.
const SPECIAL: &[u8] = b"\0\t\n\r \"#%'*+,-./:;<=>@[\\]_{}\x7F\xC0\xFF09AZaz";

/// Derives inputs from a corpus and a list of words of the format.
#[derive(Debug)]
pub struct Mutator<'c> {
    corpus: Vec<&'c [u8]>,
    words: &'c [&'c str],
    rng: Rng,
}

impl<'c> Mutator<'c> {
    /// A mutator that gives the same inputs for the same seed.
    #[must_use]
    pub fn new(corpus: Vec<&'c [u8]>, words: &'c [&'c str], seed: u64) -> Self {
        Self { corpus, words, rng: Rng::new(seed) }
    }

    /// The next input.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.sample().to_vec();
        for _ in 0..=self.rng.below(MOST_CHANGES) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn sample(&mut self) -> &'c [u8] {
        self.rng.pick(&self.corpus).copied().unwrap_or_default()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.rng.below(input.len() + 1);
        match self.rng.below(10) {
            0 => self.flip_a_bit(input, at),
            1 => self.overwrite(input, at),
            2 => insert(input, at, &[self.special()]),
            3 => {
                let bytes: Vec<u8> = (0..self.rng.below(8)).map(|_| self.rng.byte()).collect();
                insert(input, at, &bytes);
            }
            4 => {
                let end = self.end_of_range(input, at);
                input.drain(at..end);
            }
            5 => {
                let end = self.end_of_range(input, at);
                let range = input.get(at..end).unwrap_or_default().to_vec();
                for _ in 0..=self.rng.below(4) {
                    insert(input, at, &range);
                }
            }
            6 => input.truncate(at),
            7 => self.splice(input, at),
            _ => {
                let word = self.rng.pick(self.words).copied().unwrap_or_default();
                insert(input, at, word.as_bytes());
            }
        }
    }

    fn special(&mut self) -> u8 {
        self.rng.pick(SPECIAL).copied().unwrap_or_default()
    }

    fn flip_a_bit(&mut self, input: &mut [u8], at: usize) {
        let bit = 1_u8 << self.rng.below(8);
        if let Some(byte) = input.get_mut(at) {
            *byte ^= bit;
        }
    }

    fn overwrite(&mut self, input: &mut [u8], at: usize) {
        let new = self.special();
        if let Some(byte) = input.get_mut(at) {
            *byte = new;
        }
    }

    /// The end of a range that begins at a place: mostly short, at times long.
    fn end_of_range(&mut self, input: &[u8], at: usize) -> usize {
        let longest = if self.rng.below(4) == 0 { input.len() } else { 16 };
        (at + self.rng.below(longest + 1)).min(input.len())
    }

    /// Continues with the end of another input of the corpus.
    fn splice(&mut self, input: &mut Vec<u8>, at: usize) {
        let other = self.sample();
        let from = self.rng.below(other.len() + 1);
        input.truncate(at);
        input.extend_from_slice(other.get(from..).unwrap_or_default());
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if input.len() + bytes.len() <= LONGEST {
        input.splice(at..at, bytes.iter().copied());
    }
}

#[cfg(test)]
mod tests;
