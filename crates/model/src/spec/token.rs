//! Declared personal access token.

use super::rotation::{Overlap, Rotation};
use crate::{DeliveredForm, Scope, StoreKey, TokenName};
use jiff::SignedDuration;
use serde::Serialize;
use std::collections::BTreeSet;

/// How many personal access tokens ISC allows one user, retiring ones and those
/// that SailPoint manages included.
pub const TOKEN_LIMIT: usize = 10;

/// A personal access token as declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenSpec {
    /// Its name, unique for its owner.
    pub name: TokenName,
    /// Its scopes: those written, or the least that open the declared calls.
    pub scopes: BTreeSet<Scope>,
    /// The calls that the scopes were derived from, as written.
    pub calls: Vec<String>,
    /// For how many seconds an access token made with it is valid (15 to
    /// 43,200). None takes ISC's default and leaves it alone.
    pub access_token_validity: Option<u32>,
    /// When it expires.
    pub expires: TokenLifetime,
    /// When and how it is replaced before it expires. None lets it expire.
    pub rotate: Option<Rotation>,
    /// How long a replaced one is kept beside the new one, whatever it is replaced for.
    pub overlap: Overlap,
    /// A number that a person changes to rotate the token once. Delivered documents
    /// carry it; 0 where none is written.
    #[serde(skip_serializing_if = "is_zero")]
    pub rotation: u32,
    /// What the token is for, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Who is responsible for what uses it, for people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// Where its secret is delivered to.
    pub deliver: StoreKey,
    /// In which form.
    #[serde(skip_serializing_if = "DeliveredForm::is_usual")]
    pub form: DeliveredForm,
}

/// How long a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenLifetime {
    /// This long after its creation.
    After(SignedDuration),
    /// For ever (`expires: never`).
    Never,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands in a reference"
)]
fn is_zero(rotation: &u32) -> bool {
    *rotation == 0
}
