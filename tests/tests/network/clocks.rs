//! A machine whose clock is off.

use crate::gateway::{Authority, Network, TENANT};
use simulator::{ClockMode, Config};
use tests::world;

#[test]
fn tenants_15_a_clock_that_is_off_is_told() {
    let authority = Authority::new();
    for (off, words) in [
        (3_600, Some("s behind the tenant's")),
        (-3_600, Some("s ahead of the tenant's")),
        (0, None),
    ] {
        let network = Network::with(Config {
            clock: ClockMode::Real,
            start_at: Some(jiff::Timestamp::now() + jiff::SignedDuration::from_secs(off)),
            ..Config::default()
        });
        let server = network.tls(authority.server(TENANT, 2020, 2100));
        let proxy = network.proxy(Ok(server), false);
        let mut world = world!();
        world.example("guide");
        world.write("ca.pem", &authority.pem);
        world.set(network.variables(&format!("https://{TENANT}")));
        world.set([(
            "HTTPS_PROXY".to_owned(),
            format!("http://{}", proxy.address),
        )]);
        let run = world.steersman("plan guide --ca-file ca.pem").exits(0);
        match words {
            Some(words) => assert!(run.stderr.contains(words), "{}", run.shown()),
            None => assert!(!run.stderr.contains("clock"), "{}", run.shown()),
        }
    }
}
