//! What a tenant is that has all that the files declare: a model of its own,
//! written from the design and not from the planner.

use crate::fault::{Fault, Promise};
use crate::files::{Account, ELSEWHERE, Files, Source, Token};
use crate::issuers;
use crate::tenant::{self, View};
use std::collections::BTreeSet;
use std::path::Path;

const DAY: i64 = 24 * 60 * 60;

/// The tenant and the stores after an apply that says that all is done.
pub(crate) struct Settled<'a> {
    pub(crate) files: &'a Files,
    pub(crate) view: &'a View,
    /// The folder that the stores are in.
    pub(crate) folder: &'a Path,
    /// Files of stores that people have spoilt.
    pub(crate) spoilt: &'a BTreeSet<String>,
    /// What the apply said.
    pub(crate) said: &'a str,
}

impl Settled<'_> {
    /// # Errors
    /// The first thing that is not as declared.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        for source in &self.files.sources {
            self.source(source).map_err(|text| {
                Fault::new(Promise::DeclaredIsThere, format!("{}: {text}", source.name))
            })?;
        }
        for account in &self.files.accounts {
            self.account(account).map_err(|text| {
                Fault::new(
                    Promise::DeclaredIsThere,
                    format!("{}: {text}", account.id()),
                )
            })?;
            self.secrets(account)?;
        }
        Ok(())
    }

    fn source(&self, declared: &Source) -> Result<(), String> {
        let there = self
            .view
            .sources
            .get(&declared.name)
            .ok_or("there is no such source")?;
        let owner = self.view.identities.get(&there.owner);
        same(
            "owner",
            &declared.owner,
            &owner.map_or("nobody", |owner| &owner.alias),
        )?;
        if let Some(description) = &declared.description {
            same("description", description, &there.description)?;
        }
        if let Some(threshold) = declared.threshold {
            same(
                "deleteThreshold",
                &i64::try_from(threshold).unwrap(),
                &there.threshold,
            )?;
        }
        let columns: BTreeSet<&str> = ["id", "name", "e-mail", "purpose"]
            .into_iter()
            .chain(declared.columns.iter().copied())
            .collect();
        same(
            "schema",
            &columns,
            &there.columns.iter().map(String::as_str).collect(),
        )?;
        if let Some(profile) = &declared.profile {
            let live = there.profile.as_ref().ok_or("it has no identity profile")?;
            same("profile", &profile.name, &live.name)?;
            for (target, column) in profile.mappings() {
                let from = live.mappings.get(target).map(String::as_str);
                same(&format!("mapping {target}"), &Some(column), &from)?;
            }
        }
        if declared.delete_unmanaged {
            let mut rows = self.view.rows_of(&declared.name);
            let is_declared = |id: &str| {
                self.files
                    .accounts
                    .iter()
                    .any(|account| account.source() == declared.name && account.id() == id)
            };
            // A row that a declared account was before stays until a person has chosen.
            let is_left_to_a_person = |id: &str| {
                let told = format!(" was {id} according to `previously`, but both accounts exist");
                self.said.contains(&told)
            };
            // So does the row of an identity that a declared account has its secrets of.
            let is_relied_on = |row: &tenant::Row| {
                let identity = row.identity.as_deref().unwrap_or_default();
                let told =
                    format!("are tokens of identity {identity}, which may be made of the row");
                !identity.is_empty() && self.said.contains(&told)
            };
            // And that of an identity that may be a person's.
            let is_of_unknown_owner = |row: &tenant::Row| {
                let identity = row.identity.as_deref().unwrap_or_default();
                let told = format!("shows whether identity {identity} of");
                !identity.is_empty() && self.said.contains(&told)
            };
            let goes = |id: &str, row: &tenant::Row| {
                !is_declared(id)
                    && !is_left_to_a_person(id)
                    && !is_relied_on(row)
                    && !is_of_unknown_owner(row)
            };
            if let Some((id, _)) = rows.find(|(id, row)| goes(id, row)) {
                return Err(format!(
                    "undeclared row {id} is there, and the source deletes them"
                ));
            }
        }
        Ok(())
    }

    /// The account's row in the tenant.
    fn row(&self, account: &Account) -> Option<&tenant::Row> {
        issuers::row(self.view, account)
    }

    /// Whether an identity without an account has the user name of the account's row, and
    /// the run said so: ISC makes no other until that one is gone.
    fn waits_for_its_name(&self, account: &Account) -> bool {
        // A source that a person has renamed is not the declared one any more.
        let of_row = |identity: &tenant::Identity| {
            let is_known =
                |source: &str| source == ELSEWHERE || self.files.source(source).is_some();
            let mut rows = self.view.rows.iter();
            rows.any(|((source, _), row)| {
                is_known(source) && identity.account.as_ref() == Some(&row.account)
            })
        };
        self.view.identities.iter().any(|(id, identity)| {
            let told = format!("declare `identity: {id}` on {}", account.id());
            identity.account.is_some() && !of_row(identity) && self.said.contains(&told)
        })
    }

    /// Whether another row of the tenant has the name of the account's row, or makes the same
    /// user name, and the run said so: ISC gives an identity to one of them, and a person has
    /// to choose which.
    fn another_row_has_its_name(&self, account: &Account, own: &tenant::Row, uid: &str) -> bool {
        let is_same = |row: &tenant::Row| {
            let (theirs, own) = (row.cells.get(uid), own.cells.get(uid));
            theirs.is_some() && theirs == own
        };
        let told = format!("ISC cannot give {} an identity: account ", account.id());
        let mut rows = self.view.rows.values();
        rows.any(|row| row.account != own.account && (row.name == own.name || is_same(row)))
            && self.said.contains(&told)
    }

    fn account(&self, account: &Account) -> Result<(), String> {
        let lacks_identity = self.row(account).is_none_or(|row| row.identity.is_none());
        if lacks_identity && self.waits_for_its_name(account) {
            return Ok(());
        }
        let there = self.row(account).ok_or("there is no such row")?;
        if let Some(declared) = &account.row {
            for (column, cell) in declared.declared(&account.name) {
                let is = there.cells.get(&column).map_or("", String::as_str);
                same(&column, &cell.as_str(), &is)?;
            }
        }
        let source = self.view.sources.get(account.source());
        let profile = source.and_then(|source| source.profile.as_ref());
        let Some(profile) = profile else {
            // Without a profile there are no identities, and what needs one is blocked.
            return Ok(());
        };
        let uid = profile
            .mappings
            .get("uid")
            .map(String::as_str)
            .unwrap_or_default();
        let Some(id) = &there.identity else {
            if self.another_row_has_its_name(account, there, uid) {
                return Ok(());
            }
            return Err("it has no identity".to_owned());
        };
        let identity = self
            .view
            .identities
            .get(id)
            .ok_or("its identity is not there")?;
        if identity.account.as_ref() != Some(&there.account) {
            // Somebody else's identity is left alone until a person says otherwise.
            return Ok(());
        }
        let told = format!("declare `identity: {id}` on {}", account.id());
        if self.said.contains(&told) {
            return Ok(());
        }
        same(
            "user name",
            &there.cells.get(uid).map_or("", String::as_str),
            &identity.alias.as_str(),
        )?;
        let declared = self.files.source(account.source());
        let invites = declared
            .and_then(|source| source.profile.as_ref())
            .is_some_and(|profile| profile.invite);
        // After five weeks of an identity, only a person invites it.
        let is_new = self.view.now.duration_since(identity.created).as_secs() <= 35 * DAY;
        if invites && is_new && identity.status == "UNREGISTERED" {
            return Err("it is not invited".to_owned());
        }
        if let Some(levels) = &account.levels {
            let levels: BTreeSet<&str> = levels.iter().copied().collect();
            same(
                "levels",
                &levels,
                &identity.levels.iter().map(String::as_str).collect(),
            )?;
        }
        Ok(())
    }

    fn secrets(&self, account: &Account) -> Result<(), Fault> {
        let identity = self.row(account).and_then(|row| row.identity.as_ref());
        let (Some(tokens), Some(identity)) = (&account.tokens, identity) else {
            return Ok(());
        };
        if !issuers::works(self.view, self.folder, account, identity) {
            return Ok(());
        }
        for token in tokens {
            self.token(account, identity, token)?;
        }
        self.undeclared(account, identity, tokens)
    }

    fn token(&self, account: &Account, identity: &str, declared: &Token) -> Result<(), Fault> {
        let what = format!("token {}/{}", account.id(), declared.name);
        let differs =
            |text: String| Fault::new(Promise::DeclaredIsThere, format!("{what}: {text}"));
        let useless = |text: &str| Fault::new(Promise::SecretsWork, format!("{what}: {text}"));
        let said = format!("token {}", declared.name);
        let mut tokens = self.view.tokens_of(identity);
        let Some((id, token)) = tokens.find(|(_, token)| token.name == declared.name) else {
            // Ten are the most that ISC allows.
            return if self.said.contains(&said) && self.said.contains("blocked") {
                Ok(())
            } else {
                Err(differs("it is not there".to_owned()))
            };
        };
        let file = account.token_file(declared);
        let key = file.splitn(3, '/').last().unwrap_or_default();
        // What a store has in its place is left alone, and reported.
        if self.spoilt.contains(&file) && self.said.contains(key) {
            return Ok(());
        }
        let scopes: BTreeSet<&str> = declared.scopes.iter().copied().collect();
        same(
            "scopes",
            &scopes,
            &token.scopes.iter().map(String::as_str).collect(),
        )
        .map_err(differs)?;
        if let Some(minutes) = declared.validity {
            same(
                "validity",
                &i64::try_from(minutes * 60).unwrap(),
                &token.validity,
            )
            .map_err(differs)?;
        }
        match (declared.expires, token.expires) {
            (None, None) => {}
            (Some(days), Some(end)) => {
                let left = end.as_second() - self.view.now.as_second();
                let most = i64::try_from(days).unwrap() * DAY + 600;
                let least = declared.rotate.map_or(0, |rotate| {
                    i64::try_from(rotate.before_days).unwrap() * DAY - 600
                });
                if left > most || left < least {
                    return Err(differs(format!("{left} seconds are left, of {days} days")));
                }
            }
            (declared, there) => {
                return Err(differs(format!("expires {declared:?}, and is {there:?}")));
            }
        }
        let Some((stored, secret)) = issuers::stored(self.folder, &file) else {
            // A token in its place has no room beside ten.
            let no_room = self.said.contains("ISC allows 10") && self.said.contains(&said);
            return if no_room {
                Ok(())
            } else {
                Err(useless("its store has no secret"))
            };
        };
        if stored != *id {
            return Err(useless("its store has the secret of another token"));
        }
        if secret != token.secret {
            return Err(useless("its store has a secret that does not sign in"));
        }
        Ok(())
    }

    /// Tokens beside the declared ones: gone by policy, or told.
    fn undeclared(&self, account: &Account, identity: &str, tokens: &[Token]) -> Result<(), Fault> {
        if !self.files.revoke_unmanaged {
            return Ok(());
        }
        // While nothing shows whose the identity is, they stay until a person says it.
        let told = format!("declare `identity: {identity}` on {}", account.id());
        if self.said.contains(&told) {
            return Ok(());
        }
        let issuer = issuers::stored(self.folder, &account.issuer_file()).map(|(id, _)| id);
        let mut others = self.view.tokens_of(identity).filter(|(id, there)| {
            Some(*id) != issuer.as_ref()
                && !there.name.contains("~retiring-")
                && !tokens.iter().any(|token| token.name == there.name)
        });
        match others.next() {
            None => Ok(()),
            Some((_, there)) => Err(Fault::new(
                Promise::DeclaredIsThere,
                format!(
                    "{}: undeclared token {} is there, and the policy revokes them",
                    account.id(),
                    there.name
                ),
            )),
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, declared: &T, is: &T) -> Result<(), String> {
    if declared == is {
        Ok(())
    } else {
        Err(format!("{what} is {is:?}, not {declared:?}"))
    }
}
