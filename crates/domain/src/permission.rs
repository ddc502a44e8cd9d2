//! Who may do what. This is the only place that knows.
//!
//! Ownership ("only my own") is decided where the thing is loaded; this table says what a role
//! may do at all.

use crate::Role;

/// Something that needs a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Request certificates and use one's own.
    UseOwn,
    /// See the queue.
    SeeQueue,
    /// Decide other people's requests. Nobody decides their own, whatever their role.
    Decide,
    /// Decide other people's requests where the template asks for administrators.
    DecideAsAdmin,
    /// See any request.
    SeeRequests,
    /// See any certificate (never its password, key or PFX).
    SeeCertificates,
    /// Revoke, hold and re-activate anybody's certificate.
    RevokeCertificates,
    /// Retry or cancel a request whose step failed.
    MendRequests,
    /// See people and their state.
    SeePeople,
    /// Add people, change roles, disable, reset passwords.
    ManagePeople,
    /// Read and verify the audit log.
    ReadAudit,
    /// See the overview.
    SeeOverview,
    /// See templates and their versions.
    SeeTemplates,
    /// Make, change and withdraw templates.
    ManageTemplates,
    /// See authorities and how they are doing.
    SeeAuthorities,
    /// Make, import, retire authorities.
    ManageAuthorities,
    /// Request and issue for other people and devices, deliver again, delete.
    IssueForOthers,
}

/// Whether a role includes a permission.
pub const fn may(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match permission {
        P::UseOwn => true,
        P::Decide => matches!(role, Role::Approver),
        P::SeeQueue | P::SeeRequests => {
            matches!(role, Role::Approver | Role::Admin | Role::Auditor)
        }
        P::MendRequests
        | P::ManagePeople
        | P::RevokeCertificates
        | P::DecideAsAdmin
        | P::ManageTemplates
        | P::ManageAuthorities
        | P::IssueForOthers => {
            matches!(role, Role::Admin)
        }
        P::SeeTemplates
        | P::SeeAuthorities
        | P::SeePeople
        | P::SeeOverview
        | P::SeeCertificates
        | P::ReadAudit => {
            matches!(role, Role::Admin | Role::Auditor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_employee_has_only_what_is_their_own() {
        let granted = [
            Permission::SeeQueue,
            Permission::Decide,
            Permission::SeeRequests,
            Permission::SeeCertificates,
            Permission::RevokeCertificates,
            Permission::MendRequests,
            Permission::SeePeople,
            Permission::ManagePeople,
            Permission::ReadAudit,
            Permission::SeeOverview,
            Permission::DecideAsAdmin,
            Permission::SeeTemplates,
            Permission::ManageTemplates,
            Permission::SeeAuthorities,
            Permission::ManageAuthorities,
            Permission::IssueForOthers,
        ]
        .into_iter()
        .filter(|p| may(Role::Employee, *p))
        .count();
        assert_eq!(granted, 0);
        assert!(may(Role::Employee, Permission::UseOwn));
    }

    #[test]
    fn an_auditor_changes_nothing() {
        for permission in [
            Permission::Decide,
            Permission::MendRequests,
            Permission::ManagePeople,
            Permission::RevokeCertificates,
            Permission::DecideAsAdmin,
            Permission::ManageTemplates,
            Permission::ManageAuthorities,
            Permission::IssueForOthers,
        ] {
            assert!(!may(Role::Auditor, permission), "{permission:?}");
        }
    }

    #[test]
    fn an_admin_decides_only_what_asks_for_admins() {
        assert!(!may(Role::Admin, Permission::Decide));
    }
}
