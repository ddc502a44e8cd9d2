//! A new issuing authority: below a root whose key is here at once, or as a request to a root that
//! is kept elsewhere. The newest one in use signs from then on.

use super::make::Plan;
use crate::error::FieldErrors;
use crate::set_up::domains;
use crate::{Actor, Error, Portal};
use api::{CreateAuthority, Done};
use domain::{AuditAction, AuthorityPurpose, HostName, KeyAlgorithm, Name, Permission};
use pki::{AuthorityName, PrivateKey};
use store::{AuthorityRequestRow, AuthorityRow, Record};

/// The choice of a root that is kept elsewhere.
const ELSEWHERE: &str = "elsewhere";

impl Portal {
    /// Makes an issuing authority, or a request for one.
    pub async fn create_authority(
        &self,
        actor: &Actor,
        form: CreateAuthority,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let rows = self.store().authorities().await?;
        let root = rows
            .iter()
            .find(|row| row.id.to_string() == form.parent && is_root_here(row));
        let mut errors = FieldErrors::default();
        if root.is_none() && form.parent != ELSEWHERE {
            errors.add("parent", "Please choose one of the roots.");
        }
        let name = errors.take("name", Name::parse(&form.name));
        let name = name.filter(|name| {
            let fits = name.as_str().chars().count() <= 64;
            if !fits {
                errors.add("name", "An authority's name has at most 64 characters.");
            }
            fits
        });
        let algorithm = form.key_algorithm.parse::<KeyAlgorithm>().ok();
        let algorithm =
            algorithm.filter(|chosen| matches!(chosen, KeyAlgorithm::Rsa4096 | KeyAlgorithm::P384));
        if algorithm.is_none() {
            errors.add("key_algorithm", "Please choose RSA-4096 or P-384.");
        }
        let purpose = purpose(&form, &mut errors);
        errors.check()?;
        let (Some(name), Some(algorithm), Some(purpose)) = (name, algorithm, purpose) else {
            return Err(Error::internal("a form passed its checks without a value"));
        };
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let plan = Plan {
            id: self.authority_id(),
            name: AuthorityName {
                common_name: name.to_string(),
                organisation: settings.organisation.to_string(),
                country: settings.country.clone(),
            },
            purpose,
        };
        self.refuse_taken_name(name.as_str(), &rows).await?;
        let key = self.authority_key(algorithm).await?;
        match root {
            Some(root) => {
                let row = self.issue_authority(root, plan, key).await?;
                self.add_new_authority(actor, row).await
            }
            None => self.request_authority(actor, plan, key).await,
        }
    }

    async fn refuse_taken_name(&self, name: &str, rows: &[AuthorityRow]) -> Result<(), Error> {
        let requests = self.store().authority_requests().await?;
        let is_taken = rows.iter().any(|row| row.name == name)
            || requests.iter().any(|request| request.name == name);
        if is_taken {
            return Err(Error::field(
                "name",
                "There is an authority of this name already. Each has a name of its own.",
            ));
        }
        Ok(())
    }

    async fn add_new_authority(&self, actor: &Actor, row: AuthorityRow) -> Result<Done, Error> {
        let mut audit = actor.audit(
            AuditAction::CreateAuthority,
            self.now(),
            row.id.0,
            row.name.clone(),
        );
        let detail = ("purpose".to_owned(), row.purpose.to_string());
        audit.details.push(detail);
        let message = format!(
            "{} is ready and signs new certificates from now on.",
            row.name
        );
        self.store()
            .add_authorities(vec![row], None, Record::default().audit(audit))
            .await?;
        Ok(Done::then(message, api::url::AUTHORITIES))
    }

    async fn request_authority(
        &self,
        actor: &Actor,
        plan: Plan,
        key: PrivateKey,
    ) -> Result<Done, Error> {
        let row = AuthorityRequestRow {
            id: plan.id,
            parent: None,
            name: plan.name.common_name.clone(),
            purpose: plan.row_purpose(),
            sealed_key: self.seal_authority_key(plan.id, &key)?,
            csr: self
                .cpu()
                .run(move || pki::create_issuing_request(&plan.name, &key, &plan.purpose))
                .await??,
            created_at: self.now(),
        };
        let audit = actor.audit(
            AuditAction::RequestAuthority,
            row.created_at,
            row.id.0,
            row.name.clone(),
        );
        let message = format!(
            "The key of {} is made. Download its request, have the root sign it, and bring the \
             certificate here.",
            row.name
        );
        self.store()
            .add_authority_request(row, Record::default().audit(audit))
            .await?;
        Ok(Done::then(message, api::url::AUTHORITIES))
    }
}

pub(super) fn is_root_here(row: &AuthorityRow) -> bool {
    row.purpose == AuthorityPurpose::Root && row.sealed_key.is_some()
}

fn purpose(form: &CreateAuthority, errors: &mut FieldErrors) -> Option<pki::AuthorityPurpose> {
    let is_confined = !form.domains.trim().is_empty();
    match form.purpose.as_str() {
        "mail" => Some(pki::AuthorityPurpose::Mail {
            domains: if is_confined {
                domains("domains", &form.domains, errors)
            } else {
                Vec::new()
            },
            has_client_auth: false,
        }),
        "tls" => {
            let mut names = Vec::new();
            for word in form.domains.split_whitespace() {
                let word = word.trim_matches(',');
                match HostName::parse(word) {
                    Ok(name) if !name.is_wildcard() && name.address().is_none() => names.push(name),
                    _ => errors.add(
                        "domains",
                        format!("{word:?} is not a domain name such as example.com."),
                    ),
                }
            }
            Some(pki::AuthorityPurpose::Tls { domains: names })
        }
        _ => {
            errors.add("purpose", "Please choose what it signs.");
            None
        }
    }
}
