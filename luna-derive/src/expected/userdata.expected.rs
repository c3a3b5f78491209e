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
            .add_field_write::<
                f64,
                _,
            >(
                "hp",
                ::core::mem::offset_of!(Self, hp),
                |this: &mut Self, value: f64| {
                    this.hp = value;
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
            .add_field::<
                u8,
                _,
            >(
                "secret",
                ::core::mem::offset_of!(Self, secret),
                |this: &Self| { ::luna::__private::copy::<u8>(&this.secret) },
            );
        methods
            .add_field_write::<
                u8,
                _,
            >(
                "secret",
                ::core::mem::offset_of!(Self, secret),
                |this: &mut Self, value: u8| {
                    this.secret = value;
                },
            );
        (&::luna::__private::Block::<Self>::OF).register(methods);
        Self::__luna_methods_combat(methods);
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
                    ::luna::__private::FieldInfo {
                        name: "secret",
                        docs: "",
                        ty: "u8",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.constants.extend_from_slice(&[]);
        info.functions.extend_from_slice(&[]);
        info.operators.extend_from_slice(&[]);
        (&::luna::__private::Block::<Self>::OF).describe(info);
        Self::__luna_describe_combat(info);
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
        vm.clone_userdata::<Self>(value)
    }
}
