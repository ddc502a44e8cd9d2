//! The key of a root leaves the portal, to be kept offline: downloaded under a password first, and
//! deleted here when that file is safe.

use super::change::authority_record;
use super::create::is_root_here;
use crate::confirm::Confirmed;
use crate::download::{DownloadFile, PKCS12};
use crate::{Actor, Error, Portal, place};
use api::{Done, Password};
use domain::{AuditAction, AuthorityId, Permission, PfxFlavour, Secret};
use store::{AuditQuery, AuthorityRow, Record};

impl Portal {
    /// Downloads a root's key and certificate. Nothing is deleted.
    pub async fn download_authority_key(
        &self,
        actor: &Actor,
        id: AuthorityId,
        confirm: Secret<String>,
        file_password: Secret<String>,
    ) -> Result<Confirmed<DownloadFile>, Error> {
        let row = self.root_here(actor, id).await?;
        let is_printable = |c: char| (' '..='~').contains(&c);
        if !file_password.expose().chars().all(is_printable) || file_password.expose().len() > 200 {
            return Err(Error::field(
                "file_password",
                "Please use letters without accents, digits and signs, at most 200.",
            ));
        }
        safe::check_new_password(file_password.expose(), &[&row.name])
            .map_err(|problem| Error::field("file_password", problem.to_string()))?;
        let confirmed_at = self.confirm(actor, confirm).await?;
        let sealed = row.sealed_key.as_ref().ok_or(Error::NotFound)?;
        let key = self.key_ring()?.open(place::authority_key(id), sealed)?;
        let (certificate, name) = (row.certificate.clone(), row.name.clone());
        let mut rng = self.random().fork();
        let made = self.cpu().run(move || {
            let key = pki::PrivateKey::from_pkcs8(key.expose())?;
            let input = pki::BundleInput {
                key: &key,
                leaf_der: &certificate,
                chain: &[],
                friendly_name: &name,
                password: &file_password,
                flavour: PfxFlavour::Modern,
                iterations: pki::pfx::MANY_ITERATIONS,
            };
            let made = pki::bundle(&input, &mut rng)?;
            pki::verify_opens(made.expose(), &file_password)?;
            Ok::<_, pki::Error>(made)
        });
        let bytes = made.await??;
        let mut record = authority_record(self, actor, AuditAction::Export, &row);
        let mails = self.root_key_mails(actor, &row, self.now()).await?;
        record.mails.extend(mails);
        self.store().record(record).await?;
        self.mail_signal().notify_one();
        Ok(Confirmed {
            value: DownloadFile {
                file_name: format!("root-{id}.p12"),
                content_type: PKCS12,
                bytes,
            },
            confirmed_at,
        })
    }

    /// Deletes a root's key, once it was downloaded. Its name is typed, so that it is the right one.
    pub async fn remove_authority_key(
        &self,
        actor: &Actor,
        id: AuthorityId,
        name: String,
        password: Password,
    ) -> Result<Done, Error> {
        let row = self.root_here(actor, id).await?;
        if name.trim() != row.name {
            return Err(Error::field(
                "name",
                format!("Please type the root's name, {}.", row.name),
            ));
        }
        let query = AuditQuery {
            actor: String::new(),
            action: Some(AuditAction::Export),
            subject: Some(id.0),
            from: None,
            until: None,
            before_number: None,
            limit: 1,
        };
        if self.store().audit(query).await?.is_empty() {
            return Err(Error::Conflict(
                "Download the key first: without that file it is gone for good.".to_owned(),
            ));
        }
        self.confirm(actor, password.into_secret()).await?;
        // Whoever checks an authority below it has a list that holds for as long as one may.
        self.make_last_crl(&row).await?;
        let record = authority_record(self, actor, AuditAction::RemoveAuthorityKey, &row);
        self.store().remove_authority_key(id, record).await?;
        self.authorities().forget(id);
        Ok(Done::then(
            format!(
                "The key of {} is deleted here. Keep the file and its password in two safe \
                 places, and bring a new revocation list before the last one ends.",
                row.name
            ),
            api::url::AUTHORITIES,
        ))
    }

    async fn root_here(&self, actor: &Actor, id: AuthorityId) -> Result<AuthorityRow, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let row = self.authority_row(id).await?;
        if is_root_here(&row) {
            return Ok(row);
        }
        Err(Error::Conflict(
            "Only the key of a root can be taken out, and only while it is here. Issuing \
             authorities need theirs every day."
                .to_owned(),
        ))
    }

    /// What the audit log says about an authority that is only a request yet.
    pub(super) fn simple_record(
        &self,
        actor: &Actor,
        action: AuditAction,
        (id, name): (AuthorityId, &str),
    ) -> Record {
        Record::default().audit(actor.audit(action, self.now(), id.0, name))
    }
}
