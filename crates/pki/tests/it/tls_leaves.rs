//! Certificates for TLS of every purpose, key and form of name, against pkilint and OpenSSL.

use crate::common::{NOW, NOW_SECONDS, below, key, p384, rsa, serial, tls_profile};
use crate::linting::{codes, command};
use crate::tools::run;
use domain::{HostName, KeyAlgorithm, Mailbox, Name};
use pki::{
    AuthorityPurpose, Certificate, CommonName, LintFacts, Planned, SigningAuthority, TlsHolder,
};
use std::fs;
use std::sync::OnceLock;

/// RFC 5280 section 4.2.1.6 knows no wildcards; RFC 9525 section 6.3 does.
const WILDCARD: &str = "pkix.invalid_domain_name_syntax";

pub(crate) fn tls() -> &'static SigningAuthority {
    static TLS: OnceLock<SigningAuthority> = OnceLock::new();
    TLS.get_or_init(|| {
        let purpose = AuthorityPurpose::Tls {
            domains: Vec::new(),
        };
        below(&p384().root, "Example TLS", &purpose)
    })
}

pub(crate) fn hosts(names: &[&str]) -> Vec<HostName> {
    names
        .iter()
        .map(|name| HostName::parse_international(name).unwrap())
        .collect()
}

/// People, servers and devices, in every form of name.
fn holders() -> Vec<TlsHolder> {
    let label = "mail".repeat(12);
    let long = format!("{label}.{label}.{label}.{label}.example.com");
    let many: Vec<String> = (0..100).map(|n| format!("n{n}.example.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long_address = format!("{}@{label}.example.com", "a".repeat(64));
    let host_forms = [
        &["www.example.com"][..],
        &["example.com", "*.example.com"],
        &["Bücher.example.com", "例え.example.com"],
        &["*.bücher.example.com"],
        &[&long],
        &["intranet.example.com", "192.0.2.1", "2001:db8::1"],
        &["192.0.2.1"],
        &["2001:db8::1", "192.0.2.1"],
        &many,
    ];
    let mut all = Vec::new();
    for form in host_forms {
        for common_name in [CommonName::Alternative, CommonName::Absent] {
            all.push(TlsHolder::Server {
                hosts: hosts(form),
                common_name,
            });
        }
        for common_name in [
            CommonName::Alternative,
            CommonName::Absent,
            checked("Drucker Größe 7"),
            checked("SN-00:11:22:33"),
        ] {
            all.push(TlsHolder::Device {
                hosts: hosts(form),
                common_name,
            });
        }
    }
    for common_name in ["Printer 4711", "SN-00:11:22:33", "カメラ"] {
        all.push(TlsHolder::Device {
            hosts: Vec::new(),
            common_name: checked(common_name),
        });
    }
    for address in [
        "alice@example.com",
        "alice@xn--mller-kva.example.com",
        "älice.müller@example.com",
        &long_address,
    ] {
        let longest = "x".repeat(64);
        for common_name in [
            CommonName::Alternative,
            CommonName::Absent,
            checked("Jürgen Müller, Dr."),
            checked("王 明"),
            checked(&longest),
        ] {
            for more in [&[][..], &["a.smith@example.com", "älice@example.com"]] {
                all.push(TlsHolder::Client {
                    mailbox: mailbox(address),
                    more: more.iter().copied().map(mailbox).collect(),
                    common_name: common_name.clone(),
                });
            }
        }
    }
    all
}

fn checked(name: &str) -> CommonName {
    CommonName::Checked(Name::parse(name).unwrap())
}

fn mailbox(address: &str) -> Mailbox {
    Mailbox::parse_international(address).unwrap()
}

fn plan(holder: &TlsHolder, algorithm: KeyAlgorithm) -> Planned {
    pki::prepare_tls(
        &tls_profile(),
        tls().certificate(),
        &key(algorithm).public_key().unwrap(),
        holder,
        &serial(),
        NOW,
        &LintFacts::default(),
    )
    .unwrap_or_else(|error| panic!("{holder:?}: {error}"))
}

#[test]
fn pkilint_accepts_every_combination() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("issuing.der"), tls().certificate().der()).unwrap();
    fs::write(path.join("root.der"), p384().root.certificate().der()).unwrap();
    let mut commands = vec![
        command("lint_pkix_cert", &["issuing.der"]),
        command(
            "lint_pkix_signer_signee_cert_chain",
            &["root.der", "issuing.der"],
        ),
    ];
    for (number, holder) in holders().iter().enumerate() {
        for algorithm in KeyAlgorithm::ALL {
            let file = format!("{number}-{algorithm}.der");
            let leaf = pki::sign(plan(holder, *algorithm), tls()).unwrap();
            assert_eq!(Certificate::parse(leaf.der()).unwrap(), leaf);
            fs::write(path.join(&file), leaf.der()).unwrap();
            commands.push(command("lint_pkix_cert", &[&file]));
            // The chain does not depend on the leaf's key.
            if KeyAlgorithm::ALL[number % KeyAlgorithm::ALL.len()] == *algorithm {
                commands.push(command(
                    "lint_pkix_signer_signee_cert_chain",
                    &["issuing.der", &file],
                ));
            }
        }
    }
    assert!(commands.len() >= 300, "{}", commands.len());
    // One whose issuer is another comes last, so that a silent linter is noticed.
    fs::write(path.join("other.der"), rsa().issuing.certificate().der()).unwrap();
    commands.push(command(
        "lint_pkix_signer_signee_cert_chain",
        &["other.der", "0-p256.der"],
    ));
    let mut found = codes(path, &commands);
    assert!(!found.pop().unwrap().is_empty());
    let holders = holders();
    for (command, found) in commands.iter().zip(found) {
        let holder = command.last().and_then(|file| {
            let number: usize = file.split('-').next()?.parse().ok()?;
            holders.get(number)
        });
        let has_wildcard =
            holder.is_some_and(|holder| holder.hosts().iter().any(HostName::is_wildcard));
        let is_alone = command
            .first()
            .is_some_and(|module| module == "lint_pkix_cert");
        let expected: &[&str] = if has_wildcard && is_alone {
            &[WILDCARD]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{command:?} {holder:?}");
    }
}

#[test]
fn openssl_takes_each_for_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let write = |file: &str, der: &[u8]| {
        fs::write(path.join(file), pki::pem::certificates(&[der]).unwrap()).unwrap();
    };
    write("root.pem", p384().root.certificate().der());
    write("issuing.pem", tls().certificate().der());
    for (number, holder) in holders().iter().enumerate() {
        let algorithm = KeyAlgorithm::ALL[number % KeyAlgorithm::ALL.len()];
        let leaf = pki::sign(plan(holder, algorithm), tls()).unwrap();
        write("leaf.pem", leaf.der());
        let verify = |purpose: &str, more: &[&str]| {
            let chain = [
                "-CAfile",
                "root.pem",
                "-untrusted",
                "issuing.pem",
                "leaf.pem",
            ];
            let start = ["verify", "-x509_strict", "-attime", NOW_SECONDS];
            let purpose = ["-auth_level", "2", "-purpose", purpose];
            let arguments = [&start[..], &purpose, more, &chain].concat();
            run(path, "openssl", &arguments, "")
        };
        let (is_server, is_client) = match holder {
            TlsHolder::Client { .. } => (false, true),
            TlsHolder::Server { .. } => (true, false),
            TlsHolder::Device { .. } => (true, true),
        };
        for (purpose, expected) in [
            ("sslserver", is_server),
            ("sslclient", is_client),
            ("smimesign", false),
        ] {
            let answer = verify(purpose, &[]);
            assert_eq!(
                answer.is_success, expected,
                "{purpose} {holder:?}: {}",
                answer.text
            );
        }
        for host in leaf.named().hosts().iter().take(3) {
            let name = host.as_str().replace('*', "any");
            let (kind, purpose) = (
                if host.address().is_some() {
                    "-verify_ip"
                } else {
                    "-verify_hostname"
                },
                "sslserver",
            );
            verify(purpose, &[kind, &name]).must_succeed(&name);
            let other = ["-verify_hostname", "other.example.net"];
            assert!(!verify(purpose, &other).is_success, "{name}");
        }
        let mailboxes = leaf.named().mailboxes().iter();
        for mailbox in mailboxes.filter(|mailbox| mailbox.is_ascii()) {
            verify("sslclient", &["-verify_email", mailbox.as_str()]).must_succeed("mailbox");
        }
    }
}

#[test]
fn a_plan_is_taken_up_again_as_what_it_was() {
    let issuer = tls().certificate();
    let all = holders();
    for holder in &all {
        let planned = plan(holder, KeyAlgorithm::P256);
        let intent = planned.intent();
        assert_eq!(
            intent.mailbox().is_some(),
            matches!(holder, TlsHolder::Client { .. })
        );
        for other in all.iter().step_by(4).chain([holder]) {
            let facts = LintFacts {
                kind: other.kind(),
                ..LintFacts::default()
            };
            let resumed = Planned::resume_with(&intent.tbs_der, issuer, &facts);
            if other.kind() == holder.kind() {
                assert_eq!(resumed.unwrap().intent(), intent);
            } else {
                // A server is not a client, and one common name is not another.
                assert!(resumed.is_err(), "{holder:?} as {other:?}");
            }
        }
        assert!(Planned::resume(&intent.tbs_der, issuer).is_err());
    }
}

#[test]
fn holders_without_names_and_bad_profiles_get_nothing() {
    let plan = |profile: &pki::TlsProfile, holder: &TlsHolder| {
        let public_key = key(KeyAlgorithm::P256).public_key().unwrap();
        let issuer = tls().certificate();
        let facts = LintFacts::default();
        pki::prepare_tls(profile, issuer, &public_key, holder, &serial(), NOW, &facts)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    let server = |names: &[&str]| TlsHolder::Server {
        hosts: hosts(names),
        common_name: CommonName::Alternative,
    };
    let good = server(&["www.example.com"]);
    plan(&tls_profile(), &good).unwrap();
    let many: Vec<String> = (0..101).map(|n| format!("n{n}.example.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (holder, words) in [
        (server(&[]), "at least one host name"),
        (server(&many), "at most 100"),
        (server(&["a.example.com", "a.example.com"]), "T03: "),
        (
            TlsHolder::Device {
                hosts: Vec::new(),
                common_name: CommonName::Alternative,
            },
            "a name for the device",
        ),
        (
            TlsHolder::Device {
                hosts: Vec::new(),
                common_name: checked("-"),
            },
            "T01: ",
        ),
    ] {
        let error = plan(&tls_profile(), &holder).unwrap_err();
        assert!(error.contains(words), "{words} is not in {error}");
    }
    let broken = [
        pki::TlsProfile {
            valid_days: 731,
            ..tls_profile()
        },
        pki::TlsProfile {
            policy_oid: "2.23.140.1.2.1".to_owned(),
            ..tls_profile()
        },
        pki::TlsProfile {
            policy_oid: "policy".to_owned(),
            ..tls_profile()
        },
        pki::TlsProfile {
            crl_url: "https://pki.example.com/1.crl".to_owned(),
            ..tls_profile()
        },
    ];
    for profile in broken {
        assert!(plan(&profile, &good).is_err(), "{profile:?}");
    }
}
