//! What Hallpass does: use cases behind one gate.
