//! Unpacks one member of an archive, as far as its limit goes.

/// The bytes of a member; `Err` is a fragment that says why there are none.
pub(super) fn unpack(method: u16, packed: &[u8], most: u64) -> Result<Vec<u8>, &'static str> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    match method {
        0 if packed.len() <= most => Ok(packed.to_vec()),
        0 => Err("is too long"),
        8 => {
            let unpacked = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, most);
            unpacked.map_err(|error| match error.status {
                miniz_oxide::inflate::TINFLStatus::HasMoreOutput => "becomes too long",
                _ => "is damaged",
            })
        }
        _ => Err("is packed in a way that is not known"),
    }
}
