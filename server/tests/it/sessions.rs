//! What a session is bound to, and when it ends.

use http::header;
use time::Duration;

use crate::test_app::TestApp;

const SESSION: &str = "__Host-sid";

#[tokio::test]
async fn a_session_is_new_at_sign_in_and_the_old_one_dead() {
    let app = TestApp::start().await;
    let alice = app.anonymous();
    alice
        .cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), "A".repeat(43));
    alice.sign_in("alice").await;
    let first = alice.cookie(SESSION).unwrap();
    assert_ne!(first, "A".repeat(43));
    alice.sign_in("alice").await;
    let second = alice.cookie(SESSION).unwrap();
    assert_ne!(first, second);
    let thief = app.anonymous();
    thief
        .cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), first);
    assert_eq!(thief.get("/").await.location(), "/sign-in");
    alice.get("/").await.expect(200);
}

#[tokio::test]
async fn a_session_is_new_after_the_password_changes_and_all_others_end() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.alice().await, app.alice().await);
    let before = here.cookie(SESSION).unwrap();
    let new = "quite-another-and-longer-secret-7";
    let fields = [
        ("current", app.passwords["alice"].as_str()),
        ("password", new),
        ("password_again", new),
    ];
    here.post_json("/api/ui/change-password", &fields)
        .await
        .expect(200);
    assert_ne!(here.cookie(SESSION).unwrap(), before);
    here.get("/").await.expect(200);
    assert_eq!(elsewhere.get("/").await.location(), "/sign-in");
    here.cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), before);
    assert_eq!(here.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn the_cookie_has_256_bits_and_every_flag() {
    let app = TestApp::start().await;
    let alice = app.anonymous();
    let fields = [
        ("mailbox", "alice@example.com"),
        ("password", app.passwords["alice"].as_str()),
    ];
    let answer = alice.post("/api/ui/sign-in", &fields).await;
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.find(|cookie| cookie.starts_with(SESSION)).unwrap();
    let (value, flags) = cookie.split_once("; ").unwrap();
    assert_eq!(flags, "HttpOnly; SameSite=Lax; Secure; Path=/");
    assert_eq!(value.len(), SESSION.len() + 1 + 43);
}

#[tokio::test]
async fn half_of_the_cookie_is_not_enough() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let cookie = alice.cookie(SESSION).unwrap();
    // The identifier is in the first 22 characters; the rest is the proof.
    let forged = format!("{}{}", &cookie[..23], "A".repeat(20));
    alice
        .cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), forged);
    assert_eq!(alice.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn nonsense_in_the_cookie_is_nobody() {
    let app = TestApp::start().await;
    for value in ["", "x", "%00", "=", &"A".repeat(43), &"z".repeat(3000)] {
        let visitor = app.anonymous();
        visitor
            .cookies
            .lock()
            .unwrap()
            .insert(SESSION.to_owned(), value.to_owned());
        assert_eq!(visitor.get("/").await.location(), "/sign-in", "{value}");
        assert!(visitor.cookie(SESSION).is_none(), "taken away");
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    for _ in 0..4 {
        app.advance(Duration::minutes(29));
        alice.get("/").await.expect(200);
    }
    app.advance(Duration::minutes(30));
    assert_eq!(alice.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_after_ten_hours_in_any_case() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    for _ in 0..29 {
        app.advance(Duration::minutes(20));
        alice.get("/").await.expect(200);
    }
    app.advance(Duration::minutes(20));
    assert_eq!(alice.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn disabling_a_person_ends_their_sessions_at_once() {
    let app = TestApp::start().await;
    let (alice, carol) = (app.alice().await, app.carol().await);
    let id = alice.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let fields = [("id", id.as_str().unwrap())];
    carol
        .post_json("/api/ui/disable-person", &fields)
        .await
        .expect(200);
    assert_eq!(alice.get("/").await.location(), "/sign-in");
    alice.read("/api/ui/read/my-certificates").await.expect(401);
}

#[tokio::test]
async fn people_see_their_sessions_and_end_them() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.alice().await, app.alice().await);
    let account = here.read("/api/ui/read/account").await.expect(200).json();
    let sessions = account["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["is_current"], true);
    assert_eq!(sessions[0]["browser"], "Firefox on Linux");
    assert_eq!(sessions[0]["address"], "192.0.2.1");
    let other = sessions[1]["id"].as_str().unwrap();
    let erin = app.erin().await;
    erin.post_json("/api/ui/end-session", &[("id", other)])
        .await
        .expect(404);
    here.post_json("/api/ui/end-session", &[("id", other)])
        .await
        .expect(200);
    assert_eq!(elsewhere.get("/").await.location(), "/sign-in");
    here.get("/").await.expect(200);
}

#[tokio::test]
async fn who_signs_out_without_a_trace_is_still_signed_in() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    app.sql(
        "CREATE TRIGGER broken BEFORE INSERT ON audit_entry \
         BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
    );
    alice.post_json("/api/ui/sign-out", &[]).await.expect(500);
    alice.get("/").await.expect(200);
    app.sql("DROP TRIGGER broken");
    let cookie = alice.cookie(SESSION).unwrap();
    alice.post_json("/api/ui/sign-out", &[]).await.expect(200);
    assert!(alice.cookie(SESSION).is_none(), "taken away");
    alice
        .cookies
        .lock()
        .unwrap()
        .insert(SESSION.to_owned(), cookie);
    assert_eq!(alice.get("/").await.location(), "/sign-in");
}
