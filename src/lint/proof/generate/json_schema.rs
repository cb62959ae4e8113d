//! Schemas as JSON Schema writes them, for the fields that take them as they are. Their keywords have one spelling.

use super::{
    super::tree::{Entry, Json, data, list, number, text, texts},
    Draft,
};

impl Draft {
    pub(super) fn json_schema(&mut self) -> Json {
        let mut schema = self.plain_object(2);
        if self.has("$defs", 25) {
            let shared = self.plain_object(0);
            schema.push(Entry::data("$defs", data([("shared", shared)])));
            let reference = data([("$ref", text("#/$defs/shared"))]);
            self.add_property(&mut schema, "reference", reference);
        }
        if self.has("recursive reference", 8) {
            let children = data([("type", text("array")), ("items", data([("$ref", text("#"))]))]);
            self.add_property(&mut schema, "children", children);
        }
        schema
    }

    fn add_property(&mut self, schema: &mut Json, name: &str, property: Json) {
        if let Some(properties) = schema.get_mut("properties") {
            properties.push(Entry::data(name, property));
        }
    }

    fn plain_object(&mut self, depth: usize) -> Json {
        let count = 1 + self.chance.below(3);
        let names = self.chance.keys(count);
        let mut properties = data([]);
        for name in &names {
            properties.push(Entry::data(name, self.plain_schema(depth)));
        }
        let mut schema = data([("type", text("object")), ("properties", properties)]);
        if self.chance.in_hundred(60) {
            schema.push(Entry::data("required", texts(names)));
        }
        if self.has("additionalProperties", 30) {
            schema.push(Entry::data("additionalProperties", Json::Bool(false)));
        }
        schema
    }

    fn plain_schema(&mut self, depth: usize) -> Json {
        if depth > 0 && self.chance.in_hundred(20) {
            return self.plain_object(depth - 1);
        }
        match self.chance.below(9) {
            0 => self.plain_array(),
            1 => data([("type", text("integer")), ("minimum", number(0)), ("maximum", number(9))]),
            2 => data([("type", text("number")), ("enum", list([number(1), number("2.5")]))]),
            3 if self.has("list of types", 60) => data([("type", texts(["string", "null"]))]),
            4 if self.has("oneOf", 60) => {
                let choices = ["string", "integer"].map(|word| data([("type", text(word))]));
                data([("oneOf", list(choices))])
            }
            5 => data([("type", text("string")), ("format", text("date"))]),
            6 => data([("type", text("string")), ("enum", texts(["low", "high"]))]),
            _ => data([("type", text("string")), ("description", text(self.chance.sentence()))]),
        }
    }

    fn plain_array(&mut self) -> Json {
        let items = data([("type", text("string"))]);
        let mut schema = data([("type", text("array"))]);
        if self.has("prefixItems", 25) {
            schema.push(Entry::data("prefixItems", list([items.clone(), items])));
        } else {
            schema.push(Entry::data("items", items));
            schema.push(Entry::data("maxItems", number(8)));
        }
        schema
    }
}
