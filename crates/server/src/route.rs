//! One way into the server: what answers there, and what the OpenAPI document says of it.
//!
//! Router and document are made from the same rows (`router::table`), so that neither can have what
//! the other has not.

use std::ops::RangeInclusive;

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};
use threadkeep_protocol::Stream;
use threadkeep_server_store::Scope;

use crate::{pages::SEQ_END, router::Shared};

/// One way in.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// With `{names}` in it.
    pub(crate) path: &'static str,
    pub(crate) handler: MethodRouter<Shared>,
    pub(crate) operation: Operation,
}

impl Route {
    pub(crate) fn get<H, T>(path: &'static str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self {
            method: Method::GET,
            path,
            handler: on(MethodFilter::GET, handler),
            operation,
        }
    }

    pub(crate) fn post<H, T>(path: &'static str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self {
            method: Method::POST,
            path,
            handler: on(MethodFilter::POST, handler),
            operation,
        }
    }

    pub(crate) fn put<H, T>(path: &'static str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self {
            method: Method::PUT,
            path,
            handler: on(MethodFilter::PUT, handler),
            operation,
        }
    }

    pub(crate) fn patch<H, T>(path: &'static str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self {
            method: Method::PATCH,
            path,
            handler: on(MethodFilter::PATCH, handler),
            operation,
        }
    }

    pub(crate) fn delete<H, T>(path: &'static str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self {
            method: Method::DELETE,
            path,
            handler: on(MethodFilter::DELETE, handler),
            operation,
        }
    }
}

/// What the document says of a way in.
pub(crate) struct Operation {
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    pub(crate) tag: &'static str,
    /// What the token must be allowed; nothing where everybody may ask.
    pub(crate) scope: Option<Scope>,
    pub(crate) query: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Answer,
}

/// A part of the query.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) schema: Value,
}

/// What is sent, in one of several forms.
pub(crate) struct Body {
    pub(crate) description: &'static str,
    /// Without it there is nothing to do.
    pub(crate) is_required: bool,
    pub(crate) forms: Vec<Form>,
}

/// A media type and what it holds.
pub(crate) struct Form {
    pub(crate) media_type: &'static str,
    pub(crate) holds: fn(&mut SchemaGenerator) -> Schema,
}

/// What a good answer is.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) form: Answers,
    /// Other media types that `Accept` may ask for, each with what it is.
    pub(crate) or: Vec<(&'static str, &'static str)>,
}

/// What a good answer holds.
pub(crate) enum Answers {
    /// JSON of one type.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// JSON whose type depends on the `{stream}` of the path: the document has a path for each.
    ByStream(fn(Stream, &mut SchemaGenerator) -> Schema),
    /// Text of a media type, and what it is: an answer that is no one document.
    Text(&'static str, &'static str),
}

/// The schema of a type, for `Form` and `Answers`.
pub(crate) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    /// One that everybody may call.
    pub(crate) fn open<T: JsonSchema>(tag: &'static str, summary: &'static str) -> Self {
        Self {
            summary,
            description: "",
            tag,
            scope: None,
            query: Vec::new(),
            body: None,
            answer: Answer {
                status: 200,
                description: "Done.",
                form: Answers::Json(schema::<T>),
                or: Vec::new(),
            },
        }
    }

    /// One that needs a token with a scope.
    pub(crate) fn scoped<T: JsonSchema>(
        scope: Scope,
        tag: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            scope: Some(scope),
            ..Self::open::<T>(tag, summary)
        }
    }

    pub(crate) const fn describe(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    pub(crate) fn by_stream(mut self, of: fn(Stream, &mut SchemaGenerator) -> Schema) -> Self {
        self.answer.form = Answers::ByStream(of);
        self
    }

    pub(crate) fn text_only(mut self, media_type: &'static str, description: &'static str) -> Self {
        self.answer.form = Answers::Text(media_type, description);
        self
    }

    /// The answer in another form, for those who ask for it.
    pub(crate) fn or(mut self, media_type: &'static str, description: &'static str) -> Self {
        self.answer.or.push((media_type, description));
        self
    }

    fn query(mut self, name: &'static str, description: &'static str, schema: Value) -> Self {
        self.query.push(Parameter {
            name,
            description,
            schema,
        });
        self
    }

    /// A cursor in the query. Numbers stay below 2^53, so that every JSON reader keeps them whole.
    pub(crate) fn cursor(self, name: &'static str, description: &'static str) -> Self {
        let schema = json!({"type": "integer", "minimum": 0, "maximum": SEQ_END - 1});
        self.query(name, description, schema)
    }

    /// How many at most, in the query. What is more than the server gives is no fault.
    pub(crate) fn limit(self, description: &'static str) -> Self {
        self.query(
            "limit",
            description,
            json!({"type": "integer", "minimum": 1}),
        )
    }

    /// A small number in the query.
    pub(crate) fn number(
        self,
        name: &'static str,
        range: RangeInclusive<u8>,
        description: &'static str,
    ) -> Self {
        let (minimum, maximum) = range.into_inner();
        let schema = json!({"type": "integer", "minimum": minimum, "maximum": maximum});
        self.query(name, description, schema)
    }

    /// A text of the query.
    pub(crate) fn text(self, name: &'static str, description: &'static str) -> Self {
        self.query(name, description, json!({"type": "string"}))
    }

    /// One word of several in the query.
    pub(crate) fn word(
        self,
        name: &'static str,
        words: &[&str],
        description: &'static str,
    ) -> Self {
        self.query(name, description, json!({"type": "string", "enum": words}))
    }

    /// The id of something in the query.
    pub(crate) fn id(self, name: &'static str, description: &'static str) -> Self {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": SEQ_END - 1});
        self.query(name, description, schema)
    }

    /// A number of seconds in the query. What is longer than the server waits is no fault.
    pub(crate) fn seconds(self, name: &'static str, description: &'static str) -> Self {
        self.query(name, description, json!({"type": "integer", "minimum": 0}))
    }

    /// What was asked for goes on after the answer.
    pub(crate) const fn accepted(mut self, description: &'static str) -> Self {
        self.answer.status = 202;
        self.answer.description = description;
        self
    }

    /// A yes or no of the query.
    pub(crate) fn flag(self, name: &'static str, description: &'static str) -> Self {
        self.query(name, description, json!({"type": "boolean"}))
    }

    pub(crate) fn takes(mut self, description: &'static str, forms: Vec<Form>) -> Self {
        self.body = Some(Body {
            description,
            is_required: true,
            forms,
        });
        self
    }

    /// The same for what may be left out.
    pub(crate) fn may_take(self, description: &'static str, forms: Vec<Form>) -> Self {
        let mut operation = self.takes(description, forms);
        if let Some(body) = &mut operation.body {
            body.is_required = false;
        }
        operation
    }
}
