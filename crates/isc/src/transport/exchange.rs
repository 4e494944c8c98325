//! Sends a request, with retries, until there is a response.

use super::answer::Answer;
use super::call::{Body, Call};
use super::connection::Connection;
use super::error_body;
use super::failure;
use super::obstacle;
use super::retry::{Attempts, Decision, Nature, Seen, decide};
use super::room::SMALL;
use super::session::{Access, Session};
use crate::timestamp::from_http_date;
use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use model::{Attempt, Origin, TenantError, TenantErrorKind, is_client_secret};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use secrecy::ExposeSecret as _;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Why there is no complete response.
enum Fault {
    /// No connection.
    NotSent(reqwest::Error),
    /// A connection, but no complete response.
    Lost(reqwest::Error),
    /// A response beyond the size limit.
    TooLarge,
    /// Its time was over before it could be sent.
    TooLate,
    /// The tenant has asked to wait longer than a run waits.
    Refused(Duration),
}

/// The attempts of one request so far, with one access token or two.
pub(super) struct Tries {
    made: u32,
    since: tokio::time::Instant,
    /// How long the tenant asked to wait.
    asked: Duration,
    waits: ExponentialBackoff,
    renewed: bool,
}

/// What an exchange came to.
pub(super) enum Exchanged {
    /// A response.
    Answered(Answer),
    /// The access token is no longer accepted, and a new one may be.
    Expired(Answer),
}

impl Connection {
    /// Sends a request, with retries where that is safe, and returns the response,
    /// whatever its status. An error is a request without a response: the attempts
    /// are used up, or it must not be retried.
    pub(super) async fn exchange(
        &self,
        session: &Session,
        call: &Call<'_>,
        access: Option<&Access>,
        tries: &mut Tries,
    ) -> Result<Exchanged, TenantError> {
        debug_assert!(
            crate::operations::is_listed(call.method.as_str(), &call.path),
            "{} is not in operations.rs",
            call.name()
        );
        loop {
            tries.made += 1;
            let made = tries.made;
            let came = self.attempt(session, call, access, made).await;
            let (seen, retry_after) = match &came {
                Ok(answer) => {
                    self.reached.store(true, Ordering::Relaxed);
                    answer.date().inspect(|date| self.clock.heard(*date));
                    (seen(answer, call), retry_after(&answer.headers))
                }
                Err(Fault::NotSent(_)) => (Seen::NotSent, None),
                Err(Fault::Lost(_)) => (Seen::Lost, None),
                Err(Fault::TooLarge) => {
                    self.tell(call, &came, made, None);
                    return Err(too_large(call));
                }
                Err(Fault::TooLate) => return Err(self.given_up(call, came, made)),
                Err(Fault::Refused(left)) => return Err(self.asked_to_wait(call, *left)),
            };
            let nature = Nature {
                idempotent: call.idempotent,
                rests_on_reading: call.rests_on_reading,
                renewable: access.is_some() && !tries.renewed,
            };
            let attempts = Attempts {
                made,
                most: self.most_attempts(seen),
                elapsed: tries.elapsed(),
                longest: self.config.retry.longest,
            };
            let decision = decide(seen, nature, retry_after, attempts);
            if !matches!(decision, Decision::Retry(_) | Decision::ReadAgain(_)) {
                self.tell(call, &came, made, None);
            }
            match decision {
                Decision::Return => {
                    if let Ok(answer) = came {
                        return Ok(Exchanged::Answered(answer));
                    }
                }
                Decision::Renew => {
                    tries.renewed = true;
                    if let Ok(answer) = came {
                        return Ok(Exchanged::Expired(answer));
                    }
                }
                Decision::Retry(asked) => {
                    self.pause(session, call, seen, asked, tries, &came).await?;
                }
                Decision::ReadAgain(asked) => {
                    self.pause(session, call, seen, asked, tries, &came).await?;
                    return Err(read_again(self.given_up(call, came, made)));
                }
                Decision::GiveUp => return Err(self.given_up(call, came, made)),
                Decision::Unknown => return Err(unknown(call, came)),
            }
        }
    }

    /// Waits before a request is repeated, or what it rests on is read again.
    ///
    /// # Errors
    /// The tenant asks to wait longer than a run waits.
    async fn pause(
        &self,
        session: &Session,
        call: &Call<'_>,
        seen: Seen,
        asked: Option<Duration>,
        tries: &mut Tries,
        came: &Result<Answer, Fault>,
    ) -> Result<(), TenantError> {
        let retry = &self.config.retry;
        let wait = asked.unwrap_or_else(|| {
            let growing = tries.waits.next().unwrap_or(retry.longest_wait);
            // The last attempt is at the end of the time.
            let left = retry.longest.saturating_sub(tries.elapsed());
            growing.min(retry.longest_wait).min(left)
        });
        let is_limit = seen == Seen::Status(429);
        if wait > retry.longest_asked {
            if is_limit {
                session.budget.refuse_for(wait);
            }
            self.tell(call, came, tries.made, None);
            return Err(self.asked_to_wait(call, wait));
        }
        self.tell(call, came, tries.made, Some(wait));
        tracing::debug!(
            method = %call.method,
            attempt = tries.made,
            wait_ms = millis(wait),
            "retrying"
        );
        let begin = tokio::time::Instant::now();
        // The limit is for all requests of the client id.
        let is_news = is_limit && session.budget.close_for(wait);
        if is_news || !is_limit {
            self.wait(wait).await;
        }
        if asked.is_some() {
            tries.asked += begin.elapsed();
        }
        Ok(())
    }

    /// A request of which no attempt was made.
    pub(super) fn tries(&self) -> Tries {
        Tries {
            made: 0,
            since: tokio::time::Instant::now(),
            asked: Duration::ZERO,
            waits: self.waits(),
            renewed: false,
        }
    }

    /// Tells of an attempt that has ended.
    fn tell(
        &self,
        call: &Call<'_>,
        came: &Result<Answer, Fault>,
        attempt: u32,
        waits: Option<Duration>,
    ) {
        self.config.attempts.told(|| Attempt {
            call: call.name(),
            attempt,
            reads: call.method == reqwest::Method::GET,
            status: came.as_ref().ok().map(|answer| answer.status),
            tracking_id: came.as_ref().ok().and_then(Answer::tracking_id),
            waits,
        });
    }

    /// Waits, and says so where it takes long.
    async fn wait(&self, wait: Duration) {
        const LONG: Duration = Duration::from_secs(5);
        const PAUSE: Duration = Duration::from_secs(30);
        let mut left = wait;
        while left >= LONG {
            self.config.waits.told(left);
            let pause = left.min(PAUSE);
            tokio::time::sleep(pause).await;
            left -= pause;
        }
        tokio::time::sleep(left).await;
    }

    fn asked_to_wait(&self, call: &Call<'_>, wait: Duration) -> TenantError {
        let now = jiff::Timestamp::now();
        let kind = TenantErrorKind::AskedToWait {
            seconds: wait.as_secs(),
            until: now.checked_add(wait).unwrap_or(jiff::Timestamp::MAX),
            most: self.config.retry.longest_asked.as_secs(),
        };
        TenantError::new(call.doing.clone(), kind)
    }

    /// How many attempts a request has at most. Where nothing has ever responded, one
    /// retry is enough to show that the address is wrong.
    fn most_attempts(&self, seen: Seen) -> u32 {
        let most = self.config.retry.attempts;
        if seen == Seen::NotSent && !self.reached.load(Ordering::Relaxed) {
            most.min(2)
        } else {
            most
        }
    }

    /// A hint for errors, where nothing has ever responded at the address.
    fn doubt(&self) -> &'static str {
        if self.reached.load(Ordering::Relaxed) || self.config.base_url.is_loopback() {
            ""
        } else {
            "; the address of a tenant's API is like https://TENANT.api.identitynow.com"
        }
    }

    fn waits(&self) -> ExponentialBackoff {
        let now = jiff::Timestamp::now().as_nanosecond();
        ExponentialBuilder::new()
            .with_min_delay(self.config.retry.base_delay)
            .with_max_delay(self.config.retry.longest_wait)
            .with_factor(2.0)
            .with_jitter()
            // Many runs can start at the same minute, and must not retry in step.
            .with_jitter_seed(u64::try_from(now & i128::from(u64::MAX)).unwrap_or_default())
            .without_max_times()
            .build()
    }

    /// Sends the request once, when the budget admits it.
    async fn attempt(
        &self,
        session: &Session,
        call: &Call<'_>,
        access: Option<&Access>,
        attempt: u32,
    ) -> Result<Answer, Fault> {
        let _permit = session.budget.admit().await.map_err(Fault::Refused)?;
        if call
            .not_after
            .is_some_and(|at| tokio::time::Instant::now() > at)
        {
            return Err(Fault::TooLate);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let begin = Instant::now();
        let request = self.request(call, access).map_err(Fault::NotSent)?;
        let path = request.url().path().to_owned();
        let came = self.receive(request, call, attempt).await;
        let elapsed_ms = millis(begin.elapsed());
        match &came {
            Ok(answer) => tracing::debug!(
                method = %call.method,
                path,
                status = answer.status,
                elapsed_ms,
                attempt,
                "response received"
            ),
            Err(fault) => tracing::debug!(
                method = %call.method,
                path,
                fault = fault.word(),
                elapsed_ms,
                attempt,
                "no response"
            ),
        }
        came
    }

    fn request(
        &self,
        call: &Call<'_>,
        access: Option<&Access>,
    ) -> Result<reqwest::Request, reqwest::Error> {
        let url = self.config.base_url.below(&call.path, &call.query);
        let mut request = self.http.request(call.method.clone(), url);
        if let Some(access) = access {
            request = request.bearer_auth(access.bearer.expose_secret());
        }
        if call.experimental {
            request = request.header("X-SailPoint-Experimental", "true");
        }
        match &call.body {
            Body::Empty => request,
            Body::Json(body) => request.json(body),
            Body::JsonPatch(body) => request
                .header(CONTENT_TYPE, "application/json-patch+json")
                .body(body.to_string()),
            Body::CsvFile { csv, reexamine } => {
                let part = Part::bytes(csv.to_vec())
                    .file_name("accounts.csv")
                    .mime_str("text/csv")?;
                let form = Form::new().part("file", part);
                request.multipart(if *reexamine {
                    form.text("disableOptimization", "true")
                } else {
                    form
                })
            }
            Body::ClientCredentials {
                client_id,
                client_secret,
            } => request.form(&[
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", client_secret.expose_secret()),
            ]),
            Body::Exchange(exchange) => request.form(&exchange.form()),
        }
        .build()
    }

    async fn receive(
        &self,
        request: reqwest::Request,
        call: &Call<'_>,
        attempts: u32,
    ) -> Result<Answer, Fault> {
        let mut response = self.http.execute(request).await.map_err(|error| {
            if error.is_connect() {
                Fault::NotSent(error)
            } else {
                Fault::Lost(error)
            }
        })?;
        let status = response.status();
        let mut body = Vec::new();
        let mut room = None;
        while let Some(chunk) = response.chunk().await.map_err(Fault::Lost)? {
            let length = body.len() + chunk.len();
            if !status.is_success() && length > SMALL {
                // The rest of an error is not used.
                body.extend_from_slice(&chunk[..SMALL - body.len()]);
                break;
            }
            if length > call.bounds.mebibytes << 20 {
                return Err(Fault::TooLarge);
            }
            if length > SMALL && room.is_none() {
                room = Some(self.room.take(mebibytes(&response, call)).await);
            }
            body.extend_from_slice(&chunk);
        }
        if !status.is_success() {
            // An error is shown, and servers repeat what they were sent. One that answers
            // the creation of a token can even have its secret.
            if let Some(secret) = error_body::secret(&body)
                && is_client_secret(secret.expose_secret())
            {
                self.config.redactor.learn_from(&secret, Origin::Tenant);
            }
            body = error_body::redacted(&body, &self.config.redactor).into_owned();
        }
        Ok(Answer {
            status: status.as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
            attempts,
            doing: call.doing.clone(),
            call: call.name(),
            idempotent: call.idempotent,
            most_values: call.bounds.values,
            redactor: self.config.redactor.clone(),
            room,
        })
    }

    fn given_up(&self, call: &Call<'_>, came: Result<Answer, Fault>, attempts: u32) -> TenantError {
        let fault = match came {
            Ok(answer) => return TenantError::new(call.doing.clone(), failure::kind_of(&answer)),
            Err(fault) => fault,
        };
        let kind = match &fault {
            Fault::NotSent(error) => {
                let (obstacle, text) = obstacle::of(error, self.config.base_url.authority());
                TenantErrorKind::NotReached {
                    obstacle,
                    text: format!("{text}{}", self.doubt()),
                    attempts,
                }
            }
            Fault::TooLate => TenantErrorKind::TooLate,
            Fault::Refused(left) => return self.asked_to_wait(call, *left),
            Fault::Lost(_) | Fault::TooLarge => TenantErrorKind::Unavailable {
                status: None,
                text: fault.text(),
                attempts,
                tracking_id: None,
            },
        };
        TenantError::new(call.doing.clone(), kind)
    }
}

/// How many MiB a response has at most: as its head says, or its limit.
fn mebibytes(response: &reqwest::Response, call: &Call<'_>) -> usize {
    let said = response
        .content_length()
        .and_then(|length| usize::try_from(length.div_ceil(1 << 20)).ok());
    said.map_or(call.bounds.mebibytes, |said| {
        said.min(call.bounds.mebibytes)
    })
}

/// What a response is to the retry policy. Pages of failures and of "too many requests"
/// are retried like the statuses, because ISC's own gateway sends such pages, too.
fn seen(answer: &Answer, call: &Call<'_>) -> Seen {
    match answer.status {
        200..=299 if answer.is_garbled(call.method == reqwest::Method::GET) => Seen::Garbled,
        403 | 451 | 511 if answer.page().is_some() => Seen::Page(answer.status),
        status => Seen::Status(status),
    }
}

impl Tries {
    /// The time since the first attempt, without the waits that the tenant asked for.
    fn elapsed(&self) -> Duration {
        self.since.elapsed().saturating_sub(self.asked)
    }
}

impl Fault {
    fn word(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "no connection",
            Self::Lost(error) if error.is_timeout() => "timed out",
            Self::Lost(_) => "connection lost",
            Self::TooLarge => "too large",
            Self::TooLate => "too late",
            Self::Refused(_) => "asked to wait",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::NotSent(error) | Self::Lost(error) => {
                format!("{} ({})", self.word(), failure::innermost(error))
            }
            Self::TooLarge | Self::TooLate | Self::Refused(_) => self.word().to_owned(),
        }
    }
}

/// The error of a write that must not be sent again as it is.
pub(super) fn read_again(error: TenantError) -> TenantError {
    let kind = TenantErrorKind::ReadAgain(Box::new(error.kind));
    TenantError::new(error.doing, kind)
}

/// The error of a request whose effect is not known. A bad gateway or an overloaded
/// server can have passed the request on before.
fn unknown(call: &Call<'_>, came: Result<Answer, Fault>) -> TenantError {
    let text = match came {
        Ok(answer) => {
            let status = answer.status;
            if let Some(page) = answer.page() {
                format!(
                    "a firewall or proxy answered instead of ISC ({status}): {}",
                    page.text
                )
            } else {
                let words = answer.error_body().text;
                format!("the tenant failed ({status}): {words}")
            }
        }
        Err(fault) => fault.text(),
    };
    TenantError::new(call.doing.clone(), TenantErrorKind::Unknown { text })
}

fn too_large(call: &Call<'_>) -> TenantError {
    let text = format!("the response is larger than {} MiB", call.bounds.mebibytes);
    let kind = if call.idempotent {
        TenantErrorKind::Undecodable { text }
    } else {
        TenantErrorKind::Unknown { text }
    };
    TenantError::new(call.doing.clone(), kind)
}

/// How long a tenant can ask to wait. A time that is much longer is no time of this
/// machine's clock any more.
const LONGEST_WAIT: Duration = Duration::from_hours(24 * 365);

/// How long the tenant asks to wait: seconds, or a date by its own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    asked_wait(headers).map(|wait| wait.min(LONGEST_WAIT))
}

fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST_WAIT, Duration::from_secs));
    }
    let until = from_http_date(text)?;
    let now = headers
        .get(reqwest::header::DATE)
        .and_then(|date| from_http_date(date.to_str().ok()?))
        .unwrap_or_else(jiff::Timestamp::now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_as_seconds_or_dates() {
        for (text, seconds) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Tue, 14 Nov 2023 22:13:30 GMT", Some(10)),
            ("Tue, 14 Nov 2023 22:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
            ("31536001", Some(31_536_000)),
            ("18446744073709551615", Some(31_536_000)),
            ("99999999999999999999999999", Some(31_536_000)),
            ("Fri, 31 Dec 2100 23:59:59 GMT", Some(31_536_000)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            headers.insert("Date", "Tue, 14 Nov 2023 22:13:20 GMT".parse().unwrap());
            assert_eq!(
                retry_after(&headers),
                seconds.map(Duration::from_secs),
                "{text}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
