//! Which field of a request is wrong, before it is sent.

#[cfg(test)]
mod proof;
