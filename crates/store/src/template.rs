//! Certificate templates and their versions.

use crate::column::{Json, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Record, Store, record};
use domain::{Name, PersonId, Template, TemplateContent, TemplateId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO template (id, position, name, version, is_offered)
    VALUES ($1, $2, $3, $4, $5)";
const INSERT_VERSION: &str = "INSERT INTO template_version (template_id, number, content,
        created_at, created_by)
    VALUES ($1, $2, $3, $4, $5)";
const NEXT_POSITION: &str = "SELECT COALESCE(MAX(position), 0) + 1 FROM template";
const UPDATE: &str = "UPDATE template SET name = $3, version = version + 1
    WHERE id = $1 AND version = $2";
const OFFER: &str = "UPDATE template SET is_offered = $2 WHERE id = $1 AND is_offered <> $2";
macro_rules! select {
    ($number:literal, $rest:literal) => {
        concat!(
            "SELECT template.id, template.name, template.is_offered, template_version.number,
                template_version.content
            FROM template JOIN template_version ON template_version.template_id = template.id
                AND template_version.number = ",
            $number,
            " ",
            $rest
        )
    };
}
const LIST: &str = select!(
    "template.version",
    "ORDER BY template.position, template.id"
);
const FIND: &str = select!("template.version", "WHERE template.id = $1");
const FIND_VERSION: &str = select!("$2", "WHERE template.id = $1");

#[derive(FromRow)]
struct StoredTemplate {
    #[sqlx(try_from = "Uuid")]
    id: TemplateId,
    #[sqlx(try_from = "String")]
    name: Name,
    is_offered: bool,
    number: i64,
    #[sqlx(try_from = "Json")]
    content: TemplateContent,
}

impl From<StoredTemplate> for Template {
    fn from(row: StoredTemplate) -> Self {
        Self {
            id: row.id,
            version: row.number,
            name: row.name,
            is_offered: row.is_offered,
            content: row.content,
        }
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    position: i64,
    template: &Template,
    (by, now): (Option<PersonId>, OffsetDateTime),
) -> Result<(), Error> {
    let (id, version) = (template.id.0, template.version);
    let (name, is_offered) = (template.name.as_str(), template.is_offered);
    exactly_one(on_each!(
        tx,
        execute(INSERT, id, position, name, version, is_offered)
    )?)?;
    insert_version(tx, template, (by, now)).await
}

async fn insert_version(
    tx: &mut Tx,
    template: &Template,
    (by, now): (Option<PersonId>, OffsetDateTime),
) -> Result<(), Error> {
    let content = Json::of(&template.content)?;
    let (id, version) = (template.id.0, template.version);
    let by = by.map(|person| person.0);
    exactly_one(on_each!(
        tx,
        execute(
            INSERT_VERSION,
            id,
            version,
            content.as_str(),
            micros(now),
            by
        )
    )?)
}

impl Store {
    /// The newest version of every template, in the order of lists.
    pub async fn templates(&self) -> Result<Vec<Template>, Error> {
        let rows: Vec<StoredTemplate> = on_each!(self, fetch_all(LIST))?;
        Ok(rows.into_iter().map(Template::from).collect())
    }

    /// The newest version of a template.
    pub async fn template(&self, id: TemplateId) -> Result<Option<Template>, Error> {
        let row: Option<StoredTemplate> = on_each!(self, fetch_optional(FIND, id.0))?;
        Ok(row.map(Template::from))
    }

    /// One version of a template.
    pub async fn template_version(
        &self,
        id: TemplateId,
        number: i64,
    ) -> Result<Option<Template>, Error> {
        let row: Option<StoredTemplate> =
            on_each!(self, fetch_optional(FIND_VERSION, id.0, number))?;
        Ok(row.map(Template::from))
    }

    /// Adds a template at the end of lists; nobody is the command line. Duplicate if its name is
    /// taken.
    pub async fn add_template(
        &self,
        template: Template,
        by: Option<PersonId>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            let position: i64 = on_each!(tx, scalar fetch_one(NEXT_POSITION))?;
            insert(tx, position, &template, (by, now)).await?;
            record::append(tx, &record, None).await
        })
    }

    /// Adds the version after the one that the editor saw; nobody is the command line. Conflict if
    /// somebody else was quicker, duplicate if the name is taken.
    pub async fn change_template(
        &self,
        template: Template,
        by: Option<PersonId>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            let (id, seen) = (template.id.0, template.version - 1);
            if on_each!(tx, execute(UPDATE, id, seen, template.name.as_str()))? == 0 {
                return Err(Error::Conflict("the template was changed by somebody else"));
            }
            insert_version(tx, &template, (by, now)).await?;
            record::append(tx, &record, None).await
        })
    }

    /// Offers a template, or no longer. Whether that changed anything.
    pub async fn offer_template(
        &self,
        id: TemplateId,
        is_offered: bool,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(OFFER, id.0, is_offered))? == 0 {
                return Ok(false);
            }
            record::append(tx, &record, None).await?;
            Ok(true)
        })
    }
}
