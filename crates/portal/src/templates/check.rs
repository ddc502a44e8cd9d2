//! What a template may say, beyond what `domain` can know: authorities, policies, registrations,
//! and whether the linter would let its certificates be signed.

use super::form::{self, Edited};
use super::words::AuthorityNames;
use crate::error::FieldErrors;
use crate::{Error, Portal};
use api::TemplateFields;
use domain::{AuthorityPurpose, PolicyChoice, TemplateContent};
use pki::OrganisationIdentifier;

/// The arc of identifiers that the CA/Browser Forum reserves.
const RESERVED: &str = "2.23.140.";

impl Portal {
    /// Reads and checks the editor's form, and tries its certificates.
    pub(super) async fn checked_template(&self, fields: &TemplateFields) -> Result<Edited, Error> {
        let mut errors = FieldErrors::default();
        let edited = form::read(fields, &mut errors);
        if let Some(edited) = &edited {
            self.note_problems(&edited.content, &mut errors).await?;
        }
        errors.check()?;
        let edited = edited.ok_or(Error::NotFound)?;
        self.check_certificates(&edited.content).await?;
        Ok(edited)
    }

    /// Fails unless certificates can be made from this as it is.
    pub(super) async fn check_usable(&self, content: &TemplateContent) -> Result<(), Error> {
        let mut errors = FieldErrors::default();
        self.note_problems(content, &mut errors).await?;
        let told = errors.into_inner();
        if let Some(first) = told.first() {
            return Err(Error::Conflict(format!(
                "It cannot be offered as it is: {} Change the template first.",
                first.message
            )));
        }
        self.check_certificates(content).await
    }

    /// Notes everything that is wrong, by field of the editor.
    pub(super) async fn note_problems(
        &self,
        content: &TemplateContent,
        errors: &mut FieldErrors,
    ) -> Result<(), Error> {
        for problem in content.problems() {
            let field = match problem.field {
                "key_algorithms" => "default_algorithm",
                field => field,
            };
            errors.add(field, problem.message);
        }
        if let Some(identifier) = &content.organisation_identifier
            && OrganisationIdentifier::parse(identifier).is_err()
        {
            errors.add(
                "organisation_identifier",
                "A registration looks like NTRDE-DER3306.HRB12345, VATDE-123456789 or LEIXG-529900T8BM49AURSDO55.",
            );
        }
        note_policy(content, errors);
        self.note_authority(content, errors).await
    }

    async fn note_authority(
        &self,
        content: &TemplateContent,
        errors: &mut FieldErrors,
    ) -> Result<(), Error> {
        let rows = self.store().authorities().await?;
        let purpose = content.kind.authority();
        let (what, problem) = match content.authority {
            None => {
                let is_there = rows
                    .iter()
                    .any(|row| row.is_active && row.purpose == purpose && row.sealed_key.is_some());
                ("", (!is_there).then(|| missing(purpose)))
            }
            Some(id) => match rows.iter().find(|row| row.id == id) {
                None => ("", Some("There is no such authority.")),
                Some(row) if row.purpose != purpose => (
                    row.name.as_str(),
                    Some(" does not sign this kind of certificates; choose another one."),
                ),
                Some(row) if !row.is_active => (
                    row.name.as_str(),
                    Some(" is retired and signs nothing any more; choose another one."),
                ),
                Some(row) if row.sealed_key.is_none() => (
                    row.name.as_str(),
                    Some(" has its key elsewhere and cannot sign here; choose another one."),
                ),
                Some(_) => ("", None),
            },
        };
        if let Some(problem) = problem {
            errors.add("authority", format!("{what}{problem}"));
        }
        Ok(())
    }

    /// Fails where the linter would refuse a certificate of this template.
    async fn check_certificates(&self, content: &TemplateContent) -> Result<(), Error> {
        for part in self.sample_parts(content).await? {
            if let Some(finding) = part.findings.first() {
                return Err(Error::field(
                    "kind",
                    format!("Such a certificate would not be signed: {finding}"),
                ));
            }
        }
        Ok(())
    }

    /// The names of all authorities.
    pub(super) async fn authority_names(&self) -> Result<AuthorityNames, Error> {
        let rows = self.store().authorities().await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }
}

const fn missing(purpose: AuthorityPurpose) -> &'static str {
    match purpose {
        AuthorityPurpose::Tls => {
            "There is no authority for servers and devices yet; make one on the page Authorities first."
        }
        AuthorityPurpose::Mail | AuthorityPurpose::Root => {
            "There is no authority for mail in use; make one on the page Authorities first."
        }
    }
}

fn note_policy(content: &TemplateContent, errors: &mut FieldErrors) {
    match &content.policy {
        PolicyChoice::Own(oid) if oid.starts_with(RESERVED) => errors.add(
            "policy_oid",
            "The CA/Browser Forum reserves this one. If your authority has the audits that it claims, choose \"reserved\" above.",
        ),
        PolicyChoice::Own(oid) if pki::Policy::Own(oid.clone()).check().is_err() => errors.add(
            "policy_oid",
            "Please enter an object identifier such as 1.3.6.1.4.1.32473.1.",
        ),
        PolicyChoice::Reserved if !content.kind.is_mail() => errors.add(
            "policy",
            "There is a reserved policy for mail only; certificates for servers of your own are under one of your own.",
        ),
        _ => (),
    }
}
