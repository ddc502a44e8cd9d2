//! Certificate templates.

use crate::column::{Word, join, split};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Store};
use domain::{Approval, KeyAlgorithm, Name, PfxPasswordPolicy, Template, TemplateId};
use sqlx::FromRow;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO template (id, position, name, summary, approval, key_algorithms,
        valid_days, password_policy)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const LIST: &str = "SELECT id AS template_id, name AS template_name, summary, approval,
        key_algorithms, valid_days, password_policy
    FROM template ORDER BY position, id";
const FIND: &str = "SELECT id AS template_id, name AS template_name, summary, approval,
        key_algorithms, valid_days, password_policy
    FROM template WHERE id = $1";

/// A template's columns, alone or in a join.
#[derive(FromRow)]
pub(crate) struct StoredTemplate {
    #[sqlx(try_from = "Uuid")]
    template_id: TemplateId,
    #[sqlx(try_from = "String")]
    template_name: Name,
    summary: String,
    #[sqlx(try_from = "Word<Approval>")]
    approval: Approval,
    key_algorithms: String,
    #[sqlx(try_from = "i64")]
    valid_days: u16,
    #[sqlx(try_from = "Word<PfxPasswordPolicy>")]
    password_policy: PfxPasswordPolicy,
}

impl TryFrom<StoredTemplate> for Template {
    type Error = Error;

    fn try_from(row: StoredTemplate) -> Result<Self, Error> {
        Ok(Self {
            id: row.template_id,
            name: row.template_name,
            summary: row.summary,
            approval: row.approval,
            key_algorithms: split(&row.key_algorithms).map_err(|_| {
                Error::corrupt(
                    "template",
                    "key_algorithms",
                    "it is not a list of algorithms",
                )
            })?,
            valid_days: row.valid_days,
            password_policy: row.password_policy,
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, position: i64, template: &Template) -> Result<(), Error> {
    exactly_one(on_each!(
        tx,
        execute(
            INSERT,
            template.id.0,
            position,
            template.name.as_str(),
            &template.summary,
            template.approval.as_str(),
            join(
                template
                    .key_algorithms
                    .iter()
                    .map(|a| KeyAlgorithm::as_str(*a))
            ),
            i64::from(template.valid_days),
            template.password_policy.as_str()
        )
    )?)
}

impl Store {
    /// All templates, in the order of lists.
    pub async fn templates(&self) -> Result<Vec<Template>, Error> {
        let rows: Vec<StoredTemplate> = on_each!(self, fetch_all(LIST))?;
        rows.into_iter().map(Template::try_from).collect()
    }

    /// One template.
    pub async fn template(&self, id: TemplateId) -> Result<Option<Template>, Error> {
        let row: Option<StoredTemplate> = on_each!(self, fetch_optional(FIND, id.0))?;
        row.map(Template::try_from).transpose()
    }
}
