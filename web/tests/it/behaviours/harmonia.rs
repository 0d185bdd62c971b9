//! Harmonia: owners, invitations by mail, records of removed members, several organizations.

mod invitations;
mod organizations;
mod owners;
mod people;
