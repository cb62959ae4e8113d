//! Where the cloud platform serves models: hosts by location, and which models live where.
//!
//! Dated data, and a hint: what the service answers is the truth.

/// The day this was put together.
pub const AS_OF: &str = "2026-11-20";

/// The location where nobody names another.
pub const GLOBAL: &str = "global";

/// The locations that span several regions, each with a host of its own shape.
const MULTI_REGIONS: [&str; 2] = ["us", "eu"];

/// The base URL of a location.
pub fn base_url(location: &str) -> String {
    match location {
        GLOBAL => "https://aiplatform.googleapis.com".to_owned(),
        multi if MULTI_REGIONS.contains(&multi) => {
            format!("https://aiplatform.{multi}.rep.googleapis.com")
        }
        region => format!("https://{region}-aiplatform.googleapis.com"),
    }
}

/// Whether a text can be a location at all: `global`, `us`, `eu`, or a region such as `europe-west4`.
pub fn is_location(text: &str) -> bool {
    text == GLOBAL || MULTI_REGIONS.contains(&text) || is_region(text)
}

/// An area, a direction and a number: `us-central1`, `northamerica-northeast1`.
fn is_region(text: &str) -> bool {
    let Some((area, rest)) = text.split_once('-') else { return false };
    let place = rest.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let number = &rest[place.len()..];
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word(area) && is_word(place) && (1..=2).contains(&number.len())
}

/// Whether a model is served in a location, as far as was published: the third generation and later ones
/// are in no single region. Nothing where the name does not tell its generation.
pub fn serves(location: &str, model: &str) -> Option<bool> {
    let generation = generation(model)?;
    Some(generation < 3 || location == GLOBAL || MULTI_REGIONS.contains(&location))
}

/// `3` of `gemini-3.8-flash`.
fn generation(model: &str) -> Option<u32> {
    let rest = model.strip_prefix("gemini-")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_location_has_its_host() {
        for (location, host) in [
            ("global", "https://aiplatform.googleapis.com"),
            ("us", "https://aiplatform.us.rep.googleapis.com"),
            ("eu", "https://aiplatform.eu.rep.googleapis.com"),
            ("us-central1", "https://us-central1-aiplatform.googleapis.com"),
        ] {
            assert_eq!(base_url(location), host);
        }
    }

    #[test]
    fn locations_are_told_by_their_shape() {
        for good in
            ["global", "us", "eu", "us-central1", "northamerica-northeast1", "europe-west12"]
        {
            assert!(is_location(good), "{good}");
        }
        for bad in
            ["", "us-central-1", "uscentral1", "US", "Global", "us-central", "us-east-1a", "-1"]
        {
            assert!(!is_location(bad), "{bad}");
        }
    }

    #[test]
    fn new_models_are_in_no_single_region() {
        for (location, model, served) in [
            ("us-central1", "gemini-3.8-flash", Some(false)),
            ("europe-west4", "gemini-4-argon", Some(false)),
            ("us", "gemini-3.8-flash", Some(true)),
            ("global", "gemini-4-argon", Some(true)),
            ("us-central1", "gemini-2.5-pro", Some(true)),
            ("us-central1", "gemini-flash-latest", None),
            ("us-central1", "text-embedding-005", None),
        ] {
            assert_eq!(serves(location, model), served, "{location} {model}");
        }
    }
}
