//! Schemas of the OpenAPI subset, and values that fit them.

use super::{
    super::tree::{Entry, Json, data, fields, list, number, text, texts},
    Draft,
};

impl Draft {
    /// In capitals or not: both are taken.
    pub(super) fn type_word(&mut self, word: &str) -> Json {
        text(if self.chance.in_hundred(50) { word.to_lowercase() } else { word.to_owned() })
    }

    pub(super) fn object_schema(&mut self, depth: usize) -> Json {
        let count = 1 + self.chance.below(4);
        let names = self.chance.keys(count);
        let mut properties = data([]);
        for name in &names {
            let schema = self.schema(depth);
            properties.push(Entry::data(name, schema));
        }
        let mut schema = fields([("type", self.type_word("OBJECT")), ("properties", properties)]);
        if self.chance.in_hundred(60) {
            let count = 1 + self.chance.below(names.len());
            schema.set("required", texts(self.chance.some(&names, count)));
        }
        if self.has("propertyOrdering", 15) {
            schema.set("propertyOrdering", texts(self.chance.some(&names, names.len())));
        }
        if self.has("minProperties", 5) {
            schema.set("minProperties", number(1));
            schema.set("maxProperties", self.whole(names.len() as i64, 20));
        }
        self.remarks(&mut schema);
        schema
    }

    pub(super) fn schema(&mut self, depth: usize) -> Json {
        if depth > 0 {
            match self.chance.below(12) {
                0 | 1 => return self.object_schema(depth - 1),
                2 | 3 => return self.array_schema(depth - 1),
                4 if self.has("anyOf", 60) => return self.any_of(depth - 1),
                _ => {}
            }
        }
        let mut schema = match self.chance.below(6) {
            0 => self.number_schema(),
            1 => self.integer_schema(),
            2 => fields([("type", self.type_word("BOOLEAN"))]),
            3 => self.enum_schema(),
            _ => self.string_schema(),
        };
        self.remarks(&mut schema);
        schema
    }

    fn remarks(&mut self, schema: &mut Json) {
        if self.chance.in_hundred(40) {
            schema.set("description", text(self.chance.sentence()));
        }
        if self.has("title of a schema", 6) {
            schema.set("title", text("A title"));
        }
        if self.has("nullable", 8) {
            schema.set("nullable", Json::Bool(true));
        }
    }

    fn array_schema(&mut self, depth: usize) -> Json {
        let items = self.schema(depth);
        let mut schema = fields([("type", self.type_word("ARRAY")), ("items", items)]);
        if self.has("minItems", 20) {
            schema.set("minItems", self.whole(0, 2));
            schema.set("maxItems", self.whole(2, 12));
        }
        self.remarks(&mut schema);
        schema
    }

    fn any_of(&mut self, depth: usize) -> Json {
        let choices = [self.object_schema(depth), self.string_schema()];
        fields([("anyOf", list(choices))])
    }

    fn number_schema(&mut self) -> Json {
        let mut schema = fields([("type", self.type_word("NUMBER"))]);
        if self.has("format", 20) {
            schema.set("format", text(*self.chance.pick(&["float", "double"])));
        }
        if self.has("minimum", 20) {
            schema.set("minimum", self.decimal(-5.0, 0.0));
            schema.set("maximum", self.decimal(0.0, 500.0));
        }
        schema
    }

    fn integer_schema(&mut self) -> Json {
        let mut schema = fields([("type", self.type_word("INTEGER"))]);
        if self.has("format", 30) {
            schema.set("format", text(*self.chance.pick(&["int32", "int64"])));
        }
        if self.has("minimum", 20) {
            schema.set("minimum", number(self.chance.between(-10, 0)));
        }
        if self.has("example", 10) {
            schema.set("example", number(3));
        }
        schema
    }

    fn enum_schema(&mut self) -> Json {
        self.note("enum");
        let mut schema = fields([("type", self.type_word("STRING"))]);
        if self.has("format", 30) {
            schema.set("format", text("enum"));
        }
        let count = 1 + self.chance.below(4);
        schema.set("enum", texts(self.chance.some(&["red", "green", "a b", "größer", "1"], count)));
        schema
    }

    fn string_schema(&mut self) -> Json {
        let mut schema = fields([("type", self.type_word("STRING"))]);
        if self.has("date-time", 10) {
            schema.set("format", text("date-time"));
            return schema;
        }
        if self.has("minLength", 10) {
            schema.set("minLength", self.whole(0, 3));
            schema.set("maxLength", self.whole(3, 200));
        }
        if self.has("pattern", 8) {
            schema.set("pattern", text("^[A-Z]{2}\\d+$"));
        }
        if self.has("default", 8) {
            schema.set("default", text("none"));
        }
        schema
    }

    /// A value that fits a schema, as a model would send it.
    pub(super) fn fitting(&mut self, schema: &Json) -> Json {
        if let Some(choices) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
            return self.fitting(&choices.items()[0]);
        }
        if let Some(choices) = schema.get("enum") {
            return choices.items()[0].clone();
        }
        let word = schema.get("type").and_then(Json::as_text).unwrap_or("string").to_lowercase();
        match word.as_str() {
            "object" => self.fitting_object(schema),
            "array" => schema.get("items").map_or(list([]), |items| list([self.fitting(items)])),
            "number" => number(self.chance.decimal(0.0, 90.0)),
            "integer" => number(self.chance.between(0, 100)),
            "boolean" => Json::Bool(self.chance.in_hundred(50)),
            _ => text(self.chance.sentence()),
        }
    }

    fn fitting_object(&mut self, schema: &Json) -> Json {
        let mut object = data([]);
        for property in schema.get("properties").map_or(&[][..], Json::entries) {
            object.push(Entry::data(&property.name, self.fitting(&property.value)));
        }
        object
    }
}
