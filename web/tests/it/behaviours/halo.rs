//! Halo: levels and presets, one billing contact, members who may not remove themselves.

mod billing_contact;
mod billing_mail;
mod editing;
mod enforcement;
mod founding;
mod integrations;
mod invitations;
mod removal;
mod single_module;
mod super_admins;
