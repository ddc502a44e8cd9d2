//! Taking the list of certificates out of the portal, as CSV, page by page.

use crate::cards::certificate_state;
use crate::certificate_list::certificate_query;
use crate::certified_names::in_words;
use crate::csv::push_row;
use crate::{Actor, Error, Portal};
use api::{CertificateFilter, CertificateState};
use domain::{AuditAction, Permission};
use store::{CertificateListRow, CertificateQuery, Record};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// Rows that are in memory at a time.
const AT_A_TIME: i64 = 1_000;

const HEADER: [&str; 12] = [
    "Name",
    "Mailbox",
    "Names",
    "State",
    "Template",
    "Serial",
    "Thumbprint (SHA-256)",
    "Key",
    "Valid from",
    "Valid until",
    "Issued",
    "First downloaded",
];

/// An export that is under way.
#[derive(Debug)]
pub struct CertificateExport {
    portal: Portal,
    query: CertificateQuery,
    now: OffsetDateTime,
    is_begun: bool,
    is_over: bool,
}

impl Portal {
    /// Begins to export what a filter finds. It is recorded before the first row leaves.
    pub async fn export_certificates(
        &self,
        actor: &Actor,
        filter: CertificateFilter,
    ) -> Result<CertificateExport, Error> {
        actor.require(Permission::SeeCertificates)?;
        let now = self.now();
        let mut query = certificate_query(&filter, now)?;
        query.after = None;
        query.limit = i64::MAX;
        let count = self.store().count_certificates(&query).await?;
        let mut audit = actor.audit(AuditAction::Export, now, Uuid::nil(), "certificates");
        audit.subject = None;
        audit.details = [
            ("count", count.to_string()),
            ("search", filter.search),
            ("state", filter.state),
            ("template", filter.template),
            ("ends_from", filter.ends_from),
            ("ends_to", filter.ends_to),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        self.store().record(Record::default().audit(audit)).await?;
        query.limit = AT_A_TIME;
        Ok(CertificateExport {
            portal: self.clone(),
            query,
            now,
            is_begun: false,
            is_over: false,
        })
    }
}

impl CertificateExport {
    /// The next piece of the file; nothing after its end.
    pub async fn next_piece(&mut self) -> Result<Option<String>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let rows = self.portal.store().certificates(&self.query).await?;
        let mut csv = String::new();
        if !self.is_begun {
            self.is_begun = true;
            push_row(&mut csv, &HEADER);
        }
        for row in &rows {
            push_certificate(&mut csv, row, self.now)?;
        }
        self.query.after = rows.last().map(|row| (row.issued_at, row.id));
        self.is_over = i64::try_from(rows.len()).unwrap_or(i64::MAX) < AT_A_TIME;
        Ok(Some(csv))
    }
}

fn push_certificate(
    csv: &mut String,
    row: &CertificateListRow,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let state = match certificate_state(row.revocation_state(), row.not_after, now) {
        CertificateState::Valid => "valid",
        CertificateState::Expiring => "expiring",
        CertificateState::Expired => "expired",
        CertificateState::Held => "held",
        CertificateState::Revoked => "revoked",
    };
    let downloaded = row.downloaded_at.map(when).transpose()?;
    let fields = [
        row.person_name.as_str(),
        row.mailbox.as_str(),
        &in_words(&row.device, &row.names),
        state,
        row.template_name.as_str(),
        &hex::encode(&row.serial),
        &hex::encode(&row.thumbprint),
        row.key_algorithm.as_str(),
        &when(row.not_before)?,
        &when(row.not_after)?,
        &when(row.issued_at)?,
        &downloaded.unwrap_or_default(),
    ];
    push_row(csv, &fields);
    Ok(())
}

/// Whole seconds, as programs read them (RFC 3339).
fn when(at: OffsetDateTime) -> Result<String, Error> {
    let at = at.replace_nanosecond(0).unwrap_or(at);
    at.format(&Rfc3339).map_err(Error::internal)
}
