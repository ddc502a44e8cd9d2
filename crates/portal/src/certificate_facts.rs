//! Certificates for programs: facts without words, one's own page by page.

use crate::cards::certificate_state;
use crate::certificate_list::{certificate_query, mark_of};
use crate::queue::take_page;
use crate::{Actor, Error, Portal};
use api::{CertificateFilter, CertificateState, Page};
use domain::{CertificateId, KeyAlgorithm, KeyPart, Mailbox, Name, RequestId};
use store::CertificateRow;
use time::OffsetDateTime;

/// Certificates on a page where a program does not say.
const USUAL: i64 = 50;
/// Most certificates on a page.
const MOST: i64 = 100;

/// Which of one's own certificates.
#[derive(Debug, Clone, Default)]
pub struct OwnCertificates {
    /// As on the page of all certificates; empty for all of them.
    pub state: String,
    /// From [`Page::next`].
    pub after: Option<String>,
    /// How many on a page; empty for the usual number.
    pub limit: String,
}

/// What there is to know about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Identifier.
    pub id: CertificateId,
    /// The request it was made for.
    pub request: RequestId,
    /// The whole, or which half of a split pair.
    pub part: KeyPart,
    /// Serial number.
    pub serial: Vec<u8>,
    /// SHA-256 of the DER.
    pub thumbprint: Vec<u8>,
    /// Subject, RFC 4514 string.
    pub subject: String,
    /// Issuer, RFC 4514 string.
    pub issuer: String,
    /// The mailbox it is for.
    pub mailbox: Mailbox,
    /// Host names or further addresses that it is for, separated by blanks.
    pub names: String,
    /// What the device is called; empty for all others.
    pub device: String,
    /// Kind of the key.
    pub key_algorithm: KeyAlgorithm,
    /// Valid from.
    pub not_before: OffsetDateTime,
    /// Valid until.
    pub not_after: OffsetDateTime,
    /// State.
    pub state: CertificateState,
    /// Name of the template.
    pub template: Name,
    /// Whether the portal has its key, its password and a PFX.
    pub has_secrets: bool,
}

impl Portal {
    /// One's own certificates, newest first.
    pub async fn own_certificates(
        &self,
        actor: &Actor,
        wanted: OwnCertificates,
    ) -> Result<Page<CertificateFacts>, Error> {
        let person = actor.person()?;
        let now = self.now();
        let limit = limit(&wanted.limit)?;
        let filter = CertificateFilter {
            state: wanted.state,
            after: wanted.after,
            ..CertificateFilter::default()
        };
        let mut query = certificate_query(&filter, now)?;
        query.limit = limit + 1;
        let mut rows = self.store().certificates_page_of(person, &query).await?;
        let next = take_page(&mut rows, limit).map(|row| mark_of(row.issued_at, row.id));
        Ok(Page {
            rows: rows.into_iter().map(|row| facts(row, now)).collect(),
            next,
        })
    }

    /// A certificate: one's own, or any for who may see them.
    pub async fn certificate_facts(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<CertificateFacts, Error> {
        let row = self.visible_certificate(actor, id).await?;
        Ok(facts(row, self.now()))
    }

    /// The certificates of a request: none before they are ready, two of a split pair, and only for
    /// their owner and for who may see certificates.
    pub async fn certificates_of_request(
        &self,
        actor: &Actor,
        id: RequestId,
    ) -> Result<Vec<CertificateId>, Error> {
        match self.request(actor, id).await?.certificate {
            Some(_) => Ok(self.store().certificate_ids(id).await?),
            None => Ok(Vec::new()),
        }
    }
}

fn limit(typed: &str) -> Result<i64, Error> {
    match typed {
        "" => Ok(USUAL),
        typed => {
            let limit = typed
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or_else(|| Error::field("limit", format!("Between 1 and {MOST}, please.")))
        }
    }
}

fn facts(row: CertificateRow, now: OffsetDateTime) -> CertificateFacts {
    CertificateFacts {
        id: row.id,
        request: row.request,
        part: row.part,
        state: certificate_state(row.revocation_state(), row.not_after, now),
        serial: row.serial,
        thumbprint: row.thumbprint,
        subject: row.subject,
        issuer: row.issuer,
        mailbox: row.mailbox,
        names: row.names,
        device: row.device,
        key_algorithm: row.key_algorithm,
        not_before: row.not_before,
        not_after: row.not_after,
        template: row.template_name,
        has_secrets: !row.is_own_key && !row.is_deleted,
    }
}
