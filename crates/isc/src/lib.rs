//! The REST API of Identity Security Cloud over HTTP.
