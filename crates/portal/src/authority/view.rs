//! The authorities and how they are doing, and what everybody needs to install a root.

use super::create::is_root_here;
use crate::{Actor, Error, Portal, day};
use api::{AuthoritiesView, AuthorityHelp, AuthorityRequestView, AuthorityView, RootFile};
use domain::{AuthorityId, AuthorityPurpose, MailDomain, Permission};
use pki::{AuthorityFacts, IssuingCertificate};
use store::{AuthorityCounts, AuthorityRow, CrlHead};
use time::{Duration, OffsetDateTime};

/// An authority that ends sooner needs its successor now: what it signs cannot outlive it.
const ENDS_SOON: Duration = Duration::days(2 * 365);
/// A list made elsewhere is missed so long before the last one ends.
const LIST_ENDS_SOON: Duration = Duration::days(14);
/// Deepest indentation.
const DEEPEST: u8 = 8;

/// Steps to install a root, by system.
const STEPS: [(&str, &[&str]); 7] = [
    (
        "Windows",
        &[
            "Download the .crt file, open it and choose Install Certificate.",
            "Choose Local Machine, then the store Trusted Root Certification Authorities.",
            "For many computers: a group policy, Public Key Policies › Trusted Root Certification Authorities.",
        ],
    ),
    (
        "macOS",
        &[
            "Open the .crt file: Keychain Access keeps it in System.",
            "Open the certificate there and set Trust to Always Trust.",
        ],
    ),
    (
        "iPhone and iPad",
        &[
            "Open the .crt file in Safari and allow the profile.",
            "Settings › General › VPN & Device Management: install the profile.",
            "Settings › General › About › Certificate Trust Settings: switch the root on.",
        ],
    ),
    (
        "Android",
        &[
            "Settings › Security › Encryption & credentials › Install a certificate › CA certificate.",
            "Choose the .crt file.",
        ],
    ),
    (
        "Firefox and Thunderbird",
        &[
            "Settings › Privacy & Security › View Certificates › Authorities › Import.",
            "Choose the .crt file and trust it for websites (Firefox) or for mail (Thunderbird).",
        ],
    ),
    (
        "Linux",
        &[
            "Debian and Ubuntu: copy the .pem file to `/usr/local/share/ca-certificates/` with the ending .crt, then run `update-ca-certificates`.",
            "Red Hat and Fedora: copy it to `/etc/pki/ca-trust/source/anchors/`, then run `update-ca-trust`.",
        ],
    ),
    (
        "Java",
        &["`keytool -importcert -cacerts -alias our-root -file root.crt`"],
    ),
];

impl Portal {
    /// The authorities and how they are doing.
    pub async fn authorities_view(&self, actor: &Actor) -> Result<AuthoritiesView, Error> {
        actor.require(Permission::SeeAuthorities)?;
        let rows = self.store().authorities().await?;
        let counts = self.store().authority_counts(self.now()).await?;
        let mut authorities = Vec::new();
        for (row, depth) in in_order(&rows) {
            let count = counts.iter().find(|one| one.id == row.id).copied();
            authorities.push(self.authority_view(row, depth, count).await?);
        }
        let requests = self.store().authority_requests().await?;
        let mut roots: Vec<_> = rows
            .iter()
            .filter(|row| is_root_here(row))
            .map(|row| (row.id.to_string(), row.name.clone()))
            .collect();
        let elsewhere = "A root that is kept elsewhere (makes a request)";
        roots.push(("elsewhere".to_owned(), elsewhere.to_owned()));
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let domains: Vec<_> = settings
            .mail_domains
            .iter()
            .map(MailDomain::as_str)
            .collect();
        Ok(AuthoritiesView {
            authorities,
            requests: requests
                .into_iter()
                .map(|row| AuthorityRequestView {
                    id: row.id,
                    name: row.name,
                    purpose: row.purpose,
                    since: day::in_words(row.created_at),
                })
                .collect(),
            roots,
            mail_domains: domains.join(" "),
            may_manage: actor.may(Permission::ManageAuthorities),
        })
    }

    /// How to make devices trust the organisation's roots. Open to everybody.
    pub async fn authority_help(&self) -> Result<AuthorityHelp, Error> {
        let rows = self.store().authorities().await?;
        let roots = rows
            .into_iter()
            .filter(|row| row.parent.is_none())
            .map(|row| {
                Ok(RootFile {
                    id: row.id,
                    thumbprint: hex::encode(AuthorityFacts::read(&row.certificate)?.thumbprint),
                    name: row.name,
                })
            })
            .collect::<Result<_, Error>>()?;
        let steps = STEPS.iter().map(|(system, steps)| {
            let steps = steps.iter().map(|step| (*step).to_owned()).collect();
            ((*system).to_owned(), steps)
        });
        Ok(AuthorityHelp {
            roots,
            steps: steps.collect(),
        })
    }

    async fn authority_view(
        &self,
        row: &AuthorityRow,
        depth: u8,
        count: Option<AuthorityCounts>,
    ) -> Result<AuthorityView, Error> {
        let now = self.now();
        let read = AuthorityFacts::read(&row.certificate)?;
        let days = (read.not_after - now).whole_days();
        let mut warnings = Vec::new();
        let mut facts = vec![
            fact("Key", &read.key),
            fact(
                "Kept",
                if row.sealed_key.is_some() {
                    "here, sealed"
                } else {
                    "elsewhere"
                },
            ),
            fact(
                "Valid",
                &format!(
                    "{} to {}, {days} days left",
                    day::in_words(read.not_before),
                    day::in_words(read.not_after)
                ),
            ),
        ];
        if days < 0 {
            warnings.push("It has ended: nothing it has signed is trusted any more.".to_owned());
        } else if read.not_after - now < ENDS_SOON {
            warnings.push(format!(
                "It ends in {days} days, and nothing it signs can last longer. Make its successor."
            ));
        }
        if row.purpose != AuthorityPurpose::Root {
            let (issued, valid, revoked) = count.map_or((0, 0, 0), |count| {
                (count.issued, count.valid, count.revoked)
            });
            facts.push(fact(
                "Certificates",
                &format!("{issued} issued, {valid} valid, {revoked} revoked"),
            ));
        }
        let list = self.store().crl_head(row.id).await?;
        facts.push(fact("Revocation list", &list_in_words(list, row)));
        let until = list.map(|list| list.next_update);
        warnings.extend(list_warning(row, until, now));
        let (responder, warning) = self.responder_fact(row, now).await?;
        facts.push(fact("OCSP responder", &responder));
        warnings.extend(warning);
        facts.push(fact("SHA-256", &hex::encode(read.thumbprint)));
        Ok(AuthorityView {
            id: row.id,
            depth,
            name: row.name.clone(),
            purpose: row.purpose,
            is_active: row.is_active,
            has_key: row.sealed_key.is_some(),
            facts,
            warnings,
            has_list: list.is_some(),
        })
    }

    async fn responder_fact(
        &self,
        row: &AuthorityRow,
        now: OffsetDateTime,
    ) -> Result<(String, Option<String>), Error> {
        let Some(newest) = self.store().newest_responder(row.id).await? else {
            let words = if row.sealed_key.is_some() {
                "made when the first question comes"
            } else {
                "none, since its key is elsewhere"
            };
            return Ok((words.to_owned(), None));
        };
        // Its key is opened too, so that this says whether it can answer.
        let opened = IssuingCertificate::parse(&row.certificate)
            .map_err(Error::from)
            .and_then(|issuer| self.open_responder(&issuer, &newest));
        Ok(match opened {
            Ok(ready) if now < ready.not_after() => (
                format!("good until {}", day::in_words(ready.not_after())),
                None,
            ),
            Ok(_) if row.sealed_key.is_some() => {
                ("made anew when the next question comes".to_owned(), None)
            }
            Ok(_) => ("ended, since its key is elsewhere".to_owned(), None),
            Err(_) => (
                "broken".to_owned(),
                Some("Its OCSP responder cannot be opened; run `certportal doctor`.".to_owned()),
            ),
        })
    }
}

fn fact(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The list that is served; who makes the next one elsewhere needs its number in the way that
/// `openssl ca` writes it.
fn list_in_words(list: Option<CrlHead>, row: &AuthorityRow) -> String {
    let Some(list) = list else {
        return "none yet".to_owned();
    };
    let (made, next) = (
        day::in_words(list.this_update),
        day::in_words(list.next_update),
    );
    let number = if row.sealed_key.is_some() {
        list.number.to_string()
    } else {
        format!("{0} (hexadecimal {0:X})", list.number)
    };
    format!("number {number}, made {made}, next before {next}")
}

fn list_warning(
    row: &AuthorityRow,
    next: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Option<String> {
    match (next, row.sealed_key.is_some()) {
        (Some(next), _) if next <= now => Some(
            "Its revocation list has ended. Mail programs may refuse what it has signed."
                .to_owned(),
        ),
        (Some(next), false) if next - now < LIST_ENDS_SOON => Some(format!(
            "Its revocation list ends on {}. Have a new one made where its key is, and bring it here.",
            day::in_words(next)
        )),
        (None, false) => Some(
            "Its key is kept elsewhere and its revocation list is not here. Bring it if the \
             certificates below it name this portal."
                .to_owned(),
        ),
        _ => None,
    }
}

/// Each authority below its parent, with how many stand above it.
fn in_order(rows: &[AuthorityRow]) -> Vec<(&AuthorityRow, u8)> {
    fn add<'a>(
        rows: &'a [AuthorityRow],
        parent: Option<AuthorityId>,
        depth: u8,
        found: &mut Vec<(&'a AuthorityRow, u8)>,
    ) {
        for row in rows.iter().filter(|row| row.parent == parent) {
            found.push((row, depth));
            if depth < DEEPEST {
                add(rows, Some(row.id), depth + 1, found);
            }
        }
    }
    let mut found = Vec::new();
    add(rows, None, 0, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-04 09:00 UTC);

    fn row(number: u128, parent: Option<u128>, has_key: bool) -> AuthorityRow {
        let id = |number| AuthorityId(uuid::Uuid::from_u128(number));
        AuthorityRow {
            id: id(number),
            parent: parent.map(id),
            name: number.to_string(),
            certificate: Vec::new(),
            purpose: AuthorityPurpose::Root,
            is_active: true,
            sealed_key: has_key.then(Vec::new),
            created_at: NOW,
        }
    }

    #[test]
    fn each_stands_below_its_parent() {
        let rows = [
            row(1, None, true),
            row(2, None, true),
            row(3, Some(1), true),
            row(4, Some(3), true),
            row(5, Some(2), true),
        ];
        let order: Vec<_> = in_order(&rows)
            .into_iter()
            .map(|(row, depth)| (row.name.as_str(), depth))
            .collect();
        assert_eq!(order, [("1", 0), ("3", 1), ("4", 2), ("2", 0), ("5", 1)]);
    }

    #[test]
    fn a_list_is_missed_in_time() {
        let (here, elsewhere) = (row(1, None, true), row(1, None, false));
        let days = |days| Some(NOW + Duration::days(days));
        assert_eq!(
            list_warning(&here, None, NOW),
            None,
            "made when it is asked for"
        );
        assert_eq!(list_warning(&here, days(2), NOW), None, "made every day");
        assert!(list_warning(&here, days(0), NOW).is_some());
        assert!(list_warning(&elsewhere, None, NOW).is_some());
        assert!(list_warning(&elsewhere, days(13), NOW).is_some());
        assert_eq!(list_warning(&elsewhere, days(15), NOW), None);
    }
}
