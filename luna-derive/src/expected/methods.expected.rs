impl Unit {
    const MAX: i64 = 5;
    fn create(name: &str) -> Result<Self, Error> {
        todo()
    }
    fn hit(&mut self, by: f64, lua: &Lua, other: Option<&Unit>) -> f64 {
        todo()
    }
    fn name<'a>(&'a self, other: &'a str) -> &'a str {
        todo()
    }
    fn finish(self) -> String {
        todo()
    }
    fn alive(&self) -> bool {
        todo()
    }
    fn set_alive(&mut self, alive: bool) {
        todo()
    }
    fn less(&self, other: &Unit) -> bool {
        todo()
    }
    fn skipped<T>(&self, t: T) {}
}
const _: () = ::core::assert!(
    ! < Unit as ::luna::__private::LuaUserdata > ::FROZEN,
    "a `frozen` type is never borrowed mutably: write `&self`, or remove `frozen` from the type"
);
const _: () = ::core::assert!(
    ! < Unit as ::luna::__private::LuaUserdata > ::FROZEN,
    "a `frozen` type is never borrowed mutably: write `&self`, or remove `frozen` from the type"
);
#[automatically_derived]
impl Unit {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Unit {
    const NEW: bool = true;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods.add_constant("MAX", Self::MAX);
        methods
            .add_constructor(
                "new",
                |a0: &str| Self::create(a0).map(::luna::__private::Ud),
            );
        methods
            .add_typed(
                "hit",
                |lua: &Lua, this: &mut Self, a0: f64, a1: Option<&Unit>| Self::hit(
                    this,
                    a0,
                    lua,
                    a1,
                ),
            );
        methods
            .add_typed(
                "name",
                |this: &Self, a0: &'_ str| ::std::borrow::ToOwned::to_owned(
                    Self::name(this, a0),
                ),
            );
        methods
            .add_typed(
                "finish",
                |lua: &::luna::Lua, this: ::luna::AnyUserdata| {
                    #[allow(
                        unused_imports,
                        reason = "which of them is used depends on the type"
                    )]
                    use ::luna::__private::{ByCopy as _, ByTaking as _};
                    let this = (&::luna::__private::Receiver::<Self>::OF)
                        .receive(lua, &this)?;
                    ::luna::Result::Ok(Self::finish(this))
                },
            );
        methods.add_typed_getter("alive", |this: &Self| Self::alive(this));
        methods
            .add_typed_setter(
                "alive",
                |this: &mut Self, a0: bool| Self::set_alive(this, a0),
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Lt,
                |this: &Self, a0: &Unit| Self::less(this, a0),
            );
    }
    fn describe_block(info: &mut ::luna::__private::ClassInfo) {
        info.constants
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "MAX",
                        docs: "",
                        ty: "i64",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "new",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Constructor,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "name",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Result<Self, Error>",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "hit",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "by",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "Option<&Unit>",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "f64",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "name",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "&'a str",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "finish",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[],
                        result: "String",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "alive",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Getter,
                        params: &[],
                        result: "bool",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "alive",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Setter,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "alive",
                                ty: "bool",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "Lt",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Meta,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&Unit",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "bool",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
    }
}
