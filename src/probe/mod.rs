//! Questions put to the world. A probe asks and records; it never judges and never prints.

pub mod alias;
pub mod bench;
pub mod bisect;
pub mod clock;
pub mod cloud;
pub mod compare;
pub mod deep;
pub mod doctor;
pub mod gate;
mod gateway;
pub mod health;
pub mod journal;
pub mod key;
pub mod lifecycle;
pub mod lock;
pub mod matrix;
pub mod models;
mod network;
pub mod plan;
pub mod routes;
mod row;
pub mod runner;
pub mod tls;
pub mod tokens;
pub mod watch;

pub use clock::Clock;
pub use journal::{Journal, Step};
pub use plan::{Plan, Product, Then};
pub use runner::{Runner, Tried};
