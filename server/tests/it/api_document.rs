//! The API's document says what the API does: its paths are those of the table, and real answers are
//! as it describes them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use server::http::ROUTES;

use crate::program::Program;
use crate::test_app::TestApp;

async fn document(app: &TestApp) -> Value {
    let answer = app
        .anonymous()
        .read("/api/v1/openapi.json")
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn its_paths_are_those_of_the_table() {
    let app = TestApp::start_empty().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut told = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "patch"] {
            if item.get(method).is_some() {
                told.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let routes = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"));
    let served: BTreeSet<_> = routes
        .map(|route| format!("{} {}", route.method(), route.path))
        .collect();
    assert_eq!(told, served);
}

/// Every `$ref` below a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(path) => found.push(path),
                    None => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    let app = TestApp::start_empty().await;
    let document = document(&app).await;
    let mut found = Vec::new();
    references(&document, &mut found);
    for path in &found {
        let pointer = path.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{path}");
    }
    for kind in ["schemas", "responses", "parameters"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let path = format!("#/components/{kind}/{name}");
            assert!(found.contains(&path.as_str()), "{path} is never used");
        }
    }
}

/// Checks an answer against what the document says about its type: all fields, no others, and each
/// value of a type and of the words that it names.
fn check(document: &Value, schema: &Value, value: &Value) {
    let schema = match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_type = schema["type"] == actual
        || schema["type"]
            .as_array()
            .is_some_and(|types| types.contains(&json!(actual)));
    assert!(is_type, "{value} is no {}", schema["type"]);
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{value} is none of {words:?}");
    }
    for item in value.as_array().into_iter().flatten() {
        check(document, &schema["items"], item);
    }
    if let Some(fields) = value.as_object() {
        let names: BTreeSet<_> = fields.keys().map(String::as_str).collect();
        let told = schema["properties"].as_object().unwrap();
        assert_eq!(names, told.keys().map(String::as_str).collect());
        let required = schema["required"].as_array().unwrap().iter();
        assert_eq!(names, required.map(|name| name.as_str().unwrap()).collect());
        for (name, value) in fields {
            check(document, &told[name], value);
        }
    }
}

#[tokio::test]
async fn answers_are_as_it_says() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let is = |name: &str, value: &Value| {
        check(&document, &document["components"]["schemas"][name], value);
    };
    let program = Program::of(&app.alice().await, "secrets").await;
    let asked = json!({"template": "Secure mail, at once", "key_algorithm": "p256"});
    let made = program.post("/api/v1/requests", &asked).await.expect(202);
    is("Request", &made.json());
    app.run_due_jobs().await;
    let request = program.get(&made.header("location")).await.json();
    is("Request", &request);
    let id = request["certificates"][0].as_str().unwrap();
    let list = program.get("/api/v1/certificates").await.json();
    is("CertificatePage", &list);
    let path = format!("/api/v1/certificates/{id}");
    is("Certificate", &program.get(&path).await.json());
    is(
        "Password",
        &program.get(&format!("{path}/password")).await.json(),
    );
    let wrong = json!({"template": "", "key_algorithm": "x"});
    is(
        "Problem",
        &program.post("/api/v1/requests", &wrong).await.json(),
    );
    is("Problem", &Program::with(&app, "x").get(&path).await.json());
    // Everything that the document lets a program send is understood.
    let sent = &document["components"]["schemas"]["NewRequest"]["properties"];
    for (name, schema) in sent.as_object().unwrap() {
        let mut asked = asked.clone();
        asked[name] = if schema["type"] == "array" {
            json!([])
        } else {
            json!("x")
        };
        let told = program.post("/api/v1/requests", &asked).await.text();
        assert!(
            !told.contains("A field is not as it must be"),
            "{name}: {told}"
        );
    }
}
