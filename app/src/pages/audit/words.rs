//! What happened, as a reader says it.

use domain::AuditAction;

/// An action as a label.
pub(super) const fn action_label(action: AuditAction) -> &'static str {
    use AuditAction as A;
    match action {
        A::SetUp => "Set the portal up",
        A::CreateAuthority => "Created an authority",
        A::SignIn => "Signed in",
        A::RefuseSignIn => "Was refused to sign in",
        A::EndSession => "Ended a session",
        A::AddPerson => "Added a person",
        A::DisablePerson => "Disabled a person",
        A::EnablePerson => "Enabled a person",
        A::SetRole => "Set a role",
        A::SetName => "Set given name and surname",
        A::RecordMailbox => "Recorded a mail address",
        A::RemoveMailbox => "Removed a mail address",
        A::SetPassword => "Set a password",
        A::Request => "Requested a certificate",
        A::Approve => "Approved a request",
        A::Reject => "Rejected a request",
        A::Withdraw => "Withdrew a request",
        A::Prepare => "Made the private key",
        A::Reserve => "Reserved a serial number",
        A::Sign => "Signed a certificate",
        A::Issue => "Issued a certificate",
        A::Fail => "Failed at a request",
        A::Retry => "Retried a request",
        A::Cancel => "Cancelled a request",
        A::ShowPassword => "Showed a password",
        A::Download => "Downloaded a certificate",
        A::Export => "Exported a list",
        A::Revoke => "Revoked a certificate",
        A::Hold => "Put a certificate on hold",
        A::Reactivate => "Re-activated a certificate",
        A::AddTemplate => "Added a template",
        A::ChangeTemplate => "Changed a template",
        A::OfferTemplate => "Offered a template again",
        A::WithdrawTemplate => "Withdrew a template",
        A::RequestAuthority => "Requested an authority",
        A::ImportAuthority => "Imported an authority",
        A::RetireAuthority => "Retired an authority",
        A::ActivateAuthority => "Activated an authority",
        A::RemoveAuthorityKey => "Removed an authority's key",
        A::Renew => "Renewed a certificate",
        A::Import => "Brought a certificate along",
        A::OpenOldMail => "Downloaded keys for old mail",
        A::Deliver => "Delivered a certificate again",
        A::Delete => "Deleted a certificate's secrets",
        A::Restore => "Restored the database from a backup",
        A::MakeToken => "Made an API token",
        A::RevokeToken => "Revoked API tokens",
    }
}

/// The label of a stored word; an unknown one stands for itself.
pub(super) fn label(word: &str) -> String {
    word.parse().map_or_else(
        |_| word.to_owned(),
        |action| action_label(action).to_owned(),
    )
}
