//! What people do to tokens and stores behind steersman's back.

use crate::declared::NAMES;
use crate::random::Random;
use crate::site::{Site, credential};
use crate::view::View;
use jiff::SignedDuration;
use serde_json::json;

/// Changes a token in the tenant and says what; none if there is nothing to change so.
pub(crate) fn in_the_tenant(site: &mut Site, random: &mut Random) -> Option<String> {
    let view = View::of(&site.tenant);
    if random.chance(35) {
        let account = random.below(site.owners.len());
        let name = if random.chance(25) {
            random.one(&NAMES).to_owned()
        } else {
            format!("hand-{}", random.below(20))
        };
        let (id, _) = site.mint(account, &name, &["sp:search:read"])?;
        site.model.touched(&id);
        return Some(format!("a token {name} of {account} is made by hand"));
    }
    let tokens: Vec<(&String, &crate::view::Token)> = view
        .tokens
        .iter()
        .filter(|(_, token)| site.owners.contains(&token.owner))
        .collect();
    let (id, token) = random.pick(&tokens)?;
    let name = token.name.clone();
    let change = match random.below(5) {
        0 => {
            site.model.touched(id);
            let done = site
                .tenant
                .simulator()
                .with_tenant(|tenant| tenant.revoke_token_out_of_band(id).is_ok());
            return done.then(|| format!("{name} ({id}) is revoked by hand"));
        }
        1 => json!({"id": id, "name": format!("{name}-by-hand")}),
        2 => json!({"id": id, "scopes": ["sp:search:read"]}),
        3 => {
            let end = view.now + SignedDuration::from_hours(24 * 50);
            json!({"id": id, "expires": end.to_string()})
        }
        _ => {
            let end = view.now + SignedDuration::from_hours(30);
            json!({"id": id, "expires": end.to_string()})
        }
    };
    let text = format!("{name} is changed by hand: {change}");
    let done = site
        .tenant
        .send("POST", "/_simulator/tokens/change", "", Some(change))
        < 300;
    if done {
        site.model.touched(id);
    }
    done.then_some(text)
}

/// Changes a file of a store and says what.
pub(crate) fn in_a_store(site: &mut Site, random: &mut Random) -> Option<String> {
    let documents = site.documents();
    let files: Vec<&String> = documents.keys().collect();
    let file = (*random.pick(&files)?).clone();
    match random.below(4) {
        0 | 1 => {
            std::fs::remove_file(site.world.path(&file)).unwrap();
            site.model.foreign.remove(&file);
            Some(format!("{file} is deleted"))
        }
        2 => {
            site.write_secret(&file, "{no document");
            site.model.garbled.insert(file.clone());
            site.model.foreign.remove(&file);
            Some(format!("{file} is garbled"))
        }
        _ => {
            let other = (*random.pick(&files)?).clone();
            if other == file {
                return None;
            }
            let text = documents[&other].clone();
            site.write_secret(&file, &text);
            credential(&text)?;
            site.model.foreign.insert(file.clone(), text);
            Some(format!("{file} becomes a copy of {other}"))
        }
    }
}
