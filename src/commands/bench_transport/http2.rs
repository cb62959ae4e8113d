//! What a server said about HTTP/2, as `data` and as a remark. Shows nothing that was not told.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::probe::bench::{self, Benched, Http2Told, Pinged};

use super::words::ms;

/// What the protocol takes for a body where a server names no window.
const WINDOW: u32 = 65_535;

/// All of it; `null` where no connection spoke HTTP/2.
pub(super) fn data(benched: &Benched) -> Value {
    let Some(told) = told(benched) else { return Value::Null };
    let settings = told.settings.iter().flat_map(|settings| settings.named());
    let counted = |counts: &BTreeMap<String, u64>| -> Vec<Value> {
        counts.iter().map(|(reason, count)| json!({"reason": reason, "count": count})).collect()
    };
    json!({
        "settings": settings.map(|(name, value)| json!({"name": name, "value": value}))
            .collect::<Vec<_>>(),
        "max_concurrent_streams": told.streams(),
        "ping_ms": benched.pinged.as_ref().and_then(|pinged| pinged.median_ms),
        "pings": benched.pinged.as_ref().map(|pinged| pinged.count),
        "goaways": counted(&told.goaways),
        "resets": counted(&told.resets),
    })
}

/// `100 streams at a time, window 64 KiB, PING 41.0 ms`.
pub(super) fn words(benched: &Benched) -> Option<String> {
    let told = told(benched)?;
    let settings = told.settings.as_ref()?;
    let streams = match told.streams() {
        None => "any number of streams at a time".to_owned(),
        Some(1) => "1 stream at a time".to_owned(),
        Some(streams) => format!("{streams} streams at a time"),
    };
    let window = settings.initial_window_size.unwrap_or(WINDOW);
    let ping = benched.pinged.as_ref().and_then(|pinged| pinged.median_ms);
    let ping = ping.map(|median| format!(", PING {}", ms(median))).unwrap_or_default();
    Some(format!("{streams}, window {}{ping}{}", size(window), ended(&told)))
}

/// What the connections of the rounds showed, with the settings of the one that was pinged if they
/// showed none.
fn told(benched: &Benched) -> Option<Http2Told> {
    let pinged = benched.pinged.as_ref().and_then(|Pinged { settings, .. }| settings.clone());
    let mut told = bench::http2(benched).or_else(|| pinged.is_some().then(Http2Told::default))?;
    told.settings = told.settings.or(pinged);
    Some(told)
}

fn ended(told: &Http2Told) -> String {
    let list = |what: &str, counts: &BTreeMap<String, u64>| -> String {
        counts.iter().map(|(reason, count)| format!(", {count} {what} {reason}")).collect()
    };
    format!("{}{}", list("GOAWAY", &told.goaways), list("RST_STREAM", &told.resets))
}

fn size(bytes: u32) -> String {
    match bytes {
        0..=1_023 => format!("{bytes} bytes"),
        1_024..=1_048_575 => format!("{:.0} KiB", f64::from(bytes) / 1_024.0),
        _ => format!("{:.0} MiB", f64::from(bytes) / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_at_a_glance() {
        assert_eq!(size(100), "100 bytes");
        assert_eq!(size(WINDOW), "64 KiB");
        assert_eq!(size(1 << 20), "1 MiB");
    }
}
