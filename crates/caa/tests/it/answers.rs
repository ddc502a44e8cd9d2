//! What owners wrote into their domains, and what comes of it.

use crate::unbound::Unbound;
use caa::{Answer, Caa, NameServers, Question};
use domain::{HostName, MailDomain};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = time::macros::datetime!(2026-08-01 12:00 UTC);
const RECORDS: &str = r#"
ours.example.                 60 IN CAA 0 issuemail "ca.example.com; account=1"
other.example.                60 IN CAA 0 issuemail "other-ca.example"
nobody.example.               60 IN CAA 0 issuemail ";"
deep.nobody.example.          60 IN CAA 0 issuemail "CA.Example.com"
hosts-only.example.           60 IN CAA 0 issue "other-ca.example"
hosts-only.example.           60 IN CAA 0 issuewild "ca.example.com"
critical.example.             60 IN CAA 0 issuemail "ca.example.com"
critical.example.             60 IN CAA 128 tbs "Unknown"
alias.other.example.          60 IN CNAME ours.example.
silent-alias.nobody.example.  60 IN CNAME plain.example.
loop.example.                 60 IN CNAME loop.example.
plain.example.                60 IN A 192.0.2.1
xn--bcher-kva.example.        60 IN CAA 0 issuemail ";"
bogus.example.                60 IN CAA 0 issuemail "ca.example.com"
long.example.                 90000 IN CAA 0 issuemail "ca.example.com"
"#;

fn check_at(address: SocketAddr) -> Caa {
    let identities = ["certificates.example.com", "ca.example.com"];
    let identities = identities.map(|name| HostName::parse(name).unwrap());
    Caa::new(
        identities.to_vec(),
        Arc::new(NameServers::at(address).unwrap()),
    )
}

fn mail(domain: &str) -> Question {
    Question::mail(&MailDomain::parse(domain).unwrap())
}

fn host(name: &str) -> Question {
    Question::host(&HostName::parse(name).unwrap()).unwrap()
}

fn permits(answer: &Answer) {
    assert!(matches!(answer, Answer::Permits(_)), "{answer:?}");
}

fn forbids(answer: Answer, words: &[&str]) {
    match answer {
        Answer::Forbids(told) => {
            assert!(words.iter().all(|word| told.contains(word)), "{told}");
        }
        other => panic!("{other:?}"),
    }
}

fn unknown(answer: Answer, words: &[&str]) {
    match answer {
        Answer::Unknown(told) => {
            assert!(words.iter().all(|word| told.contains(word)), "{told}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn domains_decide_about_mail() {
    let resolver = Unbound::start(RECORDS).await;
    let check = check_at(resolver.address());
    let ask = async |domain: &str| check.ask(&[mail(domain)], NOW).await;

    for domain in [
        "ours.example",
        "mail.eu.ours.example",
        "deep.nobody.example",
        "hosts-only.example",
        "alias.other.example",
        "plain.example",
        "no.such.domain.example",
        "xn--4ca.example",
    ] {
        permits(&ask(domain).await);
    }
    forbids(
        ask("other.example").await,
        &[
            "CAA records of other.example let only other-ca.example issue for mail",
            r#"other.example. CAA 0 issuemail "certificates.example.com""#,
        ],
    );
    forbids(ask("nobody.example").await, &["let nobody issue"]);
    // The parent's hold, where the name itself has none ...
    forbids(
        ask("mail.nobody.example").await,
        &["nobody.example, which hold for mail.nobody.example,"],
    );
    // ... also where it stands for another name that has none: its own parents are asked.
    forbids(ask("silent-alias.nobody.example").await, &["let nobody"]);
    forbids(ask("critical.example").await, &["critical", "tbs"]);
    forbids(ask("xn--bcher-kva.example").await, &["xn--bcher-kva"]);
}

#[tokio::test]
async fn where_nothing_is_known_nothing_is_permitted() {
    let resolver = Unbound::start(RECORDS).await;
    let check = check_at(resolver.address());
    let ask = async |domain: &str| check.ask(&[mail(domain)], NOW).await;

    unknown(ask("bogus.example").await, &["DNSSEC", "bogus.example"]);
    unknown(ask("mail.bogus.example").await, &["DNSSEC"]);
    unknown(ask("broken.example").await, &["name servers do not work"]);
    unknown(ask("refused.example").await, &["Refused"]);
    unknown(ask("loop.example").await, &["loop.example"]);
    unknown(ask("silent.example").await, &["does not answer in time"]);
    // What is not known was not kept.
    unknown(ask("bogus.example").await, &["DNSSEC"]);
    let address = resolver.address();
    drop(resolver);
    let check = check_at(address);
    let answer = check.ask(&[mail("ours.example")], NOW).await;
    unknown(answer, &["ours.example could not be read"]);
}

#[tokio::test]
async fn many_silent_names_take_no_longer_than_one() {
    let resolver = Unbound::start(RECORDS).await;
    let check = check_at(resolver.address());
    let names: Vec<Question> = (0..50)
        .map(|number| host(&format!("h{number}.silent.example")))
        .collect();
    let started = tokio::time::Instant::now();
    unknown(check.ask(&names, NOW).await, &["and 47 more"]);
    assert!(started.elapsed() < std::time::Duration::from_millis(5500));
}

#[tokio::test]
async fn hosts_and_wildcards_have_properties_of_their_own() {
    let resolver = Unbound::start(RECORDS).await;
    let check = check_at(resolver.address());
    let ask = async |names: &[&str]| {
        let questions: Vec<Question> = names.iter().map(|name| host(name)).collect();
        check.ask(&questions, NOW).await
    };
    permits(&ask(&["nobody.example", "*.nobody.example"]).await);
    permits(&ask(&["*.hosts-only.example", "*.www.hosts-only.example"]).await);
    forbids(
        ask(&["hosts-only.example"]).await,
        &[r#"hosts-only.example. CAA 0 issue "certificates.example.com""#],
    );
    // One that forbids it is enough; what is not known comes after.
    forbids(
        ask(&[
            "www.plain.example",
            "bogus.example",
            "www.hosts-only.example",
        ])
        .await,
        &["www.hosts-only.example"],
    );
    unknown(
        ask(&["www.plain.example", "bogus.example"]).await,
        &["bogus.example"],
    );
    permits(&ask(&[]).await);
}

#[tokio::test]
async fn more_records_than_fit_into_a_datagram_are_all_read() {
    let mut records = String::new();
    for number in 0..120 {
        let ca = format!("ca{number}.a-long-name-of-an-authority.example");
        writeln!(records, "big.example. 60 IN CAA 0 issuemail \"{ca}\"").unwrap();
    }
    let ours = "big.example. 60 IN CAA 0 issuemail \"ca.example.com\"";
    let mut resolver = Unbound::start(&format!("{records}{ours}")).await;
    let check = check_at(resolver.address());
    permits(&check.ask(&[mail("big.example")], NOW).await);
    resolver.change(&records).await;
    let later = NOW + Duration::hours(8);
    let answer = check.ask(&[mail("big.example")], later).await;
    forbids(answer, &["(and 115 more)"]);
}

#[tokio::test]
async fn what_permits_counts_for_eight_hours_and_what_forbids_not_at_all() {
    let mut resolver = Unbound::start(RECORDS).await;
    let check = check_at(resolver.address());
    let both = [mail("ours.example"), mail("plain.example")];
    permits(&check.ask(&both, NOW).await);
    permits(&check.ask(&[mail("long.example")], NOW).await);

    let forbidding = r#"
        ours.example. 60 IN CAA 0 issuemail ";"
        plain.example. 60 IN CAA 0 issuemail ";"
        long.example. 60 IN CAA 0 issuemail ";"
    "#;
    resolver.change(&forbidding.replace("        ", "")).await;
    permits(&check.ask(&both, NOW + Duration::minutes(8 * 60 - 1)).await);
    let later = NOW + Duration::hours(8);
    for question in both.clone() {
        forbids(check.ask(&[question], later).await, &["nobody"]);
    }
    // Another purpose is another question.
    permits(&check.ask(&[host("ours.example")], NOW).await);
    // A record that lives longer counts longer, but not for ever.
    permits(
        &check
            .ask(&[mail("long.example")], NOW + Duration::hours(23))
            .await,
    );
    let day = NOW + Duration::hours(24);
    forbids(check.ask(&[mail("long.example")], day).await, &["nobody"]);

    // Whoever mends a record need not wait.
    resolver.change(RECORDS).await;
    permits(&check.ask(&both, later).await);
}
