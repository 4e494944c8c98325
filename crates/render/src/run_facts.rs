//! Facts of an unattended run: what notices and metrics are made from.

use crate::notice_people::People;
use jiff::{SignedDuration, Timestamp};
use model::{Live, LiveToken, Plan, RotateBefore, Spec, Traffic, visible};
use planner::{ListedToken, Standing};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// The command, such as `apply`.
    pub command: &'static str,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// When it ended.
    pub ended: Timestamp,
    /// How long it took.
    pub elapsed: Duration,
    /// The exit code of the program.
    pub exit_code: u8,
    /// What was sent to the tenant.
    pub traffic: Traffic,
    /// Why it failed; none where it did not.
    pub error: Option<String>,
    /// The steps that failed, with the reason of each; none where no step was to be tried.
    pub failed_steps: Option<Vec<(String, String)>>,
    /// What it found in the tenant; none where that could not be read.
    pub seen: Option<Seen>,
}

impl RunFacts {
    /// Whether the run did what it was to do. Differences that were found are no failure.
    pub fn is_success(&self) -> bool {
        matches!(self.exit_code, 0 | 2)
    }
}

/// What a run found in the tenant.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Whether everything was read, of all that the files declare.
    pub is_complete: bool,
    /// What differs from the files.
    pub drift: Vec<Difference>,
    /// How much is blocked, by reason.
    pub blocked: BTreeMap<String, usize>,
    /// How much is in the tenant and in no file, by kind of object.
    pub unmanaged: BTreeMap<String, usize>,
    /// How many declared accounts are at each stage.
    pub accounts: BTreeMap<String, usize>,
    /// The declared tokens, issuer tokens and the token of the run, as far as they exist.
    pub tokens: Option<Vec<TokenEnd>>,
    /// What the files say for people of what has an address.
    pub people: People,
}

/// An object that differs from the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its address.
    pub address: String,
    /// The kind of object, such as `levels`.
    pub kind: String,
    /// Which side moved: `tenant`, `git`, `both` or `unknown`.
    pub cause: &'static str,
    /// What differs, in words.
    pub text: String,
    /// Tells this difference from another one of the same object.
    pub digest: String,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenRole {
    /// A declared token.
    Token,
    /// An issuer token.
    Issuer,
    /// The token that steersman itself runs as.
    Steersman,
}

impl TokenRole {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Token, Self::Issuer, Self::Steersman];

    /// The role in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Issuer => "issuer",
            Self::Steersman => "steersman",
        }
    }
}

/// When a token ends.
#[derive(Clone, Debug)]
pub struct TokenEnd {
    /// Its address, or who runs as it.
    pub name: String,
    /// What it is for.
    pub role: TokenRole,
    /// When it expires; none if never.
    pub expires: Option<Timestamp>,
    /// How long before its end steersman replaces it; none where it does not.
    pub replaced_before: Option<SignedDuration>,
}

/// How long a token is still valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// It has expired.
    Expired,
    /// Less than a day.
    UnderDay,
    /// Less than 7 days.
    UnderWeek,
    /// Less than 30 days.
    UnderMonth,
    /// Less than 90 days.
    UnderQuarter,
    /// 90 days or more.
    Longer,
    /// It never expires.
    Never,
}

impl Left {
    /// All of them, the shortest first.
    pub const ALL: [Self; 7] = [
        Self::Expired,
        Self::UnderDay,
        Self::UnderWeek,
        Self::UnderMonth,
        Self::UnderQuarter,
        Self::Longer,
        Self::Never,
    ];

    /// The class of what is left at a time.
    pub fn of(expires: Option<Timestamp>, now: Timestamp) -> Self {
        let Some(end) = expires else {
            return Self::Never;
        };
        let hours = end.duration_since(now).as_hours();
        match hours {
            _ if end <= now => Self::Expired,
            ..24 => Self::UnderDay,
            24..168 => Self::UnderWeek,
            168..720 => Self::UnderMonth,
            720..2160 => Self::UnderQuarter,
            _ => Self::Longer,
        }
    }

    /// The class in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::UnderDay => "under_1_day",
            Self::UnderWeek => "under_7_days",
            Self::UnderMonth => "under_30_days",
            Self::UnderQuarter => "under_90_days",
            Self::Longer => "90_days_or_more",
            Self::Never => "never_expires",
        }
    }
}

impl TokenEnd {
    /// Whether a person has to hear of its end: nothing replaces it, and less than 30 days
    /// are left; or half of the time has passed in which steersman was to replace it.
    pub fn needs_a_person(&self, now: Timestamp) -> bool {
        let Some(end) = self.expires else {
            return false;
        };
        let left = end.duration_since(now);
        match self.replaced_before {
            None => Left::of(self.expires, now) <= Left::UnderMonth,
            Some(before) => left < before / 2,
        }
    }
}

impl Seen {
    /// What an assessment shows. Which side of a difference moved is not known.
    pub fn of(spec: &Spec, live: &Live, plan: &Plan) -> Self {
        let drift = plan
            .steps
            .iter()
            .map(|step| Difference {
                address: step.address.to_string(),
                kind: step.address.kind().to_owned(),
                cause: "unknown",
                text: difference(step),
                digest: digest(&[
                    &format!("{:?}", step.action),
                    &format!("{:?}", step.reason),
                    &format!("{:?}", step.before),
                ]),
            })
            .collect();
        let count = |counts: &mut BTreeMap<String, usize>, word: String| {
            *counts.entry(word).or_default() += 1;
        };
        let (mut blocked, mut unmanaged, mut accounts) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for entry in &plan.blocked {
            count(&mut blocked, camel(&format!("{:?}", entry.reason)));
        }
        for entry in &plan.unmanaged {
            count(&mut unmanaged, entry.address.kind().to_owned());
        }
        for account in &plan.accounts {
            let stage = account.stage.map(|stage| stage.to_string());
            count(&mut accounts, stage.unwrap_or_else(|| "unknown".to_owned()));
        }
        Self {
            is_complete: plan.incomplete.is_empty() && plan.selection.is_none(),
            drift,
            blocked,
            unmanaged,
            accounts,
            tokens: live
                .tokens
                .complete()
                .is_ok()
                .then(|| tokens(spec, live, plan)),
            people: People::of(spec),
        }
    }
}

/// A name in Rust as documents have it.
fn camel(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

fn difference(step: &model::Step) -> String {
    let fields = step.changed_fields();
    let verb = match step.action {
        model::Action::Create => "is missing",
        model::Action::Update => "differs",
        model::Action::Replace => "has to be replaced",
        model::Action::Delete => "is not declared",
        model::Action::Run => "has to be run",
    };
    let fields = if fields.is_empty() || step.action != model::Action::Update {
        String::new()
    } else {
        format!(" in {}", fields.join(", "))
    };
    visible(&format!("{} {verb}{fields}", step.address))
}

/// The first 16 digits of a digest of some texts.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_be_bytes());
        hash.update(text.as_bytes());
    }
    let bytes = hash.finalize();
    bytes.iter().take(8).fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn tokens(spec: &Spec, live: &Live, plan: &Plan) -> Vec<TokenEnd> {
    let list = planner::token_list(spec, live, plan);
    let mut ends: Vec<TokenEnd> = list
        .tokens
        .iter()
        .filter_map(|listed| end(spec, listed))
        .collect();
    let own = |token: &&LiveToken| token.id == live.caller.client_id;
    ends.extend(live.tokens.found().iter().find(own).map(|own| TokenEnd {
        name: format!("the token of {} that steersman runs as", live.caller.name()),
        role: TokenRole::Steersman,
        expires: own.expires,
        replaced_before: None,
    }));
    ends
}

fn end(spec: &Spec, listed: &ListedToken) -> Option<TokenEnd> {
    let role = match &listed.standing {
        Standing::Declared => TokenRole::Token,
        Standing::Issuer => TokenRole::Issuer,
        Standing::Retiring { .. }
        | Standing::Undeclared
        | Standing::MayBeIssuer
        | Standing::OfSailPoint
        | Standing::Missing(_)
        | Standing::Unread { why: _ } => return None,
    };
    let token = listed.token.as_ref()?;
    let account = spec.accounts.get(&listed.account)?;
    let life = token.expires.map(|end| end.duration_since(token.created));
    let before = |before: RotateBefore| life.map(|life| before.of(life));
    let replaced_before =
        match role {
            TokenRole::Token => account
                .tokens
                .as_ref()
                .and_then(|tokens| tokens.get(&token.name))
                .and_then(|token| token.rotate)
                .and_then(|rotation| before(rotation.before)),
            // Without its own time, an issuer token is replaced when a third of its life is left.
            TokenRole::Issuer => account
                .issuer_life
                .as_ref()
                .and_then(|declared| match &declared.rotate {
                    Some(rotation) => before(rotation.before),
                    None => declared.expires.and(life.map(|life| life / 3)),
                }),
            TokenRole::Steersman => None,
        };
    Some(TokenEnd {
        name: listed.address().to_string(),
        role,
        expires: token.expires,
        replaced_before,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hears_of_an_end() {
        let now: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        for (left, before, expected) in [
            (None, None, false),
            (Some(31), None, false),
            (Some(29), None, true),
            (Some(-1), None, true),
            (Some(13), Some(14), false),
            (Some(6), Some(14), true),
            (Some(6), Some(2), false),
        ] {
            let token = TokenEnd {
                name: "token/SA-001/x".to_owned(),
                role: TokenRole::Token,
                expires: left.map(|left| now + days(left)),
                replaced_before: before.map(days),
            };
            assert_eq!(token.needs_a_person(now), expected, "{left:?} {before:?}");
        }
    }
}
