//! What happens by itself towards the end of a certificate: its owner is told 30, 14, 7 and 1 days
//! before, and where the template says so it is renewed.
//!
//! Runs on every node. Each effect is one transaction that names what must still hold, so that no
//! notice is sent twice, whoever looks first; one that was not recorded is found at the next look.
//! A portal that was down sends only the nearest notice.

use crate::renew::Renewal;
use crate::renewal_rule::{Renewable, opens_at, renewable};
use crate::{Actor, Error, Portal};
use domain::{CertificateId, RequestId, RequestState, Template, TemplateId};
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use store::{CertificateRow, EndingRow, PersonRow, Record};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// So many days before the end its owner is told, the last one first.
const STAGES: [i64; 4] = [1, 7, 14, 30];
/// Looks at what ends soon this often.
const EVERY: std::time::Duration = std::time::Duration::from_hours(1);
/// Certificates read at once.
const PAGE: i64 = 200;

/// What a look at the certificates that end soon has led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Endings {
    /// Owners told.
    pub notices: usize,
    /// Renewals begun.
    pub renewals: usize,
}

impl Portal {
    /// Looks after certificates that end soon, until `shutdown`.
    pub async fn run_endings(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            match self.look_after_endings(self.now()).await {
                Ok(done) if done != Endings::default() => tracing::info!(
                    notices = done.notices,
                    renewals = done.renewals,
                    "looked after certificates that end soon"
                ),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "certificates that end soon could not be read; trying again");
                }
            }
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Tells owners and begins renewals, as they are due at that time.
    pub async fn look_after_endings(&self, now: OffsetDateTime) -> Result<Endings, Error> {
        let templates = self.store().templates().await?;
        let templates: HashMap<TemplateId, Template> = templates
            .into_iter()
            .map(|template| (template.id, template))
            .collect();
        let until = now + Duration::days(farthest(&templates));
        let mut after = (now, CertificateId(Uuid::nil()));
        let mut done = Endings::default();
        loop {
            let page = self.store().ending(after, until, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(done);
            };
            after = (last.not_after, last.id);
            for row in &page {
                let Some(template) = templates.get(&row.template) else {
                    continue;
                };
                // One that cannot be looked after must not keep the others waiting.
                if let Err(error) = self.look_after(row, template, now, &mut done).await {
                    tracing::warn!(certificate = %row.id, %error, "its end could not be looked after");
                }
            }
        }
    }

    async fn look_after(
        &self,
        row: &EndingRow,
        template: &Template,
        now: OffsetDateTime,
        done: &mut Endings,
    ) -> Result<(), Error> {
        let renews = template.content.renewal.is_automatic
            && row.renewals == 0
            && now >= opens_at(row.not_after, template);
        let stage = due_stage(row, now);
        if !renews && stage.is_none() {
            return Ok(());
        }
        let Some(certificate) = self.store().certificate(row.id).await? else {
            return Ok(());
        };
        let Some(person) = self.store().person(certificate.person).await? else {
            return Ok(());
        };
        self.failpoint("life-due");
        if renews
            && self
                .renew_automatically(&certificate, &person, template, now)
                .await?
        {
            self.failpoint("life-renewed");
            done.renewals += 1;
            return Ok(());
        }
        if let Some(stage) = stage
            && self
                .notice(&certificate, &person, template, stage, now)
                .await?
        {
            self.failpoint("life-noticed");
            done.notices += 1;
        }
        Ok(())
    }

    /// Whether a renewal was begun.
    async fn renew_automatically(
        &self,
        certificate: &CertificateRow,
        person: &PersonRow,
        template: &Template,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let halves = self.halves(certificate).await?;
        let Renewable::Yes(plan) = renewable(&halves, template, person.role, now) else {
            return Ok(false);
        };
        let mailbox = &certificate.mailbox;
        if !self.store().has_mailbox(person.id, mailbox).await? {
            return Ok(false);
        }
        let (plan, named) = match self.named(*plan, certificate).await {
            // Its owner is told of the end instead, and of why when they try.
            Err(Error::Conflict(_) | Error::Invalid(_)) => return Ok(false),
            named => named?,
        };
        let id = self.new_id(|now, rng| RequestId::generate(now, rng));
        let told = self
            .renewal_started_mail(certificate, person, id, plan.approval.is_needed())
            .await?;
        let renewal = Renewal {
            actor: &Actor::system(),
            person,
            certificate,
            plan,
            named,
            // The portal asks once; what was rejected or taken back it does not ask for again.
            tries: 0,
            id,
            told: Some(told),
        };
        Ok(self.create_renewal(renewal).await?.1)
    }

    /// Whether the owner is told now.
    async fn notice(
        &self,
        certificate: &CertificateRow,
        person: &PersonRow,
        template: &Template,
        stage: i64,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let renewal = self.standing_renewal(certificate.id).await?;
        let is_under_way = renewal.is_some_and(|request| request.state != RequestState::Issued);
        let opens_at = opens_at(certificate.not_after, template);
        let halves = self.halves(certificate).await?;
        let then = now.max(opens_at);
        let may_renew = matches!(
            renewable(&halves, template, person.role, then),
            Renewable::Yes(_)
        );
        let mail = self
            .ending_mail(
                certificate,
                person,
                stage,
                now,
                (may_renew.then_some(then), is_under_way),
            )
            .await?;
        let record = Record::default().mail(mail);
        let is_told = self
            .store()
            .record_notice(certificate.id, stage, record)
            .await?;
        if is_told {
            self.mail_signal().notify_one();
        }
        Ok(is_told)
    }
}

/// How many days ahead anything can be due.
fn farthest(templates: &HashMap<TemplateId, Template>) -> i64 {
    let windows = templates
        .values()
        .map(|template| template.content.renewal)
        .filter(|renewal| renewal.is_automatic)
        .map(|renewal| i64::from(renewal.window_days));
    windows.chain(STAGES).max().unwrap_or_default()
}

/// The nearest stage that has come and that the owner was not told of. Those that are more than
/// half of the validity before the end are left out: nobody wants to hear of the end at the
/// beginning.
fn due_stage(row: &EndingRow, now: OffsetDateTime) -> Option<i64> {
    let validity = row.not_after - row.not_before;
    let stage = STAGES
        .into_iter()
        .find(|days| now >= row.not_after - Duration::days(*days))?;
    let is_told = row.noticed_days.is_some_and(|told| told <= stage);
    (!is_told && Duration::days(2 * stage) <= validity).then_some(stage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const END: OffsetDateTime = datetime!(2026-12-31 12:00 UTC);

    fn row(valid_days: i64, noticed_days: Option<i64>) -> EndingRow {
        EndingRow {
            id: CertificateId(Uuid::nil()),
            template: TemplateId(Uuid::nil()),
            not_before: END - Duration::days(valid_days),
            not_after: END,
            noticed_days,
            renewals: 0,
        }
    }

    #[test]
    fn only_the_nearest_stage_is_due_and_only_once() {
        for (days_left, told, due) in [
            (31, None, None),
            (30, None, Some(30)),
            (29, Some(30), None),
            (14, Some(30), Some(14)),
            (5, None, Some(7)),
            (5, Some(7), None),
            (1, Some(30), Some(1)),
            (0, Some(1), None),
        ] {
            let now = END - Duration::days(days_left);
            assert_eq!(due_stage(&row(365, told), now), due, "{days_left} {told:?}");
        }
    }

    #[test]
    fn a_short_life_has_fewer_stages() {
        let at = |left| END - Duration::days(left);
        assert_eq!(due_stage(&row(30, None), at(30)), None);
        assert_eq!(due_stage(&row(30, None), at(14)), Some(14));
        assert_eq!(due_stage(&row(1, None), at(1)), None);
    }
}
