//! Numbers for collectors: families of metrics as data, and the text formats that collectors read. Pure: what is
//! counted comes from elsewhere, and nothing is sent or listened for here.

mod exposition;
mod negotiation;
pub mod openmetrics;
#[cfg(feature = "otlp")]
pub mod otlp;
pub mod phases;
pub mod probed;
pub mod prometheus;
pub mod registry;
pub mod series;

pub use negotiation::TextFormat;
pub use probed::{AddressFamily, Dialled, Outcome, Probed, Rate, Standing};
pub use registry::{Registry, Setup};

/// When certificates end: an instant rather than the days that are left, so that the number is right however old it is.
/// A run and a watch tell it under one name.
pub const fn certificate_expiry() -> series::Family {
    let help = "When the certificate of a host ends.";
    series::Family::gauge(
        "gemini_doctor_certificate_expiry_timestamp_seconds",
        Some("seconds"),
        help,
    )
}
