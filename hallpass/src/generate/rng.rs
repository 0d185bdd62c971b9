//! Numbers that look like chance and follow from a seed.

/// A sequence of numbers that follows from where it begins: `SplitMix64`, which is fast and passes the tests
/// of randomness that matter here. It is for sample data and never for secrets.
#[derive(Clone)]
pub(super) struct Rng(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Rng {
    /// The sequence of a seed for one thing of a kind, independent of those of the others.
    pub(super) fn of(seed: u64, kind: &str, number: u64) -> Rng {
        let kind = kind.bytes().fold(seed, |sum, byte| mixed(sum ^ u64::from(byte)));
        Rng(mixed(kind ^ number.wrapping_mul(STEP)))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below a limit; zero where the limit is.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// A share from 0 to 1, without 1.
    #[expect(clippy::cast_precision_loss, reason = "it has 53 bits")]
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that does so often of a hundred times.
    pub(super) fn is_in(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of some things; none of none.
    pub(super) fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let place = self.below(u64::try_from(things.len()).unwrap_or(u64::MAX));
        things.get(usize::try_from(place).unwrap_or(0))
    }

    /// A place of so many, the first ones far more often: a tenth of them is chosen almost every second time.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place is far below 2^53"
    )]
    pub(super) fn skewed(&mut self, places: u64) -> u64 {
        let share = self.share();
        ((places as f64 * share * share * share) as u64).min(places.saturating_sub(1))
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for some in bytes.chunks_mut(8) {
            let next = self.next().to_le_bytes();
            for (byte, next) in some.iter_mut().zip(next) {
                *byte = next;
            }
        }
        bytes
    }
}

fn mixed(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
