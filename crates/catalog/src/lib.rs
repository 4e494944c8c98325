//! What Identity Security Cloud offers: operations, scopes, user levels.
