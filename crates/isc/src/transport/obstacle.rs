//! Classifies why a server could not be reached: its name, the network, TLS, a proxy.

use super::failure;
use jiff::Timestamp;
use model::Obstacle;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
use std::error::Error;
use std::io;

/// What is in the way, and the message about it.
pub(super) fn of(error: &(dyn Error + 'static), host: &str) -> (Obstacle, String) {
    let links = chain(error);
    let innermost = failure::innermost(error);
    let through_proxy = links.iter().find_map(|link| of_tunnel(&link.to_string()));
    if let Some((obstacle, text)) = through_proxy {
        return (obstacle, text(&innermost));
    }
    let tls = links
        .iter()
        .find_map(|link| link.downcast_ref::<rustls::Error>());
    if let Some(error) = tls {
        return of_tls(error, host);
    }
    let is_name = links
        .iter()
        .any(|link| link.to_string().starts_with("dns error"));
    if is_name {
        return (
            Obstacle::UnknownHost,
            format!("the name {host} has no address ({innermost})"),
        );
    }
    let kind = links
        .iter()
        .find_map(|link| link.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    let is_late = links.iter().any(|link| {
        link.downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout)
    });
    let obstacle = match kind {
        Some(io::ErrorKind::ConnectionRefused) => Obstacle::Refused,
        Some(io::ErrorKind::TimedOut) => Obstacle::TimedOut,
        _ if is_late => Obstacle::TimedOut,
        _ => Obstacle::Other,
    };
    (obstacle, format!("no connection to {host}: {innermost}"))
}

type Message = fn(&str) -> String;

/// What a message of the tunnel through a proxy means.
fn of_tunnel(message: &str) -> Option<(Obstacle, Message)> {
    let rest = message.strip_prefix("tunnel error: ")?;
    Some(match rest {
        "proxy authorization required" => (Obstacle::ProxyPassword, |_| {
            "the proxy asks for a user name and a password (407)".to_owned()
        }),
        "failed to create underlying connection" => (Obstacle::ProxyUnreachable, |why| {
            format!("the proxy cannot be reached: {why}")
        }),
        _ => (Obstacle::ProxyRefused, |why| {
            format!("the proxy does not connect to the host: {why}")
        }),
    })
}

fn of_tls(error: &rustls::Error, host: &str) -> (Obstacle, String) {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return (
            Obstacle::Tls,
            format!("no TLS connection to {host}: {error}"),
        );
    };
    match certificate {
        CertificateError::UnknownIssuer => (
            Obstacle::UnknownAuthority,
            format!(
                "the certificate of {host} is signed by an authority that this machine does not trust"
            ),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            Obstacle::OtherName,
            format!("the certificate that was shown for {host} is for another name: {certificate}"),
        ),
        CertificateError::ExpiredContext { time, not_after } => (
            Obstacle::NotValidNow,
            format!(
                "the certificate of {host} is valid until {}, and this machine's clock says {}",
                at(*not_after),
                at(*time)
            ),
        ),
        CertificateError::NotValidYetContext { time, not_before } => (
            Obstacle::NotValidNow,
            format!(
                "the certificate of {host} is valid from {}, and this machine's clock says {}",
                at(*not_before),
                at(*time)
            ),
        ),
        CertificateError::Expired | CertificateError::NotValidYet => (
            Obstacle::NotValidNow,
            format!("the certificate of {host} is not valid at this machine's time"),
        ),
        _ => (
            Obstacle::Tls,
            format!("the certificate of {host} is refused: {certificate}"),
        ),
    }
}

fn at(time: UnixTime) -> String {
    let second = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(second).map_or_else(
        |_| format!("second {second}"),
        |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

/// The error and its causes. An I/O error hides the error that it was made from.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut links = vec![error];
    let mut link = error;
    loop {
        let wrapped = link
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let next: Option<&'a (dyn Error + 'static)> = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => link.source(),
        };
        match next {
            Some(next) => {
                links.push(next);
                link = next;
            }
            None => return links,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(error: CertificateError) -> io::Error {
        io::Error::new(
            io::ErrorKind::InvalidData,
            rustls::Error::InvalidCertificate(error),
        )
    }

    #[test]
    fn tenants_15_each_obstacle_is_told_apart() {
        let time = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        for (error, obstacle, words) in [
            (
                certificate(CertificateError::UnknownIssuer),
                Obstacle::UnknownAuthority,
                "does not trust",
            ),
            (
                certificate(CertificateError::NotValidForName),
                Obstacle::OtherName,
                "another name",
            ),
            (
                certificate(CertificateError::ExpiredContext {
                    time: time(1_700_000_000),
                    not_after: time(1_600_000_000),
                }),
                Obstacle::NotValidNow,
                "valid until 2020-09-13T12:26:40Z, and this machine's clock says 2023-11-14T22:13:20Z",
            ),
            (
                certificate(CertificateError::NotValidYetContext {
                    time: time(1_600_000_000),
                    not_before: time(1_700_000_000),
                }),
                Obstacle::NotValidNow,
                "valid from 2023-11-14T22:13:20Z",
            ),
            (
                certificate(CertificateError::Expired),
                Obstacle::NotValidNow,
                "not valid at this machine's time",
            ),
            (
                certificate(CertificateError::Revoked),
                Obstacle::Tls,
                "refused",
            ),
            (
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    rustls::Error::General("no protocol".to_owned()),
                ),
                Obstacle::Tls,
                "no TLS connection",
            ),
            (
                io::Error::from(io::ErrorKind::ConnectionRefused),
                Obstacle::Refused,
                "no connection to acme",
            ),
            (
                io::Error::from(io::ErrorKind::TimedOut),
                Obstacle::TimedOut,
                "no connection",
            ),
            (
                io::Error::other("dns error: no such host"),
                Obstacle::UnknownHost,
                "has no address",
            ),
            (
                io::Error::other("tunnel error: proxy authorization required"),
                Obstacle::ProxyPassword,
                "(407)",
            ),
            (
                io::Error::other("tunnel error: failed to create underlying connection"),
                Obstacle::ProxyUnreachable,
                "cannot be reached",
            ),
            (
                io::Error::other("tunnel error: unsuccessful"),
                Obstacle::ProxyRefused,
                "does not connect",
            ),
            (
                io::Error::from(io::ErrorKind::BrokenPipe),
                Obstacle::Other,
                "no connection",
            ),
        ] {
            let (found, text) = of(&error, "acme");
            assert_eq!(found, obstacle, "{error}");
            assert!(text.contains(words), "{text}");
        }
    }
}
