//! What an apply says about accounts that wait for a person.

use tests::world;

#[test]
fn waiting_is_an_exit_code_only_where_it_is_asked_for() {
    let world = world!();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve --require-complete")
        .exits(7)
        .says("audit01");
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}
