//! What a run found, as one document; and the formats, which read it and compute nothing.

pub mod document;

pub use document::Report;
