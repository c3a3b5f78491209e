#[automatically_derived]
impl ::luna::__private::LuaUserdata for Unit {
    const FROZEN: bool = false;
    const STRICT: bool = true;
    const TRACES: bool = false;
    fn type_name() -> &'static str {
        "Unit"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods
            .add_field::<
                f64,
                _,
            >(
                "hp",
                ::core::mem::offset_of!(Self, hp),
                |this: &Self| { ::luna::__private::copy::<f64>(&this.hp) },
            );
        methods
            .add_typed_setter(
                "hp",
                |this: &mut Self, value: f64| {
                    let value = ::luna::__private::valid::<
                        Self,
                        _,
                        _,
                    >("hp", value, positive)?;
                    this.hp = value;
                    ::luna::Result::Ok(())
                },
            );
        methods
            .add_field::<
                String,
                _,
            >(
                "name",
                ::core::mem::offset_of!(Self, name),
                |this: &Self| { ::luna::__private::copy::<String>(&this.name) },
            );
        methods
            .add_constructor(
                "new",
                |a0: f64, a1: ::core::option::Option<String>| ::luna::Result::Ok(
                    ::luna::__private::Ud(Self {
                        hp: ::luna::__private::valid::<Self, _, _>("hp", a0, positive)?,
                        name: a1.unwrap_or_default(),
                        hidden: ::core::default::Default::default(),
                    }),
                ),
            );
        methods.make_callable();
        methods
            .add_typed(
                "to_table",
                |
                    vm: &mut ::luna::__private::Vm,
                    this: &Self,
                | -> ::core::result::Result<
                    ::luna::__private::RawValue,
                    ::luna::__private::LuaError,
                > {
                    let table = ::luna::__private::Fields::new(vm);
                    table
                        .set::<f64>("hp", ::luna::__private::copy::<f64>(&this.hp), vm)?;
                    table
                        .set::<
                            String,
                        >("name", ::luna::__private::copy::<String>(&this.name), vm)?;
                    table.value(vm)
                },
            );
        (&::luna::__private::Block::<Self>::OF).register(methods);
    }
    fn describe_class(info: &mut ::luna::__private::ClassInfo) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        info.docs = "";
        info.fields
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "hp",
                        docs: "",
                        ty: "f64",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FieldInfo {
                        name: "name",
                        docs: "",
                        ty: "String",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.constants.extend_from_slice(&[]);
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "new",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Constructor,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "hp",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "name",
                                ty: "Option<String>",
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
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Unit {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
#[automatically_derived]
impl ::luna::__private::FromLua for Unit {
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        if let ::luna::__private::RawValue::Table(_) = value {
            let table = ::luna::__private::Fields::of(value, vm)?;
            table
                .only(
                    <Self as ::luna::__private::LuaUserdata>::type_name(),
                    &["hp", "name"],
                    vm,
                )?;
            return ::core::result::Result::Ok(Self {
                hp: ::luna::__private::valid_entry::<
                    Self,
                    _,
                    _,
                >("hp", table.get::<f64>("hp", vm)?, positive)?,
                name: table
                    .get::<::core::option::Option<String>>("name", vm)?
                    .unwrap_or_default(),
                hidden: ::core::default::Default::default(),
            });
        }
        vm.clone_userdata::<Self>(value)
    }
}
