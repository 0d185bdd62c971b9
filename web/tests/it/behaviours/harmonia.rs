//! Harmonia: owners, invitations by mail, leaving one's records behind, several organizations.

mod invitations;
mod organizations;
mod owners;
mod people;
