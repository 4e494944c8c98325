//! Error type of the renderers.

/// Why something cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A document cannot be written as JSON.
    #[error("cannot write {what} as JSON")]
    Json {
        /// The document.
        what: &'static str,
        /// What the serializer says.
        #[source]
        source: serde_json::Error,
    },
    /// Metrics cannot be written.
    #[error("cannot write the metrics")]
    Metrics {
        /// What the encoder says.
        #[source]
        source: std::fmt::Error,
    },
    /// A plan cannot be written as HTML.
    #[error("cannot write the plan as HTML")]
    Html(#[source] askama::Error),
    /// A report cannot be written as CSV.
    #[error("cannot write the report as CSV")]
    Csv(#[source] csv::Error),
}
