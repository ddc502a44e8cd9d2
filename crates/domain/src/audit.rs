//! What the audit log records, as words.

use crate::words;

/// An action that leaves an entry in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// The portal was set up.
    SetUp,
    /// A certification authority's key was made.
    CreateAuthority,
    /// Somebody signed in.
    SignIn,
    /// A sign-in was refused.
    RefuseSignIn,
    /// Somebody signed out or ended a session.
    EndSession,
    /// A person was added.
    AddPerson,
    /// A person was disabled.
    DisablePerson,
    /// A disabled person was enabled again.
    EnablePerson,
    /// A person's role was changed.
    SetRole,
    /// A person's given name and surname were recorded.
    SetName,
    /// An address was recorded as a person's.
    RecordMailbox,
    /// An address is no longer recorded as a person's.
    RemoveMailbox,
    /// A password for signing in was changed or reset.
    SetPassword,
    /// A certificate was requested.
    Request,
    /// A request was approved.
    Approve,
    /// A request was rejected.
    Reject,
    /// A request was withdrawn.
    Withdraw,
    /// Password, key and signing request were made.
    Prepare,
    /// A serial was reserved and the content to be signed recorded.
    Reserve,
    /// A certificate was signed and stored.
    Sign,
    /// The PFX was bundled: the certificate is ready.
    Issue,
    /// A pipeline step failed for good.
    Fail,
    /// An admin had a failed request tried again.
    Retry,
    /// An admin ended a failed request.
    Cancel,
    /// The owner saw the password of a PFX.
    ShowPassword,
    /// The owner downloaded a PFX.
    Download,
    /// A list, or the key of a root, was taken out of the portal as a file.
    Export,
    /// A certificate was revoked, by an admin or because its owner reported it lost.
    Revoke,
    /// A certificate was put on hold.
    Hold,
    /// A certificate on hold was re-activated.
    Reactivate,
    /// A template was added.
    AddTemplate,
    /// A template got a new version.
    ChangeTemplate,
    /// A template is offered again.
    OfferTemplate,
    /// A template is no longer offered.
    WithdrawTemplate,
    /// A key and a request for an authority below an offline root were made.
    RequestAuthority,
    /// An authority's certificate, or an authority with its key, was imported.
    ImportAuthority,
    /// An authority signs no certificates any more.
    RetireAuthority,
    /// A retired authority signs certificates again.
    ActivateAuthority,
    /// The key of an authority was taken out of the portal.
    RemoveAuthorityKey,
    /// A renewal was asked for, by its owner or by the portal.
    Renew,
    /// A certificate with its key was brought along.
    Import,
    /// Keys that open old mail were downloaded together.
    OpenOldMail,
    /// A certificate was sent by mail once more.
    Deliver,
    /// The secrets of a certificate that ended long ago were deleted.
    Delete,
    /// The database was restored from a backup.
    Restore,
    /// Somebody made an API token for themselves.
    MakeToken,
    /// API tokens were revoked, by their owner or by an admin.
    RevokeToken,
}

words!(AuditAction, "audit action", {
    SetUp => "set-up",
    CreateAuthority => "create-authority",
    SignIn => "sign-in",
    RefuseSignIn => "refuse-sign-in",
    EndSession => "end-session",
    AddPerson => "add-person",
    DisablePerson => "disable-person",
    EnablePerson => "enable-person",
    SetRole => "set-role",
    SetName => "set-name",
    RecordMailbox => "record-mailbox",
    RemoveMailbox => "remove-mailbox",
    SetPassword => "set-password",
    Request => "request",
    Approve => "approve",
    Reject => "reject",
    Withdraw => "withdraw",
    Prepare => "prepare",
    Reserve => "reserve",
    Sign => "sign",
    Issue => "issue",
    Fail => "fail",
    Retry => "retry",
    Cancel => "cancel",
    ShowPassword => "show-password",
    Download => "download",
    Export => "export",
    Revoke => "revoke",
    Hold => "hold",
    Reactivate => "reactivate",
    AddTemplate => "add-template",
    ChangeTemplate => "change-template",
    OfferTemplate => "offer-template",
    WithdrawTemplate => "withdraw-template",
    RequestAuthority => "request-authority",
    ImportAuthority => "import-authority",
    RetireAuthority => "retire-authority",
    ActivateAuthority => "activate-authority",
    RemoveAuthorityKey => "remove-authority-key",
    Renew => "renew",
    Import => "import",
    OpenOldMail => "open-old-mail",
    Deliver => "deliver",
    Delete => "delete",
    Restore => "restore",
    MakeToken => "make-token",
    RevokeToken => "revoke-token",
});
