//! Edits of the files, as commits make them.

use crate::files::{Account, ELSEWHERE, Files, Profile, Rotate, Row, Source, Token};
use crate::random::Random;
use std::collections::BTreeMap;

pub(crate) const SOURCES: [&str; 2] = ["Service Accounts", "Robots"];
pub(crate) const LEVELS: [&str; 4] = ["REPORT_ADMIN", "CERT_ADMIN", "HELPDESK", "SOURCE_ADMIN"];
const SCOPES: [&str; 5] = [
    "sp:report:read",
    "sp:search:read",
    "idn:campaign-template:read",
    "idn:sources:manage",
    "idn:sources:read",
];
const TOKENS: [&str; 4] = ["job-a", "job-b", "job-c", "job-d"];
const COLUMNS: [&str; 2] = ["team", "region"];
/// The accounts of the source that is managed elsewhere.
const OTHERS: [&str; 3] = ["svc-backup", "svc-monitor", "svc-deploy"];
/// Texts that some program on the way could mistake for something else.
const TEXTS: [&str; 10] = [
    "Audit report",
    "Says \"yes\", twice",
    "café in Zürich, ümlaut",
    "#1 in the list",
    "50% of it; the rest",
    "it's; semi:colon",
    "tab\\t and back\\slash",
    "null",
    "0123",
    "a very long purpose that goes on and on, with commas, so that it has to be quoted",
];

/// The files that a history begins with.
pub(crate) fn beginning(random: &mut Random) -> Files {
    let sources = SOURCES
        .into_iter()
        .take(1 + random.below(2))
        .map(|name| Source {
            name: name.to_owned(),
            owner: "jane.doe",
            description: random.chance(50).then(|| "For machines".to_owned()),
            threshold: random.chance(60).then_some(100),
            columns: random.some(&COLUMNS, 40),
            delete_unmanaged: random.chance(30),
            profile: random.chance(90).then(|| Profile {
                name: name.to_owned(),
                uid: random.one(&["name", "name", "name", "id", "e-mail"]),
                invite: random.chance(70),
            }),
        })
        .collect();
    let mut files = Files {
        sources,
        accounts: Vec::new(),
        limits: BTreeMap::new(),
        revoke_unmanaged: random.chance(25),
    };
    for _ in 0..=random.below(4) {
        add_account(&mut files, random);
    }
    files
}

/// Makes one edit and says which; none if there is nothing to edit so.
pub(crate) fn edit(files: &mut Files, random: &mut Random) -> Option<String> {
    match random.below(24) {
        0 | 1 => Some(add_account(files, random)),
        2 => {
            let at = place(files.accounts.len(), random)?;
            let gone = files.accounts.remove(at);
            Some(format!("remove account {} from the files", gone.id()))
        }
        3 => row(files, random, |row, name, random| {
            let id = new_id(random);
            let carried = random.chance(75);
            row.earlier_id = carried.then(|| row.id.clone());
            row.earlier_name = (carried && random.chance(30)).then(|| name.clone());
            let text = format!("id {} becomes {id}, previously: {carried}", row.id);
            row.id = id;
            text
        }),
        4 => row(files, random, |row, name, random| {
            let new = new_name(random);
            let carried = random.chance(75);
            row.earlier_name = carried.then(|| name.clone());
            let text = format!(
                "name {name} of {} becomes {new}, previously: {carried}",
                row.id
            );
            *name = new;
            text
        }),
        5 => row(files, random, |row, _, random| {
            row.email = new_email(random);
            format!("e-mail of {} becomes {}", row.id, row.email)
        }),
        6 => row(files, random, |row, _, random| {
            random.one(&TEXTS).clone_into(&mut row.purpose);
            format!("purpose of {} becomes {:?}", row.id, row.purpose)
        }),
        7 | 8 => account(files, random, |account, random| {
            account.levels = levels(random);
            format!("levels of {} become {:?}", account.id(), account.levels)
        }),
        9 | 10 => account(files, random, |account, random| {
            account.tokens = tokens(random);
            let names: Option<Vec<&str>> = account
                .tokens
                .as_ref()
                .map(|tokens| tokens.iter().map(|token| token.name).collect());
            format!("tokens of {} become {names:?}", account.id())
        }),
        11..=14 => token(files, random),
        15 if random.chance(40) => {
            let source = random.pick(&files.sources)?.name.clone();
            let columns = files.source(&source)?.columns.clone();
            row(files, random, |row, _, _| {
                row.cells.retain(|column, _| columns.contains(column));
                row.source = source;
                format!("account {} moves to {}", row.id, row.source)
            })
        }
        15 => {
            files.revoke_unmanaged = !files.revoke_unmanaged;
            Some(format!(
                "unmanagedTokens: revoke: {}",
                files.revoke_unmanaged
            ))
        }
        16 => {
            let guard = random.one(&[
                "deleteAccounts",
                "deleteTokens",
                "removeLevels",
                "removeScopes",
            ]);
            if files.limits.remove(guard).is_none() {
                files.limits.insert(guard, random.below(2));
            }
            Some(format!("limits become {:?}", files.limits))
        }
        _ => source(files, random),
    }
}

fn source(files: &mut Files, random: &mut Random) -> Option<String> {
    let at = place(files.sources.len(), random)?;
    let source = &mut files.sources[at];
    let name = source.name.clone();
    Some(match random.below(8) {
        0 => {
            source.delete_unmanaged = !source.delete_unmanaged;
            format!("{name}: unmanaged: delete: {}", source.delete_unmanaged)
        }
        1 => {
            source.threshold = random.one(&[None, Some(10), Some(50), Some(100)]);
            format!("{name}: deleteThreshold: {:?}", source.threshold)
        }
        2 => {
            source.description = random.chance(80).then(|| random.one(&TEXTS).to_owned());
            format!("{name}: description: {:?}", source.description)
        }
        3 => {
            source.owner = random.one(&["jane.doe", "svc-monitor"]);
            format!("{name}: owner: {}", source.owner)
        }
        4 => {
            let columns = random.some(&COLUMNS, 50);
            source.columns.clone_from(&columns);
            // A cell of a column that is not declared is an error of its own.
            for account in &mut files.accounts {
                if let Some(row) = account.row.as_mut().filter(|row| row.source == name) {
                    row.cells.retain(|column, _| columns.contains(column));
                }
            }
            format!("{name}: attributes: {columns:?}")
        }
        5 => {
            let column = *random.pick(&source.columns)?;
            let mut rows = files
                .accounts
                .iter_mut()
                .filter_map(|account| account.row.as_mut());
            let row = rows.find(|row| row.source == name)?;
            row.cells.insert(column, random.one(&TEXTS).to_owned());
            format!("{column} of {} becomes {:?}", row.id, row.cells[column])
        }
        6 => {
            let profile = source.profile.as_mut()?;
            profile.invite = !profile.invite;
            format!("{name}: invite: {}", profile.invite)
        }
        _ => {
            let profile = source.profile.as_mut()?;
            if random.chance(50) {
                profile.uid = random.one(&["name", "name", "id", "e-mail"]);
                format!("{name}: uid from {}", profile.uid)
            } else {
                let whose = random.one(&[name.as_str(), name.as_str(), SOURCES[0], SOURCES[1]]);
                profile.name = format!("{whose} {}", random.below(3));
                format!("{name}: profile is called {}", profile.name)
            }
        }
    })
}

fn token(files: &mut Files, random: &mut Random) -> Option<String> {
    let with: Vec<usize> = (0..files.accounts.len())
        .filter(|at| {
            let tokens = files.accounts[*at].tokens.as_ref();
            tokens.is_some_and(|tokens| !tokens.is_empty())
        })
        .collect();
    let account = &mut files.accounts[*random.pick(&with)?];
    let id = account.id().to_owned();
    let tokens = account.tokens.as_mut()?;
    let at = random.below(tokens.len());
    let token = &mut tokens[at];
    let what = match random.below(6) {
        0 => {
            token.scopes = scopes(random);
            format!("scopes become {:?}", token.scopes)
        }
        1 => {
            token.expires = random.one(&[None, Some(30), Some(90), Some(180)]);
            // What never ends is never rotated.
            token.rotate = token.expires.and(token.rotate);
            format!("expires becomes {:?}", token.expires)
        }
        2 => {
            token.rotate = token.expires.and_then(|_| rotate(random));
            format!("rotate becomes {:?}", token.rotate)
        }
        3 => {
            token.validity = random.one(&[None, Some(15), Some(60)]);
            format!("validity becomes {:?}", token.validity)
        }
        4 => {
            token.store = random.one(&["local", "other"]);
            format!("store becomes {}", token.store)
        }
        _ => {
            token.key = format!("{}-{}", token.name, random.below(3));
            format!("key becomes {}", token.key)
        }
    };
    Some(format!("token {id}/{}: {what}", token.name))
}

fn add_account(files: &mut Files, random: &mut Random) -> String {
    let row = if random.chance(20) {
        None
    } else {
        random.pick(&files.sources).map(|source| Row {
            source: source.name.clone(),
            id: new_id(random),
            email: new_email(random),
            purpose: random.one(&TEXTS).to_owned(),
            cells: random
                .some(&source.columns, 50)
                .into_iter()
                .map(|column| (column, random.one(&TEXTS).to_owned()))
                .collect(),
            earlier_id: None,
            earlier_name: None,
        })
    };
    let name = if row.is_some() {
        new_name(random)
    } else {
        random.one(&OTHERS).to_owned()
    };
    let keys = format!("k{}", random.below(1_000_000));
    let account = Account {
        row,
        name,
        levels: levels(random),
        tokens: tokens(random),
        keys,
    };
    let same = |other: &Account| other.id() == account.id() || other.name == account.name;
    if files.accounts.iter().any(same) {
        return format!("nothing: {} is declared already", account.id());
    }
    let text = format!(
        "add account {} ({}) on {}",
        account.id(),
        account.name,
        account.source()
    );
    files.accounts.push(account);
    text
}

fn account(
    files: &mut Files,
    random: &mut Random,
    change: impl FnOnce(&mut Account, &mut Random) -> String,
) -> Option<String> {
    let at = place(files.accounts.len(), random)?;
    Some(change(&mut files.accounts[at], random))
}

fn row(
    files: &mut Files,
    random: &mut Random,
    change: impl FnOnce(&mut Row, &mut String, &mut Random) -> String,
) -> Option<String> {
    let with: Vec<usize> = (0..files.accounts.len())
        .filter(|at| files.accounts[*at].source() != ELSEWHERE)
        .collect();
    let Account { row, name, .. } = &mut files.accounts[*random.pick(&with)?];
    Some(change(row.as_mut()?, name, random))
}

fn place(length: usize, random: &mut Random) -> Option<usize> {
    (length > 0).then(|| random.below(length))
}

fn new_id(random: &mut Random) -> String {
    format!(
        "{}{}",
        random.one(&["SA-", "SA-", "R ", "x."]),
        random.below(40)
    )
}

fn new_name(random: &mut Random) -> String {
    format!(
        "{}{}",
        random.one(&["audit", "audit", "Robot-", "b.o.t"]),
        random.below(40)
    )
}

fn new_email(random: &mut Random) -> String {
    format!(
        "{}{}@example.com",
        random.one(&["ops", "ops", "A.b+c", "it's"]),
        random.below(60)
    )
}

fn levels(random: &mut Random) -> Option<Vec<&'static str>> {
    random.chance(75).then(|| random.some(&LEVELS, 40))
}

fn scopes(random: &mut Random) -> Vec<&'static str> {
    let mut scopes = random.some(&SCOPES, 40);
    if scopes.is_empty() {
        scopes.push(random.one(&SCOPES));
    }
    scopes
}

fn rotate(random: &mut Random) -> Option<Rotate> {
    random.chance(60).then(|| Rotate {
        before_days: random.one(&[7, 14, 20]),
        overlap_hours: random.one(&[1, 24, 72]),
    })
}

fn tokens(random: &mut Random) -> Option<Vec<Token>> {
    random.chance(80).then(|| {
        random
            .some(&TOKENS, 35)
            .into_iter()
            .map(|name| {
                let expires = random.one(&[None, Some(30), Some(90), Some(90)]);
                Token {
                    name,
                    scopes: scopes(random),
                    validity: random.one(&[None, None, Some(15), Some(60)]),
                    expires,
                    rotate: expires.and_then(|_| rotate(random)),
                    store: random.one(&["local", "local", "other"]),
                    key: name.to_owned(),
                }
            })
            .collect()
    })
}
