//! Checks of the way to the tenant: proxy, name, connection, TLS, tenant, clock.

use super::list::List;
use super::surroundings::fail;
use crate::caller_notes::CLOCKS;
use crate::failure::Failure;
use crate::network_help::proxy_for;
use crate::session::Session;
use isc::BaseUrl;
use model::{Obstacle, TenantErrorKind};
use render::doctor::CheckName;

/// The checks of the way, each resting on those before it.
const WAY: [CheckName; 5] = [
    CheckName::Proxy,
    CheckName::Dns,
    CheckName::Connection,
    CheckName::Tls,
    CheckName::Tenant,
];

/// Asks the host for its `/oauth/info`. Returns whether a tenant answers.
pub(super) async fn check(list: &mut List, address: &BaseUrl, session: &Session) -> bool {
    let tried = format!("GET {}/oauth/info, without a credential", address.origin());
    let proxy = if address.is_loopback() {
        None
    } else {
        proxy_for(address.host())
    };
    let way = Way {
        address,
        proxy,
        tried: &tried,
    };
    match session.reader().reach().await {
        Ok(named) => {
            way.passed(list, WAY.len() - 1);
            match named {
                None => list.ok(CheckName::Tenant, &tried, "an ISC tenant answers"),
                Some(named) => list.warn(
                    CheckName::Tenant,
                    &tried,
                    format!("an ISC tenant answers, and names {named} as its API"),
                    format!("set SAIL_BASE_URL to {named}"),
                ),
            }
        }
        Err(error) => {
            let failed = place(&error.kind);
            let before = WAY.iter().position(|name| *name == failed).unwrap_or(0);
            way.passed(list, before);
            fail(list, failed, &tried, &Failure::Tenant(error));
        }
    }
    clock(list, session);
    !WAY.into_iter().any(|name| list.failed(name))
}

/// Which check an error belongs to.
fn place(kind: &TenantErrorKind) -> CheckName {
    match kind {
        TenantErrorKind::NotReached { obstacle, .. } => match obstacle {
            Obstacle::UnknownHost => CheckName::Dns,
            Obstacle::Refused | Obstacle::TimedOut | Obstacle::Other => CheckName::Connection,
            Obstacle::UnknownAuthority
            | Obstacle::OtherName
            | Obstacle::NotValidNow
            | Obstacle::Tls => CheckName::Tls,
            Obstacle::ProxyPassword | Obstacle::ProxyUnreachable | Obstacle::ProxyRefused => {
                CheckName::Proxy
            }
        },
        TenantErrorKind::Unauthenticated { .. }
        | TenantErrorKind::Forbidden { .. }
        | TenantErrorKind::NotFound { .. }
        | TenantErrorKind::Rejected { .. }
        | TenantErrorKind::Unavailable { .. }
        | TenantErrorKind::Intercepted { .. }
        | TenantErrorKind::AskedToWait { .. }
        | TenantErrorKind::TooLate
        | TenantErrorKind::Unknown { .. }
        | TenantErrorKind::NotATenant { .. }
        | TenantErrorKind::Undecodable { .. }
        | TenantErrorKind::Incomplete(_)
        | TenantErrorKind::ReadAgain(_) => CheckName::Tenant,
    }
}

struct Way<'a> {
    address: &'a BaseUrl,
    proxy: Option<&'static str>,
    tried: &'a str,
}

impl Way<'_> {
    /// Notes the first checks of the way, which the request has passed.
    fn passed(&self, list: &mut List, count: usize) {
        let Self {
            address,
            proxy,
            tried,
        } = self;
        let host = address.host();
        for name in WAY.into_iter().take(count) {
            match (name, proxy) {
                (CheckName::Proxy, Some(variable)) => {
                    list.ok(name, tried, format!("the proxy of {variable} connects"));
                }
                (CheckName::Proxy, None) => {
                    list.ok(name, tried, format!("no proxy is set for {host}"));
                }
                (CheckName::Dns, Some(_)) => {
                    list.not_checked(name, "because the proxy looks up the name", None);
                }
                (CheckName::Dns, None) => {
                    list.ok(name, tried, format!("{host} has an address"));
                }
                (CheckName::Tls, _) if address.origin().starts_with("http:") => {
                    list.not_checked(name, "because the address begins with http:", None);
                }
                (CheckName::Tls, _) => {
                    list.ok(name, tried, format!("the certificate of {host} is trusted"));
                }
                (_, _) => {
                    let port = address.port();
                    list.ok(name, tried, format!("{host} answers at port {port}"));
                }
            }
        }
    }
}

fn clock(list: &mut List, session: &Session) {
    let tried = "comparing this machine's clock with the Date header of the response";
    if session.is_on_this_machine() {
        list.not_checked(
            CheckName::Clock,
            "because a tenant on this machine has a clock of its own",
            None,
        );
        return;
    }
    let Some(ahead) = session.reader().clock_ahead() else {
        return;
    };
    let seconds = ahead.abs().as_secs();
    let direction = if ahead.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    let found = format!("this machine's clock is {seconds} s {direction} the tenant's");
    if ahead.abs() > CLOCKS {
        list.warn(
            CheckName::Clock,
            tried,
            found,
            "set the clock of this machine; steersman counts with the tenant's time",
        );
    } else {
        list.ok(CheckName::Clock, tried, found);
    }
}
