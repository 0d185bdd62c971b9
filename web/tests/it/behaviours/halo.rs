//! Halo: levels and presets, one billing contact, members who may not remove themselves.
