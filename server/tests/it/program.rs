//! A program with an API token: no cookies, no forms, JSON.

use axum::body::Body;
use http::{Method, header};
use serde_json::Value;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::test_app::TestApp;

/// A program.
pub(crate) struct Program<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) token: String,
}

impl<'a> Program<'a> {
    /// A program that sends this as its token.
    pub(crate) fn with(app: &'a TestApp, token: &str) -> Self {
        Self {
            app,
            token: token.to_owned(),
        }
    }

    /// A program of somebody who is signed in and has confirmed it just now.
    pub(crate) async fn of(owner: &Actor<'a>, scope: &str) -> Self {
        let fields = [("name", "A program"), ("scope", scope), ("days", "90")];
        let made = owner.post_json("/account/tokens/make", &fields).await;
        let made = made.expect(200).json();
        Self::with(owner.app, made["token"].as_str().unwrap())
    }

    /// Asks for something.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, json: &Value) -> Answer {
        self.post_as(path, "application/json", json.to_string())
            .await
    }

    /// Sends something.
    pub(crate) async fn post_as(&self, path: &str, kind: &str, body: String) -> Answer {
        self.send(Method::POST, path, Some(kind), Body::from(body))
            .await
    }

    async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: Body) -> Answer {
        let stranger = self.app.anonymous();
        let mut request = stranger
            .browser(method, path)
            .header(header::ACCEPT, "*/*")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = stranger.send(request.body(body).unwrap()).await;
        assert!(
            stranger.cookies.lock().unwrap().is_empty(),
            "programs get no cookies"
        );
        answer
    }
}
