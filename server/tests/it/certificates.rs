//! The list of all certificates, over HTTP: paging, what cannot be read, and the file.

use std::collections::BTreeSet;

use crate::actor::Actor;
use crate::test_app::TestApp;

/// Adds a person with this name and has certificates issued to them.
async fn issue_to(app: &TestApp, name: &str, mailbox: &str, number: u32) {
    let carol = app.carol().await;
    let fields = [("name", name), ("mailbox", mailbox), ("role", "employee")];
    let added = carol.post_json("/people/add", &fields).await.expect(200);
    let added = added.json();
    let person = app.anonymous();
    let fields = [
        ("mailbox", mailbox),
        ("password", added["start_password"].as_str().unwrap()),
    ];
    person
        .post_json("/api/ui/sign-in", &fields)
        .await
        .expect(200);
    for _ in 0..number {
        person.certificate().await;
    }
}

/// The serials of a page, and the way to the next one.
fn listed(html: &str) -> (Vec<String>, Option<String>) {
    let serials = html
        .split("<span class=\"copy-text\"><code>")
        .skip(1)
        .map(|rest| rest[..32].to_owned())
        .collect();
    let next = html.split("rel=\"next\"").next().unwrap();
    let next = html
        .contains("rel=\"next\"")
        .then(|| next.rsplit("href=\"").next().unwrap())
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    (serials, next)
}

async fn all_pages(actor: &Actor<'_>, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = actor.get(&path).await.expect(200).text();
        let (serials, more) = listed(&page);
        pages.push(serials);
        next = more;
    }
    pages
}

#[tokio::test]
async fn pages_have_no_gaps_and_no_doubles_and_the_file_has_everything() {
    let app = TestApp::start().await;
    issue_to(&app, "Frank Fox", "frank@example.com", 120).await;
    let alice = app.alice().await;
    alice.certificate().await;
    let carol = app.carol().await;
    for (path, lengths) in [
        ("/certificates", [50, 50, 21]),
        ("/certificates?search=frank&state=valid", [50, 50, 20]),
    ] {
        let pages = all_pages(&carol, path).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
        let all: Vec<_> = pages.concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        let file = path.replace("/certificates", "/certificates.csv");
        let file = carol.get(&file).await.expect(200);
        let rows: Vec<_> = file.text().lines().skip(1).map(str::to_owned).collect();
        assert_eq!(rows.len(), all.len());
        for (row, serial) in rows.iter().zip(&all) {
            assert!(row.contains(&format!(",{serial},")), "{row}");
        }
    }
    let page = carol.get("/certificates").await.words();
    assert!(page.contains("121 certificates"), "{page}");
}

#[tokio::test]
async fn a_name_that_is_a_formula_is_text_in_the_file() {
    let app = TestApp::start().await;
    issue_to(&app, "=cmd|' /C calc'!A0,\"x\"", "mallory@example.com", 1).await;
    let dave = app.signed_in("dave").await;
    let file = dave
        .get("/certificates.csv?search=mallory")
        .await
        .expect(200);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"certificates.csv\""
    );
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("content-type").starts_with("text/csv"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let text = file.text();
    let row = text.split("\r\n").nth(1).unwrap();
    assert!(
        row.starts_with("\"'=cmd|' /C calc'!A0,\"\"x\"\"\",mallory@example.com,,valid,"),
        "{row}"
    );
    let log = dave.get("/audit?action=export").await.expect(200).words();
    assert!(log.contains("Exported a list"), "{log}");
    assert!(log.contains("mallory"), "{log}");
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    for (query, status, words) in [
        ("ends_to=soon", 422, "Please write the day as 2026-12-31."),
        (
            "ends_from=2026-02-30",
            422,
            "Please write the day as 2026-12-31.",
        ),
        ("state=lost", 422, "There is no such state."),
        ("template=x", 422, "There is no such template."),
        ("after=x", 404, "nothing here"),
    ] {
        let page = carol.get(&format!("/certificates?{query}")).await;
        let page = page.expect(status).words();
        assert!(page.contains(words), "{query}: {page}");
        if status == 422 {
            let file = carol.get(&format!("/certificates.csv?{query}")).await;
            assert_eq!(file.header("content-disposition"), "");
            file.expect(422);
        }
    }
    let page = carol.get("/certificates?search=%00%27%25_%5C").await;
    assert!(page.expect(200).words().contains("No certificate fits"));
    carol
        .get("/certificates.csv?state=valid&state=x")
        .await
        .expect(422);
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_gets_the_file() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let answer = visitor.get("/certificates.csv?state=valid").await;
    assert_eq!(
        answer.location(),
        "/sign-in?next=%2Fcertificates.csv%3Fstate%3Dvalid"
    );
    app.alice().await.get("/certificates.csv").await.expect(403);
}
