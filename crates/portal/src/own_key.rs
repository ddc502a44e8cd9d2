//! Keys that people bring: their signing requests, and whose certificates hold a key already.

use crate::error::sentence;
use crate::{Error, Portal};
use domain::{KeyAlgorithm, Mailbox, PersonId, TemplateContent, TemplateKind};
use pki::lint::KeyOwner;
use pki::{CertificationRequest, KeyBlocklist, RequestError};
use store::UnreadKeyRow;

/// Certificates whose keys are read in one go.
const AT_A_TIME: i64 = 200;
/// No key has this identifier: for what somebody brought whose key cannot be read.
const UNREADABLE: [u8; 32] = [0; 32];

/// What whoever brings the key of somebody else is told.
pub(crate) const SOMEBODY_ELSE: &str = "This key is certified for somebody else already. Make a new \
    key and a new signing request.";
pub(crate) const LOST: &str = "A certificate of this key was revoked because somebody else may have the \
    key. Make a new key and a new signing request.";

/// A signing request that may be used.
#[derive(Debug)]
pub(crate) struct OwnKey {
    /// The request, DER.
    pub(crate) csr: Vec<u8>,
    /// Its key.
    pub(crate) algorithm: KeyAlgorithm,
    /// Host names and addresses that it asks for.
    pub(crate) hosts: Vec<String>,
}

impl Portal {
    /// Checks a signing request, PEM or DER, for a person and the addresses that the certificate is
    /// for; none where what was chosen is wrong. What is wrong with it is
    /// said in words for the person.
    pub(crate) async fn own_key(
        &self,
        sent: &[u8],
        owner: PersonId,
        content: &TemplateContent,
        mailboxes: &[Mailbox],
    ) -> Result<Result<OwnKey, String>, Error> {
        if content.kind == TemplateKind::Pair {
            return Ok(Err(
                "A certificate with two keys cannot be made from one signing request.".to_owned(),
            ));
        }
        let (bytes, blocklist) = (sent.to_vec(), self.outside().blocklist());
        let read = self.cpu().run(move || read(&bytes, &blocklist)).await?;
        let (csr, request) = match read {
            Ok(read) => read,
            Err(problem) => return Ok(Err(sentence(&problem.to_string()))),
        };
        if let Some(problem) = wrong_content(&request, content, mailboxes) {
            return Ok(Err(problem));
        }
        match self.key_owner(&request.key_id(), owner).await? {
            KeyOwner::OtherPerson => return Ok(Err(SOMEBODY_ELSE.to_owned())),
            KeyOwner::Compromised => return Ok(Err(LOST.to_owned())),
            KeyOwner::Nobody | KeyOwner::SamePerson => (),
        }
        let addresses = request.ip_addresses.iter().map(ToString::to_string);
        Ok(Ok(OwnKey {
            csr,
            algorithm: request.public_key.algorithm(),
            hosts: request.dns_names.iter().cloned().chain(addresses).collect(),
        }))
    }

    /// Who had a key certified before: a key of an authority is always somebody else's.
    pub(crate) async fn key_owner(
        &self,
        key_id: &[u8; 32],
        person: PersonId,
    ) -> Result<KeyOwner, Error> {
        self.read_keys().await?;
        for authority in self.store().authorities().await? {
            let certificate = pki::IssuingCertificate::parse(&authority.certificate)?;
            if certificate.public_key().spki_sha256() == *key_id {
                return Ok(KeyOwner::OtherPerson);
            }
        }
        if self.store().is_key_compromised(key_id).await? {
            return Ok(KeyOwner::Compromised);
        }
        let owners = self.store().key_owners(key_id).await?;
        Ok(if owners.iter().any(|owner| *owner != person) {
            KeyOwner::OtherPerson
        } else if owners.is_empty() {
            KeyOwner::Nobody
        } else {
            KeyOwner::SamePerson
        })
    }

    /// Whether somebody else may have a key: a certificate of it was revoked for that.
    pub(crate) async fn is_key_lost(&self, key_id: &[u8; 32]) -> Result<bool, Error> {
        self.read_keys().await?;
        Ok(self.store().is_key_compromised(key_id).await?)
    }

    /// Writes down what the keys of certificates are recognised by, where an older version or
    /// somebody who brought theirs did not, and of what was revoked without having become one. There
    /// is nothing to do most of the time.
    pub(crate) async fn read_keys(&self) -> Result<(), Error> {
        loop {
            let rows = self.store().unread_keys(AT_A_TIME).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let keys = self.cpu().run(move || key_ids(rows)).await?;
            self.store().put_key_ids(&keys).await?;
        }
    }
}

fn read(
    sent: &[u8],
    blocklist: &KeyBlocklist,
) -> Result<(Vec<u8>, CertificationRequest), RequestError> {
    let request = pki::check_csr(sent, blocklist)?;
    Ok((pki::csr_der(sent)?, request))
}

fn key_ids(rows: Vec<UnreadKeyRow>) -> Vec<(UnreadKeyRow, Vec<u8>)> {
    let key_id = |row: &UnreadKeyRow| {
        if row.is_intent {
            return pki::tbs_key_sha256(&row.der).ok();
        }
        let certificate = pki::Certificate::parse(&row.der).ok()?;
        certificate.key_sha256().ok()
    };
    rows.into_iter()
        .map(|row| {
            let id = key_id(&row).unwrap_or(UNREADABLE).to_vec();
            (row, id)
        })
        .collect()
}

/// What the portal would not certify, whoever's key it is.
fn wrong_content(
    request: &CertificationRequest,
    content: &TemplateContent,
    mailboxes: &[Mailbox],
) -> Option<String> {
    let algorithm = request.public_key.algorithm();
    if !content.key_algorithms.contains(&algorithm) {
        let allowed: Vec<&str> = content.key_algorithms.iter().map(|a| a.label()).collect();
        return Some(format!(
            "The key of this signing request is {}; for this certificate it may be: {}.",
            algorithm.label(),
            allowed.join(", ")
        ));
    }
    let names_hosts = content.kind.names_hosts();
    let is_wrong =
        |asked: &Mailbox| names_hosts || !(mailboxes.is_empty() || mailboxes.contains(asked));
    let asked = request.mailboxes.iter().find(|asked| is_wrong(asked))?;
    Some(if names_hosts {
        format!(
            "This signing request names the mail address {asked}; leave it out for a server or device."
        )
    } else {
        format!(
            "This signing request names {asked}, which is not the address chosen above. Choose that \
             one, or make a request without an address."
        )
    })
}
