//! Rollback of a rotation: the token before is current again, and its secret is delivered.

use super::delivery::{self, Place};
use super::issuer;
use crate::context::{Context, OwnTokens};
use crate::execute::checks;
use crate::step_error::StepError;
use crate::stores::Holder;
use model::{
    Credential, DeliveredForm, LiveToken, RollBack, SecretDocument, Step, TenantWrite, TokenId,
    TokenName,
};

/// Proves that the token before works, swaps the names of the two tokens, and delivers the
/// secret of the token before. If that fails, both get their names back.
///
/// The document is written last. Until then, it says which of the two tokens is which, so
/// the same rollback can be run again after it was killed at any point. Both tokens work all
/// the time, and no secret is created that could be lost: the journal has no intent of it.
pub(in crate::execute) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    roll_back: &RollBack,
) -> Result<Option<String>, StepError> {
    let RollBack {
        account_name: _,
        identity,
        issuer,
        name,
        place,
        current,
        previous,
        retire_as,
    } = roll_back;
    let probed = context.stores.probe(place).await;
    probed.map_err(|source| StepError::Store {
        doing: "nothing was rolled back, because no secret can be delivered to",
        key: place.clone(),
        source,
    })?;
    let issuer = issuer::read_of(context, issuer, identity).await?;
    let own = context.facts.owner(identity);
    let mut own = own.lock().await;
    let issuer = own.access(issuer);
    let (now, before) = documents(context, step, roll_back).await?;
    prove(context, roll_back, &before.credential).await?;
    let observed = own.list(context.tenant, identity, &issuer).await?;
    let find = |id: &TokenId| observed.iter().find(|token| token.id == *id);
    let (Some(newer), Some(older)) = (find(current), find(previous)) else {
        return Err(checks::stale(step));
    };
    checks::as_planned(step, Some(&RollBack::fingerprint(newer, older)))?;
    let renames = Renames {
        issuer,
        newer: (newer.id.clone(), newer.name.clone(), retire_as.clone()),
        older: (older.id.clone(), older.name.clone(), name.clone()),
    };
    // Whatever happens, what was listed is not used again.
    own.forget();
    let renamed = renames.make(context, roll_back, &mut own).await;
    let failed = match renamed {
        Err(failed) => failed,
        Ok(()) => match delivery::put(context, place, DeliveredForm::Json, &before).await {
            Ok(()) => return Ok(Some(done(roll_back))),
            Err(failed) => {
                let form = DeliveredForm::Json;
                match delivery::restore(context, place, form, &before, Some(now)).await {
                    // The store said that it failed, and has the secret that was proven.
                    Place::New => return Ok(Some(done(roll_back))),
                    Place::AsItWas => {}
                    Place::Lost(_) | Place::NotKnown => context.progress.notice(
                        &step.address,
                        &format!(
                            "it is not known which secret {place} holds; both tokens work; the next apply reads it, and delivers a new one if it has to"
                        ),
                    ),
                }
                failed
            }
        },
    };
    for why in renames.undo(context).await {
        context.progress.notice(&step.address, &why);
    }
    Err(failed)
}

fn done(roll_back: &RollBack) -> String {
    let RollBack {
        previous,
        place,
        retire_as,
        ..
    } = roll_back;
    format!(
        "the secret of the token before ({previous}) was delivered to {place}; the newer token is kept as {retire_as}"
    )
}

/// The document as it is, and with the token before. It has to be the one that was planned.
async fn documents<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    roll_back: &RollBack,
) -> Result<(SecretDocument, SecretDocument), StepError> {
    let place = &roll_back.place;
    let found = context.stores.get(place).await;
    let found = found.map_err(|source| StepError::Store {
        doing: "nothing was rolled back, because the secrets cannot be read from",
        key: place.clone(),
        source,
    })?;
    let Some(now) = found.filter(|now| now.credential.client_id == roll_back.current) else {
        return Err(checks::stale(step));
    };
    let holder = Holder {
        account: &[&roll_back.account_name],
        identity: Some(&roll_back.identity),
        token: Some(&roll_back.name),
    };
    if let Some(why) = context.stores.foreign(&now, holder) {
        return Err(StepError::Foreign {
            key: place.clone(),
            why,
        });
    }
    match now.rolled_back() {
        Some(before) if before.credential.client_id == roll_back.previous => Ok((now, before)),
        Some(_) | None => Err(checks::stale(step)),
    }
}

/// Signs in with the token before: it works, and it belongs to the identity.
async fn prove<T: TenantWrite>(
    context: &Context<'_, T>,
    roll_back: &RollBack,
    before: &Credential,
) -> Result<(), StepError> {
    let identity = &roll_back.identity;
    let why = match context.tenant.identity_behind(before).await {
        Ok(Some(owner)) if owner == *identity => return Ok(()),
        Ok(Some(owner)) => format!("it belongs to identity {owner}, not to {identity}"),
        Ok(None) => "it belongs to no identity".to_owned(),
        Err(error) => format!("signing in with it failed ({})", error.chain()),
    };
    Err(StepError::Missing {
        what: format!(
            "the token before ({}) does not work: {why}; nothing was changed",
            roll_back.previous
        ),
        help: Some(format!(
            "rotate the token again: `steersman token rotate --token {}`",
            model::shell_quoted(&format!("{}/{}", roll_back.account_name, roll_back.name))
        )),
    })
}

/// The names of both tokens: as they are, and as they are to be.
struct Renames {
    issuer: Credential,
    newer: (TokenId, TokenName, TokenName),
    older: (TokenId, TokenName, TokenName),
}

impl Renames {
    /// Renames both, and reads them back. ISC allows no two tokens of one name, so the newer
    /// one goes first.
    async fn make<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        roll_back: &RollBack,
        own: &mut OwnTokens,
    ) -> Result<(), StepError> {
        for (id, is, to) in [&self.newer, &self.older] {
            if is != to {
                rename(context, &self.issuer, id, to).await?;
            }
        }
        let listed = own
            .list(context.tenant, &roll_back.identity, &self.issuer)
            .await?;
        let is_called = |(id, _, to): &(TokenId, TokenName, TokenName)| {
            let called = |token: &LiveToken| token.id == *id && token.name == *to;
            listed.iter().any(called)
        };
        if is_called(&self.newer) && is_called(&self.older) {
            return Ok(());
        }
        Err(StepError::NotAsWritten {
            what: format!(
                "the names of the tokens {} and {}",
                self.newer.0, self.older.0
            ),
            detail: "ISC accepted the new names without an error, and lists others".to_owned(),
        })
    }

    /// Gives both their names back, and says what failed of it. A name that was not changed
    /// is written as it is.
    async fn undo<T: TenantWrite>(&self, context: &Context<'_, T>) -> Vec<String> {
        let mut failed = Vec::new();
        for (id, was, to) in [&self.older, &self.newer] {
            if was == to {
                continue;
            }
            if let Err(error) = rename(context, &self.issuer, id, was).await {
                failed.push(format!(
                    "the token {id} works still, and may be named {to}: renaming it back to {was} failed ({}); run the same command again",
                    error.chain()
                ));
            }
        }
        failed
    }
}

async fn rename<T: TenantWrite>(
    context: &Context<'_, T>,
    issuer: &Credential,
    id: &TokenId,
    name: &TokenName,
) -> Result<(), model::TenantError> {
    let tenant = context.tenant;
    tenant
        .update_token(issuer, id, Some(name), None, None)
        .await
}
