//! What became of templates: their versions, and how many certificates they have.

use crate::column::{Json, Maybe, Micros, micros};
use crate::{Error, Store};
use domain::{Name, TemplateContent, TemplateId};
use sqlx::FromRow;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// One version of a template, and who made it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TemplateVersionRow {
    /// Number, from 1.
    pub number: i64,
    /// What it says.
    #[sqlx(try_from = "Json")]
    pub content: TemplateContent,
    /// When it was made.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
    /// Who made it; none for set-up and for the command line.
    #[sqlx(try_from = "Maybe<String>")]
    pub created_by: Option<Name>,
}

const VERSIONS: &str = "SELECT template_version.number, template_version.content,
        template_version.created_at, person.name AS created_by
    FROM template_version LEFT JOIN person ON person.id = template_version.created_by
    WHERE template_version.template_id = $1
    ORDER BY template_version.number DESC LIMIT $2";
/// Read from an index alone, `certificate_search_by_issue`.
const NOT_ENDED: &str = "SELECT template_id, COUNT(*) AS certificates FROM certificate_search
    WHERE not_after > $1 GROUP BY template_id";
/// Few: they have an index of their own, `certificate_revoked`.
const REVOKED: &str = "SELECT request.template_id, COUNT(*) AS certificates
    FROM certificate JOIN request ON request.id = certificate.request_id
    WHERE certificate.revocation_reason IS NOT NULL AND certificate.not_after > $1
    GROUP BY request.template_id";

#[derive(FromRow)]
struct Count {
    #[sqlx(try_from = "Uuid")]
    template_id: TemplateId,
    certificates: i64,
}

impl Store {
    /// The newest versions of a template, newest first.
    pub async fn template_versions(
        &self,
        id: TemplateId,
        limit: i64,
    ) -> Result<Vec<TemplateVersionRow>, Error> {
        on_each!(self, fetch_all(VERSIONS, id.0, limit))
    }

    /// How many certificates of each template are good: not expired, held or revoked. Templates
    /// without any are left out.
    pub async fn certificates_by_template(
        &self,
        now: OffsetDateTime,
    ) -> Result<HashMap<TemplateId, i64>, Error> {
        let all: Vec<Count> = on_each!(self, fetch_all(NOT_ENDED, micros(now)))?;
        let revoked: Vec<Count> = on_each!(self, fetch_all(REVOKED, micros(now)))?;
        let mut counts: HashMap<_, _> = all
            .into_iter()
            .map(|row| (row.template_id, row.certificates))
            .collect();
        for row in revoked {
            if let Some(count) = counts.get_mut(&row.template_id) {
                *count = (*count - row.certificates).max(0);
            }
        }
        Ok(counts)
    }
}
