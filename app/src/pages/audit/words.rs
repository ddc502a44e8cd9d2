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
    }
}

/// The label of a stored word; an unknown one stands for itself.
pub(super) fn label(word: &str) -> String {
    word.parse().map_or_else(
        |_| word.to_owned(),
        |action| action_label(action).to_owned(),
    )
}
