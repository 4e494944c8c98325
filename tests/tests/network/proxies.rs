//! Proxies: with a password, without the right to connect, or not there.

use crate::gateway::{Authority, Network, TENANT};
use tests::{Run, world};

#[test]
fn tenants_15_proxies_are_used_and_told_apart() {
    let (network, authority) = (Network::new(), Authority::new());
    let server = network.tls(authority.server(TENANT, 2020, 2100));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = free.local_addr().unwrap();
    drop(free);
    let run = |more: &[(&str, String)]| -> Run {
        let mut world = world!();
        world.example("guide");
        world.write("ca.pem", &authority.pem);
        world.set(network.variables(&format!("https://{TENANT}")));
        world.set(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        world.steersman("plan guide --ca-file ca.pem")
    };
    let failed = |run: Run, words: &str, help: &str| {
        let run = run.exits(8);
        assert!(run.stderr.contains(words), "{words}: {}", run.shown());
        assert!(run.stderr.contains(help), "{help}: {}", run.shown());
        assert!(!run.stderr.contains("hush"), "{}", run.shown());
    };

    let open = network.proxy(Ok(server), false);
    let _ = run(&[("HTTPS_PROXY", format!("http://{}", open.address))]).exits(0);
    let asked = open.asked();
    assert!(!asked.is_empty());
    let tunnel = format!("connect {TENANT}:443 http/1.1");
    assert!(asked.iter().all(|line| *line == tunnel), "{asked:?}");

    // Hosts that are reached without it.
    let before = open.asked().len();
    failed(
        run(&[
            ("https_proxy", format!("http://{}", open.address)),
            ("NO_PROXY", TENANT.to_owned()),
        ]),
        "has no address",
        "DNS",
    );
    assert_eq!(open.asked().len(), before);

    let closed = network.proxy(Ok(server), true);
    let with = |user: &str| format!("http://{user}{}", closed.address);
    failed(
        run(&[("HTTPS_PROXY", with(""))]),
        "asks for a user name and a password (407)",
        "into HTTPS_PROXY",
    );
    failed(
        run(&[("HTTPS_PROXY", with("jane:wrong-hush@"))]),
        "asks for a user name and a password (407)",
        "into HTTPS_PROXY",
    );
    let _ = run(&[("HTTPS_PROXY", with("jane:hush-hush@"))]).exits(0);

    let strict = network.proxy(Err("403 Forbidden"), false);
    failed(
        run(&[("HTTPS_PROXY", format!("http://{}", strict.address))]),
        "the proxy does not connect to the host",
        "NO_PROXY",
    );
    failed(
        run(&[("ALL_PROXY", format!("http://{nobody}"))]),
        "the proxy cannot be reached",
        "ALL_PROXY",
    );
}
