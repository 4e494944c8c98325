//! Handlers of `/machine-identities/v1` and `/v2`, `/machine-accounts/v1`, and of the classification
//! of an account.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;
use crate::tenant::MachineVersion::{self, V1, V2};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listMachineIdentitiesV1", |call| list(call, V1)),
    ("createMachineIdentityV1", |call| create(call, V1)),
    ("getMachineIdentityV1", |call| get(call, V1)),
    ("updateMachineIdentityV1", |call| patch(call, V1)),
    ("deleteMachineIdentityV1", delete),
    ("listMachineIdentitiesV2", |call| list(call, V2)),
    ("createMachineIdentityV2", |call| create(call, V2)),
    ("getMachineIdentityV2", |call| get(call, V2)),
    ("updateMachineIdentityV2", |call| patch(call, V2)),
    ("deleteMachineIdentityV2", delete),
    ("listMachineAccountsV1", list_accounts),
    ("getMachineAccountV1", get_account),
    ("updateMachineAccountV1", patch_account),
    ("sendClassifyMachineAccountV1", classify),
];

fn list(call: &mut Call<'_>, version: MachineVersion) -> Result<Answer, Refusal> {
    let tenant = &call.tenant;
    let rows: Vec<(Value, Value)> = (tenant.machine_identities.values())
        .map(|machine| {
            // Filters name the fields as the first version does, whatever the second one shows.
            let mut fields = tenant.machine_identity_wire(machine, V1);
            fields["displayName"] = json!(machine.name);
            fields["manuallyEdited"] = json!(machine.manually_edited);
            fields["source"] = tenant.machine_identity_wire(machine, V2)["source"].take();
            (fields, tenant.machine_identity_wire(machine, version))
        })
        .collect();
    call.list_by(&collection::MACHINE_IDENTITIES, rows)
}

fn create(call: &mut Call<'_>, version: MachineVersion) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let id = call.tenant.create_machine_identity(&body, version)?;
    Ok(Answer::json(201, wire(call, &id, version)?))
}

fn get(call: &mut Call<'_>, version: MachineVersion) -> Result<Answer, Refusal> {
    Ok(Answer::ok(wire(call, call.parameter("id"), version)?))
}

fn patch(call: &mut Call<'_>, version: MachineVersion) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let wanted = call.patched(&wire(call, id, version)?)?;
    call.tenant.change_machine_identity(id, &wanted, version)?;
    Ok(Answer::ok(wire(call, id, version)?))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.delete_machine_identity(call.parameter("id"))?;
    Ok(Answer::no_content())
}

fn wire(call: &Call<'_>, id: &str, version: MachineVersion) -> Result<Value, Refusal> {
    let machine = call.tenant.machine_identity(id)?;
    Ok(call.tenant.machine_identity_wire(machine, version))
}

fn list_accounts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let tenant = &call.tenant;
    // One whose account is gone is left out.
    let rows: Vec<Value> = (tenant.machine_accounts.keys())
        .filter_map(|id| tenant.machine_account_wire(id).ok())
        .collect();
    call.list(&collection::MACHINE_ACCOUNTS, &rows)
}

fn get_account(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(
        call.tenant.machine_account_wire(call.parameter("id"))?,
    ))
}

fn patch_account(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let wanted = call.patched(&call.tenant.machine_account_wire(id)?)?;
    call.tenant.change_machine_account(id, &wanted)?;
    get_account(call)
}

fn classify(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mode = call.query("classificationMode").unwrap_or("default");
    let is_machine = call.tenant.classify_account(call.parameter("id"), mode)?;
    Ok(Answer::ok(json!({"isMachine": is_machine})))
}
