impl Squad {
    async fn later(&self, lua: WeakLua, by: f64) -> Result<Self, Error> {
        todo()
    }
    fn spawn(&mut self, count: u8, name: String, tag: &str) -> String {
        todo()
    }
    fn join(tag: &str, parts: &[String]) -> String {
        todo()
    }
    fn load(path: &str) -> Result<Self, Error> {
        todo()
    }
    fn place(&self, at: &str, near: Option<&Squad>, other: &mut Squad, hp: f64) {
        todo()
    }
}
const _: () = ::core::assert!(
    ! < Squad as ::luna::__private::LuaUserdata > ::FROZEN,
    "a `frozen` type is never borrowed mutably: write `&self`, or remove `frozen` from the type"
);
#[automatically_derived]
impl Squad {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Squad {
    const NEW: bool = false;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods
            .add_async_typed(
                "later",
                |lua: WeakLua, this: ::luna::UserdataRef<Self>, a0: f64| async move {
                    Self::later(&this, lua, a0).await.map(::luna::__private::Ud)
                },
            );
        methods
            .add_typed(
                "spawn",
                |
                    this: &mut Self,
                    a0: ::core::option::Option<u8>,
                    a1: ::core::option::Option<String>,
                    a2: &str|
                Self::spawn(
                    this,
                    a0.unwrap_or_else(|| 2),
                    a1.unwrap_or_else(|| ::core::convert::From::from("orc")),
                    a2,
                ),
            );
        methods
            .add_typed(
                "join",
                |a0: ::core::option::Option<&str>, a1: ::luna::Variadic<String>| Self::join(
                    a0.unwrap_or("x"),
                    &a1.0,
                ),
            );
        methods
            .add_constructor(
                "load",
                |a0: &str| ::luna::__private::nil_err(
                    Self::load(a0).map(::luna::__private::Ud),
                ),
            );
        methods
            .add_typed(
                "place",
                {
                    let warned = ::core::cell::Cell::new(false);
                    move |
                        lua: &::luna::Lua,
                        this: &Self,
                        named: ::core::option::Option<::luna::Table>|
                    {
                        ::luna::__private::deprecated(
                            lua,
                            &warned,
                            <Self as ::luna::__private::LuaUserdata>::type_name(),
                            "place",
                            "write 'spawn'",
                        );
                        {
                            let named = ::luna::__private::Named::new(
                                lua,
                                named,
                                "place",
                                &["at", "near", "other", "hp"],
                            )?;
                            let a0 = named.get::<::std::string::String>("at")?;
                            let a1 = named
                                .get::<
                                    ::core::option::Option<::luna::UserdataRef<Squad>>,
                                >("near")?;
                            let mut a2 = named
                                .get::<::luna::UserdataRefMut<Squad>>("other")?;
                            let a3 = named
                                .get::<::core::option::Option<f64>>("hp")?
                                .unwrap_or_else(|| 1.0);
                            ::luna::Result::Ok(
                                Self::place(this, &*a0, a1.as_deref(), &mut *a2, a3),
                            )
                        }
                    }
                },
            );
    }
    fn describe_block(info: &mut ::luna::__private::ClassInfo) {
        info.constants.extend_from_slice(&[]);
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "later",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "by",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Result<Self, Error>",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: true,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "spawn",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "count",
                                ty: "u8",
                                default: ::core::option::Option::Some("2"),
                            },
                            ::luna::__private::ParamInfo {
                                name: "name",
                                ty: "String",
                                default: ::core::option::Option::Some("\"orc\""),
                            },
                            ::luna::__private::ParamInfo {
                                name: "tag",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "String",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "join",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Function,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "tag",
                                ty: "&str",
                                default: ::core::option::Option::Some("\"x\""),
                            },
                            ::luna::__private::ParamInfo {
                                name: "parts",
                                ty: "&[String]",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "String",
                        variadic: true,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "load",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Constructor,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "path",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Result<Self, Error>",
                        variadic: false,
                        named: false,
                        nil_err: true,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "place",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "at",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "near",
                                ty: "Option<&Squad>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&mut Squad",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "hp",
                                ty: "f64",
                                default: ::core::option::Option::Some("1.0"),
                            },
                        ],
                        result: "",
                        variadic: false,
                        named: true,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::Some("write 'spawn'"),
                    },
                ],
            );
    }
}
