//! The editor of templates over HTTP, with and without JavaScript.

use serde_json::Value;

use crate::test_app::TestApp;

/// The form of a template's page as a browser would send it.
fn filled(view: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for section in view["editor"].as_array().unwrap() {
        for field in section["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            for value in field["values"].as_array().unwrap() {
                pairs.push((name.to_owned(), value.as_str().unwrap().to_owned()));
            }
        }
    }
    if let Some(id) = view["row"]["id"].as_str() {
        pairs.push(("template".to_owned(), id.to_owned()));
        pairs.push(("version".to_owned(), view["row"]["version"].to_string()));
    }
    pairs
}

fn put(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    pairs.retain(|(known, _)| known != name);
    pairs.push((name.to_owned(), value.to_owned()));
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn without_javascript_a_template_is_previewed_corrected_and_added() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    let page = carol.get("/admin/templates/new").await.expect(200);
    assert!(
        page.text()
            .contains("formaction=\"/admin/templates/preview\"")
    );
    let mut form = filled(&carol.read("/api/ui/read/template").await.expect(200).json());
    put(&mut form, "name", "Mail <for> a while");
    put(&mut form, "summary", "Thirty days of mail.");
    put(&mut form, "valid_days", "20");
    put(&mut form, "pfx_strength", "sixteen");

    let page = carol
        .post("/admin/templates/preview", &borrowed(&form))
        .await
        .expect(200);
    assert!(
        page.words()
            .contains("The time for renewing has to be shorter than the validity.")
    );
    assert!(page.words().contains("emailProtection"));
    assert!(page.text().contains("value=\"Mail &lt;for&gt; a while\""));
    assert!(page.text().contains("<option value=\"sixteen\" selected"));

    let page = carol
        .post("/admin/templates/add", &borrowed(&form))
        .await
        .expect(422);
    assert!(
        page.words()
            .contains("The time for renewing has to be shorter than the validity.")
    );
    assert!(page.text().contains("value=\"Mail &lt;for&gt; a while\""));

    put(&mut form, "valid_days", "40");
    let way = carol
        .post("/admin/templates/add", &borrowed(&form))
        .await
        .location();
    let page = carol.get(&way).await.expect(200);
    assert!(
        page.words().contains("is added and offered from now on"),
        "{}",
        page.words()
    );
    assert!(page.words().contains("40 days"));
    let list = carol.get("/admin/templates").await.expect(200);
    assert!(list.text().contains("Mail &lt;for&gt; a while"));
}

#[tokio::test]
async fn a_change_is_a_version_and_an_old_page_changes_nothing() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.carol().await, app.anonymous());
    dave.sign_in("dave").await;
    let list = carol
        .read("/api/ui/read/templates")
        .await
        .expect(200)
        .json();
    let id = list["rows"][0]["id"].as_str().unwrap().to_owned();
    let (page, read) = (
        format!("/admin/templates/{id}"),
        format!("/api/ui/read/template?id={id}"),
    );
    let mut form = filled(&carol.read(&read).await.expect(200).json());
    put(&mut form, "valid_days", "77");
    let change = format!("{page}/change");
    carol.post_json(&change, &borrowed(&form)).await.expect(200);
    put(&mut form, "valid_days", "78");
    carol.post_json(&change, &borrowed(&form)).await.expect(409);
    // Sent again from the page that answers, it is still the version that was seen first.
    let again = carol.post(&change, &borrowed(&form)).await.expect(409);
    assert_eq!(again.input("version").as_deref(), Some("1"));
    let seen = dave.get(&page).await.expect(200);
    assert!(seen.words().contains("Validity: 365 days → 77 days"));
    assert!(seen.words().contains("Carol Clark"));
    assert!(!seen.text().contains("/change"));

    let fields = [("id", id.as_str())];
    dave.post_json("/api/ui/withdraw-template", &fields)
        .await
        .expect(403);
    carol
        .post_json("/api/ui/withdraw-template", &fields)
        .await
        .expect(200);
    let list = carol.read("/api/ui/read/templates").await.json();
    assert_eq!(list["rows"][0]["is_offered"], false);
    carol
        .post_json("/api/ui/offer-template", &fields)
        .await
        .expect(200);
    let nobody = [("id", "01932f6e-0000-7000-8000-000000000001")];
    carol
        .post_json("/api/ui/offer-template", &nobody)
        .await
        .expect(404);
    // Nonsense is told at fields and changes nothing.
    carol
        .post_json(&change, &[("kind", "\u{0}"), ("version", "2")])
        .await
        .expect(422);
    carol
        .post_json("/admin/templates/x/change", &[])
        .await
        .expect(404);
    let preview = carol
        .post_json("/admin/templates/preview", &[])
        .await
        .expect(200)
        .json();
    assert!(preview["problems"].as_array().unwrap().len() > 5);
}
