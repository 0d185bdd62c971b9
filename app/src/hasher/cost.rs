//! The cost of a password hash: memory, rounds and parallelism of Argon2id.

use std::fmt;
use std::str::FromStr;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};

/// The least memory for each number of rounds, in KiB, that OWASP recommends.
const LEAST: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// The most memory, in KiB: 1 GiB.
const MOST_MEMORY: u32 = 1_048_576;

/// The most rounds.
const MOST_ROUNDS: u32 = 20;

/// The most parallelism.
const MOST_PARALLEL: u32 = 8;

/// The cost of a hash, written as `m=19456,t=2,p=1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    memory: u32,
    rounds: u32,
    parallelism: u32,
}

impl HashCost {
    /// 19 MiB and two rounds (OWASP).
    pub const USUAL: HashCost = HashCost { memory: 19_456, rounds: 2, parallelism: 1 };

    /// Almost none, for tests that sign many people in.
    pub const CHEAP: HashCost = HashCost { memory: 8, rounds: 1, parallelism: 1 };

    pub(super) fn of(params: &Params) -> HashCost {
        HashCost {
            memory: params.m_cost(),
            rounds: params.t_cost(),
            parallelism: params.p_cost(),
        }
    }

    fn params(self) -> Params {
        // Only costs of the constants above and parsed ones exist, which are within the limits.
        Params::new(self.memory, self.rounds, self.parallelism, None).unwrap_or_default()
    }

    pub(super) fn argon2(self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params())
    }

    /// A hash of this cost as it is stored.
    pub(super) fn encode(
        self,
        salt: &[u8],
        output: &[u8],
    ) -> argon2::password_hash::Result<String> {
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params())?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(output)?),
        };
        Ok(hash.to_string())
    }

    fn is_enough(self) -> bool {
        LEAST.iter().any(|(memory, rounds)| self.memory >= *memory && self.rounds >= *rounds)
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HashCost { memory, rounds, parallelism } = self;
        write!(f, "m={memory},t={rounds},p={parallelism}")
    }
}

impl FromStr for HashCost {
    type Err = String;

    fn from_str(text: &str) -> Result<HashCost, String> {
        let form = "memory in KiB, rounds and parallelism, such as `m=19456,t=2,p=1`";
        let parts: Vec<&str> = text.split(',').collect();
        let number = |part: &str, key: &str| {
            part.trim().strip_prefix(key)?.strip_prefix('=')?.parse::<u32>().ok()
        };
        let [memory, rounds, parallelism] = parts.as_slice() else {
            return Err(form.to_owned());
        };
        let (Some(memory), Some(rounds), Some(parallelism)) =
            (number(memory, "m"), number(rounds, "t"), number(parallelism, "p"))
        else {
            return Err(form.to_owned());
        };
        let cost = HashCost { memory, rounds, parallelism };
        if !cost.is_enough() {
            let least = LEAST.map(|(memory, rounds)| format!("`m={memory},t={rounds}`"));
            return Err(format!("at least {}", least.join(" or ")));
        }
        if memory > MOST_MEMORY
            || rounds > MOST_ROUNDS
            || !(1..=MOST_PARALLEL).contains(&parallelism)
        {
            return Err(format!("at most `m={MOST_MEMORY},t={MOST_ROUNDS},p={MOST_PARALLEL}`"));
        }
        Ok(cost)
    }
}
