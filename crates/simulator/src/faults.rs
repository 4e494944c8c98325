//! Fault injection: rules that say what fails, where, and how often.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::newer;
use crate::routing::{TOKEN_OPERATION, TOKEN_PATH};
use crate::tenant::{Completion, scramble};

/// The faults that a simulator injects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Faults {
    /// The rules; each is checked for each request.
    #[serde(default)]
    pub rules: Vec<FaultRule>,
    /// Seed of the probabilities, so that a run can be repeated.
    #[serde(default)]
    pub seed: u64,
}

/// A fault, and the requests that it affects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// The fault.
    pub fault: Fault,
    /// For which operations, by operation id, or by method and path as the catalog has them
    /// (`"GET /accounts/v1"`). Empty: for all. The token endpoint is `oauthToken`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "known_operations"
    )]
    pub operations: Vec<String>,
    /// How many matching requests pass before the first fault.
    #[serde(default)]
    pub skip: u64,
    /// The largest number of affected requests; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The probability (0 to 1) that a matching request is affected; 1 if absent.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "a_probability"
    )]
    pub probability: Option<f64>,
}

/// Kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Fault {
    /// 429, before the request has any effect.
    TooManyRequests {
        /// Seconds for `Retry-After`; without it the header is missing.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// An answer with this status (403, 500, 502, 503, 504), before the request has any effect.
    Status {
        /// The status.
        #[serde(deserialize_with = "a_status")]
        status: u16,
    },
    /// The connection is reset before the request has any effect.
    ResetBefore,
    /// The connection is reset after the request took effect: the caller cannot know.
    ResetAfter,
    /// The answer is delayed.
    Slow {
        /// By how many real milliseconds.
        milliseconds: u64,
    },
    /// The answer's body ends in the middle.
    TruncatedBody,
    /// The body of the answer is not valid JSON.
    MalformedJson,
    /// Errors have the header `Content-Encoding: UTF-8`, which is not a coding.
    ContentEncoding,
    /// The access token is refused as expired.
    ExpiredToken,
    /// The task that the request starts ends with this outcome.
    Task {
        /// `ERROR`, `WARNING` or `TERMINATED`.
        outcome: Completion,
    },
    /// The task that the request starts gets `completed` some time before `completionStatus`.
    StatusRace,
    /// A list returns half of the requested rows, although there are more.
    ShortPage,
    /// A list is empty, with a total of 0, although it has rows: an empty list that is wrong.
    EmptyList,
    /// A list lacks the last half of its rows, and its total says nothing about it.
    ShortList,
    /// The total of a list differs on each page.
    ChangingTotal,
    /// A list without sorters has another order each time.
    UnstableOrder,
}

/// Refuses unknown operations: a rule for one would never match, without a hint why.
fn known_operations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let token = [TOKEN_OPERATION.to_owned(), format!("POST {TOKEN_PATH}")];
    let unknown = names.iter().find(|name| {
        !token.contains(name)
            && !newer::operations()
                .any(|known| known.id == name.as_str() || known.to_string() == **name)
    });
    match unknown {
        None => Ok(names),
        Some(name) => Err(D::Error::custom(format!(
            "unknown operation {name:?}; write an id such as importAccountsV1, \
             or a method and path such as \"GET /accounts/v1\""
        ))),
    }
}

fn a_probability<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let probability = Option::<f64>::deserialize(deserializer)?;
    match probability {
        Some(value) if !(0.0..=1.0).contains(&value) => Err(D::Error::custom(format!(
            "probability must be a number from 0 to 1, not {value}"
        ))),
        _ => Ok(probability),
    }
}

fn a_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if [403, 500, 502, 503, 504].contains(&status) {
        Ok(status)
    } else {
        Err(D::Error::custom(format!(
            "status must be 403, 500, 502, 503 or 504, not {status}"
        )))
    }
}

/// Decides which faults a request meets.
#[derive(Debug)]
pub(crate) struct Injector {
    faults: Faults,
    seen: Vec<(u64, u64)>,
    drawn: u64,
}

impl Injector {
    pub(crate) fn new(faults: Faults) -> Self {
        let seen = vec![(0, 0); faults.rules.len()];
        Self {
            faults,
            seen,
            drawn: 0,
        }
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The faults for a request to an operation, named by id and by method and path.
    pub(crate) fn decide(&mut self, id: &str, method_and_path: &str) -> Vec<Fault> {
        let mut met = Vec::new();
        for (rule, (matched, fired)) in self.faults.rules.iter().zip(&mut self.seen) {
            let concerns = rule.operations.is_empty()
                || rule
                    .operations
                    .iter()
                    .any(|operation| operation == id || operation == method_and_path);
            if !concerns {
                continue;
            }
            *matched += 1;
            if *matched <= rule.skip || rule.count.is_some_and(|count| *fired >= count) {
                continue;
            }
            if let Some(probability) = rule.probability {
                self.drawn += 1;
                // 53 bits fit a double exactly.
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "only 53 bits are left, which a double holds"
                )]
                let drawn = (scramble(self.faults.seed ^ scramble(self.drawn)) >> 11) as f64
                    / (1_u64 << 53) as f64;
                if drawn >= probability {
                    continue;
                }
            }
            *fired += 1;
            met.push(rule.fault.clone());
        }
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(fault: Fault) -> FaultRule {
        FaultRule {
            fault,
            operations: Vec::new(),
            skip: 0,
            count: None,
            probability: None,
        }
    }

    fn hits(injector: &mut Injector, requests: usize) -> Vec<usize> {
        (0..requests)
            .filter(|_| {
                !injector
                    .decide("listAccountsV1", "GET /accounts/v1")
                    .is_empty()
            })
            .collect()
    }

    #[test]
    fn rules_count_skip_and_choose() {
        let table = [
            (
                FaultRule {
                    skip: 1,
                    count: Some(2),
                    ..rule(Fault::ResetBefore)
                },
                vec![1, 2],
            ),
            (
                FaultRule {
                    operations: vec!["GET /accounts/v1".into()],
                    count: Some(1),
                    ..rule(Fault::ResetAfter)
                },
                vec![0],
            ),
            (
                FaultRule {
                    operations: vec!["other".into()],
                    ..rule(Fault::ResetAfter)
                },
                vec![],
            ),
        ];
        for (rule, expected) in table {
            let mut injector = Injector::new(Faults {
                rules: vec![rule],
                seed: 0,
            });
            assert_eq!(hits(&mut injector, 5), expected);
        }
    }

    #[test]
    fn probabilities_repeat_with_their_seed() {
        let run = |seed| {
            let rule = FaultRule {
                probability: Some(0.5),
                ..rule(Fault::ShortPage)
            };
            hits(
                &mut Injector::new(Faults {
                    rules: vec![rule],
                    seed,
                }),
                200,
            )
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!((60..140).contains(&run(1).len()));
    }

    #[test]
    fn faults_are_readable_json() {
        let text = r#"{"rules": [{"fault": {"kind": "too-many-requests", "retryAfter": 2}, "count": 1},
            {"fault": {"kind": "task", "outcome": "WARNING"}, "operations": ["importAccountsV1"]}]}"#;
        let faults: Faults = serde_json::from_str(text).unwrap();
        assert_eq!(
            faults.rules[0].fault,
            Fault::TooManyRequests {
                retry_after: Some(2)
            }
        );
        assert_eq!(
            faults.rules[1].fault,
            Fault::Task {
                outcome: Completion::Warning
            }
        );
    }

    #[test]
    fn what_could_never_be_met_is_refused() {
        for (rule, expected) in [
            (r#""fault": {"kind": "fire"}"#, "fire"),
            (r#""fault": {"kind": "status", "status": 200}"#, "not 200"),
            (
                r#""fault": {"kind": "reset-after"}, "operations": ["listSauces"]"#,
                "listSauces",
            ),
            (
                r#""fault": {"kind": "reset-after"}, "probability": 5"#,
                "not 5",
            ),
            (r#""fault": {"kind": "reset-after"}, "often": 5"#, "often"),
        ] {
            let text = format!("{{\"rules\": [\n{{{rule}}}]}}");
            let error = serde_json::from_str::<Faults>(&text).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(expected), "{error}");
            assert!(error.contains("line 2"), "{error}");
        }
        for operation in [
            "oauthToken",
            "POST /oauth/token",
            "listAccountsV1",
            "GET /accounts/v1",
        ] {
            let text = format!(
                r#"{{"rules": [{{"fault": {{"kind": "reset-after"}}, "operations": ["{operation}"]}}]}}"#
            );
            assert!(serde_json::from_str::<Faults>(&text).is_ok(), "{operation}");
        }
    }
}
