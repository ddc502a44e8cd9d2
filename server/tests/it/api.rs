//! Programs and the API: from a request to the PFX, and everything that is refused.

use domain::Secret;
use http::header;
use serde_json::{Value, json};
use server::http::{Kind, ROUTES};
use time::Duration;

use crate::answer::Answer;
use crate::bad_input;
use crate::program::Program;
use crate::test_app::TestApp;

const CERTIFICATES: &str = "/api/v1/certificates";
const REQUESTS: &str = "/api/v1/requests";

/// What the API says when it refuses.
fn problem(answer: Answer, status: u16) -> Value {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    problem
}

fn wanted() -> Value {
    json!({"template": "Secure mail, at once", "key_algorithm": "p256"})
}

/// Requests a certificate and gives its identifier once it is made.
async fn certificate(program: &Program<'_>) -> String {
    let made = program.post(REQUESTS, &wanted()).await.expect(202);
    program.app.run_due_jobs().await;
    let request = program.get(&made.header("location")).await.expect(200);
    let request = request.json();
    assert_eq!(request["state"], "issued", "{request}");
    request["certificates"][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_program_requests_waits_and_fetches() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let program = Program::of(&alice, "secrets").await;
    let made = program.post(REQUESTS, &wanted()).await.expect(202);
    let location = made.header("location");
    let request = made.json();
    assert_eq!(request["state"], "issuing");
    assert_eq!(request["mailbox"], "alice@example.com");
    assert_eq!(
        location,
        format!("{REQUESTS}/{}", request["id"].as_str().unwrap())
    );
    assert_eq!(request["certificates"], json!([]));
    app.run_due_jobs().await;
    let request = program.get(&location).await.expect(200).json();
    assert_eq!(request["state"], "issued");
    let id = request["certificates"][0].as_str().unwrap();

    let listed = program.get(CERTIFICATES).await.expect(200).json();
    assert_eq!(listed["next"], Value::Null);
    let certificate = program.get(&format!("{CERTIFICATES}/{id}")).await;
    let certificate = certificate.expect(200).json();
    assert_eq!(listed["certificates"], json!([certificate]));
    assert_eq!(certificate["state"], "valid");
    assert_eq!(certificate["not_before"], "2026-05-04T08:55:00Z");
    assert_eq!(certificate["template"], "Secure mail, at once");

    let pem = program
        .get(&format!("{CERTIFICATES}/{id}/certificate.pem"))
        .await;
    let pem = pem.expect(200);
    assert_eq!(
        pem.header("content-type"),
        "application/pem-certificate-chain"
    );
    assert_eq!(pem.text().matches("BEGIN CERTIFICATE").count(), 2);

    let password = program.get(&format!("{CERTIFICATES}/{id}/password")).await;
    let password = password.expect(200);
    assert_eq!(password.header("cache-control"), "no-store");
    let password = Secret::new(password.json()["password"].as_str().unwrap().to_owned());
    for container in ["", "?container=modern", "?container=compatible"] {
        let file = program
            .get(&format!("{CERTIFICATES}/{id}/pfx{container}"))
            .await;
        let file = file.expect(200);
        assert_eq!(file.header("content-type"), "application/x-pkcs12");
        assert_eq!(file.header("cache-control"), "no-store");
        pki::verify_opens(&file.body, &password).unwrap();
    }
    // Its owner finds it on their pages as well.
    let page = alice.get(&format!("/certificates/{id}")).await.expect(200);
    assert!(page.text().contains("/download"));
}

#[tokio::test]
async fn where_somebody_decides_a_program_waits_like_everybody() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.alice().await, app.bob().await);
    let program = Program::of(&alice, "request").await;
    let mut asked = json!({"template": "Secure mail", "key_algorithm": "p256"});
    let told = problem(program.post(REQUESTS, &asked).await, 422);
    assert_eq!(told["fields"][0]["field"], "reason", "{told}");
    asked["reason"] = json!("mail gateway");
    let made = program.post(REQUESTS, &asked).await.expect(202);
    assert_eq!(made.json()["state"], "waiting");
    let again = program.post(REQUESTS, &asked).await.expect(202);
    assert_eq!(again.header("location"), made.header("location"));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let decision = [("requests[0]", id.as_str()), ("reason", "not this one")];
    bob.post_json("/api/ui/reject", &decision).await.expect(200);
    let request = program
        .get(&made.header("location"))
        .await
        .expect(200)
        .json();
    assert_eq!(request["state"], "rejected");
    assert_eq!(request["problem"], "not this one");
    // Who decides and what is theirs are not mixed up: bob sees the request, and erin nothing.
    let others = Program::of(&bob, "read").await;
    others.get(&made.header("location")).await.expect(200);
    let erin = Program::of(&app.erin().await, "secrets").await;
    problem(erin.get(&made.header("location")).await, 404);
}

#[tokio::test]
async fn the_same_key_is_the_same_request() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let program = Program::of(&alice, "request").await;
    let keyed = async |key: &str| {
        let stranger = app.anonymous();
        let request = stranger
            .browser(http::Method::POST, REQUESTS)
            .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header("idempotency-key", key);
        let body = axum::body::Body::from(wanted().to_string());
        stranger.send(request.body(body).unwrap()).await
    };
    let first = keyed("a").await.expect(202).header("location");
    app.run_due_jobs().await;
    assert_eq!(keyed("a").await.expect(202).header("location"), first);
    assert_ne!(keyed("b").await.expect(202).header("location"), first);
    for wrong in ["", &"x".repeat(65)] {
        let told = problem(keyed(wrong).await, 422);
        assert_eq!(told["fields"][0]["field"], "idempotency-key");
    }
}

#[tokio::test]
async fn a_signing_request_is_brought_along_and_its_key_stays_away() {
    let app = TestApp::start().await;
    let program = Program::of(&app.alice().await, "secrets").await;
    let mut asked = json!({"template": "Secure mail, at once"});
    asked["csr"] =
        json!("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----");
    let told = problem(program.post(REQUESTS, &asked).await, 422);
    assert_eq!(told["fields"][0]["field"], "csr", "{told}");
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args(["-subj", "/CN=x", "-keyout", "/dev/null"])
        .output()
        .unwrap();
    asked["csr"] = json!(String::from_utf8(made.stdout).unwrap());
    program.post(REQUESTS, &asked).await.expect(202);
    app.run_due_jobs().await;
    let listed = program.get(CERTIFICATES).await.expect(200).json();
    let certificate = &listed["certificates"][0];
    assert_eq!(certificate["has_pfx"], false);
    let path = format!("{CERTIFICATES}/{}", certificate["id"].as_str().unwrap());
    program
        .get(&format!("{path}/certificate.pem"))
        .await
        .expect(200);
    problem(program.get(&format!("{path}/pfx")).await, 409);
    problem(program.get(&format!("{path}/password")).await, 409);
}

#[tokio::test]
async fn lists_are_filtered_and_read_page_by_page() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let program = Program::of(&alice, "request").await;
    let mut made = Vec::new();
    for _ in 0..3 {
        app.advance(Duration::seconds(1));
        made.insert(0, certificate(&program).await);
    }
    let mut seen = Vec::new();
    let mut path = format!("{CERTIFICATES}?limit=2");
    loop {
        let page = program.get(&path).await.expect(200).json();
        let ids = page["certificates"].as_array().unwrap().iter();
        seen.extend(ids.map(|row| row["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("{CERTIFICATES}?limit=2&after={next}");
    }
    assert_eq!(seen, made);
    let fields = [("id", made[1].as_str()), ("reason", "superseded")];
    alice
        .post_json("/api/ui/report-lost", &fields)
        .await
        .expect(200);
    for (state, count) in [("valid", 2), ("revoked", 1), ("expired", 0), ("", 3)] {
        let page = program.get(&format!("{CERTIFICATES}?state={state}")).await;
        let page = page.expect(200).json();
        assert_eq!(
            page["certificates"].as_array().unwrap().len(),
            count,
            "{state}"
        );
    }
    for (query, field) in [
        ("state=lost", "state"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
    ] {
        let told = problem(program.get(&format!("{CERTIFICATES}?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field);
    }
    problem(program.get(&format!("{CERTIFICATES}?after=x")).await, 404);
    problem(
        program.get(&format!("{CERTIFICATES}?sate=valid")).await,
        400,
    );
}

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
        let escaped: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for route in ROUTES.iter().filter(|route| route.kind == Kind::ApiRead) {
            for id in [&nobody, &escaped.replace('+', "%20")] {
                let path = route.path.replace("{id}", id);
                for name in ["state", "after", "limit", "container", "x"] {
                    let answer = program.get(&format!("{path}?{name}={escaped}")).await;
                    assert!(answer.status.as_u16() < 500, "{path} {name} {value:?}");
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
