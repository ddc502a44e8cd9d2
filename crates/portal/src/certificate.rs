//! Looking at certificates.

use crate::cards::{certificate_card, request_card};
use crate::deliver::has_secrets;
use crate::renewal_rule::{Renewable, renewable};
use crate::{Actor, Error, Portal};
use api::{
    CertificateCard, CertificateState, CertificateView, MayEnd, MyCertificates, RenewalOffer,
};
use domain::{
    CertificateId, Delivery, Device, KeyPart, Permission, RequestState, Role, TokenScope,
};
use store::CertificateRow;
use time::Duration;

/// Requests that ended longer ago are no news.
const NEWS: Duration = Duration::days(30);
/// Requests looked at for the first page.
const REQUESTS: i64 = 50;

impl Portal {
    /// One's certificates and open requests.
    pub async fn my_certificates(&self, actor: &Actor) -> Result<MyCertificates, Error> {
        let id = actor.person()?;
        let now = self.now();
        let certificates = self.store().certificates_of(id).await?;
        let requests = self.store().requests_of(id, REQUESTS).await?;
        let imported = self.store().imported_of(id).await?;
        Ok(MyCertificates {
            certificates: self.renewable_cards(&certificates, actor.role).await?,
            old_mail: crate::old_mail::offer(&certificates, &imported),
            imported: imported.iter().map(crate::imported::card).collect(),
            device: Device::guess(&actor.client.user_agent),
            requests: requests
                .iter()
                .filter(|row| row.state != RequestState::Issued)
                .filter(|row| !row.state.is_final() || row.updated_at + NEWS > now)
                .map(request_card)
                .collect(),
            now,
        })
    }

    /// Cards that say which certificates one click renews.
    async fn renewable_cards(
        &self,
        rows: &[CertificateRow],
        role: Option<Role>,
    ) -> Result<Vec<CertificateCard>, Error> {
        let now = self.now();
        let templates = self.store().templates().await?;
        let mut cards = Vec::with_capacity(rows.len());
        for row in rows {
            let mut card = certificate_card(row, now);
            let template = templates.iter().find(|one| one.id == row.template);
            if let (Some(template), Some(role), true) =
                (template, role, row.part != KeyPart::Encrypt)
            {
                let halves: Vec<_> = std::iter::once(row)
                    .chain(
                        rows.iter()
                            .filter(|half| half.request == row.request && half.id != row.id),
                    )
                    .cloned()
                    .collect();
                let is_open = matches!(renewable(&halves, template, role, now), Renewable::Yes(_));
                card.may_renew = is_open && self.standing_renewal(row.id).await?.is_none();
            }
            cards.push(card);
        }
        Ok(cards)
    }

    /// A certificate: one's own, or any for who may see them. Never its secrets.
    pub async fn certificate(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<CertificateView, Error> {
        let row = self.visible_certificate(actor, id).await?;
        let is_own = actor.is(row.person);
        let now = self.now();
        let card = certificate_card(&row, now);
        let others = match card.state {
            CertificateState::Revoked => Vec::new(),
            _ => self.store().others_of_key(id, now).await?,
        };
        let may_end = match card.state {
            CertificateState::Revoked => MayEnd::Nothing,
            // Its key may turn out to be lost, and others have it.
            CertificateState::Expired if others.is_empty() => MayEnd::Nothing,
            _ if actor.may(Permission::RevokeCertificates) => MayEnd::Revoke,
            _ if is_own => MayEnd::ReportLost,
            _ => MayEnd::Nothing,
        };
        let halves = self.halves(&row).await?;
        let renewal = match actor.role.filter(|_| is_own) {
            Some(role) => {
                let template = self.newest_template(&row).await?;
                self.renewal_offer(&halves, &template, role).await?
            }
            None => RenewalOffer::Nothing,
        };
        Ok(CertificateView {
            card,
            renewal,
            is_own_key: row.is_own_key,
            other_half: halves.iter().map(|half| half.id).find(|half| *half != id),
            person: row.person_name.as_str().to_owned(),
            is_own,
            request: row.request,
            serial: hex::encode(&row.serial),
            thumbprint: hex::encode(&row.thumbprint),
            subject: row.subject.clone(),
            issuer: row.issuer.clone(),
            key_algorithm: row.key_algorithm,
            file_name: pki::pfx::file_name(&row.mailbox, row.not_before),
            device: Device::guess(&actor.client.user_agent),
            must_confirm: self.must_confirm(actor),
            fetch_with: is_own.then(|| self.fetch_with(&row)).flatten(),
            ended_at: row.revoked_at.or(row.held_at),
            ended_because: row.revocation_reason,
            may_end,
            same_key: if may_end == MayEnd::Nothing {
                0
            } else {
                others.len() as u64
            },
            is_deleted: row.is_deleted,
            may_deliver: actor.may(Permission::IssueForOthers),
            may_delete: actor.may(Permission::IssueForOthers)
                && !row.is_own_key
                && !row.is_deleted
                && row.not_after < self.deletable_before(),
            now,
        })
    }

    /// A certificate for its owner and for who may see certificates.
    pub(crate) async fn visible_certificate(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<CertificateRow, Error> {
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        if row.is_ready && (actor.is(row.person) || actor.may(Permission::SeeCertificates)) {
            Ok(row)
        } else {
            Err(Error::NotFound)
        }
    }

    /// How a program fetches it, where its template says that one does.
    fn fetch_with(&self, row: &CertificateRow) -> Option<String> {
        if row.content.delivery != Delivery::Api || row.is_deleted {
            return None;
        }
        let (what, file) = if row.is_own_key {
            ("certificate.pem", "certificate.pem")
        } else {
            ("pfx", "certificate.p12")
        };
        let (base, path) = (&self.policy().base_url, api::url::api_certificate(row.id));
        Some(format!(
            "curl --fail --output {file} --header @token.txt {base}{path}/{what}"
        ))
    }

    /// One's own certificate whose key and password are in the portal.
    pub(crate) async fn own_secrets(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<CertificateRow, Error> {
        actor.require_scope(TokenScope::Secrets)?;
        let row = self.own_certificate(actor, id).await?;
        has_secrets(&row)?;
        Ok(row)
    }

    /// A certificate for its owner's eyes. Everybody else is told that there is nothing.
    pub(crate) async fn own_certificate(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<CertificateRow, Error> {
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        if actor.is(row.person) && row.is_ready {
            Ok(row)
        } else {
            Err(Error::NotFound)
        }
    }
}
