//! gemini-doctor: a failing Gemini call goes in; the broken layer, its cause and the fix come out.

pub mod simulate;
