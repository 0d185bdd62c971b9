//! Team Management: a ladder of roles, managers and departments, members who come and go.
