//! The ledger check: walks everything the portal has promised to keep true and says what is not.

use crate::place::{self, Credential};
use crate::{Error, Portal};
use domain::RevocationReason;
use pki::{IssuingCertificate, PrivateKey, RevokedEntry, Serial};
use std::collections::BTreeSet;
use store::{ImportedSecretsRow, SealedCredentialRow};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, for example "I5 every sealed value opens".
    pub check: String,
    /// Whether all is well.
    pub is_good: bool,
    /// What was found, and where.
    pub detail: String,
}

/// Rows read at a time.
const BATCH: i64 = 500;
/// Faults of one kind that are spelt out.
const SPELT_OUT: usize = 5;

const LEDGER: [(&str, &str); 7] = [
    ("I1", "every request is in exactly one legal state"),
    ("I2", "every issued request has exactly its certificates"),
    ("I3", "every signature has a row"),
    ("I4", "serials are unique and revocation lists only rise"),
    ("I6", "the audit log covers every change"),
    ("I8", "no key or PFX is without an owner"),
    ("I9", "what is revoked is what the revocation lists say"),
];

impl Portal {
    /// Checks everything. It only reads, and may run while the portal works.
    pub async fn doctor(&self) -> Result<Vec<Finding>, Error> {
        self.store().ping().await?;
        let mut findings = vec![finding(
            "database",
            Vec::new(),
            format!("{} answers", self.store().kind()),
        )];
        let sealed: Vec<String> = self.sealed().map(str::to_owned).into_iter().collect();
        let is_sealed = !sealed.is_empty();
        findings.push(finding(
            "key ring",
            sealed,
            "open, and the one of this database".to_owned(),
        ));

        let mut violations = self.store().ledger().await?;
        let missing = self.journal_faults().await?;
        violations.extend(missing.into_iter().map(|what| store::Violation {
            invariant: "I3",
            what,
        }));
        let faults = self.crl_faults().await?;
        violations.extend(faults.into_iter().map(|what| store::Violation {
            invariant: "I9",
            what,
        }));
        let check = self.store().verify_audit().await?;
        if let Some(broken) = check.broken {
            let what = format!("entry {}: {}", broken.number, broken.what);
            violations.push(store::Violation {
                invariant: "I6",
                what,
            });
        }
        for (invariant, meaning) in LEDGER {
            let faults = violations
                .iter()
                .filter(|v| v.invariant == invariant)
                .map(|v| v.what.clone())
                .collect();
            findings.push(finding(
                &format!("{invariant} {meaning}"),
                faults,
                "holds".to_owned(),
            ));
        }
        if !is_sealed {
            let (mut faults, count) = self.sealed_faults().await?;
            faults.extend(self.responder_faults().await?);
            faults.extend(self.authority_key_faults().await?);
            faults.extend(self.pool_faults().await?);
            let (brought, imported) = self.imported_faults().await?;
            faults.extend(brought);
            findings.push(finding(
                "I5 every sealed value opens",
                faults,
                format!("{count} requests' secrets and {imported} keys brought along open"),
            ));
        }
        let (faults, count) = self.certificate_faults().await?;
        findings.push(finding(
            "I7 every certificate is sound",
            faults,
            format!("{count} certificates are sound"),
        ));
        Ok(findings)
    }

    async fn journal_faults(&self) -> Result<Vec<String>, Error> {
        let mut faults = Vec::new();
        for entry in self.journal_entries().await? {
            if !self.store().has_intent(&entry.serial).await? {
                faults.push(format!(
                    "serial {} was signed but has no row (revoke it with certportal revoke)",
                    hex::encode(&entry.serial)
                ));
            }
        }
        Ok(faults)
    }

    /// Compares each list that is still current with what is revoked. One that is due is made anew
    /// before anybody gets it, so there is nothing to compare.
    async fn crl_faults(&self) -> Result<Vec<String>, Error> {
        let mut faults = Vec::new();
        for authority in self.store().authorities().await? {
            if authority.sealed_key.is_none() {
                let list = self.store().crl(authority.id).await?;
                if list.is_some_and(|list| list.next_update < self.now()) {
                    faults.push(format!(
                        "the list of {} has ended; bring a new one",
                        authority.name
                    ));
                }
                continue;
            }
            let Some(list) = self.current_crl(&authority).await? else {
                continue;
            };
            let expected = self.crl_entries(authority.id, list.this_update).await?;
            // Somebody revoked in the meantime: this list is no longer the one to compare with.
            if self.store().revocations(authority.id).await? != list.revocations {
                continue;
            }
            let listed = match pki::read_crl(&list.der) {
                Ok(listed) => listed,
                Err(error) => {
                    faults.push(format!(
                        "list {} of {}: {error}",
                        list.number, authority.name
                    ));
                    continue;
                }
            };
            let (expected, listed) = (serials(&expected), serials(&listed));
            for (serial, reason) in expected.difference(&listed) {
                faults.push(format!(
                    "{serial} ({reason}) is missing in list {}",
                    list.number
                ));
            }
            for (serial, reason) in listed.difference(&expected) {
                faults.push(format!(
                    "{serial} ({reason}) should not be in list {}",
                    list.number
                ));
            }
        }
        Ok(faults)
    }

    async fn sealed_faults(&self) -> Result<(Vec<String>, usize), Error> {
        let (mut faults, mut count, mut after) = (Vec::new(), 0, None);
        loop {
            let rows = self.store().credentials_after(after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok((faults, count));
            };
            after = Some((last.request, last.part));
            count += rows.len();
            for row in &rows {
                self.open_all(row, &mut faults)?;
            }
        }
    }

    /// Responders whose key does not open or whose certificate is not sound.
    async fn responder_faults(&self) -> Result<Vec<String>, Error> {
        let authorities = self.store().authorities().await?;
        let (mut faults, mut after) = (Vec::new(), None);
        loop {
            let rows = self.store().responders_after(after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(faults);
            };
            after = Some(last.id);
            for row in &rows {
                let authority = authorities.iter().find(|one| one.id == row.authority);
                let authority = authority.ok_or(Error::NotFound)?;
                let issuer = IssuingCertificate::parse(&authority.certificate)?;
                if let Err(fault) = self.open_responder(&issuer, row) {
                    faults.push(format!("OCSP responder {}: {fault}", row.id));
                }
            }
        }
    }

    /// Authorities, and requests for some, whose key does not open.
    async fn authority_key_faults(&self) -> Result<Vec<String>, Error> {
        let (ring, mut faults) = (self.key_ring()?, Vec::new());
        let requests = self.store().authority_requests().await?;
        let requests = requests
            .into_iter()
            .map(|row| (row.id, row.name, Some(row.sealed_key)));
        let rows = self.store().authorities().await?;
        let rows = rows
            .into_iter()
            .map(|row| (row.id, row.name, row.sealed_key));
        for (id, name, key) in rows.chain(requests) {
            if let Some(key) = key
                && let Err(error) = ring.open(place::authority_key(id), &key)
            {
                faults.push(format!("the key of {name}: {error}"));
            }
        }
        Ok(faults)
    }

    /// Keys made ahead that do not open or are not what their row says.
    async fn pool_faults(&self) -> Result<Vec<String>, Error> {
        let (mut faults, mut after) = (Vec::new(), None);
        loop {
            let rows = self.store().pool_keys_after(after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(faults);
            };
            after = Some(last.id);
            for row in &rows {
                let opened = self
                    .key_ring()?
                    .open(place::pool_key(row.id), &row.sealed_key);
                let fault = match opened.map(|pkcs8| PrivateKey::from_pkcs8(pkcs8.expose())) {
                    Ok(Ok(key)) if key.algorithm() == row.algorithm => continue,
                    Ok(Ok(key)) => format!("it is {}", key.algorithm().label()),
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                faults.push(format!("key made ahead {}: {fault}", row.id));
            }
        }
    }

    /// Keys that people brought along which do not open or are not those of their certificates.
    async fn imported_faults(&self) -> Result<(Vec<String>, usize), Error> {
        let (mut faults, mut count, mut after) = (Vec::new(), 0, None);
        loop {
            let rows = self.store().imported_after(after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok((faults, count));
            };
            after = Some(last.id);
            count += rows.len();
            for row in &rows {
                if let Err(fault) = self.open_brought(row)? {
                    faults.push(format!("brought along {}: {fault}", row.id));
                }
            }
        }
    }

    fn open_brought(&self, row: &ImportedSecretsRow) -> Result<Result<(), String>, Error> {
        let ring = self.key_ring()?;
        let (id, person, sealed) = (row.id, row.person, &row.sealed);
        let opened = || -> Result<(), String> {
            let text = |error: safe::Error| error.to_string();
            let key = ring.open(place::imported_key(id, person), &sealed.key);
            let key = key.map_err(text)?;
            ring.open(place::imported_password(id, person), &sealed.password)
                .map_err(text)?;
            let key = PrivateKey::from_pkcs8(key.expose()).and_then(|key| key.public_key());
            let key = key.map_err(|error| error.to_string())?.spki_sha256();
            let certified = pki::Certificate::parse(&row.der).and_then(|one| one.key_sha256());
            match certified {
                Ok(certified) if certified != key => {
                    Err("the key is not that of the certificate".to_owned())
                }
                // Somebody else's certificate may be written in a way that only its owner's
                // programs read; its key was compared when it was brought.
                _ => Ok(()),
            }
        };
        Ok(opened())
    }

    fn open_all(&self, row: &SealedCredentialRow, faults: &mut Vec<String>) -> Result<(), Error> {
        let ring = self.key_ring()?;
        let (id, place) = (row.request, Credential::from(row));
        let sealed = [
            row.password
                .as_ref()
                .map(|value| (place::password(place), value)),
            row.key.as_ref().map(|value| (place::key(place), value)),
            row.pfx.as_ref().map(|value| (place::pfx(place), value)),
        ];
        for (place, value) in sealed.into_iter().flatten() {
            if let Err(error) = ring.open(place, value) {
                faults.push(format!("{} of request {id}: {error}", place.column));
            }
        }
        Ok(())
    }

    async fn certificate_faults(&self) -> Result<(Vec<String>, usize), Error> {
        let authorities = self.store().authorities().await?;
        // The root of somebody else may have a key of a kind that is not used here.
        let issuers: Vec<IssuingCertificate> = authorities
            .iter()
            .filter_map(|row| IssuingCertificate::parse(&row.certificate).ok())
            .collect();
        let (mut faults, mut count, mut after) = (Vec::new(), 0, None);
        loop {
            let rows = self.store().certificates_after(after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok((faults, count));
            };
            after = Some(last.id);
            count += rows.len();
            faults.extend(rows.iter().filter_map(|row| {
                certificate_fault(&row.der, &row.serial, &issuers)
                    .map(|what| format!("certificate {}: {what}", row.id))
            }));
        }
    }
}

fn certificate_fault(der: &[u8], serial: &[u8], issuers: &[IssuingCertificate]) -> Option<String> {
    let certificate = match pki::Certificate::parse(der) {
        Ok(certificate) => certificate,
        Err(error) => return Some(error.to_string()),
    };
    if certificate.serial().as_bytes() != serial {
        return Some("its serial is not the one of its row".to_owned());
    }
    let is_signed = issuers
        .iter()
        .any(|issuer| certificate.is_signed_by(issuer).unwrap_or(false));
    (!is_signed).then(|| "none of the authorities signed it".to_owned())
}

fn serials(entries: &[RevokedEntry]) -> BTreeSet<(Serial, RevocationReason)> {
    let pairs = entries.iter().map(|entry| (entry.serial, entry.reason));
    pairs.collect()
}

fn finding(check: &str, faults: Vec<String>, good: String) -> Finding {
    if faults.is_empty() {
        return Finding {
            check: check.to_owned(),
            is_good: true,
            detail: good,
        };
    }
    let more = faults.len().saturating_sub(SPELT_OUT);
    let mut detail = faults
        .into_iter()
        .take(SPELT_OUT)
        .collect::<Vec<_>>()
        .join("; ");
    if more > 0 {
        detail = format!("{detail}; and {more} more");
    }
    Finding {
        check: check.to_owned(),
        is_good: false,
        detail,
    }
}
