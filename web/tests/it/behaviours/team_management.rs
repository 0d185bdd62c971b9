//! Team Management: a ladder of roles, managers and departments, members who come and go.

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
