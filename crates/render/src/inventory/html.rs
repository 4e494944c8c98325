//! The inventory as one page that works without network.

use super::csv::{commit, delivered, expires, last_used, management_word, state_word};
use super::document::{AccountRecord, InventoryDocument, Management, TokenRecord};
use crate::count::counted;
use crate::error::RenderError;
use crate::token_list::TokenState;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("../../templates/inventory.css");

/// The page of an inventory.
///
/// # Errors
/// None that is known: the template is checked when it is compiled, and
/// writing to memory does not fail.
pub fn html(inventory: &InventoryDocument) -> Result<String, RenderError> {
    let all = || inventory.accounts.iter();
    let unmanaged = all()
        .filter(|account| account.management == Management::Unmanaged)
        .count();
    let tokens = || all().flat_map(|account| &account.tokens);
    let exists = |token: &&TokenRecord| token.exists();
    let never_used = tokens().filter(|token| token.token.never_used).count();
    let missing = tokens()
        .filter(|token| token.token.state == TokenState::Missing)
        .count();
    let unread = tokens()
        .filter(|token| token.token.state == TokenState::Unread)
        .count();
    let undeclared = tokens()
        .filter(|token| state_word(token.token.state) == "unmanaged")
        .count();
    let page = Page {
        inventory,
        counts: vec![
            counted(inventory.accounts.len() - unmanaged, "declared account"),
            format!("{} unmanaged", counted(unmanaged, "account")),
            counted(tokens().filter(exists).count(), "token"),
            format!("{} unmanaged", counted(undeclared, "token")),
            format!("{} never used", counted(never_used, "token")),
        ]
        .into_iter()
        .chain((missing > 0).then(|| format!("{} missing", counted(missing, "token"))))
        .chain((unread > 0).then(|| format!("{} not read", counted(unread, "token"))))
        .collect(),
        accounts: all().map(Account::new).collect(),
        policy: format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            STANDARD.encode(Sha256::digest(STYLE))
        ),
        style: STYLE,
    };
    page.render().map_err(RenderError::Html)
}

#[derive(Template)]
#[template(path = "inventory.html")]
struct Page<'a> {
    inventory: &'a InventoryDocument,
    counts: Vec<String>,
    accounts: Vec<Account<'a>>,
    policy: String,
    style: &'static str,
}

struct Account<'a> {
    record: &'a AccountRecord,
    management: &'static str,
    facts: Vec<(&'static str, String)>,
    tokens: Vec<Token<'a>>,
}

impl<'a> Account<'a> {
    fn new(record: &'a AccountRecord) -> Self {
        let known = |value: &Option<String>| match value {
            Some(value) => value.clone(),
            None => "not known".to_owned(),
        };
        let levels = match &record.user_levels {
            None => "not known".to_owned(),
            Some(levels) if levels.is_empty() => "none".to_owned(),
            Some(levels) => levels.join(", "),
        };
        let attributes = record.attributes.iter();
        let attributes: Vec<String> = attributes
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let mut facts = vec![
            ("purpose", known(&record.purpose)),
            ("email", known(&record.email)),
            (
                "source, owner",
                format!("{}, {}", record.source, known(&record.source_owner)),
            ),
            ("identity", known(&record.identity)),
            ("since", known(&record.since)),
            ("user levels", levels),
            (
                "approved by commit",
                commit(record.levels_approval.as_ref()),
            ),
        ];
        if !attributes.is_empty() {
            facts.push(("attributes", attributes.join(", ")));
        }
        Self {
            record,
            management: management_word(record.management),
            facts,
            tokens: record.tokens.iter().map(Token::new).collect(),
        }
    }
}

struct Token<'a> {
    name: &'a str,
    state: &'static str,
    people: String,
    id: &'a str,
    scopes: String,
    allows: String,
    created: &'a str,
    last_used: String,
    expires: String,
    delivered: String,
    approved: String,
}

impl<'a> Token<'a> {
    fn new(record: &'a TokenRecord) -> Self {
        let token = &record.token;
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or("");
        Self {
            name: token.name.as_deref().unwrap_or("issuer"),
            state: state_word(token.state),
            people: token
                .purpose
                .clone()
                .into_iter()
                .chain((!token.owners.is_empty()).then(|| token.owners.join(", ")))
                .collect::<Vec<_>>()
                .join("; "),
            id: text(&token.id),
            scopes: token
                .scopes
                .as_ref()
                .map(|all| all.join(" "))
                .unwrap_or_default(),
            allows: match (&record.allows, &token.id) {
                (Some(allows), _) => {
                    format!("reads {}, changes {}", allows.reads, allows.changes)
                }
                (None, Some(_)) => "not known".to_owned(),
                (None, None) => String::new(),
            },
            created: text(&token.created),
            last_used: if token.never_used {
                "never, since it was created".to_owned()
            } else {
                last_used(record)
            },
            expires: expires(record),
            delivered: delivered(record),
            approved: commit(record.approval.as_ref()),
        }
    }
}
