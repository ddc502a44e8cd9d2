//! Programs and the API: from a request to the PFX.

use domain::Secret;
use http::header;
use serde_json::{Value, json};
use time::Duration;

use crate::answer::Answer;
use crate::program::Program;
use crate::test_app::TestApp;

pub(crate) const CERTIFICATES: &str = "/api/v1/certificates";
pub(crate) const REQUESTS: &str = "/api/v1/requests";

/// What the API says when it refuses.
pub(crate) fn problem(answer: Answer, status: u16) -> Value {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    problem
}

pub(crate) fn wanted() -> Value {
    json!({"template": "Secure mail, at once", "key_algorithm": "p256"})
}

/// Requests a certificate and gives its identifier once it is made.
pub(crate) async fn certificate(program: &Program<'_>) -> String {
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
