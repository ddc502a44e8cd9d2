//! Several certificates at once, over HTTP and without JavaScript: choose, confirm, see what became
//! of each. And a signing request of one's own, from the form to the file.

use crate::test_app::TestApp;

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn an_admin_selects_confirms_and_sees_what_became_of_each() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let (first, second) = (alice.certificate().await, alice.certificate().await);
    let carol = app.carol().await;
    let list = carol.get("/certificates").await.expect(200).text();
    assert!(list.contains("name=\"certificate\""), "boxes to tick");
    let dave = app.anonymous();
    dave.sign_in("dave").await;
    let read_only = dave.get("/certificates").await.expect(200).text();
    assert!(!read_only.contains("name=\"certificate\""));

    let chosen = [
        ("change", "revoke"),
        ("scope", "selected"),
        ("certificate", id(&first)),
    ];
    let page = carol
        .post("/certificates/change", &chosen)
        .await
        .expect(200);
    let words = page.words();
    assert!(
        words.contains("This revokes 1 certificate of 1 person."),
        "{words}"
    );
    assert!(page.text().contains("name=\"confirmed\""));
    assert!(
        !page.text().contains("name=\"csrf\" value=\"\""),
        "the token is in the form"
    );
    let state = carol.get(&first).await.words();
    assert!(!state.contains("Revoked"), "nothing was done yet");
    // A wrong confirmation asks again and says why.
    let mut wrong = chosen.to_vec();
    wrong.extend([("confirmed", "yes"), ("reason", "because")]);
    let page = carol.post("/certificates/change", &wrong).await.expect(200);
    assert!(
        page.words().contains("choose one of the reasons"),
        "{}",
        page.words()
    );
    let mut right = chosen.to_vec();
    right.extend([("confirmed", "yes"), ("reason", "superseded")]);
    let page = carol.post("/certificates/change", &right).await.expect(200);
    assert!(
        page.words().contains("Revoke: 1 certificate done"),
        "{}",
        page.words()
    );
    assert!(carol.get(&first).await.words().contains("Revoked"));

    // Everything that is found; what cannot be done is told.
    let all = [("change", "hold"), ("scope", "everything")];
    let page = carol.post("/certificates/change", &all).await.expect(200);
    let words = page.words();
    assert!(
        words.contains("This puts 1 certificate of 1 person on hold."),
        "{words}"
    );
    assert!(
        words.contains("1 certificate that are revoked already"),
        "{words}"
    );
    let plan = carol
        .post_json("/certificates/change", &all)
        .await
        .expect(200)
        .json();
    let after = plan["asked"]["filter"]["after"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut confirmed = all.to_vec();
    confirmed.extend([("confirmed", "yes"), ("after", after.as_str())]);
    let result = carol
        .post_json("/certificates/change", &confirmed)
        .await
        .expect(200)
        .json();
    assert_eq!(result["rows"].as_array().unwrap().len(), 2);
    assert!(carol.get(&second).await.words().contains("On hold"));

    for fields in [
        vec![("change", "burn")],
        vec![("change", "hold"), ("scope", "selected")],
        vec![("change", "hold"), ("certificate", "x")],
        vec![
            ("change", "hold"),
            ("scope", "everything"),
            ("state", "lost"),
        ],
    ] {
        carol
            .post_json("/certificates/change", &fields)
            .await
            .expect(422);
        carol
            .post("/certificates/change", &fields)
            .await
            .expect(422);
    }
    let unplanned = [
        ("change", "hold"),
        ("scope", "everything"),
        ("confirmed", "yes"),
    ];
    carol
        .post_json("/certificates/change", &unplanned)
        .await
        .expect(409);
}

#[tokio::test]
async fn the_certificate_alone_is_a_file_for_who_may_see_it() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let path = format!("{}/pem", alice.certificate().await);
    let file = alice.get(&path).await.expect(200);
    assert_eq!(file.header("content-type"), "application/x-pem-file");
    assert!(file.header("content-disposition").contains(".pem"));
    assert_eq!(file.text().matches("BEGIN CERTIFICATE").count(), 2);
    assert!(!file.text().contains("PRIVATE"));
    for (form, kind) in [
        ("der", "application/pkix-cert"),
        ("p7b", "application/x-pkcs7-certificates"),
    ] {
        let other = alice.get(&path.replace("/pem", &format!("/{form}"))).await;
        assert_eq!(other.expect(200).header("content-type"), kind);
    }
    let visitor = app.anonymous();
    assert!(visitor.get(&path).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_request_that_is_none_is_told_at_its_field() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let form = alice
        .read("/api/ui/read/request-form")
        .await
        .expect(200)
        .json();
    let template = form["templates"][1]["id"].as_str().unwrap();
    let key = form["idempotency_key"].as_str().unwrap();
    let fields = [
        ("template", template),
        ("mailbox", "alice@example.com"),
        ("idempotency_key", key),
        (
            "csr",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        ),
    ];
    let answer = alice
        .post_json("/api/ui/request", &fields)
        .await
        .expect(422);
    assert_eq!(answer.json()["fields"][0]["field"], "csr");
    // For somebody else one has to be an administrator.
    let nobody = uuid::Uuid::nil().to_string();
    let path = format!("/api/ui/read/request-form?asked[person]={nobody}");
    alice.read(&path).await.expect(403);
    let carol = app.carol().await;
    carol.read(&path).await.expect(404);
    let wrong = "/api/ui/read/request-form?asked[copy]=x";
    carol.read(wrong).await.expect(404);
}
