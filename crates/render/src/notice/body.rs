//! Bodies of notices: JSON for webhooks, messages of Slack, cards of Microsoft Teams.

use super::cause::Notice;
use crate::count::counted;
use crate::error::RenderError;
use crate::gate::json_text;
use crate::run_facts::{RunFacts, digest};
use model::{NoticeEvent, ReceiverKind, visible};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How many causes a webhook gets of one notice.
const MOST_CAUSES: usize = 100;
/// How many causes a person gets of one notice.
const MOST_LINES: usize = 20;
/// How long the text of all causes for a person may be: a block of Slack takes 3,000
/// characters.
const MOST_CHARACTERS: usize = 2_500;

/// A notice, as a webhook gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeDocument {
    /// What this is: `notice`.
    pub steersman: String,
    /// The version of this form, 1.
    pub format_version: u32,
    /// The same for each try to send the same notice.
    pub id: String,
    /// What the notice is about.
    #[schemars(extend("enum" = ["drift", "failure", "expiring", "recovery", "heartbeat"]))]
    pub event: String,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// The command, such as `apply`.
    pub command: String,
    /// The exit code of the run.
    pub exit_code: u8,
    /// When the run ended, in RFC 3339.
    pub at: String,
    /// One line for people.
    pub title: String,
    /// The causes, the first 100.
    pub causes: Vec<CauseDocument>,
    /// How many causes are not listed.
    pub omitted: usize,
}

/// A cause of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CauseDocument {
    /// Its place, the same in each run.
    pub id: String,
    /// What a person reads.
    pub text: String,
    /// What the account or token is for, as the files say; left out where they do not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Who is responsible for what uses the token, or the tokens of the account; left out
    /// where the files do not say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

impl NoticeDocument {
    /// The document of a notice.
    pub fn new(run: &RunFacts, notice: &Notice) -> Self {
        let parts: Vec<&str> = notice
            .causes
            .iter()
            .flat_map(|cause| [cause.id.as_str(), cause.digest.as_str()])
            .collect();
        let ended = run.ended.to_string();
        let head = [notice.event.word(), run.tenant.as_str(), ended.as_str()];
        Self {
            steersman: "notice".to_owned(),
            format_version: 1,
            id: digest(&[&head[..], &parts].concat()),
            event: notice.event.word().to_owned(),
            tenant: run.tenant.clone(),
            command: run.command.to_owned(),
            exit_code: run.exit_code,
            at: ended,
            title: title(run, notice),
            causes: notice
                .causes
                .iter()
                .take(MOST_CAUSES)
                .map(|cause| CauseDocument {
                    id: cause.id.clone(),
                    text: cause.text.clone(),
                    purpose: cause.people.purpose.clone(),
                    owners: cause.people.owners.clone(),
                })
                .collect(),
            omitted: notice.causes.len().saturating_sub(MOST_CAUSES),
        }
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman notice".into());
        schema
    }
}

/// The body of a notice for a kind of receiver.
///
/// # Errors
/// None that is known: keys are texts.
pub fn body(kind: ReceiverKind, run: &RunFacts, notice: &Notice) -> Result<String, RenderError> {
    let error = |source| RenderError::Json {
        what: "the notice",
        source,
    };
    match kind {
        ReceiverKind::Webhook => json_text(&NoticeDocument::new(run, notice)).map_err(error),
        ReceiverKind::Slack => json_text(&slack(run, notice)).map_err(error),
        ReceiverKind::Teams => json_text(&teams(run, notice)).map_err(error),
    }
}

fn title(run: &RunFacts, notice: &Notice) -> String {
    let causes = notice.causes.len();
    let what = match notice.event {
        NoticeEvent::Drift => format!("{} not as declared", verb(causes, "object")),
        NoticeEvent::Failure => format!("{} failed", run.command),
        NoticeEvent::Expiring => match causes {
            1 => "1 token expires soon".to_owned(),
            _ => format!("{causes} tokens expire soon"),
        },
        NoticeEvent::Recovery => format!("{} over", verb(causes, "cause")),
        NoticeEvent::Heartbeat => format!("{} ended well", run.command),
    };
    let tenant: String = visible(&run.tenant).chars().take(100).collect();
    format!("steersman: {what}, {tenant}")
}

fn verb(count: usize, noun: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count, noun))
}

/// The causes as lines for people, not more than fit.
fn lines(notice: &Notice) -> Vec<String> {
    let mut left = MOST_CHARACTERS;
    let mut lines = Vec::new();
    for cause in notice.causes.iter().take(MOST_LINES) {
        let text = format!("{}{}", cause.text, cause.people.behind());
        let length = text.chars().count() + 1;
        let Some(less) = left.checked_sub(length) else {
            break;
        };
        left = less;
        lines.push(text);
    }
    let omitted = notice.causes.len() - lines.len();
    if omitted > 0 {
        lines.push(format!("and {omitted} more"));
    }
    lines
}

/// A message of Slack. All texts are plain: nothing in them mentions a person or channel, or
/// is a link with another text.
fn slack(run: &RunFacts, notice: &Notice) -> Value {
    let title = title(run, notice);
    let mut blocks = vec![plain(&title)];
    let lines = lines(notice);
    if !lines.is_empty() {
        blocks.push(plain(&lines.join("\n")));
    }
    json!({
        "text": escaped(&title),
        "blocks": blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn plain(text: &str) -> Value {
    json!({
        "type": "section",
        "text": {"type": "plain_text", "text": escaped(text), "emoji": false},
    })
}

/// A text without what Slack takes for a mention or a link. Escaped it must not be longer
/// than a block takes.
fn escaped(text: &str) -> String {
    const LONGEST: usize = 2_900;
    let mut escaped = String::new();
    let mut length = 0;
    for character in text.chars() {
        let piece = match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            other => other.to_string(),
        };
        length += piece.chars().count();
        if length > LONGEST {
            escaped.push('…');
            break;
        }
        escaped.push_str(&piece);
    }
    escaped
}

/// A card of Microsoft Teams, as Workflows take it. Text runs are shown as they are: no
/// Markdown, no link, no mention.
fn teams(run: &RunFacts, notice: &Notice) -> Value {
    let paragraph = |text: &str, weight: &str| {
        json!({
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": text, "weight": weight}],
        })
    };
    let mut body = vec![paragraph(&title(run, notice), "Bolder")];
    body.extend(lines(notice).iter().map(|line| paragraph(line, "Default")));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::super::cause::Cause;
    use super::*;
    use crate::notice_people::ForPeople;

    fn notice(text: &str, count: usize) -> (RunFacts, Notice) {
        let run = RunFacts {
            command: "drift",
            tenant: "https://acme.api.identitynow.com/<!channel>".to_owned(),
            ended: "2026-11-26T00:00:00Z".parse().unwrap(),
            elapsed: std::time::Duration::ZERO,
            exit_code: 2,
            traffic: model::Traffic::default(),
            error: None,
            failed_steps: None,
            seen: None,
        };
        let causes = (0..count).map(|number| Cause {
            id: format!("drift/account/{number}"),
            digest: String::new(),
            text: text.to_owned(),
            people: ForPeople::default(),
        });
        let notice = Notice {
            event: NoticeEvent::Drift,
            causes: causes.collect(),
        };
        (run, notice)
    }

    #[test]
    fn no_text_of_a_tenant_pings_or_links() {
        let hostile =
            "<!channel> <https://evil.example|your bank> [x](https://evil.example) <at>all</at>";
        let (run, notice) = notice(hostile, 2);
        let slack = body(ReceiverKind::Slack, &run, &notice).unwrap();
        assert!(!slack.contains(['<', '>']), "{slack}");
        assert!(!slack.contains("mrkdwn"), "{slack}");
        let teams: Value =
            serde_json::from_str(&body(ReceiverKind::Teams, &run, &notice).unwrap()).unwrap();
        let blocks = teams["attachments"][0]["content"]["body"]
            .as_array()
            .unwrap();
        for block in blocks {
            // The one element whose text is never Markdown.
            assert_eq!(block["inlines"][0]["type"], "TextRun", "{block}");
        }
        assert_eq!(blocks[1]["inlines"][0]["text"], hostile);
        assert!(teams["attachments"][0]["content"]["msteams"].is_null());
    }

    #[test]
    fn bodies_are_bounded() {
        for text in ["&".repeat(300), "x".repeat(300)] {
            let (run, notice) = notice(&text, 10_000);
            for (kind, most) in [
                (ReceiverKind::Slack, 12_000),
                (ReceiverKind::Teams, 12_000),
                (ReceiverKind::Webhook, 64_000),
            ] {
                let body = body(kind, &run, &notice).unwrap();
                assert!(body.len() < most, "{kind} {}", body.len());
            }
            let document = NoticeDocument::new(&run, &notice);
            assert_eq!((document.causes.len(), document.omitted), (100, 9_900));
        }
    }
}
