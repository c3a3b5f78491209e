#[automatically_derived]
impl ::luna::__private::LuaUserdata for Vec2<f64> {
    const FROZEN: bool = false;
    const STRICT: bool = false;
    const TRACES: bool = false;
    fn type_name() -> &'static str {
        "Vec2"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods
            .add_field::<
                f64,
                _,
            >(
                "x",
                ::core::mem::offset_of!(Self, x),
                |this: &Self| { ::luna::__private::copy::<f64>(&this.x) },
            );
        methods
            .add_field_write::<
                f64,
                _,
            >(
                "x",
                ::core::mem::offset_of!(Self, x),
                |this: &mut Self, value: f64| {
                    this.x = value;
                },
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Add,
                |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::operator::<
                    Self,
                    _,
                >(
                    vm,
                    ::luna::__private::MetaMethod::Add,
                    [a, b],
                    &[
                        |vm, this, other, _value| {
                            let other = {
                                #[allow(
                                    unused_imports,
                                    reason = "which of them is used depends on the type"
                                )]
                                use ::luna::__private::{
                                    OperandByCopy as _, OperandFromLua as _,
                                };
                                (&::luna::__private::Operand::<f64>::OF).take(vm, other)?
                            };
                            let other = other;
                            ::luna::__private::apply(
                                vm,
                                this,
                                |this: Self| ::core::ops::Add::add(this, other),
                            )
                        },
                    ],
                    &[],
                ),
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
                        name: "x",
                        docs: "",
                        ty: "f64",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.constants.extend_from_slice(&[]);
        info.functions.extend_from_slice(&[]);
        info.operators
            .extend_from_slice(
                &[
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Add,
                        operands: &["f64"],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Add < f64
                            >> ::Output > ()
                        ],
                    },
                ],
            );
        (&::luna::__private::Block::<Self>::OF).describe(info);
    }
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Vec2<f64> {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
#[automatically_derived]
impl ::luna::__private::LuaUserdata for Vec2<i32> {
    const FROZEN: bool = false;
    const STRICT: bool = false;
    const TRACES: bool = false;
    fn type_name() -> &'static str {
        "Vec2<i32>"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods
            .add_field::<
                i32,
                _,
            >(
                "x",
                ::core::mem::offset_of!(Self, x),
                |this: &Self| { ::luna::__private::copy::<i32>(&this.x) },
            );
        methods
            .add_field_write::<
                i32,
                _,
            >(
                "x",
                ::core::mem::offset_of!(Self, x),
                |this: &mut Self, value: i32| {
                    this.x = value;
                },
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Add,
                |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::operator::<
                    Self,
                    _,
                >(
                    vm,
                    ::luna::__private::MetaMethod::Add,
                    [a, b],
                    &[
                        |vm, this, other, _value| {
                            let other = {
                                #[allow(
                                    unused_imports,
                                    reason = "which of them is used depends on the type"
                                )]
                                use ::luna::__private::{
                                    OperandByCopy as _, OperandFromLua as _,
                                };
                                (&::luna::__private::Operand::<i32>::OF).take(vm, other)?
                            };
                            let other = other;
                            ::luna::__private::apply(
                                vm,
                                this,
                                |this: Self| ::core::ops::Add::add(this, other),
                            )
                        },
                    ],
                    &[],
                ),
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
                        name: "x",
                        docs: "",
                        ty: "i32",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.constants.extend_from_slice(&[]);
        info.functions.extend_from_slice(&[]);
        info.operators
            .extend_from_slice(
                &[
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Add,
                        operands: &["i32"],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Add < i32
                            >> ::Output > ()
                        ],
                    },
                ],
            );
        (&::luna::__private::Block::<Self>::OF).describe(info);
    }
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Vec2<i32> {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
