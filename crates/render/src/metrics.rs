//! Metrics of a run in OpenMetrics: what a node exporter or Prometheus reads.

use crate::error::RenderError;
use crate::run_facts::{Left, RunFacts, Seen, TokenRole};
use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};
use std::collections::BTreeMap;
use std::fmt;

/// Kinds of objects, each with a series of its own.
const KINDS: [&str; 9] = [
    "source",
    "schema",
    "account",
    "profile",
    "processing",
    "invitation",
    "levels",
    "issuer",
    "token",
];
/// Which side of a difference moved.
const CAUSES: [&str; 4] = ["tenant", "git", "both", "unknown"];
/// Stages of accounts.
const STAGES: [&str; 8] = [
    "absent",
    "imported",
    "identified",
    "invited",
    "registered",
    "enrolled",
    "ready",
    "unknown",
];

/// What the metrics say beside the run itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// When a run of this command last succeeded, before this one.
    pub last_success: Option<Timestamp>,
    /// How many notices were not sent.
    pub notices_failed: usize,
}

/// The metrics of a run as text. What is not known has no series: a tenant that was not
/// read has no drift of zero.
///
/// # Errors
/// None that is known: writing into a text does not fail.
pub fn openmetrics(run: &RunFacts, beside: &Beside) -> Result<String, RenderError> {
    let mut registry = Registry::with_prefix("steersman");
    registry.register_collector(Box::new(Families(families(run, beside))));
    let mut written = String::new();
    text::encode(&mut written, &registry).map_err(|source| RenderError::Metrics { source })?;
    Ok(written)
}

/// When a run of the command last succeeded, by the text of earlier metrics of the same
/// tenant; none where they do not say.
pub fn last_success(earlier: &str, run: &RunFacts) -> Option<Timestamp> {
    let own = Beside {
        last_success: Some(Timestamp::UNIX_EPOCH),
        ..Beside::default()
    };
    let success = RunFacts {
        exit_code: 1,
        seen: None,
        ..run.clone()
    };
    let own = openmetrics(&success, &own).ok()?;
    let line = own
        .lines()
        .find(|line| line.starts_with("steersman_last_success_timestamp_seconds{"))?;
    let (series, _) = line.rsplit_once(' ')?;
    let found = earlier.lines().find_map(|line| {
        let value = line.strip_prefix(series)?.trim();
        value.parse::<f64>().ok()
    })?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "seconds of a timestamp, checked by jiff"
    )]
    let second = found as i64;
    Timestamp::from_second(second).ok()
}

#[derive(Debug)]
struct Families(Vec<Family>);

#[derive(Debug)]
struct Family {
    name: &'static str,
    help: &'static str,
    unit: Option<Unit>,
    samples: Vec<(Labels, f64)>,
}

type Labels = Vec<(&'static str, String)>;

impl Collector for Families {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for family in &self.0 {
            let unit = family.unit.as_ref();
            let mut metric =
                encoder.encode_descriptor(family.name, family.help, unit, MetricType::Gauge)?;
            for (labels, value) in &family.samples {
                metric.encode_family(labels)?.encode_gauge(value)?;
            }
        }
        Ok(())
    }
}

fn families(run: &RunFacts, beside: &Beside) -> Vec<Family> {
    let labels = |more: &[(&'static str, &str)]| -> Labels {
        let own = [("tenant", run.tenant.as_str()), ("command", run.command)];
        let all = own.iter().chain(more);
        all.map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    };
    let one = |name, help, unit, value: f64| Family {
        name,
        help,
        unit,
        samples: vec![(labels(&[]), value)],
    };
    let success = if run.is_success() {
        Some(run.ended)
    } else {
        beside.last_success
    };
    let mut families = vec![
        one(
            "last_run_timestamp",
            "When the last run ended",
            Some(Unit::Seconds),
            seconds(run.ended),
        ),
        one(
            "last_run_duration",
            "How long the last run took",
            Some(Unit::Seconds),
            run.elapsed.as_secs_f64(),
        ),
        one(
            "last_run_exit_code",
            "The exit code of the last run",
            None,
            f64::from(run.exit_code),
        ),
        one(
            "last_run_requests",
            "Requests of the last run to the tenant, sign-ins and retries included",
            None,
            number(run.traffic.requests),
        ),
        one(
            "last_run_retried_requests",
            "Requests of the last run that were sent again",
            None,
            number(run.traffic.retried),
        ),
        one(
            "last_run_throttled_requests",
            "Requests of the last run that ISC refused because of its rate limit",
            None,
            number(run.traffic.throttled),
        ),
        one(
            "last_run_throttled",
            "For how long the last run sent nothing because of the rate limit",
            Some(Unit::Seconds),
            run.traffic.throttled_for.as_secs_f64(),
        ),
        one(
            "last_run_failed_notices",
            "Notices of the last run that were not sent",
            None,
            count(beside.notices_failed),
        ),
        one(
            "read_complete",
            "Whether the last run read all of the tenant that the files declare",
            None,
            f64::from(run.seen.as_ref().is_some_and(|seen| seen.is_complete)),
        ),
    ];
    if let Some(success) = success {
        families.push(one(
            "last_success_timestamp",
            "When a run last succeeded",
            Some(Unit::Seconds),
            seconds(success),
        ));
    }
    if let Some(steps) = &run.failed_steps {
        families.push(one(
            "last_run_failed_steps",
            "Steps of the last run that failed",
            None,
            count(steps.len()),
        ));
    }
    if let Some(seen) = &run.seen {
        families.extend(of_tenant(seen, run.ended, &labels));
    }
    families
}

/// Makes the labels of a sample, those that all have included.
type Labelled<'a> = dyn Fn(&[(&'static str, &str)]) -> Labels + 'a;

fn of_tenant(seen: &Seen, now: Timestamp, labels: &Labelled<'_>) -> Vec<Family> {
    let mut drift: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for kind in KINDS {
        for cause in CAUSES {
            drift.insert((kind, cause), 0);
        }
    }
    for difference in &seen.drift {
        *drift
            .entry((difference.kind.as_str(), difference.cause))
            .or_default() += 1;
    }
    let drift = Family {
        name: "drift_objects",
        help: "Objects that differ from the files, by kind, and by which side moved",
        unit: None,
        samples: drift
            .into_iter()
            .map(|((kind, cause), found)| {
                (labels(&[("kind", kind), ("cause", cause)]), count(found))
            })
            .collect(),
    };
    let by = |name, help, label: &'static str, all: &[&str], counts: &BTreeMap<String, usize>| {
        let mut whole: BTreeMap<&str, usize> = all.iter().map(|word| (*word, 0)).collect();
        whole.extend(counts.iter().map(|(word, found)| (word.as_str(), *found)));
        Family {
            name,
            help,
            unit: None,
            samples: whole
                .into_iter()
                .map(|(word, found)| (labels(&[(label, word)]), count(found)))
                .collect(),
        }
    };
    let total: usize = seen.blocked.values().sum();
    let mut families = vec![
        drift,
        Family {
            name: "blocked_objects",
            help: "Declared objects that cannot be applied now",
            unit: None,
            samples: vec![(labels(&[]), count(total))],
        },
        by(
            "blocked_by_reason_objects",
            "Declared objects that cannot be applied now, by reason",
            "reason",
            &[],
            &seen.blocked,
        ),
        by(
            "unmanaged_objects",
            "Objects in the tenant that no file declares, by kind",
            "kind",
            &["account", "token"],
            &seen.unmanaged,
        ),
        by(
            "accounts",
            "Declared accounts, by stage",
            "stage",
            &STAGES,
            &seen.accounts,
        ),
    ];
    if let Some(tokens) = &seen.tokens {
        let mut left: BTreeMap<(TokenRole, bool, Left), usize> = BTreeMap::new();
        for role in TokenRole::ALL {
            for replaced in [false, true] {
                for class in Left::ALL {
                    left.insert((role, replaced, class), 0);
                }
            }
        }
        for token in tokens {
            let class = Left::of(token.expires, now);
            let key = (token.role, token.replaced_before.is_some(), class);
            *left.entry(key).or_default() += 1;
        }
        let samples = left.into_iter().map(|((role, replaced, class), found)| {
            let rotation = if replaced { "automatic" } else { "none" };
            let labels = labels(&[
                ("role", role.word()),
                ("rotation", rotation),
                ("left", class.word()),
            ]);
            (labels, count(found))
        });
        families.push(Family {
            name: "tokens",
            help: "Managed tokens, by role, rotation, and how long they are still valid",
            unit: None,
            samples: samples.collect(),
        });
        let next = tokens.iter().filter_map(|token| token.expires).min();
        families.extend(next.map(|next| Family {
            name: "next_token_expiry_timestamp",
            help: "When the first of the managed tokens expires",
            unit: Some(Unit::Seconds),
            samples: vec![(labels(&[]), seconds(next))],
        }));
    }
    families
}

fn seconds(time: Timestamp) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 fit into 53 bits"
    )]
    let seconds = time.as_second() as f64;
    seconds
}

fn number(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let number = count as f64;
    number
}

fn count(count: usize) -> f64 {
    number(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_facts::{Difference, TokenEnd};

    fn run(exit_code: u8, seen: Option<Seen>) -> RunFacts {
        RunFacts {
            command: "drift",
            tenant: "https://acme.api.identitynow.com".to_owned(),
            ended: "2026-11-26T00:00:00Z".parse().unwrap(),
            elapsed: std::time::Duration::from_millis(1500),
            exit_code,
            traffic: model::Traffic::default(),
            error: None,
            failed_steps: None,
            seen,
        }
    }

    #[test]
    fn what_is_not_known_has_no_series() {
        let text = openmetrics(&run(8, None), &Beside::default()).unwrap();
        assert!(text.contains("steersman_last_run_exit_code{"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
        for absent in ["drift_objects", "last_success", "steersman_tokens"] {
            assert!(!text.contains(absent), "{text}");
        }
    }

    #[test]
    fn a_later_failure_keeps_the_last_success() {
        let good = openmetrics(&run(0, Some(Seen::default())), &Beside::default()).unwrap();
        let failed = run(8, None);
        let kept = last_success(&good, &failed);
        assert_eq!(kept, Some(failed.ended));
        let other = RunFacts {
            tenant: "https://other.api.identitynow.com".to_owned(),
            ..failed.clone()
        };
        assert_eq!(last_success(&good, &other), None);
        let beside = Beside {
            last_success: kept,
            ..Beside::default()
        };
        let text = openmetrics(&failed, &beside).unwrap();
        assert!(
            text.contains("steersman_last_success_timestamp_seconds{"),
            "{text}"
        );
    }

    #[test]
    fn labels_are_bounded_and_escaped() {
        let seen = Seen {
            drift: vec![Difference {
                address: "levels/SA-001".to_owned(),
                kind: "levels".to_owned(),
                cause: "tenant",
                text: String::new(),
                digest: String::new(),
            }],
            tokens: Some(vec![TokenEnd {
                name: "token/SA-001/secret-project".to_owned(),
                role: TokenRole::Token,
                expires: Some("2026-11-28T00:00:00Z".parse().unwrap()),
                replaced_before: None,
            }]),
            ..Seen::default()
        };
        let hostile = RunFacts {
            tenant: "a\"b\\c\nd".to_owned(),
            ..run(2, Some(seen))
        };
        let text = openmetrics(&hostile, &Beside::default()).unwrap();
        assert!(text.contains(r#"tenant="a\"b\\c\nd""#), "{text}");
        assert!(
            text.contains(r#"kind="levels",cause="tenant"} 1.0"#),
            "{text}"
        );
        assert!(
            text.contains(r#"role="token",rotation="none",left="under_7_days"} 1.0"#),
            "{text}"
        );
        assert!(
            !text.contains("secret-project") && !text.contains("SA-001"),
            "{text}"
        );
        assert!(text.lines().count() < 150, "{}", text.lines().count());
    }
}
