//! What the API means: its URLs, its bodies, its answers. Sends nothing itself and judges nothing.

pub mod answer;
pub mod between;
pub mod call;
mod cloud;
pub mod credentials;
pub mod generation;
pub mod grpc;
pub mod key_shape;
mod marks;
pub mod needles;
pub mod openai;
pub mod reading;
pub mod schema;
pub mod sse;
pub mod streamed;
pub mod wire;

pub use answer::Reply;
pub use call::{Auth, Call};
pub use openai::Form;
pub use reading::Reading;
pub use streamed::Streamed;
