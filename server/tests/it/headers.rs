//! Headers of every kind of answer.

use axum::body::Body;
use http::{Method, header};
use server::http::{PERMISSIONS_POLICY, content_security_policy};

use crate::answer::Answer;
use crate::test_app::TestApp;

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn every_answer_has_them() {
    let app = TestApp::start().await;
    let (alice, visitor) = (app.alice().await, app.anonymous());
    let answers = [
        alice.get("/").await.expect(200),
        visitor.get("/").await.expect(303),
        visitor.get("/sign-in").await.expect(200),
        alice.get("/nowhere").await.expect(404),
        alice.get("/api/ui/sign-out").await.expect(405),
        alice.read("/api/ui/read/account").await.expect(200),
        alice.read("/api/ui/read/people").await.expect(403),
        visitor.read("/healthz").await.expect(200),
        visitor.get("/pkg/nothing.js").await.expect(404),
        alice
            .post("/api/ui/end-other-sessions", &[])
            .await
            .expect(303),
    ];
    for answer in answers {
        for (name, value) in [
            (
                "strict-transport-security",
                "max-age=63072000; includeSubDomains",
            ),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("permissions-policy", PERMISSIONS_POLICY),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
            ("reporting-endpoints", "csp=\"/csp-reports\""),
        ] {
            assert_eq!(answer.header(name), value, "{name}: {:?}", answer.headers);
        }
        let expected = content_security_policy(&nonce(&answer));
        assert_eq!(answer.header("content-security-policy"), expected);
        for name in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert_eq!(answer.header(name), "", "{name}");
        }
    }
}

#[tokio::test]
async fn the_policy_is_exactly_this() {
    assert_eq!(
        content_security_policy("R"),
        "default-src 'none'; script-src 'self' 'nonce-R' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-R'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; \
         report-to csp"
    );
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_no_inline_style() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    let mut nonces = Vec::new();
    for path in [
        "/",
        "/request",
        "/account",
        "/queue",
        "/overview",
        "/people",
        "/audit",
    ] {
        let page = carol.get(path).await.expect(200);
        let (nonce, text) = (nonce(&page), page.text());
        for tag in text.split("<script").skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            assert!(
                tag.contains(&format!("nonce=\"{nonce}\"")),
                "{path}: <script{tag}>"
            );
        }
        for forbidden in [" style=\"", " onclick=", "javascript:", "<style>"] {
            assert!(!text.contains(forbidden), "{path}: {forbidden}");
        }
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 7);
}

#[tokio::test]
async fn reports_of_browsers_are_taken() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    for (body, status) in [
        (
            r#"[{"type":"csp-violation","body":{"effectiveDirective":"img-src"}}]"#.to_owned(),
            204,
        ),
        ("nonsense".to_owned(), 400),
        ("x".repeat(9000), 413),
    ] {
        let request = visitor
            .browser(Method::POST, "/csp-reports")
            .header(header::CONTENT_TYPE, "application/reports+json")
            .body(Body::from(body));
        visitor.send(request.unwrap()).await.expect(status);
    }
}
