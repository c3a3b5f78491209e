impl<T: Copy> Vec2<T> {
    fn plus(&self, other: &Vec2<T>, more: Option<T>) -> T {
        todo()
    }
}
#[automatically_derived]
impl Vec2<f64> {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Vec2<f64> {
    const NEW: bool = false;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods
            .add_typed(
                "plus",
                |this: &Self, a0: &Vec2<f64>, a1: Option<f64>| Self::plus(this, a0, a1),
            );
    }
    fn describe_block(info: &mut ::luna::__private::ClassInfo) {
        info.constants.extend_from_slice(&[]);
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "plus",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&Vec2<f64>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "more",
                                ty: "Option<f64>",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "T",
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
#[automatically_derived]
impl Vec2<i32> {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Vec2<i32> {
    const NEW: bool = false;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods
            .add_typed(
                "plus",
                |this: &Self, a0: &Vec2<i32>, a1: Option<i32>| Self::plus(this, a0, a1),
            );
    }
    fn describe_block(info: &mut ::luna::__private::ClassInfo) {
        info.constants.extend_from_slice(&[]);
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "plus",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Method,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "other",
                                ty: "&Vec2<i32>",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "more",
                                ty: "Option<i32>",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "T",
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
