//! Team Management: a role ladder, managers and departments, invitation and deactivation.

mod deactivation;
mod invitations;
mod managers;
mod ownership;
mod people;
mod profiles;
mod reassignments;
mod records;
mod roles;
mod statuses;
