//! Raw types of `notify`: the receivers of notices.

use crate::code::Code;
use crate::decode::{Decode, List, Text, choice, record, wrong_type};
use crate::finding::{Finding, Findings};
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use model::{NoticeEvent, ReceiverKind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A receiver of notices, of one kind.
#[derive(Clone, Debug)]
pub(crate) struct RawReceiver {
    pub(crate) kind: ReceiverKind,
    pub(crate) address: Text,
    pub(crate) secret: Option<Text>,
    pub(crate) on: Option<List<Spanned<RawNoticeEvent>>>,
}

record! {
    /// A receiver of notices, with exactly one of the keys `slack`, `teams` and
    /// `webhook`. An address is a secret: it must be a variable such as
    /// `${SLACK_WEBHOOK}`.
    ReceiverKeys as "a receiver of notices" {
        /// Address of an incoming webhook of Slack.
        #[schemars(example = &"${SLACK_WEBHOOK}")]
        optional slack as "slack": Text,
        /// Address of a workflow of Microsoft Teams that posts cards.
        #[schemars(example = &"${TEAMS_WEBHOOK}")]
        optional teams as "teams": Text,
        /// Address that gets each notice as JSON.
        #[schemars(example = &"${NOTICE_WEBHOOK}")]
        optional webhook as "webhook": Text,
        /// Key that signs what a webhook gets: header `X-Steersman-Signature`.
        #[schemars(example = &"${NOTICE_KEY}")]
        optional secret as "secret": Text,
        /// Events that it gets. Default: all but `heartbeat`.
        #[schemars(extend("minItems" = 1))]
        optional on as "on": List<Spanned<RawNoticeEvent>>,
    }
}

choice! {
    /// What a notice is about.
    #[schemars(rename = "NoticeEvent")]
    RawNoticeEvent {
        /// The tenant differs from the files.
        Drift = "drift",
        /// A run failed.
        Failure = "failure",
        /// A token expires soon.
        Expiring = "expiring",
        /// What was reported before is over.
        Recovery = "recovery",
        /// A run ended well; at most one a day.
        Heartbeat = "heartbeat",
    }
}

impl From<RawNoticeEvent> for NoticeEvent {
    fn from(event: RawNoticeEvent) -> Self {
        match event {
            RawNoticeEvent::Drift => Self::Drift,
            RawNoticeEvent::Failure => Self::Failure,
            RawNoticeEvent::Expiring => Self::Expiring,
            RawNoticeEvent::Recovery => Self::Recovery,
            RawNoticeEvent::Heartbeat => Self::Heartbeat,
        }
    }
}

impl Decode for RawReceiver {
    fn expected() -> String {
        "a mapping with one kind of receiver, such as `{slack: \"${SLACK_WEBHOOK}\"}`".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        if !matches!(node.value, Value::Mapping(_)) {
            wrong_type::<Self>(&node, findings);
            return None;
        }
        let before = findings.errors();
        let ReceiverKeys {
            head,
            broken,
            slack,
            teams,
            webhook,
            secret,
            on,
        } = ReceiverKeys::decode(node, findings)?;
        let mut kinds: Vec<(ReceiverKind, Text)> = [
            (ReceiverKind::Slack, slack),
            (ReceiverKind::Teams, teams),
            (ReceiverKind::Webhook, webhook),
        ]
        .into_iter()
        .filter_map(|(kind, address)| Some((kind, address?)))
        .collect();
        kinds.sort_by_key(|(_, address)| address.span);
        let mut kinds = kinds.into_iter();
        match (kinds.next(), kinds.next()) {
            (Some((kind, address)), None) => {
                if let Some(secret) = &secret
                    && kind != ReceiverKind::Webhook
                {
                    findings.push(only_for_webhooks(kind, secret.span, address.span));
                }
                Some(Self {
                    kind,
                    address,
                    secret,
                    on,
                })
            }
            (Some((_, first)), Some((_, second))) => {
                findings.push(exclusive(first.span, second.span));
                None
            }
            (None, _) => {
                if findings.errors() == before && broken.is_empty() {
                    findings.push(
                        Finding::new(Code::MissingKey, "receiver of notices has no address")
                            .at(head, "missing `slack`, `teams` or `webhook`")
                            .help("write `{slack: \"${SLACK_WEBHOOK}\"}`, and set the variable STEERSMAN_VAR_SLACK_WEBHOOK"),
                    );
                }
                None
            }
        }
    }
}

fn only_for_webhooks(kind: ReceiverKind, secret: Span, address: Span) -> Finding {
    Finding::new(
        Code::ExclusiveKeys,
        format!("`secret` signs what a webhook gets, and `{kind}` checks no signature"),
    )
    .at(secret, "key for signatures")
    .at(address, "no webhook")
    .help("remove `secret`, or send the notices to a `webhook`")
}

fn exclusive(first: Span, second: Span) -> Finding {
    Finding::new(
        Code::ExclusiveKeys,
        "receiver of notices has more than one address",
    )
    .at(second, "second address")
    .at(first, "first address")
    .help("declare one receiver for each address")
}

impl JsonSchema for RawReceiver {
    fn schema_name() -> Cow<'static, str> {
        "NoticeReceiver".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<ReceiverKeys>();
        json_schema!({
            "allOf": [keys],
            "oneOf": [
                {"required": ["slack"]},
                {"required": ["teams"]},
                {"required": ["webhook"]},
            ],
        })
    }
}
