//! Fields and limits as people type them.

use super::ReadLog;
use crate::{
    commands::count_tokens::{Prices, positive},
    error::UserError,
    history::{Asked, Field, Limits, Names},
};

impl ReadLog {
    /// The names of the log's fields.
    pub fn names(&self) -> Result<Names, UserError> {
        names(&self.map)
    }

    /// What is asked of the log beside what is always told.
    pub fn asked(&self, prices: Option<&Prices>) -> Result<Asked, UserError> {
        Ok(Asked {
            limits: self.limits.as_deref().map(limits).transpose()?.unwrap_or_default(),
            prices: prices.map(|prices| prices.by_model().clone()).unwrap_or_default(),
            output_tokens_max: self.what_if_output,
            required: self.require.as_deref().map(required).transpose()?.unwrap_or_default(),
        })
    }
}

/// The usual names of fields, and these of `--map`.
pub(in crate::commands) fn names(map: &[String]) -> Result<Names, UserError> {
    let mapped = map.iter().map(|text| {
        let (field, name) = text
            .split_once('=')
            .filter(|(field, name)| !field.is_empty() && !name.is_empty())
            .ok_or_else(|| {
                let what = format!("could not use --map {text}: it is not FIELD=NAME");
                UserError::usage(what, "the field comes first: --map team_id=squad")
            })?;
        Ok((Field::parse(field)?, name.to_owned()))
    });
    Ok(Names::new(&mapped.collect::<Result<Vec<_>, UserError>>()?))
}

fn required(text: &str) -> Result<Vec<Field>, UserError> {
    if text.trim() == "all" {
        return Ok(Field::MANDATORY.to_vec());
    }
    let names = || text.split(',').map(str::trim).filter(|name| !name.is_empty());
    // An empty variable of a job must not take its gate away.
    if names().next().is_none() {
        let what = format!("could not use --require {text:?}: it names no field");
        return Err(UserError::usage(
            what,
            "such as --require request_id,team_id, or --require all",
        ));
    }
    names().map(Field::parse).collect()
}

fn limits(text: &str) -> Result<Limits, UserError> {
    const HINT: &str = "such as --limits rpm=1000,tpm=4M,rpd=10k: requests and input tokens a minute, requests a day";
    let mut limits = Limits::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let refused =
            |why: &str| UserError::usage(format!("could not use --limits {part}: {why}"), HINT);
        let (name, number) =
            part.split_once('=').ok_or_else(|| refused("it is not NAME=NUMBER"))?;
        let number = positive(number.trim()).map_err(|_| refused("it has no number above 0"))?;
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "rpm" => &mut limits.rpm,
            "tpm" => &mut limits.tpm,
            "rpd" => &mut limits.rpd,
            _ => return Err(refused("the limits are rpm, tpm and rpd")),
        };
        *place = Some(number);
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_typed_with_units() {
        let all = Limits { rpm: Some(1000), tpm: Some(4_000_000), rpd: Some(10_000) };
        assert_eq!(limits("rpm=1000, tpm=4M,RPD=10k"), Ok(all));
        for bad in ["rpm", "rpm=0", "rpm=x", "qps=3"] {
            assert!(limits(bad).unwrap_err().what.contains(bad), "{bad}");
        }
    }

    #[test]
    fn fields_are_typed_in_any_form() {
        assert_eq!(required("teamId, input_tokens"), Ok(vec![Field::Team, Field::InputTokens]));
        assert_eq!(required("all").map(|all| all.len()), Ok(12));
        assert!(required("colour").is_err());
        for nothing in ["", " ", ","] {
            assert!(required(nothing).unwrap_err().what.contains("names no field"), "{nothing:?}");
        }
    }
}
