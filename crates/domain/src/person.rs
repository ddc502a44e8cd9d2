//! People: what they may be and in which state their account is.

use crate::words;

/// What a person is in the portal. Every role can do what an employee can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Requests and uses certificates of their own.
    Employee,
    /// Also decides other people's requests.
    Approver,
    /// Also manages people, templates and authorities; does not decide requests.
    Admin,
    /// Also reads everything, and changes nothing but their own.
    Auditor,
}

words!(Role, "role", {
    Employee => "employee",
    Approver => "approver",
    Admin => "admin",
    Auditor => "auditor",
});

/// State of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonState {
    /// May sign in.
    Active,
    /// May not sign in; sessions are ended. Certificates and keys are kept.
    Disabled,
}

words!(PersonState, "state of a person", { Active => "active", Disabled => "disabled" });
