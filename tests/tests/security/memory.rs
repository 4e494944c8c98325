//! Memory that a forged saved plan and an endless response take.

use crate::bounds::{measured, took_little};
use crate::server::{is_sign_in, json, start};
use serde_json::{Value, json};
use std::io::Write as _;

/// How `plan --save` writes the digest.
fn sealed(mut value: Value) -> String {
    value.as_object_mut().unwrap().shift_remove("digest");
    let digest = model::Digest::of(&value);
    value["digest"] = digest.as_str().into();
    value.to_string()
}

#[test]
fn security_low_a_forged_saved_plan_takes_little() {
    let world = measured();
    world.example("guide");
    let _ = world
        .steersman("plan guide --simulate=t.json --save p.json")
        .exits(0);
    let honest: Value = serde_json::from_str(&world.read("p.json")).unwrap();
    let step = honest["plan"]["steps"][0].clone();
    // As many steps of others as 64 MiB have.
    let mut many = honest.clone();
    let steps = many["plan"]["steps"].as_array_mut().unwrap();
    for number in 0..85_000 {
        let mut step = step.clone();
        step["address"] = format!("levels/SA-{number}").into();
        steps.push(step);
    }
    let many = sealed(many);
    assert!(many.len() > 25_000_000, "{}", many.len());
    world.write("p.json", &many);
    drop(many);
    // They are no part of the new plan, so only the steps that it has count.
    let run = world
        .steersman("apply guide --simulate=t.json --auto-approve --plan p.json")
        .exits(0);
    took_little(&world, &run);
    let wide = |change: &dyn Fn(&mut Value)| {
        let mut plan = honest.clone();
        change(&mut plan);
        sealed(plan)
    };
    for (text, said) in [
        (
            wide(&|plan| plan["plan"]["steps"][0]["before"] = json!({"a": vec![0; 600_000]})),
            "an item has more than 500,000 values",
        ),
        (
            wide(&|plan| plan["selection"]["only"] = vec![""; 100_000].into()),
            "a part has more than 128 KiB",
        ),
        (
            wide(&|plan| plan["plan"]["unmanaged"] = vec![0; 2_600_000].into()),
            "more than 2,500,000 values",
        ),
    ] {
        world.write("p.json", text);
        let run = world.steersman("apply guide --simulate=u.json --plan p.json");
        took_little(&world, &run);
        assert!(
            run.code != 0 && run.stderr.contains(said),
            "{}",
            run.shown()
        );
    }
}

#[test]
fn security_low_endless_responses_take_little() {
    for (head, unit) in [
        ("200 OK", "[1,"),
        ("200 OK", "[{\"a\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"},"),
        (
            "200 OK",
            "[\"a long text in a page of a list, which no quotation mark ends",
        ),
        ("500 Internal Server Error", "x"),
        ("403 Forbidden", "{"),
    ] {
        let mut world = measured();
        world.example("guide");
        world.set(start(move |request, stream| {
            if is_sign_in(request) {
                return json(
                    stream,
                    r#"{"access_token":"TOKENxxxxxxxxxxxxxxxx","expires_in":749}"#,
                );
            }
            write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n")?;
            let chunk = unit.repeat(20_000 / unit.len());
            loop {
                stream.write_all(chunk.as_bytes())?;
            }
        }));
        let run = world.steersman("plan guide");
        assert_ne!(run.code, 0, "{}", run.shown());
        took_little(&world, &run);
    }
}
