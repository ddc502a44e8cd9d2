//! Components: plain values and callbacks in, HTML out. None of them calls the server.

mod badge;
pub mod bars;
pub mod bulk;
mod buttons;
mod confirm;
mod copy_text;
mod error_panel;
mod facts;
mod fields;
mod fold;
pub mod frame;
pub mod header;
mod loaded;
mod next_page;
mod page_head;
mod portal_form;
mod surfaces;
mod timeline;
mod when;

pub use badge::{Badge, BadgeTone};
pub use bulk::*;
pub use buttons::{ButtonLink, Submit, Tone};
pub use confirm::Confirm;
pub use copy_text::CopyText;
pub use error_panel::{ErrorPanel, title as error_title};
pub use facts::Facts;
pub use fields::{ChoiceError, SelectField, TextArea, TextField};
pub use fold::Fold;
pub use loaded::{Loaded, WithSite};
pub use next_page::NextPage;
pub use page_head::PageHead;
pub use portal_form::{FormState, PortalForm};
pub use surfaces::{Card, Empty, Notice};
pub use timeline::TimelineView;
pub use when::When;
