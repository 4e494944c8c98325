//! Engine of the simulator: every request passes through it.
//!
//! Its stages are time, route, faults, rate limit, authorization, handler, log, and saving.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::http::HeaderMap;
use catalog::Operation;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api::{self, Answer, Body, Call, Given, ListBehavior, ListCache, Payload, Witness};
use crate::authorization::{self, Denial};
use crate::clock::{Clock, instant};
use crate::config::RateLimit;
use crate::errors::{Refusal, StateFileError};
use crate::faults::{Fault, Injector};
use crate::hooks::Hooks;
use crate::rate_limit::Limiter;
use crate::request_log::{LoggedRequest, RequestLog};
use crate::routing::{self, AUTHORIZE_PATH, INFO_PATH, Route, TOKEN_OPERATION, TOKEN_PATH};
use crate::secrets::Known;
use crate::shapes;
use crate::state_file::Store;
use crate::tenant::{Caller, Completion, Tenant};

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// An answer as it goes out, and what goes wrong on its way.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) transport: Transport,
    pub(crate) slow_by_milliseconds: u64,
}

impl Reply {
    /// A reply on whose way nothing goes wrong.
    pub(crate) fn whole(answer: Answer) -> Self {
        Self {
            answer,
            transport: Transport::Whole,
            slow_by_milliseconds: 0,
        }
    }
}

/// What goes wrong below HTTP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Transport {
    #[default]
    Whole,
    Reset,
    Truncated,
}

/// The tenant with all that is around it.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) tenant: Tenant,
    pub(crate) clock: Clock,
    pub(crate) faults: Injector,
    pub(crate) hooks: Hooks,
    pub(crate) log: RequestLog,
    limiter: Limiter,
    rate_limit: RateLimit,
    unstable_order: bool,
    lists: ListCache,
    store: Option<Arc<Store>>,
    /// The secrets of the tenant, those of before included, if it is recorded.
    known: Option<Arc<Mutex<Known>>>,
    /// The generation whose changes are noted in the store.
    noted: u64,
    started: Instant,
    answered: u64,
}

impl Engine {
    pub(crate) fn new(
        tenant: Tenant,
        clock: Clock,
        config: &crate::Config,
        store: Option<Arc<Store>>,
    ) -> Self {
        Self {
            noted: tenant.generation,
            tenant,
            clock,
            faults: Injector::new(config.faults.clone()),
            hooks: Hooks::default(),
            log: RequestLog::default(),
            limiter: Limiter::default(),
            rate_limit: config.rate_limit,
            unstable_order: config.unstable_order,
            lists: ListCache::default(),
            store,
            known: None,
            started: instant(),
            answered: 0,
        }
    }

    /// The secrets of the tenant, from now on also those that come.
    pub(crate) fn known_secrets(&mut self) -> Arc<Mutex<Known>> {
        let mut known = Known::default();
        known.learn_all(&self.tenant.secrets());
        Arc::clone(self.known.insert(Arc::new(Mutex::new(known))))
    }

    /// Lets happen what is due.
    pub(crate) fn catch_up(&mut self) {
        let now = self.clock.now();
        self.tenant.advance_to(now);
    }

    /// Whether the answer can depend on the request's body: not if the caller may not call at all.
    pub(crate) fn wants_body(&mut self, request: &Request) -> bool {
        if request.path == TOKEN_PATH {
            return request.method == "POST";
        }
        self.catch_up();
        let Route::Operation(operation, _) = routing::resolve(&request.method, &request.path)
        else {
            return false;
        };
        authorization::authenticate(&self.tenant, &request.headers).is_ok_and(|caller| {
            let (path, headers) = (&request.path, &request.headers);
            authorization::authorize(&self.tenant, &caller, operation, path, headers).is_ok()
        })
    }

    /// Answers a request that is refused before the tenant sees it.
    pub(crate) fn refuse(&mut self, request: &Request, refusal: &Refusal) -> Reply {
        self.catch_up();
        self.answered += 1;
        let reply = Reply::whole(self.refusal(refusal));
        self.log.push(LoggedRequest {
            number: 0,
            time: self.tenant.now(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status: reply.answer.status,
            operation: None,
            client: None,
            identity: None,
            faults: Vec::new(),
        });
        reply
    }

    /// Answers a request to the tenant.
    pub(crate) fn respond(&mut self, request: &Request) -> Reply {
        self.catch_up();
        self.answered += 1;
        let route = routing::resolve(&request.method, &request.path);
        let operation = match &route {
            Route::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let name = match operation {
            Some(operation) => Some(operation.id),
            None if request.path == TOKEN_PATH => Some(TOKEN_OPERATION),
            None => None,
        };
        for act in name.map(|name| self.hooks.due(name)).unwrap_or_default() {
            act(&mut self.tenant);
            self.tenant.touch();
        }
        let faults = match name {
            Some(name) => {
                let method_and_path = operation.map_or_else(
                    || format!("{} {}", request.method, request.path),
                    ToString::to_string,
                );
                self.faults.decide(name, &method_and_path)
            }
            None => Vec::new(),
        };
        let mut caller = CallerInLog::default();
        let answer = match fault_before(&faults, &self.tracking_id()) {
            Some(answer) => {
                // The log shows the caller of requests without effect, too.
                if let Ok(known) = authorization::authenticate(&self.tenant, &request.headers) {
                    caller = known.into();
                }
                answer
            }
            None => self.answer(request, &route, &faults, &mut caller),
        };
        let mut reply = Self::with_faults(answer, &faults);
        // Gateways in front of the tenant answer without it.
        if operation.is_some() && is_of_tenant(&faults) {
            let id = ("slpt-request-id", self.tracking_id());
            reply.answer.headers.push(id);
        }
        self.log.push(LoggedRequest {
            number: 0,
            time: self.tenant.now(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status: reply.answer.status,
            operation: name.map(str::to_owned),
            client: caller.client,
            identity: caller.identity,
            faults: faults.iter().map(fault_name).collect(),
        });
        reply
    }

    fn answer(
        &mut self,
        request: &Request,
        route: &Route,
        faults: &[Fault],
        caller: &mut CallerInLog,
    ) -> Answer {
        let query = routing::form_decoded(&request.query);
        if request.path == TOKEN_PATH {
            if request.method != "POST" {
                return self.not_allowed("POST");
            }
            let (answer, client, identity) =
                api::token(&mut self.tenant, &request.headers, &query, &request.body);
            *caller = CallerInLog { client, identity };
            return answer;
        }
        if request.path == AUTHORIZE_PATH {
            return api::authorize(&request.query);
        }
        if request.path == INFO_PATH {
            return api::info(&self.tenant, &request.headers);
        }
        let authenticated = authorization::authenticate(&self.tenant, &request.headers);
        if let Ok(known) = &authenticated {
            *caller = known.clone().into();
        }
        let (operation, parameters) = match route {
            Route::Operation(operation, parameters) => (*operation, parameters.as_slice()),
            Route::OtherMethod(methods) => return self.not_allowed(&methods.join(", ")),
            Route::Unknown => return self.refusal(&Refusal::not_found_path()),
            Route::NotInRoot(operation) => {
                let mut refusal = Refusal::not_found_path();
                refusal.causes.push(format!(
                    "This root of the API has no such operation; it is {operation}."
                ));
                return self.refusal(&refusal);
            }
        };
        let known = match authenticated {
            Ok(known) => known,
            Err(denial) => return self.denial(denial),
        };
        if let Err(answer) = self.limit(&known, &request.path) {
            return answer;
        }
        let allowed = authorization::authorize(
            &self.tenant,
            &known,
            operation,
            &request.path,
            &request.headers,
        );
        if let Err(denial) = allowed {
            return self.denial(denial);
        }
        let handled = self.handle(operation, parameters, &query, request, &known, faults);
        let answer = match handled {
            Ok(answer) => answer,
            Err(refusal) => self.refusal(&refusal),
        };
        if operation.deprecated {
            answer.with_header("x-deprecated", "true")
        } else {
            answer
        }
    }

    fn handle(
        &mut self,
        operation: &'static Operation,
        path: &[(&'static str, String)],
        query: &[(String, String)],
        request: &Request,
        caller: &Caller,
        faults: &[Fault],
    ) -> Result<Answer, Refusal> {
        let handler =
            api::handler(operation.id).ok_or_else(|| Refusal::not_simulated(operation.id))?;
        shapes::check_query(operation.id, query)?;
        let mut behaviour = ListBehavior {
            shuffle: self.unstable_order.then_some(self.answered),
            ..ListBehavior::default()
        };
        let mut forced = (None, false);
        for fault in faults {
            match fault {
                Fault::ShortPage => behaviour.short_page = true,
                Fault::EmptyList => behaviour.given = Given::Nothing,
                Fault::ShortList => behaviour.given = Given::FirstHalf,
                Fault::ChangingTotal => behaviour.changing_total = true,
                Fault::UnstableOrder => behaviour.shuffle = Some(self.answered),
                Fault::Task { outcome } => forced.0 = Some(*outcome),
                Fault::StatusRace => forced.1 = true,
                _ => {}
            }
        }
        let before = self.tenant.next_task;
        let is_forced = forced != (None::<Completion>, false);
        if is_forced {
            self.tenant.force_next_task(forced.0, forced.1);
        }
        let witness = Witness::of(&self.tenant, caller, operation, path);
        let answer = handler(&mut Call {
            tenant: &mut self.tenant,
            caller,
            operation: operation.id,
            path,
            query,
            headers: &request.headers,
            body: &request.body,
            lists: &mut self.lists,
            log: &self.log,
            behaviour,
            older_root: routing::current_path(&request.path).1,
        });
        if let (Some(witness), Ok(answer)) = (witness, &answer) {
            witness.write(&mut self.tenant, answer);
        }
        // A request that started no task after all leaves the next one alone.
        if is_forced {
            self.tenant.next_task = before;
        }
        answer
    }

    fn limit(&mut self, caller: &Caller, path: &str) -> Result<(), Answer> {
        let now = match self.rate_limit {
            RateLimit::Off => return Ok(()),
            RateLimit::Real => {
                i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
            }
            RateLimit::Scaled => self.clock.now().as_millisecond(),
        };
        self.limiter
            .admit(&caller.client_id, routing::api_version(path), now)
            .map_err(|wait| {
                // Whoever waits does so in real seconds.
                let real = match (self.rate_limit, self.clock.factor()) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_precision_loss,
                        reason = "waits are below 10,000 milliseconds"
                    )]
                    (RateLimit::Scaled, Some(factor)) => (wait as f64 / factor) as i64,
                    _ => wait,
                };
                too_many_requests(Some(u64::try_from(real).unwrap_or(0).div_ceil(1000)))
            })
    }

    fn denial(&mut self, denial: Denial) -> Answer {
        match denial {
            Denial::Unauthenticated(error) => Answer::json(401, json!({"error": error})),
            Denial::Refused(refusal) => self.refusal(&refusal),
        }
    }

    fn not_allowed(&mut self, methods: &str) -> Answer {
        self.refusal(&Refusal::method_not_allowed())
            .with_header("allow", methods)
    }

    fn refusal(&mut self, refusal: &Refusal) -> Answer {
        Answer::json(refusal.status, refusal.body(&self.tracking_id()))
    }

    /// The id of the request, in a header of the answer and in the bodies of errors.
    fn tracking_id(&self) -> String {
        format!(
            "{:016x}{:016x}",
            crate::tenant::scramble(self.answered),
            crate::tenant::scramble(!self.answered)
        )
    }

    fn with_faults(mut answer: Answer, faults: &[Fault]) -> Reply {
        let mut transport = Transport::Whole;
        let mut slow_by_milliseconds = 0;
        for fault in faults {
            match fault {
                Fault::ResetBefore | Fault::ResetAfter => transport = Transport::Reset,
                Fault::TruncatedBody => transport = Transport::Truncated,
                Fault::Slow { milliseconds } => slow_by_milliseconds += milliseconds,
                Fault::MalformedJson => {
                    let text = match &answer.payload {
                        Payload::Json(value) => value.to_string(),
                        Payload::Text { text, .. } => text.to_string(),
                        Payload::Empty => String::new(),
                    };
                    let cut = text
                        .char_indices()
                        .nth(text.chars().count() / 2)
                        .map_or(0, |(index, _)| index);
                    answer.payload = Payload::Text {
                        media_type: "application/json",
                        text: format!("{}<!-- not JSON", &text[..cut]).into(),
                    };
                }
                Fault::ContentEncoding if answer.status >= 400 => {
                    answer
                        .headers
                        .push(("content-encoding", "UTF-8".to_owned()));
                }
                _ => {}
            }
        }
        Reply {
            answer,
            transport,
            slow_by_milliseconds,
        }
    }

    /// Notes what has changed, to be written. Answers up to which position, if anything has.
    pub(crate) fn note_changes(&mut self) -> Option<u64> {
        if self.noted == self.tenant.generation {
            return None;
        }
        self.noted = self.tenant.generation;
        if self.store.is_none() && self.known.is_none() {
            self.tenant.forget_changes();
            return None;
        }
        let change = self.tenant.take_change();
        if let Some(known) = &self.known {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.learn_all(&change.secrets());
        }
        let store = self.store.as_ref()?;
        let position = change.position;
        store.note(change);
        Some(position)
    }

    /// Saves the tenant as a whole.
    pub(crate) fn save(&mut self) -> Result<(), StateFileError> {
        if let Some(store) = &self.store {
            store.write_whole(&self.tenant)?;
        }
        if let Some(known) = &self.known {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.learn_all(&self.tenant.secrets());
        }
        self.tenant.forget_changes();
        self.noted = self.tenant.generation;
        Ok(())
    }

    /// Replaces the tenant, also on disk. The clock continues from the later time.
    pub(crate) fn replace_tenant(&mut self, tenant: Tenant) -> Result<(), StateFileError> {
        let before = (self.tenant.generation, self.tenant.position);
        self.tenant = tenant;
        self.tenant.generation = before.0.wrapping_add(1);
        // No log of either of them goes with it.
        self.tenant.position = self.tenant.position.max(before.1) + 1;
        self.lists = ListCache::default();
        let now = self.tenant.now();
        self.clock.set(now);
        self.catch_up();
        self.save()
    }
}

/// The caller as the log shows it.
#[derive(Debug, Default)]
struct CallerInLog {
    client: Option<String>,
    identity: Option<String>,
}

impl From<Caller> for CallerInLog {
    fn from(caller: Caller) -> Self {
        Self {
            client: Some(caller.client_id),
            identity: caller.identity,
        }
    }
}

/// The answer that a fault gives instead of the tenant.
fn fault_before(faults: &[Fault], tracking_id: &str) -> Option<Answer> {
    faults.iter().find_map(|fault| match fault {
        Fault::TooManyRequests { retry_after } => Some(too_many_requests(*retry_after)),
        Fault::Status { status: 500 } => {
            Some(Answer::json(500, Refusal::internal().body(tracking_id)))
        }
        Fault::Status { status: 403 } => {
            Some(Answer::json(403, Refusal::forbidden().body(tracking_id)))
        }
        // Gateways in front of the tenant do not speak its language.
        Fault::Status { status } => Some(Answer {
            status: *status,
            headers: Vec::new(),
            payload: Payload::Text {
                media_type: "text/html",
                text: format!("<html><body><h1>{status}</h1></body></html>").into(),
            },
        }),
        Fault::ExpiredToken => Some(Answer::json(
            401,
            json!({"error": "JWT validation failed: JWT is expired"}),
        )),
        Fault::ResetBefore => Some(Answer {
            status: 599,
            headers: Vec::new(),
            payload: Payload::Empty,
        }),
        _ => None,
    })
}

/// Whether the tenant itself answers: no gateway in front of it, whose errors have no id.
fn is_of_tenant(faults: &[Fault]) -> bool {
    faults.iter().all(|fault| match fault {
        Fault::Status { status } => matches!(status, 403 | 500),
        _ => true,
    })
}

fn too_many_requests(retry_after: Option<u64>) -> Answer {
    let answer = Answer::json(429, json!({"message": " Rate Limit Exceeded "}));
    match retry_after {
        Some(seconds) => answer.with_header("retry-after", seconds.to_string()),
        None => answer,
    }
}

/// The fault's kind, as fault files spell it.
fn fault_name(fault: &Fault) -> String {
    serde_json::to_value(fault)
        .ok()
        .and_then(|value| value.get("kind").and_then(Value::as_str).map(str::to_owned))
        .unwrap_or_default()
}
