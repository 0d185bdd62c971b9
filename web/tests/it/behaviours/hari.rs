//! HARi: profiles on teams, and the matrix of a record type.
