//! Forms that do not come from our own pages are refused.

use axum::body::Body;
use http::{Method, header};

use crate::actor::Actor;
use crate::test_app::TestApp;

const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a form to end the other sessions with exactly these headers.
async fn send(actor: &Actor<'_>, headers: &[(&str, &str)], body: String) -> u16 {
    let mut request = actor.browser(Method::POST, "/api/ui/end-other-sessions");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    actor
        .send(request.body(Body::from(body)).unwrap())
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn only_our_own_pages_send_forms() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let token = format!("csrf={}", alice.csrf().await);
    for (headers, status) in [
        (
            vec![("content-type", FORM), ("sec-fetch-site", "same-origin")],
            200,
        ),
        (
            vec![
                ("content-type", FORM),
                ("sec-fetch-site", "same-origin"),
                ("origin", "null"),
            ],
            200,
        ),
        (
            vec![("content-type", FORM), ("origin", "https://localhost:8443")],
            200,
        ),
        (
            vec![("content-type", FORM), ("sec-fetch-site", "cross-site")],
            403,
        ),
        (
            vec![("content-type", FORM), ("sec-fetch-site", "same-site")],
            403,
        ),
        (
            vec![("content-type", FORM), ("sec-fetch-site", "none")],
            403,
        ),
        (
            vec![("content-type", FORM), ("origin", "https://evil.example")],
            403,
        ),
        (vec![("content-type", FORM), ("origin", "null")], 403),
        (vec![("content-type", FORM)], 403),
        (vec![("sec-fetch-site", "same-origin")], 415),
        (
            vec![
                ("content-type", "text/plain"),
                ("sec-fetch-site", "same-origin"),
            ],
            415,
        ),
        (
            vec![
                ("content-type", "multipart/form-data"),
                ("sec-fetch-site", "same-origin"),
            ],
            415,
        ),
        (
            vec![
                ("content-type", "application/json"),
                ("sec-fetch-site", "same-origin"),
            ],
            415,
        ),
    ] {
        assert_eq!(
            send(&alice, &headers, token.clone()).await,
            status,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_form_needs_its_token() {
    let app = TestApp::start().await;
    let (alice, erin) = (app.alice().await, app.erin().await);
    let mine = alice.csrf().await;
    let ours = [("content-type", FORM), ("sec-fetch-site", "same-origin")];
    let stranger = app.anonymous().csrf().await;
    for body in [
        String::new(),
        "csrf=".to_owned(),
        format!("csrf={}", "0".repeat(64)),
        format!("csrf={}", mine.to_uppercase()),
        format!("csrf={}", erin.csrf().await),
        format!("csrf={stranger}"),
        format!("x=1&CSRF={mine}"),
    ] {
        assert_eq!(send(&alice, &ours, body.clone()).await, 403, "{body}");
    }
    let mut in_header = ours.to_vec();
    in_header.push(("x-csrf-token", &mine));
    assert_eq!(send(&alice, &in_header, String::new()).await, 200);
}

#[tokio::test]
async fn signing_in_needs_a_token_too_and_it_ends_with_the_session() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let before = visitor.csrf().await;
    visitor.sign_in("alice").await;
    assert_ne!(visitor.csrf().await, before);
    let ours = [("content-type", FORM), ("sec-fetch-site", "same-origin")];
    assert_eq!(send(&visitor, &ours, format!("csrf={before}")).await, 403);
    let body = format!(
        "mailbox=alice%40example.com&password={}",
        app.passwords["alice"]
    );
    let request = app
        .anonymous()
        .form_request("/api/ui/sign-in")
        .body(Body::from(body))
        .unwrap();
    app.anonymous().send(request).await.expect(403);
}

#[tokio::test]
async fn reading_changes_nothing() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    for path in [
        "/api/ui/sign-out",
        "/api/ui/end-other-sessions",
        "/api/ui/request",
    ] {
        let answer = alice.get(path).await.expect(405);
        assert_eq!(answer.header("allow"), "POST");
    }
    for path in [
        "/people/add",
        "/certificates/1/download",
        "/certificates/1/show-password",
    ] {
        alice.get(path).await.expect(405);
    }
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = alice
            .browser(method, "/account")
            .header(header::ACCEPT, "text/html");
        alice
            .send(request.body(Body::empty()).unwrap())
            .await
            .expect(405);
    }
    alice.get("/").await.expect(200);
}

#[tokio::test]
async fn a_refusal_is_words_for_people_and_data_for_programs() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let request = alice
        .form_request("/api/ui/sign-out")
        .header(header::ACCEPT, "text/html");
    let page = alice
        .send(request.body(Body::empty()).unwrap())
        .await
        .expect(403);
    assert!(page.text().contains("reload the page"), "{}", page.text());
    let request = alice
        .form_request("/api/ui/sign-out")
        .header(header::ACCEPT, "application/json");
    let data = alice
        .send(request.body(Body::empty()).unwrap())
        .await
        .expect(403);
    assert_eq!(data.header("content-type"), "application/problem+json");
    assert_eq!(data.json()["kind"], "forbidden");
}

#[tokio::test]
async fn too_much_is_refused() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let body = format!("csrf={}&x={}", alice.csrf().await, "x".repeat(64 * 1024));
    let ours = [("content-type", FORM), ("sec-fetch-site", "same-origin")];
    assert_eq!(send(&alice, &ours, body).await, 413);
}
