//! Shared parts of this package.
