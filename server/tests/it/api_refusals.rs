//! What the API refuses, and how it says so.

use http::header;
use serde_json::json;
use server::http::{Kind, ROUTES};
use time::Duration;

use crate::answer::Answer;
use crate::api::{CERTIFICATES, REQUESTS, certificate, problem, wanted};
use crate::bad_input;
use crate::program::Program;
use crate::test_app::TestApp;

#[tokio::test]
async fn no_cookie_opens_the_api() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let token = Program::of(&alice, "secrets").await.token;
    for route in ROUTES {
        let path = route.path.replace("{id}", &uuid::Uuid::nil().to_string());
        let answer = match route.kind {
            Kind::ApiRead => alice.read(&format!("{path}?access_token={token}")).await,
            Kind::ApiWrite => alice.post_json(&path, &[("access_token", &token)]).await,
            _ => continue,
        };
        let challenge = answer.header("www-authenticate");
        let told = problem(answer, 401);
        assert_eq!(told["kind"], "not_signed_in", "{path}");
        assert_eq!(challenge, "Bearer realm=\"certportal\"", "{path}");
    }
    // A token opens nothing but the API.
    let stranger = app.anonymous();
    let request = stranger
        .browser(http::Method::GET, "/api/ui/read/account")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(axum::body::Body::empty()).unwrap();
    stranger.send(request).await.expect(401);
}

#[tokio::test]
async fn a_token_that_is_no_good_is_refused_in_one_way() {
    let app = TestApp::start().await;
    let (alice, carol) = (app.alice().await, app.carol().await);
    let refused = async |program: &Program<'_>| {
        let answer = program.get(CERTIFICATES).await;
        let challenge = answer.header("www-authenticate");
        assert_eq!(
            challenge,
            "Bearer realm=\"certportal\", error=\"invalid_token\""
        );
        problem(answer, 401)
    };
    let never = refused(&Program::with(&app, "cpt_x")).await;
    let program = Program::of(&alice, "secrets").await;
    program.get(CERTIFICATES).await.expect(200);
    let tokens = alice.read("/api/ui/read/tokens").await.expect(200).json();
    let id = tokens["tokens"][0]["id"].as_str().unwrap().to_owned();
    carol
        .post_json("/api/ui/revoke-token", &[("id", &id)])
        .await
        .expect(404);
    alice
        .post_json("/api/ui/revoke-token", &[("id", &id)])
        .await
        .expect(200);
    assert_eq!(refused(&program).await, never, "revoked");

    let program = Program::of(&alice, "secrets").await;
    let id = alice.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let fields = [("id", id.as_str().unwrap())];
    carol
        .post_json("/api/ui/disable-person", &fields)
        .await
        .expect(200);
    assert_eq!(refused(&program).await, never, "disabled");
    carol
        .post_json("/api/ui/enable-person", &fields)
        .await
        .expect(200);
    assert_eq!(refused(&program).await, never, "enabled again");

    let program = Program::of(&app.erin().await, "secrets").await;
    app.advance(Duration::days(90) - Duration::seconds(1));
    program.get(CERTIFICATES).await.expect(200);
    app.advance(Duration::seconds(1));
    assert_eq!(refused(&program).await, never, "expired");
}

#[tokio::test]
async fn a_scope_that_is_too_small_is_told() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let id = certificate(&Program::of(&alice, "request").await).await;
    let told = |answer: Answer, scope: &str| {
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge.contains("error=\"insufficient_scope\""),
            "{challenge}"
        );
        assert!(
            challenge.contains(&format!("scope=\"{scope}\"")),
            "{challenge}"
        );
        problem(answer, 403)
    };
    let reader = Program::of(&alice, "read").await;
    told(reader.post(REQUESTS, &wanted()).await, "request");
    for scope in ["read", "request"] {
        let program = Program::of(&alice, scope).await;
        program
            .get(&format!("{CERTIFICATES}/{id}"))
            .await
            .expect(200);
        for secret in ["pfx", "password"] {
            let path = format!("{CERTIFICATES}/{id}/{secret}");
            told(program.get(&path).await, "secrets");
        }
    }
}

#[tokio::test]
async fn secrets_are_counted_and_the_wait_is_told() {
    let app = TestApp::start().await;
    let program = Program::of(&app.alice().await, "secrets").await;
    let path = format!("{CERTIFICATES}/{}/password", certificate(&program).await);
    for _ in 0..app.portal.policy().reveals_per_hour {
        program.get(&path).await.expect(200);
    }
    let answer = program.get(&path).await;
    let wait: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3601).contains(&wait), "{wait}");
    problem(answer, 429);
}

#[tokio::test]
async fn calls_are_counted_for_each_token_and_the_wait_is_told() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let (busy, other) = (
        Program::of(&alice, "request").await,
        Program::of(&alice, "read").await,
    );
    let limit = app.portal.policy().calls_per_minute;
    assert_eq!(limit, 600, "as the document and docs/api.md say");
    for number in 0..limit {
        // Whatever came of it.
        if number % 100 == 0 {
            busy.get(&format!("{CERTIFICATES}/nonsense"))
                .await
                .expect(404);
        } else {
            busy.get(CERTIFICATES).await.expect(200);
        }
    }
    for answer in [
        busy.get(CERTIFICATES).await,
        busy.post(REQUESTS, &wanted()).await,
    ] {
        let wait: i64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        problem(answer, 429);
    }
    other.get(CERTIFICATES).await.expect(200);
    app.advance(Duration::seconds(61));
    busy.get(CERTIFICATES).await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let program = Program::of(&alice, "secrets").await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let answer = program.post_as(REQUESTS, kind, wanted().to_string()).await;
        problem(answer, 415);
    }
    let json = "application/json";
    let long = format!("{{\"template\": \"{}\"}}", "x".repeat(70_000));
    problem(program.post_as(REQUESTS, json, long).await, 413);
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("{\"template\": \"x\"}{}", 400),
        ("\"\\ud800\"", 400),
        ("[]", 422),
        ("{}", 422),
        ("{\"template\": 1}", 422),
        ("{\"template\": \"x\", \"person\": \"somebody\"}", 422),
        ("{\"template\": \"x\"}", 422),
    ] {
        let answer = program.post_as(REQUESTS, json, body.to_owned()).await;
        problem(answer, status);
    }
    let id = certificate(&program).await;
    let answer = program
        .get(&format!("{CERTIFICATES}/{id}/pfx?container=old"))
        .await;
    assert_eq!(problem(answer, 422)["fields"][0]["field"], "container");
    problem(program.get(&format!("{CERTIFICATES}/x")).await, 404);
    // Also for browsers that go there.
    for path in ["/api/v1/nothing", "/api/v1/certificates/x/y"] {
        problem(alice.get(path).await, 404);
    }
    let answer = program.post(CERTIFICATES, &json!({})).await;
    assert!(answer.header("allow").contains("GET"));
    problem(answer, 405);
}

#[tokio::test]
async fn no_path_query_or_body_makes_a_fault() {
    let app = TestApp::start().await;
    let program = Program::of(&app.carol().await, "secrets").await;
    let nobody = uuid::Uuid::nil().to_string();
    for value in bad_input::values() {
        // One minute has fewer calls than are answered.
        app.advance(Duration::MINUTE);
        let escaped: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for route in ROUTES.iter().filter(|route| route.kind == Kind::ApiRead) {
            for id in [&nobody, &escaped.replace('+', "%20")] {
                let path = route.path.replace("{id}", id);
                for name in ["state", "after", "limit", "container", "x"] {
                    let answer = program.get(&format!("{path}?{name}={escaped}")).await;
                    let status = answer.status.as_u16();
                    assert!(status < 500 && status != 429, "{path} {name} {value:?}");
                }
            }
        }
        for name in [
            "template",
            "mailbox",
            "names",
            "csr",
            "key_algorithm",
            "reason",
        ] {
            let mut asked = wanted();
            asked["mailbox"] = json!("nobody@example.com");
            asked[name] = if name == "names" {
                json!([value])
            } else {
                json!(value)
            };
            let answer = program.post(REQUESTS, &asked).await;
            assert_eq!(
                answer.status.as_u16(),
                422,
                "{name} {value:?}: {}",
                answer.text()
            );
        }
    }
}
