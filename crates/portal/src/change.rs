//! Changing several certificates at once: the selected ones, or everything that a filter finds.
//!
//! First it is only counted. What is confirmed is done in parts of bounded size, each certificate in
//! a transaction of its own with its audit entry and mail, so that it may end anywhere and be sent
//! again: what is done already is an exception then.

use crate::certificate_list::{mark, mark_before};
use crate::deliver::has_secrets;
use crate::revoke::{comment_of, reason_of};
use crate::{Actor, Error, Portal};
use api::{ChangeCertificates, ChangeOutcome, ChangePlan, ChangeResult};
use domain::{
    CertificateChange, CertificateId, CertificateStanding, Permission, PersonId, RevocationReason,
    RevocationState,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{CertificateListRow, CertificateRow};
use time::OffsetDateTime;

/// Most certificates that are selected one by one.
const SELECTED: usize = 100;
/// Certificates that are read at a time when they are counted.
const READ: i64 = 500;
/// Most certificates of one filter.
const MOST: usize = 20_000;
/// Certificates that are changed with one answer.
const PART: usize = 100;

/// A certificate that is to be changed.
struct Candidate {
    id: CertificateId,
    person: PersonId,
    mailbox: String,
    state: RevocationState,
    not_after: OffsetDateTime,
    has_secrets: bool,
}

impl From<&CertificateRow> for Candidate {
    fn from(row: &CertificateRow) -> Self {
        Self {
            id: row.id,
            person: row.person,
            mailbox: row.mailbox.to_string(),
            state: row.revocation_state(),
            not_after: row.not_after,
            has_secrets: has_secrets(row).is_ok(),
        }
    }
}

impl From<&CertificateListRow> for Candidate {
    fn from(row: &CertificateListRow) -> Self {
        Self {
            id: row.id,
            person: row.person,
            mailbox: row.mailbox.to_string(),
            state: row.revocation_state(),
            not_after: row.not_after,
            has_secrets: row.has_secrets,
        }
    }
}

impl Portal {
    /// Counts what a change would do. What is issued from now on is not part of it.
    pub async fn plan_change(
        &self,
        actor: &Actor,
        mut asked: ChangeCertificates,
    ) -> Result<ChangePlan, Error> {
        let change = permitted(actor, &asked)?;
        let now = self.now();
        asked.filter.after = asked.is_everything.then(|| mark_before(now));
        let (mut count, mut seen) = (0, 0);
        let (mut named, mut of_key) = (BTreeSet::new(), BTreeSet::new());
        let (mut people, mut exceptions) = (BTreeSet::new(), BTreeMap::<_, u64>::new());
        let mut part = asked.clone();
        loop {
            let (candidates, next) = self.candidates(&part, READ).await?;
            seen += candidates.len();
            for candidate in &candidates {
                if let Some(why) = change.exception(self.standing(candidate)) {
                    *exceptions.entry(why).or_default() += 1;
                } else {
                    count += 1;
                    people.insert(candidate.person);
                    if change == CertificateChange::Revoke {
                        named.insert(candidate.id);
                        of_key.extend(self.store().others_of_key(candidate.id, now).await?);
                    }
                }
            }
            if seen > MOST {
                return Err(Error::Conflict(format!(
                    "This filter finds more than {MOST} certificates. Please narrow it."
                )));
            }
            let Some(next) = next else { break };
            part = next;
        }
        Ok(ChangePlan {
            change,
            asked,
            count,
            people: people.len() as u64,
            same_key: of_key.difference(&named).count() as u64,
            exceptions: exceptions
                .into_iter()
                .map(|(why, count)| (why.to_owned(), count))
                .collect(),
            problem: None,
        })
    }

    /// Does a part of what was confirmed; the answer asks for the next.
    pub async fn change_certificates(
        &self,
        actor: &Actor,
        asked: ChangeCertificates,
    ) -> Result<ChangeResult, Error> {
        let change = permitted(actor, &asked)?;
        if asked.is_everything && asked.filter.after.is_none() {
            return Err(Error::Conflict(
                "This form is out of date. Please choose the certificates again.".to_owned(),
            ));
        }
        // What is wrong with the form is said before anything is done.
        if change == CertificateChange::Revoke {
            reason_of(&asked.reason, RevocationReason::FOR_GOOD)?;
        }
        comment_of(&asked.comment)?;
        let part = i64::try_from(PART).unwrap_or(i64::MAX);
        let (candidates, next) = self.candidates(&asked, part).await?;
        let mut rows = Vec::with_capacity(candidates.len());
        // Certificates of a key that somebody else may have end with the first of them.
        let mut ended_with = BTreeMap::new();
        for candidate in candidates {
            let problem = match change.exception(self.standing(&candidate)) {
                _ if ended_with.remove(&candidate.id).is_some() => None,
                Some(why) => Some(format!("left as it is: those that {why} are")),
                None => {
                    let id = candidate.id;
                    self.change_one(actor, &asked, (change, id), &mut ended_with)
                        .await?
                }
            };
            rows.push(ChangeOutcome {
                id: candidate.id,
                mailbox: candidate.mailbox,
                problem,
            });
        }
        rows.extend(ended_with.into_iter().map(|(id, mailbox)| ChangeOutcome {
            id,
            mailbox,
            problem: None,
        }));
        Ok(ChangeResult { change, rows, next })
    }

    /// Changes one certificate; gives the reason where it could not be. Adds those that ended with
    /// it.
    async fn change_one(
        &self,
        actor: &Actor,
        asked: &ChangeCertificates,
        (change, id): (CertificateChange, CertificateId),
        ended_with: &mut BTreeMap<CertificateId, String>,
    ) -> Result<Option<String>, Error> {
        let done = match change {
            CertificateChange::Revoke => {
                let revoked = self.revoke_all(actor, id, &asked.reason, &asked.comment);
                revoked.await.map(|others| {
                    let names = others.into_iter().map(|row| (row.id, row.mailbox.into()));
                    ended_with.extend(names);
                })
            }
            CertificateChange::Hold => {
                let comment = asked.comment.clone();
                self.hold(actor, id, comment).await.map(drop)
            }
            CertificateChange::Reactivate => self.reactivate(actor, id).await.map(drop),
            CertificateChange::Delete => self.delete_secrets(actor, id).await.map(drop),
            CertificateChange::Deliver => {
                let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
                let what = has_secrets(&row).map_or("certificate", |()| "pfx");
                self.deliver(actor, id, what.to_owned()).await.map(drop)
            }
        };
        match done {
            Ok(()) => Ok(None),
            Err(Error::Conflict(why)) => Ok(Some(why)),
            Err(Error::NotFound) => Ok(Some("There is no such certificate.".to_owned())),
            Err(error) => Err(error),
        }
    }

    /// The first certificates of what was asked for, and the question for the rest.
    async fn candidates(
        &self,
        asked: &ChangeCertificates,
        limit: i64,
    ) -> Result<(Vec<Candidate>, Option<ChangeCertificates>), Error> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut next = asked.clone();
        if asked.is_everything {
            let mut query = self.certificate_query(&asked.filter, self.now()).await?;
            query.limit = limit;
            let rows = self.store().certificates(&query).await?;
            next.filter.after = rows.last().map(mark);
            let has_more = rows.len() >= most;
            return Ok((
                rows.iter().map(Candidate::from).collect(),
                has_more.then_some(next),
            ));
        }
        next.certificates = asked.certificates.iter().skip(most).cloned().collect();
        let mut candidates = Vec::new();
        for id in selected(asked)?.into_iter().take(most) {
            let row = self.store().certificate(id).await?;
            let row = row.filter(|row| row.is_ready).ok_or(Error::NotFound)?;
            candidates.push(Candidate::from(&row));
        }
        let has_more = !next.certificates.is_empty();
        Ok((candidates, has_more.then_some(next)))
    }

    fn standing(&self, candidate: &Candidate) -> CertificateStanding {
        CertificateStanding {
            state: candidate.state,
            has_ended: candidate.not_after < self.now(),
            is_deletable: candidate.not_after < self.deletable_before(),
            has_secrets: candidate.has_secrets,
        }
    }
}

fn permitted(actor: &Actor, asked: &ChangeCertificates) -> Result<CertificateChange, Error> {
    actor.require(Permission::RevokeCertificates)?;
    let change = asked
        .change
        .parse()
        .map_err(|_| Error::field("change", "Please choose what is to be done."))?;
    if matches!(
        change,
        CertificateChange::Deliver | CertificateChange::Delete
    ) {
        actor.require(Permission::IssueForOthers)?;
    }
    Ok(change)
}

fn selected(asked: &ChangeCertificates) -> Result<BTreeSet<CertificateId>, Error> {
    let wrong = |message: String| Error::field("certificates", message);
    if asked.certificates.is_empty() {
        return Err(wrong("Please select at least one certificate.".to_owned()));
    }
    if asked.certificates.len() > SELECTED {
        return Err(wrong(format!(
            "At most {SELECTED} selected ones at once, please."
        )));
    }
    let ids = asked.certificates.iter().map(|id| id.parse());
    ids.collect::<Result<_, _>>()
        .map_err(|_| wrong("There is no such certificate.".to_owned()))
}
