//! Harmony: workspaces and who may do what to them, permission strings, accounts that go.
