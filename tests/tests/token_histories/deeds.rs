//! What happens in a history, one after the other.

use crate::declared::NAMES;
use crate::fault::Fault;
use crate::hands;
use crate::random::Random;
use crate::runs::{self, Trouble};
use crate::site::Site;
use crate::view::View;
use jiff::SignedDuration;
use tests::scale;

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Edit,
    Time,
    Tenant,
    Store,
    Use,
    Enroll,
    Apply,
    ApplyInTrouble,
    StoreFails,
    StoreUnreadable,
    Killed,
    Rotate,
    RollBack,
    Revoke,
    Disable,
    List,
}

/// How often each happens, of their sum.
const WEIGHTS: [(Deed, usize); 16] = [
    (Deed::Edit, 18),
    (Deed::Time, 18),
    (Deed::Tenant, 9),
    (Deed::Store, 6),
    (Deed::Use, 8),
    (Deed::Enroll, 3),
    (Deed::Apply, 20),
    (Deed::ApplyInTrouble, 8),
    (Deed::StoreFails, 5),
    (Deed::StoreUnreadable, 3),
    (Deed::Killed, 6),
    (Deed::Rotate, 7),
    (Deed::RollBack, 5),
    (Deed::Revoke, 2),
    (Deed::Disable, 3),
    (Deed::List, 2),
];

impl Site {
    /// Lets the deed of this number happen.
    pub(crate) fn step(&mut self, seed: u64, number: usize) -> Result<(), Fault> {
        let mut random = Random::of(seed, u64::try_from(number).unwrap());
        let mut left = random.below(WEIGHTS.iter().map(|(_, weight)| weight).sum());
        let deed = WEIGHTS
            .iter()
            .find(|(_, weight)| {
                let hit = left < *weight;
                left = left.saturating_sub(*weight);
                hit
            })
            .map_or(Deed::List, |(deed, _)| *deed);
        self.count("steps");
        self.note(&format!("{number}: {deed:?}"));
        self.happen(deed, &mut random)
    }

    fn happen(&mut self, deed: Deed, random: &mut Random) -> Result<(), Fault> {
        match deed {
            Deed::Edit => {
                let what = self.declared.edit(random);
                self.write_files();
                self.note(&format!("  {what}"));
                Ok(())
            }
            Deed::Time => {
                let hours = random.one(&[1, 5, 25, 2 * 24 + 1, 4 * 24 + 3, 9 * 24, 16 * 24]);
                self.pass(SignedDuration::from_hours(hours));
                self.note(&format!("  {hours} hours pass"));
                Ok(())
            }
            Deed::Tenant => {
                let done = hands::in_the_tenant(self, random);
                self.note(&format!("  {}", done.as_deref().unwrap_or("nothing")));
                Ok(())
            }
            Deed::Store => {
                let done = hands::in_a_store(self, random);
                self.note(&format!("  {}", done.as_deref().unwrap_or("nothing")));
                Ok(())
            }
            Deed::Use => {
                self.use_replaced(random);
                Ok(())
            }
            Deed::Enroll => {
                let account = random.below(self.owners.len());
                self.enroll(account);
                Ok(())
            }
            Deed::Apply => runs::apply(self, random, &Trouble::None),
            Deed::ApplyInTrouble => {
                let trouble = Trouble::Requests(runs::requests_that_fail(random));
                runs::apply(self, random, &trouble)
            }
            Deed::StoreFails => {
                let how = random.one(&["fail-put", "fail-after-put", "fail-delete"]);
                runs::apply(self, random, &Trouble::Store(how))
            }
            Deed::StoreUnreadable => runs::apply(self, random, &Trouble::Store("fail-get")),
            Deed::Killed => {
                let requests = 1 + random.below(40);
                runs::apply(self, random, &Trouble::Killed(requests))
            }
            Deed::Rotate => self.command("rotate", random),
            Deed::RollBack => self.command("rollback", random),
            Deed::Revoke => self.command("revoke", random),
            Deed::Disable => self.command("disable", random),
            Deed::List => runs::list(self),
        }
    }

    /// A command on a token by its name.
    fn command(&mut self, command: &str, random: &mut Random) -> Result<(), Fault> {
        let account = random.below(self.owners.len());
        // Mostly a declared one, sometimes one of another name, or the issuer.
        let issuer = crate::declared::issuer_file(account);
        let documents = self.documents();
        let view = View::of(&self.tenant);
        let named = if command == "rotate" && random.chance(20) {
            let id = documents
                .get(&issuer)
                .and_then(|text| crate::site::credential(text))
                .map(|(id, _)| id);
            id.and_then(|id| view.tokens.get(&id).map(|token| token.name.clone()))
        } else {
            let names: Vec<&str> = self.declared.accounts[account].keys().copied().collect();
            random.pick(&names).map(|name| (*name).to_owned())
        };
        let name = named.unwrap_or_else(|| NAMES[0].to_owned());
        let mut words: Vec<String> = vec![
            "token".to_owned(),
            command.to_owned(),
            "spec".to_owned(),
            "--auto-approve".to_owned(),
            "--token".to_owned(),
            format!("{}/{name}", scale::name(account)),
        ];
        if command == "revoke" {
            words.push("--replace".to_owned());
        }
        let stops = ["revoke", "disable"].contains(&command);
        let named: Vec<String> = view
            .of_owner(&self.owners[account])
            .filter(|(_, token)| stops && token.name == name)
            .map(|(id, _)| id.clone())
            .collect();
        runs::command(self, &words, &named)
    }

    /// What still has a replaced secret signs in with it.
    fn use_replaced(&mut self, random: &mut Random) {
        let view = View::of(&self.tenant);
        let old: Vec<String> = self.model.still_alive(&view).into_iter().cloned().collect();
        let Some(id) = random.pick(&old) else {
            return;
        };
        let token = &view.tokens[id];
        let _ = self.tenant.sign_in(id, &token.secret);
        self.count("uses of replaced secrets");
        self.note(&format!("  the replaced {} ({id}) is used", token.name));
    }
}
