impl<'w> View<'w> {
    const MAX: i64 = 5;
    fn count(&self) -> usize {
        todo()
    }
    fn name(&self, lua: &Lua) -> &'w str {
        todo()
    }
    fn meet(
        &mut self,
        other: &mut View<'_>,
        last: Option<&View>,
        by: &str,
    ) -> Result<(), String> {
        todo()
    }
    fn place(&self, near: Option<&mut maps::Map<'_>>, x: f64) {
        todo()
    }
    fn made(view: &View<'_>) -> String {
        todo()
    }
}
#[automatically_derived]
impl View<'static> {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::LentBlock for View<'static> {
    fn register<M: ::luna::__private::UserdataMethods<::luna::Lent<Self>>>(
        methods: &mut M,
    ) {
        methods.add_constant("MAX", Self::MAX);
        methods
            .add_typed(
                "count",
                |this: &::luna::Lent<Self>| this.with(|this| View::count(this)),
            );
        methods
            .add_typed(
                "name",
                |lua: &Lua, this: &::luna::Lent<Self>| {
                    this
                        .with(|this| ::std::borrow::ToOwned::to_owned(
                            View::name(this, lua),
                        ))
                },
            );
        methods
            .add_typed(
                "meet",
                |
                    this: &mut ::luna::Lent<Self>,
                    a0: &mut ::luna::Lent<View<'static>>,
                    a1: ::core::option::Option<&::luna::Lent<View<'static>>>,
                    a2: &str|
                {
                    this
                        .with_mut(|this| {
                            a0
                                .with_mut(|a0| ::luna::__private::optional(
                                    a1,
                                    |a1| {
                                        View::meet(this, a0, a1, a2).map_err(::luna::Error::new)
                                    },
                                ))
                        })
                },
            );
        methods
            .add_typed(
                "place",
                {
                    let warned = ::core::cell::Cell::new(false);
                    move |
                        lua: &::luna::Lua,
                        this: &::luna::Lent<Self>,
                        named: ::core::option::Option<::luna::Table>|
                    {
                        ::luna::__private::deprecated(
                            lua,
                            &warned,
                            <::luna::Lent<
                                Self,
                            > as ::luna::__private::LuaUserdata>::type_name(),
                            "place",
                            "",
                        );
                        {
                            let named = ::luna::__private::Named::new(
                                lua,
                                named,
                                "place",
                                &["near", "x"],
                            )?;
                            let mut a0 = named
                                .get::<
                                    ::core::option::Option<
                                        ::luna::UserdataRefMut<::luna::Lent<maps::Map<'static>>>,
                                    >,
                                >("near")?;
                            let a1 = named.get::<f64>("x")?;
                            ::luna::Result::Ok(
                                this
                                    .with(|this| ::luna::__private::optional_mut(
                                        a0.as_deref_mut(),
                                        |a0| View::place(this, a0, a1),
                                    )),
                            )
                        }
                    }
                },
            );
        methods
            .add_typed(
                "made",
                |a0: &::luna::Lent<View<'static>>| a0.with(|a0| View::made(a0)),
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
                        name: "count",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[],
                        result: "usize",
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
                        params: &[],
                        result: "&'w str",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "meet",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&mut View<'_>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "last",
                                ty: "Option<&View<'_>>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "by",
                                ty: "&str",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Result<(), String>",
                        variadic: false,
                        named: false,
                        nil_err: false,
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
                                name: "near",
                                ty: "Option<&mut maps::Map<'_>>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "x",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "",
                        variadic: false,
                        named: true,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::Some(""),
                    },
                    ::luna::__private::FunctionInfo {
                        name: "made",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Function,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "view",
                                ty: "&View<'_>",
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
                ],
            );
    }
}
