//! Hands in the tenant: what people and other programs change there.

use crate::edits::LEVELS;
use crate::files::ELSEWHERE;
use crate::random::Random;
use crate::story::Story;
use crate::tenant::View;
use serde_json::{Map, Value, json};
use simulator::TokenRequest;

/// Changes something in the tenant and says what; none if there is nothing to
/// change so.
pub(crate) fn meddle(story: &mut Story, random: &mut Random) -> Option<String> {
    let view = View::of(&story.tenant);
    match random.below(12) {
        0 => {
            let (source, columns) = managed(&view, random)?;
            put_new(story, &source, &columns, random)
        }
        1 => change_row(story, &view, random),
        2 => {
            let ((source, id), row) = any_row(&view, random)?;
            let done = story
                .tenant
                .simulator()
                .with_tenant(|tenant| tenant.remove_account_out_of_band(&source, &id).is_ok());
            done.then(|| format!("row {id} ({}) of {source} is removed by hand", row.name))
        }
        3 | 4 => {
            let identity = person(&view, random)?;
            let levels = random.some(&LEVELS, 40);
            let given: Vec<String> = levels.iter().map(|level| (*level).to_owned()).collect();
            let done = story
                .tenant
                .simulator()
                .with_tenant(|tenant| tenant.set_levels_out_of_band(&identity, given).is_ok());
            done.then(|| {
                format!(
                    "levels of {} are set to {levels:?} by hand",
                    view.identities[&identity].alias
                )
            })
        }
        5 => {
            let (id, token) = some_token(&view, random)?;
            let done = story
                .tenant
                .simulator()
                .with_tenant(|tenant| tenant.revoke_token_out_of_band(&id).is_ok());
            done.then(|| {
                format!(
                    "token {} of {} is revoked by hand",
                    token, view.tokens[&id].owner
                )
            })
        }
        6 => {
            let (id, token) = some_token(&view, random)?;
            let renamed = random.chance(30).then(|| format!("{token}-by-hand"));
            let scopes = random.chance(70).then(|| {
                vec![
                    random
                        .one(&["sp:search:read", "idn:sources:read"])
                        .to_owned(),
                ]
            });
            let text = format!("token {token} is changed by hand: {renamed:?} {scopes:?}");
            let change = json!({"id": id, "name": renamed, "scopes": scopes});
            let path = "/_simulator/tokens/change";
            let done = story.tenant.send("POST", path, "", Some(change)) < 300;
            if done {
                // Who changes a name makes a token that nobody else has made.
                story.by_hand.insert(id);
            }
            done.then_some(text)
        }
        7 | 8 => mint(story, &view, random),
        9 => setting(story, &view, random),
        10 => {
            let identity = person(&view, random)?;
            let done = story
                .tenant
                .simulator()
                .with_tenant(|tenant| tenant.invite_person(&identity).is_ok());
            done.then(|| format!("{} is invited by hand", view.identities[&identity].alias))
        }
        _ => {
            // The row of an account that the files declare comes back, or never came.
            let (source, columns) = managed(&view, random)?;
            let declared: Vec<(String, String)> = story
                .files
                .accounts
                .iter()
                .filter(|account| account.source() == source)
                .map(|account| (account.id().to_owned(), account.name.clone()))
                .collect();
            let (id, name) = random.pick(&declared)?.clone();
            if view.row(&source, &id).is_some() || !columns.contains(&"e-mail".to_owned()) {
                return None;
            }
            put(story, &source, &id, &name)
                .then(|| format!("row {id} ({name}) of {source} is added by hand"))
        }
    }
}

fn put_new(
    story: &mut Story,
    source: &str,
    columns: &[String],
    random: &mut Random,
) -> Option<String> {
    if !columns.contains(&"e-mail".to_owned()) {
        return None;
    }
    let id = format!("HAND-{}", random.below(6));
    let name = format!("byhand{}", random.below(6));
    put(story, source, &id, &name).then(|| format!("row {id} ({name}) of {source} is put by hand"))
}

fn put(story: &Story, source: &str, id: &str, name: &str) -> bool {
    let attributes = json!({
        "id": id, "name": name, "e-mail": format!("{name}@example.com"), "purpose": "By hand, with \"care\""
    });
    let Value::Object(attributes) = attributes else {
        return false;
    };
    story
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.put_account_out_of_band(source, attributes).is_ok())
}

/// Another cell in a row, never in its id or name.
fn change_row(story: &Story, view: &View, random: &mut Random) -> Option<String> {
    let ((source, id), row) = any_row(view, random)?;
    let columns: Vec<&String> = row
        .cells
        .keys()
        .filter(|column| !["id", "name"].contains(&column.as_str()))
        .collect();
    let column = (*random.pick(&columns)?).clone();
    let mut attributes: Map<String, Value> = row
        .cells
        .iter()
        .map(|(column, cell)| (column.clone(), json!(cell)))
        .collect();
    attributes.insert(
        column.clone(),
        json!(format!("hand{}@example.com", random.below(9))),
    );
    let done = story
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.put_account_out_of_band(&source, attributes).is_ok());
    done.then(|| format!("{column} of row {id} of {source} is changed by hand"))
}

/// A token that no file knows, or one that is called like a declared one.
fn mint(story: &mut Story, view: &View, random: &mut Random) -> Option<String> {
    let registered: Vec<&String> = view
        .identities
        .iter()
        .filter(|(_, identity)| identity.status == "ACTIVE" && identity.alias != "jane.doe")
        .map(|(id, _)| id)
        .collect();
    let owner = (*random.pick(&registered)?).clone();
    let name = if random.chance(20) {
        "job-a".to_owned()
    } else {
        format!("hand-{}", random.below(20))
    };
    let request = TokenRequest {
        name: name.clone(),
        scopes: random
            .some(&["sp:search:read", "idn:sources:read"], 60)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        access_token_validity_seconds: None,
        expires: None,
        never_expires: random.chance(50),
    };
    let minted = story
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.mint_personal_access_token_as_owner(&owner, request))
        .ok()?;
    story.by_hand.insert(minted.id);
    Some(format!(
        "{} makes a token {name} by hand",
        view.identities[&owner].alias
    ))
}

/// A setting of a source or of a profile, through ISC's own API.
fn setting(story: &Story, view: &View, random: &mut Random) -> Option<String> {
    let (name, _) = managed(view, random)?;
    let source = &view.sources[&name];
    let (path, patch, what) = match random.below(9) {
        0 => (
            format!("/sources/v1/{}", source.id),
            json!([{"op": "replace", "path": "/name", "value": format!("{name} of old")}]),
            "name",
        ),
        1 | 2 => (
            format!("/sources/v1/{}", source.id),
            json!([{"op": "replace", "path": "/description", "value": "Changed by hand"}]),
            "description",
        ),
        3 | 4 => {
            let percent = random.one(&[5, 10, 100]);
            (
                format!("/sources/v1/{}", source.id),
                json!([
                    {"op": "replace", "path": "/deleteThreshold", "value": percent},
                    {"op": "replace", "path": "/connectorAttributes/deleteThresholdPercentage", "value": percent}
                ]),
                "threshold",
            )
        }
        5 | 6 => {
            let profile = source.profile.as_ref()?;
            (
                format!("/identity-profiles/v1/{}", profile.id),
                json!([{"op": "replace", "path": "/name", "value": format!("By hand {}", random.below(9))}]),
                "name of the profile",
            )
        }
        _ => {
            let column = random.one(&["team", "cost-center"]);
            if source.columns.iter().any(|known| known == column) {
                return None;
            }
            let added = json!({"name": column, "type": "STRING"});
            let schema = story
                .tenant
                .get(&format!("/sources/v1/{}/schemas", source.id));
            let schema = schema
                .as_array()?
                .iter()
                .find(|schema| schema["name"] == "account")?;
            let id = schema["id"].as_str()?;
            (
                format!("/sources/v1/{}/schemas/{id}", source.id),
                json!([{"op": "add", "path": "/attributes/-", "value": added}]),
                "schema",
            )
        }
    };
    let status = story.tenant.patch(&path, &patch);
    (status < 300).then(|| format!("the {what} of {name} is changed by hand"))
}

fn managed(view: &View, random: &mut Random) -> Option<(String, Vec<String>)> {
    let sources: Vec<&String> = view
        .sources
        .keys()
        .filter(|name| *name != ELSEWHERE)
        .collect();
    let name = *random.pick(&sources)?;
    Some((name.clone(), view.sources[name].columns.clone()))
}

fn any_row(view: &View, random: &mut Random) -> Option<((String, String), crate::tenant::Row)> {
    let rows: Vec<_> = view
        .rows
        .iter()
        .filter(|((source, _), _)| source != ELSEWHERE)
        .collect();
    let (key, row) = random.pick(&rows)?;
    Some(((*key).clone(), (*row).clone()))
}

fn person(view: &View, random: &mut Random) -> Option<String> {
    let people: Vec<&String> = view
        .identities
        .iter()
        .filter(|(_, identity)| identity.alias != "jane.doe")
        .map(|(id, _)| id)
        .collect();
    random.pick(&people).map(|id| (*id).clone())
}

/// Any token but the administrator's, by id, with its name.
fn some_token(view: &View, random: &mut Random) -> Option<(String, String)> {
    let tokens: Vec<_> = view
        .tokens
        .iter()
        .filter(|(id, _)| *id != simulator::ADMIN_CLIENT_ID)
        .collect();
    let (id, token) = random.pick(&tokens)?;
    Some(((*id).clone(), token.name.clone()))
}
