//! `certportal template`: to a file, changed, and back, beside a running portal.

use crate::demo::Demo;
use serde_json::{Value, json};
use std::process::Command;

const NAME: &str = "Secure mail, at once";

/// The template as a file has it.
fn exported(demo: &Demo, name: &str) -> Value {
    let (code, text) = demo.certportal(&["template", "export", name]);
    assert_eq!(code, 0, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn import(demo: &Demo, file: &str) -> (i32, String) {
    let path = demo.file("template.json");
    std::fs::write(&path, file).unwrap();
    demo.certportal(&["template", "import", path.to_str().unwrap()])
}

fn list(demo: &Demo) -> String {
    let (code, text) = demo.certportal(&["template", "list"]);
    assert_eq!(code, 0, "{text}");
    text
}

/// The lines of the audit log that are about templates.
fn audited(demo: &Demo) -> String {
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
        [print(*row) for row in db.execute(\"SELECT action, actor_label, subject_label, details \
        FROM audit_entry WHERE action LIKE '%-template' ORDER BY number\")]";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(demo.data.join("portal.sqlite"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_template_goes_to_a_file_and_back_beside_a_running_portal() {
    let demo = Demo::prepared();
    let node = demo.start();
    let listed = list(&demo);
    let row = format!("{NAME}\tMail (address)\tversion 1\toffered\t0\n");
    assert!(listed.contains(&row), "{listed}");

    let mut file = exported(&demo, NAME);
    assert_eq!(file["name"], NAME);
    assert_eq!(file["content"]["valid_days"], 365);
    let (code, text) = import(&demo, &file.to_string());
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Nothing is different"), "{text}");
    assert_eq!(list(&demo), listed);

    file["content"]["valid_days"] = json!(90);
    let (code, text) = import(&demo, &file.to_string());
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Version 2"), "{text}");
    assert_eq!(exported(&demo, NAME), file);
    let first = ["template", "export", NAME, "--number", "1"];
    let (_, first) = demo.certportal(&first);
    assert!(first.contains("\"valid_days\": 365"), "{first}");

    // Another name is another template; what is left out has its default.
    file["name"] = json!("Mail for a quarter");
    file["content"].as_object_mut().unwrap().remove("renewal");
    let (code, text) = import(&demo, &file.to_string());
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("offered from now on"), "{text}");
    let (code, text) = demo.certportal(&["template", "show", "Mail for a quarter"]);
    assert_eq!(code, 0, "{text}");
    for line in ["Validity: 90 days", "version 1", "command line"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let (_, text) = demo.certportal(&["template", "show", NAME]);
    assert!(text.contains("set-up"), "{text}");
    assert!(
        text.contains("command line: Validity: 365 days → 90 days"),
        "{text}"
    );

    // The portal that runs has both, and its log says where they came from.
    let carol = demo.sign_in(&node, "carol");
    let page = carol.get(&node.url, "/admin/templates").text();
    assert!(page.contains("Mail for a quarter"), "{page}");
    let alice = demo.sign_in(&node, "alice");
    let form = alice.get(&node.url, "/request").text();
    assert!(form.contains("Mail for a quarter"), "{form}");
    let log = audited(&demo);
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(
        lines[0].starts_with(&format!("change-template command line {NAME}")),
        "{log}"
    );
    assert!(lines[0].contains("365 days → 90 days"), "{log}");
    assert!(
        lines[1].starts_with("add-template command line Mail for a quarter"),
        "{log}"
    );
    demo.assert_healthy();
}

#[test]
fn a_file_that_the_page_would_refuse_changes_nothing() {
    let demo = Demo::prepared();
    let before = list(&demo);
    let good = exported(&demo, NAME);
    let changed = |field: &str, value: Value| {
        let mut file = good.clone();
        file["content"][field] = value;
        file.to_string()
    };
    let nobody = "019a6f0e-7c3e-7d54-b0a1-2f6f3c1d9e77";
    for (file, told) in [
        ("not JSON".to_owned(), "this is not a template"),
        (json!({ "name": NAME }).to_string(), "missing field"),
        (" ".repeat(70_000), "at most 64 KiB"),
        (changed("valid_day", json!(1)), "no field valid_day"),
        (changed("valid_days", json!(731)), "Between 1 and 730 days"),
        (
            changed("key_algorithms", json!([])),
            "Please choose at least one",
        ),
        (
            changed("key_algorithms", json!(["rsa1024"])),
            "this is not a template",
        ),
        (changed("summary", json!(" ")), "what it is for"),
        (
            changed("authority", json!(nobody)),
            "There is no such authority",
        ),
        (
            changed("policy", json!({ "own": "1.x" })),
            "object identifier",
        ),
        // Only the linter knows: the authority for mail does not sign for signing in to servers.
        (changed("with_client_auth", json!(true)), "L30"),
    ] {
        let (code, text) = import(&demo, &file);
        assert_eq!(code, 1, "{file}: {text}");
        assert!(text.contains(told), "{file}: {text}");
    }
    let missing = demo.file("nothing.json");
    for (arguments, told) in [
        (["import", missing.to_str().unwrap()], "cannot be read"),
        (["import", "/dev/zero"], "at most 64 KiB"),
        (["export", "Nonsense"], "no template has the name Nonsense"),
        (["show", "Nonsense"], "no template has the name Nonsense"),
    ] {
        let (code, text) = demo.certportal(&[&["template"], arguments.as_slice()].concat());
        assert_eq!(code, 1, "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?}: {text}");
    }
    let (code, text) = demo.certportal(&["template", "export", NAME, "--number", "9"]);
    assert_eq!(code, 1, "{text}");
    assert_eq!(list(&demo), before);
    assert_eq!(audited(&demo), "");
    demo.assert_healthy();
}
