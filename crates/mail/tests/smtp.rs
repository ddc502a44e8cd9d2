//! Delivery to a real SMTP server, and what its refusals mean.
//!
//! The server is Python's aiosmtpd, which also takes the message apart again with Python's own
//! parser.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "this is a test, helpers included"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use mail::{
    Brand, CertificateReady, Mailer, Message, Rendered, Security, SendError, SmtpSettings,
    message_id,
};
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

const NOW: OffsetDateTime = datetime!(2026-08-20 12:05:09 UTC);

/// A running mail server, ended when dropped.
struct Sink {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
}

impl Sink {
    fn start(arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new(python(root))
            .arg(root.join("tests/sink.py"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut sink = Self {
            child,
            lines,
            port: 0,
        };
        let port = sink
            .next()
            .as_u64()
            .expect("aiosmtpd is installed; run `cargo xtask test`");
        sink.port = port.try_into().unwrap();
        sink
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_default()
    }

    fn settings(&self) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: Security::None,
            username: None,
            password: None,
            from: "Zertifikate für alle <certs@example.com>".to_owned(),
            timeout: Duration::from_secs(20),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn python(root: &Path) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "tells where the test tools are")]
    let venv = std::env::var_os("CERTPORTAL_VENV")
        .map_or_else(|| root.join("../../target/venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(
        python.exists(),
        "there is no {}; run `cargo xtask test`, which installs the test tools",
        python.display()
    );
    python
}

fn rendered() -> Rendered {
    let message = Message::from(CertificateReady {
        mailbox: "müller@example.com".to_owned(),
        expires_at: NOW,
        is_own_key: false,
        is_attached: false,
        api_path: None,
        link: "/certificates/1".to_owned(),
    });
    let brand = Brand {
        organisation: "Müller & Söhne".to_owned(),
        base_url: "https://certs.example.com".to_owned(),
    };
    message.render(&brand).unwrap()
}

async fn send(settings: &SmtpSettings, to: &str) -> Result<(), SendError> {
    let id = message_id(Uuid::nil(), "certs.example.com");
    Mailer::new(settings)
        .unwrap()
        .send(&to.parse().unwrap(), &id, NOW, &rendered())
        .await
}

#[tokio::test]
async fn a_message_arrives_whole() {
    let mut sink = Sink::start(&[]);
    send(&sink.settings(), "o'brien+x@example.com")
        .await
        .unwrap();
    let arrived = sink.next();
    let rendered = rendered();
    assert_eq!(arrived["from"], "certs@example.com");
    assert_eq!(arrived["to"], serde_json::json!(["o'brien+x@example.com"]));
    assert_eq!(arrived["type"], "multipart/alternative");
    let headers = &arrived["headers"];
    for (name, value) in [
        ("Subject", rendered.subject.as_str()),
        ("From", "Zertifikate für alle <certs@example.com>"),
        ("Date", "Thu, 20 Aug 2026 12:05:09 +0000"),
        (
            "Message-ID",
            "<00000000-0000-0000-0000-000000000000@certs.example.com>",
        ),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    let parts = arrived["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2);
    for (part, (kind, content)) in parts.iter().zip([
        ("text/plain", &rendered.text),
        ("text/html", &rendered.html),
    ]) {
        assert_eq!(part["type"], kind);
        let arrived = part["content"].as_str().unwrap().replace("\r\n", "\n");
        assert_eq!(arrived.trim_end(), content.trim_end());
    }
}

#[tokio::test]
async fn refusals_say_whether_to_try_again() {
    let mut sink = Sink::start(&[]);
    let settings = sink.settings();
    match send(&settings, "later@example.com").await {
        Err(SendError::Transient(why)) => assert!(why.contains("come back later"), "{why}"),
        other => panic!("{other:?}"),
    }
    match send(&settings, "nobody@example.com").await {
        Err(SendError::Permanent(why)) => assert!(why.contains("no such mailbox"), "{why}"),
        other => panic!("{other:?}"),
    }
    // A refusal spoils nothing for the next message of the same mailer.
    let mailer = Mailer::new(&settings).unwrap();
    for (to, is_sent) in [("nobody@example.com", false), ("alice@example.com", true)] {
        let id = message_id(Uuid::nil(), "certs.example.com");
        let result = mailer
            .send(&to.parse().unwrap(), &id, NOW, &rendered())
            .await;
        assert_eq!(result.is_ok(), is_sent, "{result:?}");
    }
    assert_eq!(sink.next()["to"], serde_json::json!(["alice@example.com"]));
}

#[tokio::test]
async fn an_absent_server_is_tried_again() {
    let settings = {
        let sink = Sink::start(&[]);
        sink.settings()
    };
    let result = send(&settings, "alice@example.com").await;
    assert!(matches!(result, Err(SendError::Transient(_))), "{result:?}");
}

#[tokio::test]
async fn a_silent_server_does_not_hold_up_the_mail() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = SmtpSettings {
        port: silent.local_addr().unwrap().port(),
        timeout: Duration::from_millis(100),
        ..Sink::start(&[]).settings()
    };
    match send(&settings, "alice@example.com").await {
        Err(SendError::Transient(why)) => assert!(why.contains("within 0.1 seconds"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_portal_signs_in_and_a_wrong_password_loses_no_mail() {
    let mut sink = Sink::start(&["--auth"]);
    let with_password = |password: &str| SmtpSettings {
        username: Some("portal".to_owned()),
        password: Some(domain::Secret::new(password.to_owned())),
        ..sink.settings()
    };
    let (right, wrong) = (with_password("right"), with_password("wrong"));
    match send(&wrong, "alice@example.com").await {
        Err(SendError::Transient(why)) => {
            assert!(why.contains("535") && !why.contains("wrong"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    send(&right, "alice@example.com").await.unwrap();
    assert_eq!(sink.next()["to"], serde_json::json!(["alice@example.com"]));
}

#[tokio::test]
async fn an_encrypted_connection_is_not_given_up() {
    // The server offers no TLS.
    let sink = Sink::start(&[]);
    let settings = SmtpSettings {
        security: Security::StartTls,
        ..sink.settings()
    };
    let result = send(&settings, "alice@example.com").await;
    assert!(matches!(result, Err(SendError::Transient(_))), "{result:?}");

    // The server's certificate is for this address, but nobody vouches for it.
    let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/untrusted.pem");
    let sink = Sink::start(&["--starttls", pem.to_str().unwrap()]);
    let settings = SmtpSettings {
        security: Security::StartTls,
        ..sink.settings()
    };
    match send(&settings, "alice@example.com").await {
        Err(SendError::Transient(why)) => assert!(why.contains("certificate"), "{why}"),
        other => panic!("{other:?}"),
    }
}
