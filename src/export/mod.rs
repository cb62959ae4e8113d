//! Numbers for collectors: families of metrics as data, and the text formats that collectors read. Pure: what is
//! counted comes from elsewhere, and nothing is sent or listened for here.

pub mod series;
