//! Valid values to start from.

use domain::{
    AddressSource, ApprovalRule, AuditAction, AuthorityId, AuthorityPurpose, CertificateId,
    CommonNameSource, Delivery, KeyAlgorithm, KeyPart, MailId, Mailbox, Name, NodeId, PersonId,
    PfxChoice, PfxPasswordPolicy, PolicyChoice, Reason, Renewal, RequestId, RequestState,
    RevocationReason, Role, Step, Template, TemplateContent, TemplateId, TemplateKind,
};
use std::sync::atomic::{AtomicU64, Ordering};
use store::{
    Approved, AuthorityRow, Decided, IntentRow, LostKeys, NewAudit, NewCertificate, NewCredential,
    NewMail, NewPerson, NewRequest, Record, RequestEnd, SealedKey, SealedPfx, SetUpRows, Settings,
    Store, Work,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Identifiers that rise, as those of the portal do.
pub(crate) fn id<T: From<Uuid>>() -> T {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u64_pair(
        0x0199_0000_0000_7000,
        NUMBER.fetch_add(1, Ordering::Relaxed),
    )
    .into()
}

/// A fixed time.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_760_000_000).unwrap() + Duration::microseconds(123_456)
}

pub(crate) fn after(seconds: i64) -> OffsetDateTime {
    now() + Duration::seconds(seconds)
}

pub(crate) fn mailbox(local: &str) -> Mailbox {
    Mailbox::parse(&format!("{local}@example.com")).unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

pub(crate) fn audit(action: AuditAction) -> NewAudit {
    NewAudit {
        at: now(),
        actor: None,
        actor_label: "system".to_owned(),
        action,
        subject: None,
        subject_label: "a subject".to_owned(),
        details: vec![("reason".to_owned(), "because".to_owned())],
        address: Some("192.0.2.1".to_owned()),
    }
}

pub(crate) fn record(action: AuditAction) -> Record {
    Record::default().audit(audit(action))
}

pub(crate) fn mail(dedupe: &str) -> NewMail {
    NewMail {
        id: id::<MailId>(),
        dedupe: dedupe.to_owned(),
        to: mailbox("alice"),
        kind: "ready".to_owned(),
        subject: "Your certificate".to_owned(),
        text: "It is ready.".to_owned(),
        html: "<p>It is ready.</p>".to_owned(),
        created_at: now(),
        attachment: None,
    }
}

pub(crate) fn person(local: &str, role: Role) -> NewPerson {
    let mut capital = local.to_owned();
    capital[..1].make_ascii_uppercase();
    NewPerson {
        id: id(),
        name: name(&format!("{capital} Smith")),
        mailbox: mailbox(local),
        role,
        password_hash: "$argon2id$sample".to_owned(),
        created_at: now(),
    }
}

pub(crate) fn content(kind: TemplateKind, approval: ApprovalRule) -> TemplateContent {
    TemplateContent {
        kind,
        summary: "For mail.".to_owned(),
        key_algorithms: vec![KeyAlgorithm::Rsa3072, KeyAlgorithm::P256],
        valid_days: 365,
        with_client_auth: false,
        policy: PolicyChoice::Portal,
        common_name: CommonNameSource::Usual,
        addresses: AddressSource::Chosen,
        organisation_identifier: None,
        authority: None,
        approval,
        requesters: Vec::new(),
        delivery: Delivery::Portal,
        renewal: Renewal::default(),
        is_escrowed: false,
        pfx: PfxChoice::Device,
        password_policy: PfxPasswordPolicy::Fours,
    }
}

pub(crate) fn template(text: &str, approval: ApprovalRule) -> Template {
    Template {
        id: id::<TemplateId>(),
        version: 1,
        name: name(text),
        is_offered: true,
        content: content(TemplateKind::Mailbox, approval),
    }
}

pub(crate) fn authority(parent: Option<AuthorityId>) -> AuthorityRow {
    AuthorityRow {
        id: id(),
        parent,
        name: if parent.is_some() { "Issuing" } else { "Root" }.to_owned(),
        certificate: vec![0x30, 1],
        purpose: if parent.is_some() {
            AuthorityPurpose::Mail
        } else {
            AuthorityPurpose::Root
        },
        is_active: true,
        sealed_key: Some(vec![9; 40]),
        created_at: now(),
    }
}

pub(crate) fn set_up_rows() -> SetUpRows {
    let root = authority(None);
    let issuing = authority(Some(root.id));
    SetUpRows {
        settings: Settings {
            organisation: name("Example Ltd"),
            country: "CH".to_owned(),
            mail_domains: vec![
                "example.com".parse().unwrap(),
                "example.org".parse().unwrap(),
            ],
            set_up_at: now(),
            key_check: vec![1, 2, 3],
        },
        admin: person("admin", Role::Admin),
        authorities: vec![root, issuing],
        templates: vec![
            template("S/MIME with approval", ApprovalRule::ONE),
            template("S/MIME at once", ApprovalRule::NONE),
        ],
    }
}

/// A portal that was set up, with people in it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) admin: PersonId,
    pub(crate) alice: PersonId,
    pub(crate) bob: PersonId,
    pub(crate) carol: PersonId,
    pub(crate) authority: AuthorityId,
    pub(crate) with_approval: TemplateId,
    pub(crate) at_once: TemplateId,
}

/// Sets a portal up with an administrator, Alice (employee) and the approvers Bob and Carol.
pub(crate) async fn world(store: &Store) -> World {
    let rows = set_up_rows();
    let people = [
        person("alice", Role::Employee),
        person("bob", Role::Approver),
        person("carol", Role::Approver),
    ];
    let world = World {
        admin: rows.admin.id,
        alice: people[0].id,
        bob: people[1].id,
        carol: people[2].id,
        authority: rows.authorities[1].id,
        with_approval: rows.templates[0].id,
        at_once: rows.templates[1].id,
    };
    store
        .set_up(rows, record(AuditAction::SetUp))
        .await
        .unwrap();
    for person in people {
        store
            .add_person(person, record(AuditAction::AddPerson))
            .await
            .unwrap();
    }
    world
}

impl World {
    /// Alice's request that waits for an approver.
    pub(crate) fn waiting(&self, local: &str) -> NewRequest {
        let id = id::<RequestId>();
        NewRequest {
            id,
            person: self.alice,
            template: self.with_approval,
            template_version: 1,
            approval: ApprovalRule::ONE,
            names: String::new(),
            device: String::new(),
            csr: None,
            requested_by: None,
            renews: None,
            mailbox: mailbox(local),
            key_algorithm: KeyAlgorithm::P256,
            reason: Some(reason("I sign mails")),
            idempotency_key: id.to_string(),
            state: RequestState::Waiting,
            created_at: now(),
        }
    }

    /// Alice's request that needs no approval.
    pub(crate) fn issuing(&self, local: &str) -> NewRequest {
        NewRequest {
            template: self.at_once,
            approval: ApprovalRule::NONE,
            state: RequestState::Issuing,
            ..self.waiting(local)
        }
    }

    pub(crate) fn intent(&self) -> IntentRow {
        let serial = id::<Uuid>().as_bytes().to_vec();
        IntentRow {
            part: KeyPart::Whole,
            serial,
            authority: self.authority,
            tbs: vec![0x30, 2],
        }
    }

    pub(crate) fn certificate(&self, request: RequestId, serial: Vec<u8>) -> NewCertificate {
        let mut thumbprint = id::<Uuid>().as_bytes().to_vec();
        thumbprint.resize(32, 0);
        NewCertificate {
            id: id::<CertificateId>(),
            request,
            part: KeyPart::Whole,
            person: self.alice,
            mailbox: mailbox("alice"),
            authority: self.authority,
            serial,
            der: vec![0x30, 3],
            key_id: Some(thumbprint.clone()),
            thumbprint,
            subject: "CN=Alice Smith".to_owned(),
            issuer: "CN=Issuing".to_owned(),
            key_algorithm: KeyAlgorithm::P256,
            not_before: now(),
            not_after: now() + Duration::days(365),
            issued_at: now(),
        }
    }

    /// Makes a request that needs no approval and takes it through the whole pipeline.
    pub(crate) async fn issue(&self, store: &Store, local: &str) -> NewCertificate {
        let request = self.issuing(local);
        let (id, node) = (request.id, id::<NodeId>());
        store
            .create_request(request, record(AuditAction::Request))
            .await
            .unwrap();
        let work = store.claim_work(node, now(), after(60), 100).await.unwrap();
        assert!(work.iter().any(|work| work.request.id == id));
        self.finish(store, node, id, mailbox(local)).await
    }

    /// Takes a request of Alice up to the signature; gives what is to be signed for it.
    pub(crate) async fn reserve(&self, store: &Store, node: NodeId) -> NewCertificate {
        let request = self.issuing("alice");
        let id = request.id;
        store
            .create_request(request, record(AuditAction::Request))
            .await
            .unwrap();
        claim(store, node).await;
        self.prepare(store, node, id).await;
        let intent = self.intent();
        let certificate = self.certificate(id, intent.serial.clone());
        let done = record(AuditAction::Reserve);
        store
            .record_reserved(id, node, vec![intent], now(), done)
            .await
            .unwrap();
        certificate
    }

    /// Records all steps of a claimed request.
    pub(crate) async fn finish(
        &self,
        store: &Store,
        node: NodeId,
        id: RequestId,
        mailbox: Mailbox,
    ) -> NewCertificate {
        self.prepare(store, node, id).await;
        let intent = self.intent();
        let certificate = NewCertificate {
            mailbox,
            ..self.certificate(id, intent.serial.clone())
        };
        let done = record(AuditAction::Reserve);
        store
            .record_reserved(id, node, vec![intent], now(), done)
            .await
            .unwrap();
        let done = record(AuditAction::Sign);
        store
            .record_signed(id, node, vec![certificate.clone()], now(), done)
            .await
            .unwrap();
        let done = record(AuditAction::Issue).mail(mail(&format!("ready:{id}")));
        store
            .record_bundled(id, node, vec![pfx(KeyPart::Whole)], now(), done)
            .await
            .unwrap();
        certificate
    }

    pub(crate) async fn prepare(&self, store: &Store, node: NodeId, id: RequestId) {
        let done = record(AuditAction::Prepare);
        store
            .record_prepared(id, node, vec![credential(KeyPart::Whole)], now(), done)
            .await
            .unwrap();
    }
}

pub(crate) fn credential(part: KeyPart) -> NewCredential {
    NewCredential {
        part,
        sealed: Some(SealedKey {
            password: vec![4; 48],
            key: vec![5; 256],
            from_pool: None,
        }),
        csr: vec![0x30, 6],
    }
}

pub(crate) fn pfx(part: KeyPart) -> SealedPfx {
    SealedPfx {
        part,
        pfx: vec![7; 64],
    }
}

/// The end of a failed request at a step.
pub(crate) fn end(id: RequestId, step: Step) -> RequestEnd {
    RequestEnd {
        id,
        step,
        or_state: RequestState::Failed,
        why: reason("not needed"),
        reason: RevocationReason::CessationOfOperation,
        lost: LostKeys::default(),
        at: now(),
    }
}

/// Claims everything that is due.
pub(crate) async fn claim(store: &Store, node: NodeId) -> Vec<Work> {
    store.claim_work(node, now(), after(60), 100).await.unwrap()
}

/// Approves as the only one who has to.
pub(crate) async fn approve(
    store: &Store,
    id: RequestId,
    approver: PersonId,
    reason: Option<Reason>,
    now: OffsetDateTime,
    record: Record,
) -> Result<Decided, store::Error> {
    let records = [record.clone(), record];
    match store.approve(id, approver, reason, now, records).await? {
        Approved::Decided(decided) => Ok(decided),
        Approved::NotYet | Approved::Again => Err(store::Error::Conflict("not the last one")),
    }
}
