//! The mods' `config.lua`: what is in it, and what is allowed.

use serde::{Deserialize, Serialize};

use super::unit::Team;

/// What a mod says about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModConfig {
    /// The name on the scoreboard.
    pub title: String,
    /// The side it plays.
    pub team: Team,
    /// The units it brings.
    pub squad: Vec<Squad>,
    /// How readily its units attack; what that means is the mod's own affair.
    #[serde(default)]
    pub aggression: Share,
}

/// Units of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Squad {
    /// The kind, as the mod registers it.
    pub kind: String,
    /// How many.
    pub count: Count,
}

/// A number of units, 1 to 12.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "i64")]
pub struct Count(pub u32);

impl TryFrom<i64> for Count {
    type Error = String;

    fn try_from(count: i64) -> Result<Count, String> {
        match u32::try_from(count) {
            Ok(count @ 1..=12) => Ok(Count(count)),
            _ => Err(format!("expected 1 to 12 units, got {count}")),
        }
    }
}

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub struct Share(pub f64);

impl Default for Share {
    fn default() -> Share {
        Share(0.5)
    }
}

impl TryFrom<f64> for Share {
    type Error = String;

    fn try_from(share: f64) -> Result<Share, String> {
        if (0.0..=1.0).contains(&share) {
            Ok(Share(share))
        } else {
            Err(format!("expected a number from 0 to 1, got {share}"))
        }
    }
}

/// The match as it was played: what `--ticks` and `--seed` said and the mods' settings, defaults filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchConfig {
    /// Ticks until time is up.
    pub ticks: u32,
    /// Where chance starts.
    pub seed: u64,
    /// The mods that took part.
    pub mods: Vec<ModConfig>,
}
