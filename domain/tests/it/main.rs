//! What ships with the domain: the blueprints.

mod blueprint;
