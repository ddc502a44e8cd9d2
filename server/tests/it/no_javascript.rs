//! The portal without JavaScript: forms lead to pages, and pages say what became of them.

use crate::test_app::TestApp;

#[tokio::test]
async fn what_was_wrong_is_on_the_next_page_with_what_was_typed() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let fields = [
        ("mailbox", "alice@example.com"),
        ("password", "not this one"),
        ("back", "/sign-in?next=%2Faccount"),
    ];
    let answer = visitor.post("/api/ui/sign-in", &fields).await;
    assert_eq!(answer.location(), "/sign-in?next=%2Faccount");
    let flash = visitor.cookie("__Host-flash").unwrap();
    let page = visitor.get(&answer.location()).await.expect(200).text();
    assert!(page.contains("is not right"), "{page}");
    assert!(page.contains("value=\"alice@example.com\""), "{page}");
    assert!(!page.contains("not this one") && !flash.contains("not this one"));
    assert!(visitor.cookie("__Host-flash").is_none(), "shown once");
    let page = visitor.get(&answer.location()).await.text();
    assert!(!page.contains("is not right"));
}

#[tokio::test]
async fn what_was_done_is_on_the_next_page() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    alice.get("/").await.expect(200);
    let fields = [("back", "/account")];
    let answer = alice.post("/api/ui/end-other-sessions", &fields).await;
    assert_eq!(answer.location(), "/account");
    let page = alice.get("/account").await.expect(200).text();
    assert!(page.contains("There was no other session."), "{page}");
}

#[tokio::test]
async fn a_request_leads_to_its_page() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let page = alice.get("/request").await.expect(200);
    let form = alice.read("/api/ui/read/request-form").await.json();
    let fields = [
        ("template", form["templates"][0]["id"].as_str().unwrap()),
        ("mailbox", "alice@example.com"),
        ("reason", "To sign my mail"),
        ("idempotency_key", form["idempotency_key"].as_str().unwrap()),
        ("back", "/request"),
    ];
    assert!(page.text().contains("alice@example.com"));
    let next = alice.post("/api/ui/request", &fields).await.location();
    assert!(next.starts_with("/requests/"), "{next}");
    assert!(
        alice
            .get(&next)
            .await
            .expect(200)
            .text()
            .contains("To sign my mail")
    );
}

#[tokio::test]
async fn a_form_of_somebody_who_was_signed_out_leads_to_sign_in_and_back() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let answer = visitor
        .post("/api/ui/end-other-sessions", &[("back", "/account")])
        .await;
    assert_eq!(answer.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn back_leads_nowhere_else() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    for back in [
        "//evil.example",
        "https://evil.example",
        "/\\evil",
        "/x\r\nset-cookie: a=b",
        "",
    ] {
        let answer = alice
            .post("/api/ui/end-other-sessions", &[("back", back)])
            .await;
        assert_eq!(answer.location(), "/", "{back}");
    }
}
