//! From a text to the bodies in it.
pub struct Body<'t> {
    pub text: std::borrow::Cow<'t, str>,
    pub kind: Option<super::Kind>,
    pub model: Option<String>,
    pub version: Option<super::Version>,
    pub name: String,
}
impl Body<'_> {
    pub fn place(&self, offset: usize) -> usize {
        offset
    }
}
pub fn bodies(text: &str) -> Vec<Body<'_>> {
    vec![Body { text: text.into(), kind: None, model: None, version: None, name: String::new() }]
}
