//! Somebody with a browser: cookies, forms, and pages with or without JavaScript.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::request::Builder;
use http::{Method, Request, header};
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::test_app::TestApp;

/// Somebody with a browser.
pub(crate) struct Actor<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cookies: Mutex<BTreeMap<String, String>>,
}

impl<'a> Actor<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            cookies: Mutex::default(),
        }
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Opens a page, as a browser does.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self
            .browser(Method::GET, path)
            .header(header::ACCEPT, "text/html,*/*");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Reads JSON, as a page does.
    pub(crate) async fn read(&self, path: &str) -> Answer {
        let request = self
            .browser(Method::GET, path)
            .header(header::ACCEPT, "application/json");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form without JavaScript.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = self.form(fields).await;
        let request = self
            .form_request(path)
            .header(header::ACCEPT, "text/html,*/*");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form with JavaScript.
    pub(crate) async fn post_json(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = self.form(fields).await;
        let request = self
            .form_request(path)
            .header(header::ACCEPT, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Signs in as somebody of the demonstration.
    pub(crate) async fn sign_in(&self, key: &str) {
        let mailbox = format!("{key}@example.com");
        let password = self.app.passwords[key].clone();
        let fields = [
            ("mailbox", mailbox.as_str()),
            ("password", password.as_str()),
        ];
        let answer = self.post("/api/ui/sign-in", &fields).await;
        assert_eq!(answer.location(), "/", "{}", answer.text());
    }

    /// The token that this visitor's forms carry.
    pub(crate) async fn csrf(&self) -> String {
        let site = self.read("/api/ui/read/site").await.expect(200).json();
        site["csrf"].as_str().unwrap().to_owned()
    }

    /// A request that carries this visitor's cookies.
    pub(crate) fn browser(&self, method: Method, path: &str) -> Builder {
        let cookies = self.cookies.lock().unwrap();
        let cookies: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8443")
            .header(
                header::USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            );
        if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        }
    }

    /// A request that looks like one of our forms.
    pub(crate) fn form_request(&self, path: &str) -> Builder {
        self.browser(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, "null")
    }

    /// Sends a request and keeps the cookies of the answer.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = "192.0.2.1:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie::Cookie::parse(cookie.to_str().unwrap().to_owned()).unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if cookie
                .max_age()
                .is_some_and(|age| age <= time::Duration::ZERO)
            {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        Answer::read(response).await
    }

    async fn form(&self, fields: &[(&str, &str)]) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf().await);
        form.extend_pairs(fields).finish()
    }

    /// Requests a certificate from the template whose name is given; gives the request's page.
    pub(crate) async fn request_certificate(&self, template: &str) -> String {
        let form = self
            .read("/api/ui/read/request-form")
            .await
            .expect(200)
            .json();
        let templates = form["templates"].as_array().unwrap();
        let template = templates
            .iter()
            .find(|found| found["name"] == template)
            .unwrap();
        let fields = [
            ("template", template["id"].as_str().unwrap()),
            ("mailbox", form["mailboxes"][0].as_str().unwrap()),
            ("reason", "My first certificate"),
            ("key_algorithm", "p256"),
            ("idempotency_key", form["idempotency_key"].as_str().unwrap()),
        ];
        let done = self
            .post_json("/api/ui/request", &fields)
            .await
            .expect(200)
            .json();
        done["next"].as_str().unwrap().to_owned()
    }

    /// Gets a certificate at once; gives its page.
    pub(crate) async fn certificate(&self) -> String {
        let request = self.request_certificate("Secure mail, at once").await;
        self.app.run_due_jobs().await;
        self.certificate_of(&request).await
    }

    /// The page of the certificate that a request has become.
    pub(crate) async fn certificate_of(&self, request: &str) -> String {
        let id = request.rsplit('/').next().unwrap();
        let view = self
            .read(&format!("/api/ui/read/request?id={id}"))
            .await
            .expect(200)
            .json();
        assert_eq!(view["state"], "issued", "{view}");
        format!("/certificates/{}", view["certificate"].as_str().unwrap())
    }
}
