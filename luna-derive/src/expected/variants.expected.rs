#[automatically_derived]
impl ::luna::__private::LuaUserdata for Shape {
    const FROZEN: bool = false;
    const STRICT: bool = false;
    const TRACES: bool = false;
    fn type_name() -> &'static str {
        "Shape"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods.make_callable();
        methods.add_constant("Empty", Self::Empty {});
        methods
            .add_constructor(
                "Circle",
                |a0: f64| ::luna::__private::Ud(Self::Circle { 0: a0 }),
            );
        methods
            .add_constructor(
                "box",
                |a0: f64, a1: f64| ::luna::__private::Ud(Self::Rect {
                    width: a0,
                    height: a1,
                }),
            );
        methods
            .add_typed_getter(
                "variant",
                |this: &Self| -> &'static str {
                    match this {
                        Self::Empty { .. } => "Empty",
                        Self::Circle { .. } => "Circle",
                        Self::Rect { .. } => "box",
                    }
                },
            );
        methods
            .add_typed("to_table", |lua: &::luna::Lua, this: &Self| lua.to_value(this));
        (&::luna::__private::Block::<Self>::OF).register(methods);
    }
    fn describe_class(info: &mut ::luna::__private::ClassInfo) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        info.docs = "";
        info.fields.extend_from_slice(&[]);
        info.constants
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "Empty",
                        docs: "",
                        ty: "Self",
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
                        name: "Circle",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Constructor,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Self",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FunctionInfo {
                        name: "box",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Constructor,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "width",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "height",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                        ],
                        result: "Self",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.operators.extend_from_slice(&[]);
        (&::luna::__private::Block::<Self>::OF).describe(info);
    }
    fn make_data<'id>(
        &self,
        maker: &mut ::luna::__private::Maker<'id>,
    ) -> ::core::option::Option<
        ::core::result::Result<::luna::__private::Made<'id>, ::std::string::String>,
    > {
        ::core::option::Option::Some(::luna::__private::make_data(self, maker))
    }
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Shape {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
#[automatically_derived]
impl ::luna::__private::FromLua for Shape {
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        if let ::luna::__private::RawValue::Table(_) = value {
            let made: Self = ::luna::__private::read_table(value, vm)?;
            return ::core::result::Result::Ok(made);
        }
        vm.clone_userdata::<Self>(value)
    }
}
const _: () = ::core::assert!(
    < Shape as ::luna::__private::MethodBlock > ::NEW,
    "`callable` calls the function `new`: write `new` too, or an `fn new` in the block of methods without a name"
);
