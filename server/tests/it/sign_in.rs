//! Signing in and out.

use time::Duration;

use crate::test_app::TestApp;

const SESSION: &str = "__Host-sid";

#[tokio::test]
async fn signing_in_leads_to_the_page_that_was_wanted() {
    let app = TestApp::start().await;
    let alice = app.anonymous();
    let wanted = alice.get("/account?x=1").await.location();
    assert_eq!(wanted, "/sign-in?next=%2Faccount%3Fx%3D1");
    let page = alice.get(&wanted).await.expect(200);
    assert_eq!(page.input("next").as_deref(), Some("/account?x=1"));
    let fields = [
        ("mailbox", "Alice@EXAMPLE.com"),
        ("password", app.passwords["alice"].as_str()),
        ("next", "/account?x=1"),
    ];
    assert_eq!(
        alice.post("/api/ui/sign-in", &fields).await.location(),
        "/account?x=1"
    );
    let page = alice.get("/account").await.expect(200).text();
    assert!(page.contains("Alice Adams"), "{page}");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let app = TestApp::start().await;
    for next in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
    ] {
        let alice = app.anonymous();
        let fields = [
            ("mailbox", "alice@example.com"),
            ("password", app.passwords["alice"].as_str()),
            ("next", next),
        ];
        assert_eq!(
            alice.post("/api/ui/sign-in", &fields).await.location(),
            "/",
            "{next}"
        );
    }
}

#[tokio::test]
async fn the_same_answer_for_a_wrong_password_and_an_unknown_address() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let mut answers = Vec::new();
    for mailbox in ["alice@example.com", "nobody@example.com", "no address"] {
        let fields = [("mailbox", mailbox), ("password", "wrong")];
        let answer = visitor
            .post_json("/api/ui/sign-in", &fields)
            .await
            .expect(422);
        assert!(visitor.cookie(SESSION).is_none());
        answers.push(answer.text());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_for_the_account() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let wrong = [("mailbox", "alice@example.com"), ("password", "wrong")];
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(
            visitor
                .post_json("/api/ui/sign-in", &wrong)
                .await
                .status
                .as_u16(),
        );
    }
    assert_eq!(statuses.first(), Some(&422));
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    let right = [
        ("mailbox", "alice@example.com"),
        ("password", app.passwords["alice"].as_str()),
    ];
    visitor
        .post_json("/api/ui/sign-in", &right)
        .await
        .expect(429);
    app.advance(Duration::minutes(16));
    visitor
        .post_json("/api/ui/sign-in", &right)
        .await
        .expect(200);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_browser() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let old = alice.cookie(SESSION).unwrap();
    let answer = alice.post("/api/ui/sign-out", &[]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(alice.cookie(SESSION).is_none());
    alice
        .cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), old);
    assert_eq!(alice.get("/").await.location(), "/sign-in");
}
