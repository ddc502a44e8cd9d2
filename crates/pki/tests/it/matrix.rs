//! Every profile, kind of key and form of name, against pkilint, OpenSSL and our own linter.

use crate::common::{NOW, NOW_SECONDS, key, p384, profile, serial};
use crate::linting::{ALLOWED, codes, command};
use crate::tools::{python, run};
use domain::{KeyAlgorithm, Mailbox, Name};
use pki::{
    Certificate, CommonName, Holder, KeyPurpose, LintFacts, OrganisationIdentifier, Planned,
    PrivateKey, SigningAuthority, SponsoredPerson,
};
use serde_json::{Value, json};
use std::fs;

/// pkilint's validators made once per type, over files named in the input, in one process. Answers
/// with the findings at NOTICE or above.
const SCRIPT: &str = r#"
import json, sys
from pkilint import loader, report
from pkilint.cabf import smime
from pkilint.cabf.smime.smime_constants import Generation, ValidationLevel
from pkilint.pkix import certificate
from pkilint.validation import ValidationFindingSeverity
validators, answers = {}, []
for path, kind in json.load(sys.stdin):
    level, generation = kind.split("-")
    if kind not in validators:
        validators[kind] = certificate.create_pkix_certificate_validator_container(
            smime.create_decoding_validators(),
            smime.create_subscriber_validators(ValidationLevel[level], Generation[generation]))
    with open(path, "rb") as file:
        document = loader.load_certificate(file, path)
    found = [
        finding.finding.code
        for result in validators[kind].validate(document.root)
        for finding in result.finding_descriptions
        if finding.finding.severity <= ValidationFindingSeverity.NOTICE
    ]
    answers.append(found)
json.dump(answers, sys.stdout)
"#;

const PURPOSES: [KeyPurpose; 3] = [KeyPurpose::Both, KeyPurpose::Sign, KeyPurpose::Encrypt];

/// Forms of addresses: plain, tagged, quoted, punctuated, long, international.
fn addresses() -> Vec<Mailbox> {
    let label = "mail".repeat(12);
    let longest = format!("{}@{label}.{label}.{label}.example.com", "a".repeat(64));
    assert!(longest.len() > 200);
    [
        "alice@example.com",
        "o'brien+x_y-z@mail.example.com",
        "alice@xn--mller-kva.example.com",
        "a.very.long.local.part.of.an.address.to.mail@long.mail.example.com",
        &longest,
        "älice.müller@example.com",
        "用户@xn--fiqs8s.example.com",
        "o'bríen+x@xn--mller-kva.example.com",
        &format!("{}@example.com", "ä".repeat(32)),
    ]
    .map(|text| Mailbox::parse_international(text).unwrap())
    .into()
}

/// Forms of people: ASCII, UTF-8, quoted, long, another script.
fn people() -> Vec<SponsoredPerson> {
    let long = "Maximiliane ".repeat(5);
    [
        ("Alice", "Smith", "Example Ltd", "NTRGB-01234567"),
        (
            "Jürgen",
            "Müller-Lüdenscheidt",
            "Beispiel & Söhne GmbH",
            "NTRDE-DER3306.HRB12345",
        ),
        (
            "Seán \"Jack\"",
            "O'Brien, Jr.",
            "\"Quoted\" <Co>, Inc.",
            "VATIE-1234567A",
        ),
        (
            &long,
            "Wolfeschlegelsteinhausenbergerdorff",
            "Beispiel AG",
            "LEIXG-529900T8BM49AURSDO55",
        ),
        ("明", "王", "例子有限公司", "NTRCN-91110000600037341L"),
    ]
    .map(
        |(given_name, surname, organisation, identifier)| SponsoredPerson {
            given_name: Name::parse(given_name).unwrap(),
            surname: Name::parse(surname).unwrap(),
            organisation: Name::parse(organisation).unwrap(),
            identifier: OrganisationIdentifier::parse(identifier).unwrap(),
        },
    )
    .into()
}

fn holders() -> Vec<Holder> {
    let mut holders = Vec::new();
    for mailbox in addresses() {
        for purpose in PURPOSES {
            let people = people().into_iter().map(Some);
            for sponsored in people.chain([None]) {
                holders.push(Holder {
                    mailbox: mailbox.clone(),
                    more: Vec::new(),
                    common_name: sponsored
                        .as_ref()
                        .map_or_else(CommonName::default, SponsoredPerson::common_name),
                    sponsored,
                    purpose,
                });
            }
        }
    }
    holders.extend(chosen_names());
    holders
}

/// What a template may choose: no common name or the address instead of the person's name, and all
/// addresses of the person.
fn chosen_names() -> Vec<Holder> {
    let mut holders = Vec::new();
    for (mailbox, more) in [("alice@example.com", 0), ("älice@example.com", 1)] {
        for more in [more, 2, 9] {
            let purposes = PURPOSES.iter().cycle().skip(more);
            let common_names = [CommonName::Alternative, CommonName::Absent];
            for (common_name, purpose) in common_names.into_iter().zip(purposes) {
                for sponsored in people().into_iter().take(2).map(Some).chain([None]) {
                    holders.push(Holder {
                        mailbox: Mailbox::parse_international(mailbox).unwrap(),
                        more: addresses().into_iter().skip(1).take(more).collect(),
                        common_name: common_name.clone(),
                        sponsored,
                        purpose: *purpose,
                    });
                }
            }
        }
    }
    holders
}

fn plan(authority: &SigningAuthority, key: &PrivateKey, holder: &Holder) -> Planned {
    let public_key = key.public_key().unwrap();
    pki::prepare_for(
        &profile(),
        authority.certificate(),
        &public_key,
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
    let authority = &p384().issuing;
    let (mut input, mut what) = (Vec::new(), Vec::new());
    for holder in holders() {
        for algorithm in KeyAlgorithm::ALL {
            let planned = plan(authority, key(*algorithm), &holder);
            let twin = pki::lint_twin(&planned.intent().tbs_der).unwrap();
            let file = folder.path().join(format!("{}.der", input.len()));
            fs::write(&file, twin).unwrap();
            let kind = match holder.sponsored {
                Some(_) => "SPONSORED-MULTIPURPOSE",
                None => "MAILBOX-MULTIPURPOSE",
            };
            input.push(json!([file, kind]));
            what.push((holder.clone(), algorithm));
        }
    }
    assert!(input.len() >= 500, "{}", input.len());
    // One that is no twin comes last, so that a linter which is silent about everything is noticed.
    let planned = plan(authority, key(KeyAlgorithm::P256), &what[0].0);
    let file = folder.path().join("real.der");
    fs::write(&file, pki::sign(planned, authority).unwrap().der()).unwrap();
    input.push(json!([file, "SPONSORED-MULTIPURPOSE"]));
    let answers = python(folder.path(), SCRIPT, &Value::from(input).to_string());
    let mut answers: Vec<Vec<String>> = serde_json::from_str(&answers).unwrap();
    assert_eq!(answers.pop().unwrap(), [ALLOWED]);
    assert_eq!(answers.len(), what.len());
    let bad: Vec<_> = answers
        .iter()
        .zip(&what)
        .filter(|(codes, _)| !codes.is_empty())
        .collect();
    assert!(
        bad.is_empty(),
        "{} of {}: {:#?}",
        bad.len(),
        what.len(),
        bad.first()
    );
}

#[test]
fn openssl_and_the_chain_linter_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let [issuing, root] = p384().chain().try_into().unwrap();
    fs::write(path.join("issuing.der"), &issuing).unwrap();
    for (file, der) in [("root.pem", root), ("issuing.pem", issuing)] {
        fs::write(path.join(file), pki::pem::certificates(&[der]).unwrap()).unwrap();
    }
    let mut commands = Vec::new();
    // Every seventh holder: seven has no factor in common with purposes and people.
    for (number, holder) in holders().iter().step_by(7).enumerate() {
        let algorithm = KeyAlgorithm::ALL[number % KeyAlgorithm::ALL.len()];
        let leaf = pki::sign(
            plan(&p384().issuing, key(algorithm), holder),
            &p384().issuing,
        )
        .unwrap();
        assert_eq!(leaf.mailbox(), Some(&holder.mailbox));
        let read = Certificate::parse(leaf.der()).unwrap();
        assert_eq!(read, leaf);

        let file = format!("{number}.der");
        fs::write(path.join(&file), leaf.der()).unwrap();
        commands.push(command(
            "lint_pkix_signer_signee_cert_chain",
            &["issuing.der", &file],
        ));
        let pem = pki::pem::certificates(&[leaf.der()]).unwrap();
        fs::write(path.join("leaf.pem"), pem).unwrap();
        let purpose: &[&str] = match (holder.purpose, algorithm.is_rsa()) {
            (KeyPurpose::Encrypt, true) => &["-purpose", "smimeencrypt"],
            // OpenSSL knows no purpose for key agreement.
            (KeyPurpose::Encrypt, false) => &[],
            _ => &["-purpose", "smimesign"],
        };
        let arguments = [
            &[
                "verify",
                "-x509_strict",
                "-attime",
                NOW_SECONDS,
                "-auth_level",
                "2",
            ],
            purpose,
            &[
                "-CAfile",
                "root.pem",
                "-untrusted",
                "issuing.pem",
                "leaf.pem",
            ],
        ]
        .concat();
        run(path, "openssl", &arguments, "").must_succeed(&format!("{holder:?}"));
    }
    assert!(commands.len() > 20, "{}", commands.len());
    for (command, found) in commands.iter().zip(codes(path, &commands)) {
        assert_eq!(found, [""; 0], "{command:?}");
    }
}

/// The halves of a split pair, and people, are not what a plain plan is.
#[test]
fn a_plan_is_taken_up_again_as_what_it_was() {
    let issuing = &p384().issuing;
    let all = holders();
    for holder in all.iter().step_by(5) {
        let planned = plan(issuing, key(KeyAlgorithm::P256), holder);
        let tbs = &planned.intent().tbs_der;
        let facts = LintFacts {
            kind: holder.kind(&profile()),
            ..LintFacts::default()
        };
        let issuer = issuing.certificate();
        let resumed = Planned::resume_with(tbs, issuer, &facts).unwrap();
        assert_eq!(resumed.intent(), planned.intent());
        let is_plain = holder.sponsored.is_none() && holder.purpose == KeyPurpose::Both;
        assert_eq!(Planned::resume(tbs, issuer).is_ok(), is_plain, "{holder:?}");
    }
}

#[test]
fn a_signing_request_may_ask_for_any_of_these_addresses() {
    for mailbox in addresses() {
        let csr = pki::create_csr(key(KeyAlgorithm::P256), &mailbox).unwrap();
        assert_eq!(pki::read_csr(&csr).unwrap().mailboxes, [mailbox]);
    }
}
