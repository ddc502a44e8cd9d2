//! How every message looks, and that nothing a person types can change its shape.

mod samples;

use time::macros::datetime;

use self::samples::every_message;
use super::*;

const AT: OffsetDateTime = datetime!(2026-08-20 14:05:09 +02:00);

fn brand() -> Brand {
    Brand {
        organisation: "Example Ltd".to_owned(),
        base_url: "https://certs.example.com".to_owned(),
    }
}

fn as_is(text: &str) -> String {
    text.to_owned()
}

/// Leaves a mail beside the sample pages, to be looked at.
fn keep(kind: &str, html: &str) {
    let gallery = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    std::fs::create_dir_all(&gallery).unwrap();
    std::fs::write(gallery.join(format!("mail-{kind}.html")), html).unwrap();
}

#[test]
fn every_message_looks_as_recorded() {
    let messages = every_message(&as_is);
    let kinds: Vec<&str> = messages.iter().map(Message::kind).collect();
    assert_eq!(kinds, Message::KINDS);
    for message in &messages {
        let rendered = message.render(&brand()).unwrap();
        let Rendered {
            subject,
            text,
            html,
        } = rendered;
        keep(message.kind(), &html);
        insta::with_settings!({
            snapshot_path => "../snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(
                message.kind(),
                format!("Subject: {subject}\n\n===== text =====\n{text}\n===== html =====\n{html}")
            );
        });
    }
}

#[test]
fn the_other_branches_look_as_they_should() {
    let received = Message::from(RequestReceived {
        mailbox: "alice@example.com".to_owned(),
        template: "Employee".to_owned(),
        needs_approval: false,
        requester: Some("Carol Clark".to_owned()),
        link: "/requests/1".to_owned(),
    });
    let rendered = received.render(&brand()).unwrap();
    assert!(
        rendered
            .text
            .contains("Carol Clark asked for a certificate for you")
    );
    assert!(rendered.html.contains("If you did not expect this"));
    let ready = |is_own_key, is_attached| {
        let message = Message::from(CertificateReady {
            mailbox: "alice@example.com".to_owned(),
            expires_at: AT,
            is_own_key,
            is_attached,
            api_path: None,
            link: "/certificates/1".to_owned(),
        });
        message.render(&brand()).unwrap()
    };
    assert!(ready(true, false).text.contains("the key is with you"));
    assert!(!ready(true, false).html.contains("see your password"));
    assert!(ready(false, true).html.contains("sealed by its password"));
    let for_api = Message::from(CertificateReady {
        mailbox: "alice@example.com".to_owned(),
        expires_at: AT,
        is_own_key: false,
        is_attached: false,
        api_path: Some("/api/v1/certificates/1".to_owned()),
        link: "/certificates/1".to_owned(),
    });
    let for_api = for_api.render(&brand()).unwrap();
    let address = format!("{}/api/v1/certificates/1", brand().base_url);
    for body in [&for_api.text, &for_api.html] {
        assert!(
            body.contains("through the API") && body.contains(&address),
            "{body}"
        );
        assert!(
            body.contains("open the portal to see your password"),
            "{body}"
        );
    }
    assert!(!ready(false, false).text.contains("API"));
    let delivered = Message::from(CertificateDelivered {
        mailbox: "alice@example.com".to_owned(),
        by: "Carol Clark".to_owned(),
        is_container: false,
        link: "/certificates/1".to_owned(),
    });
    let delivered = delivered.render(&brand()).unwrap();
    assert!(delivered.text.contains("without its key"));
    let rendered = received.render(&brand()).unwrap();
    assert!(rendered.text.contains("It needs no approval"));
    assert!(!rendered.text.contains("Somebody has to approve"));
    let waiting = Message::from(RequestWaiting {
        requester: "Alice Smith".to_owned(),
        mailbox: "alice@example.com".to_owned(),
        template: "Employee".to_owned(),
        reason: None,
        link: "/queue".to_owned(),
    });
    let rendered = waiting.render(&brand()).unwrap();
    assert!(!rendered.text.contains("reason"), "{}", rendered.text);
    assert!(!rendered.html.contains("reason"), "{}", rendered.html);
}

#[test]
fn a_notice_says_what_to_do_in_each_case() {
    let said = |renewable_from, is_under_way, days| {
        let message = Message::from(CertificateEnding {
            mailbox: "alice@example.com".to_owned(),
            days,
            ends_at: AT,
            renewable_from,
            is_under_way,
            link: "/certificates/1".to_owned(),
        });
        message.render(&brand()).unwrap()
    };
    let renew = said(Some(AT), false, 30);
    assert!(renew.text.contains("Renew"), "{}", renew.text);
    assert!(renew.subject.contains("30 days"), "{}", renew.subject);
    let one = said(None, true, 1);
    assert!(one.text.contains("under way"), "{}", one.text);
    assert!(one.subject.contains("1 day") && !one.subject.contains("days"));
    let other = said(None, false, 7);
    assert!(other.text.contains("request another one"), "{}", other.text);
    for rendered in [renew, one, other] {
        assert!(rendered.text.contains("old mail"), "{}", rendered.text);
    }
}

#[test]
fn the_kind_in_json_is_the_kind() {
    for message in every_message(&as_is) {
        let json = serde_json::to_value(&message).unwrap();
        assert_eq!(json["kind"], message.kind());
        assert_eq!(serde_json::from_value::<Message>(json).unwrap(), message);
    }
}

#[test]
fn text_and_html_say_the_same() {
    for message in every_message(&|text| text.replace(['<', '>', '&', '\''], "")) {
        let rendered = message.render(&brand()).unwrap();
        let plain = rendered
            .html
            .split('<')
            .filter_map(|part| part.split_once('>'))
            .fold(String::new(), |all, (_, words)| all + words + " ");
        let plain = plain.replace("&#39;", "'");
        for word in rendered.text.split_whitespace() {
            let word = word.trim_end_matches(['.', ':', ',']);
            if !matches!(word, ">" | "--") {
                assert!(plain.contains(word), "{}: {word}", message.kind());
            }
        }
        assert_eq!(rendered.html.matches("<a ").count(), 1);
    }
}

#[test]
fn html_in_names_is_shown_not_obeyed() {
    let evil = r#"<script>alert("1")</script><a href='//evil.example'>x"#;
    for message in every_message(&|_| evil.to_owned()) {
        let html = message.render(&brand()).unwrap().html;
        assert!(!html.contains("<script"), "{}", message.kind());
        assert_eq!(html.matches("<a ").count(), 1, "{}", message.kind());
        assert_eq!(
            html.matches("href").count() - html.matches("href=&#39;").count(),
            1
        );
    }
    let brand = Brand {
        organisation: evil.to_owned(),
        ..brand()
    };
    for message in every_message(&as_is) {
        let html = message.render(&brand).unwrap().html;
        assert!(!html.contains("<script"), "{}", message.kind());
    }
}

#[test]
fn a_subject_stays_one_short_line() {
    for part in [
        "a\r\nBcc: x@example.com\r\n\r\n",
        "\u{2028}x\u{202E}y\u{0}",
        &"é".repeat(400),
    ] {
        let brand = Brand {
            organisation: part.to_owned(),
            ..brand()
        };
        for message in every_message(&|_| part.to_owned()) {
            let subject = message.render(&brand).unwrap().subject;
            assert!(!subject.is_empty());
            assert!(subject.chars().count() <= 150, "{subject}");
            assert!(
                !subject.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{202E}'),
                "{subject:?}"
            );
        }
    }
}

#[test]
fn a_link_out_of_the_portal_is_refused() {
    let message = Message::from(PasswordChanged {
        at: AT,
        from_address: "192.0.2.7".to_owned(),
        link: "https://evil.example/".to_owned(),
    });
    assert!(matches!(message.render(&brand()), Err(Error::Link { .. })));
}
