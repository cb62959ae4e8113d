//! Numbers for collectors: families of metrics as data, and the text formats that collectors read. Pure: what is
//! counted comes from elsewhere, and nothing is sent or listened for here.

pub mod probed;
pub mod registry;
pub mod series;

pub use probed::{AddressFamily, Dialled, Outcome, Probed, Rate, Standing};
pub use registry::{Registry, Setup};
