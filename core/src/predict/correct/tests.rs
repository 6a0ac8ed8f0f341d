//! The room's parts together are tested in `predict/tests.rs`.
