//! Whoever sent a request: where from, and the session, the form key and the message that their
//! cookies stand for. Looked up once per request; what changes leaves with the answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::Flash;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use cookie::Cookie;
use domain::PersonId;
use portal::{Client, Visitor};
use time::OffsetDateTime;
use tower_sessions::session_store::Error;

use super::cookies::{self, CSRF_COOKIE, FLASH_COOKIE, SESSION_COOKIE};
use super::sessions::Session;
use super::{address, answer, client, flash, web::Web};

/// Shortest value of the cookie that anonymous forms are bound to: ours have 43 characters.
const SHORTEST_CSRF_COOKIE: usize = 43;

/// Whoever sent a request. Cloning gives another handle.
#[derive(Debug, Clone)]
pub(super) struct Guest(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    web: Web,
    client: Client,
    /// The session as it came with the request; forms are bound to its cookie.
    arrived: Option<Session>,
    csrf_cookie: String,
    flash: Option<Flash>,
    now: Mutex<Now>,
}

/// What a use case may change.
#[derive(Debug)]
struct Now {
    session: Option<Session>,
    cookies: Vec<Cookie<'static>>,
}

/// Finds out who sent a request, for the handlers behind this; and gives them their cookies.
pub(super) async fn recognise(State(web): State<Web>, request: Request, next: Next) -> Response {
    answer_to(&web, request, async |_, request| next.run(request).await).await
}

/// The same for a single handler.
pub(super) async fn answer_to(
    web: &Web,
    request: Request,
    answer: impl AsyncFnOnce(Guest, Request) -> Response,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let guest = match Guest::of(web, &parts).await {
        Ok(guest) => guest,
        Err(error) => {
            let error = web.portal().explain(portal::Error::internal(error));
            return answer::error(web, &parts.headers, &error);
        }
    };
    parts.extensions.insert(guest.clone());
    let mut response = answer(guest.clone(), Request::from_parts(parts, body)).await;
    cookies::add(response.headers_mut(), guest.take_cookies());
    response
}

impl Guest {
    async fn of(web: &Web, parts: &http::request::Parts) -> Result<Self, Error> {
        let headers = &parts.headers;
        let mut cookies = Vec::new();
        let session = match cookies::find(headers, SESSION_COOKIE) {
            None => None,
            Some(token) => {
                let session = web.sessions().find(token).await?;
                if session.is_none() {
                    cookies.push(cookies::remove(SESSION_COOKIE));
                }
                session
            }
        };
        let sent = cookies::find(headers, CSRF_COOKIE);
        let csrf_cookie = match sent.filter(|value| value.len() >= SHORTEST_CSRF_COOKIE) {
            Some(value) => value.to_owned(),
            None => web.random_token(),
        };
        if sent != Some(csrf_cookie.as_str()) && session.is_none() {
            cookies.push(cookies::keep(CSRF_COOKIE, csrf_cookie.clone()));
        }
        let client = Client {
            address: address::client_address(parts, web.trusted_proxies()),
            user_agent: client::user_agent(headers),
        };
        Ok(Self(Arc::new(Inner {
            web: web.clone(),
            client,
            arrived: session.clone(),
            csrf_cookie,
            flash: flash::read(headers),
            now: Mutex::new(Now { session, cookies }),
        })))
    }

    pub(super) fn web(&self) -> &Web {
        &self.0.web
    }

    /// Where they come from.
    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Who they are, for the use cases.
    pub(super) fn visitor(&self) -> Visitor {
        let session = self.session();
        let session = session.as_ref();
        Visitor {
            client: self.0.client.clone(),
            person: session.and_then(Session::person),
            session: session.and_then(Session::id),
            confirmed_at: session.and_then(Session::confirmed_at),
        }
    }

    /// What a form of theirs is bound to: kind and value of a cookie.
    pub(super) fn csrf_binding(&self) -> (&'static str, &str) {
        match &self.0.arrived {
            Some(session) => ("session", &session.token),
            None => ("anonymous", &self.0.csrf_cookie),
        }
    }

    /// The token that their forms carry.
    pub(super) fn csrf_token(&self) -> String {
        let (binding, cookie) = self.csrf_binding();
        self.web().csrf().token(binding, cookie)
    }

    /// What the last form had to say.
    pub(super) fn flash(&self) -> Option<&Flash> {
        self.0.flash.as_ref()
    }

    /// Keeps what a form has to say for the next page.
    pub(super) fn put_flash(&self, flash: &Flash) {
        self.now().cookies.push(flash::cookie(flash));
    }

    /// Forgets what the last form had to say, because this answer shows it.
    pub(super) fn forget_flash(&self) {
        if self.flash().is_some() {
            self.now().cookies.push(cookies::remove(FLASH_COOKIE));
        }
    }

    /// Signs them in under a new session; the old one, if any, ends.
    pub(super) async fn begin_session(
        &self,
        person: PersonId,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        if let Some(old) = self.session() {
            self.web().sessions().end(&old).await?;
        }
        let sessions = self.web().sessions();
        let session = sessions.begin(person, at, self.client()).await?;
        self.replace_session(session);
        Ok(())
    }

    /// Gives the session another cookie.
    pub(super) async fn renew_session(&self) -> Result<(), Error> {
        if let Some(session) = self.session() {
            let renewed = self.web().sessions().renew(&session).await?;
            self.replace_session(renewed);
        }
        Ok(())
    }

    /// Notes that they have proved again who they are.
    pub(super) async fn confirm_session(&self, at: OffsetDateTime) -> Result<(), Error> {
        match self.session() {
            Some(mut session) if session.confirmed_at() != Some(at) => {
                self.web().sessions().confirm(&mut session, at).await?;
                self.now().session = Some(session);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the cookie of a session away that has ended.
    pub(super) fn forget_session(&self) {
        let mut now = self.now();
        now.session = None;
        now.cookies.push(cookies::remove(SESSION_COOKIE));
    }

    fn replace_session(&self, session: Session) {
        let cookie = cookies::keep(SESSION_COOKIE, session.token.clone());
        let mut now = self.now();
        now.cookies.push(cookie);
        now.session = Some(session);
    }

    fn session(&self) -> Option<Session> {
        self.now().session.clone()
    }

    fn take_cookies(&self) -> Vec<Cookie<'static>> {
        std::mem::take(&mut self.now().cookies)
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
