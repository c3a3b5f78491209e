#[automatically_derived]
impl ::luna::__private::LuaUserdata for Meters {
    const FROZEN: bool = false;
    const STRICT: bool = false;
    const TRACES: bool = false;
    fn type_name() -> &'static str {
        "Meters"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::ToString,
                |this: &Self| ::std::string::ToString::to_string(this),
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Eq,
                |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::equal(
                    vm,
                    [a, b],
                    &[
                        |vm, this, other, _| ::luna::__private::compare(
                            vm,
                            this,
                            other,
                            |this: &Self, other: &Self| ::core::cmp::PartialEq::eq(
                                this,
                                other,
                            ),
                        ),
                    ],
                ),
            );
        let attempts: [::luna::__private::Attempt<
            ::core::option::Option<::core::cmp::Ordering>,
        >; 1usize] = [
            |vm, this, other, _value| {
                let other = {
                    #[allow(
                        unused_imports,
                        reason = "which of them is used depends on the type"
                    )]
                    use ::luna::__private::{OperandByCopy as _, OperandFromLua as _};
                    (&::luna::__private::Operand::<f64>::OF).take(vm, other)?
                };
                let other = other;
                ::luna::__private::look(
                    vm,
                    this,
                    |this: &Self| ::core::cmp::PartialOrd::partial_cmp(this, &other),
                )
            },
        ];
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Lt,
                move |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::order::<
                    Self,
                >(
                    vm,
                    ::luna::__private::MetaMethod::Lt,
                    [a, b],
                    &attempts,
                    ::core::cmp::Ordering::is_lt,
                ),
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Le,
                move |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::order::<
                    Self,
                >(
                    vm,
                    ::luna::__private::MetaMethod::Le,
                    [a, b],
                    &attempts,
                    ::core::cmp::Ordering::is_le,
                ),
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
                            let other = vm.clone_userdata::<Self>(other)?;
                            let other = other;
                            ::luna::__private::apply(
                                vm,
                                this,
                                |this: Self| ::core::ops::Add::add(this, other),
                            )
                        },
                        |vm, this, other, _value| {
                            let other = {
                                #[allow(
                                    unused_imports,
                                    reason = "which of them is used depends on the type"
                                )]
                                use ::luna::__private::{
                                    OperandByCopy as _, OperandFromLua as _,
                                };
                                (&::luna::__private::Operand::<dyn f64 + Self>::OF)
                                    .take(vm, other)?
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
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Unm,
                |this: &Self| ::core::ops::Neg::neg(::core::clone::Clone::clone(this)),
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::Index,
                |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue|
                ::luna::__private::operator::<
                    Self,
                    _,
                >(
                    vm,
                    ::luna::__private::MetaMethod::Index,
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
                                (&::luna::__private::Operand::<
                                    ::luna::__private::Position,
                                >::OF)
                                    .take(vm, other)?
                            };
                            let other = other.0;
                            ::luna::__private::look(
                                    vm,
                                    this,
                                    |this: &Self| ::core::clone::Clone::clone(
                                        ::core::ops::Index::index(this, other),
                                    ),
                                )
                                .map(|element| ::luna::__private::IntoLua::try_into_value(
                                    element,
                                    vm,
                                ))
                        },
                    ],
                    &[],
                ),
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::NewIndex,
                |
                    vm: &mut ::luna::__private::Vm,
                    a: ::luna::__private::RawValue,
                    b: ::luna::__private::RawValue,
                    value: ::luna::__private::RawValue|
                {
                    ::luna::__private::assign::<
                        Self,
                    >(
                        vm,
                        [a, b, value],
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
                                    (&::luna::__private::Operand::<::std::string::String>::OF)
                                        .take(vm, other)?
                                };
                                let other = &*other;
                                ::luna::__private::change(
                                    vm,
                                    this,
                                    _value,
                                    |this: &mut Self, value| {
                                        *::core::ops::IndexMut::index_mut(this, other) = value;
                                    },
                                )
                            },
                        ],
                    )
                },
            );
        (&::luna::__private::Block::<Self>::OF).register(methods);
    }
    fn describe_class(info: &mut ::luna::__private::ClassInfo) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        info.docs = "";
        info.fields.extend_from_slice(&[]);
        info.constants.extend_from_slice(&[]);
        info.functions.extend_from_slice(&[]);
        info.operators
            .extend_from_slice(
                &[
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::ToString,
                        operands: &[],
                        reversed: &[],
                        results: ::std::vec![],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Eq,
                        operands: &["Self"],
                        reversed: &[],
                        results: ::std::vec![],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Lt,
                        operands: &["f64"],
                        reversed: &[],
                        results: ::std::vec![],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Add,
                        operands: &["Self", "f64+Self"],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Add < Self
                            >> ::Output > (), ::core::any::type_name:: < < Self as
                            ::core::ops::Add < f64 + Self >> ::Output > ()
                        ],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Unm,
                        operands: &[],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Neg >
                            ::Output > ()
                        ],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::Index,
                        operands: &["usize"],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Index <
                            usize >> ::Output > ()
                        ],
                    },
                    ::luna::__private::OperatorInfo {
                        event: ::luna::__private::MetaMethod::NewIndex,
                        operands: &["&str"],
                        reversed: &[],
                        results: ::std::vec![
                            ::core::any::type_name:: < < Self as ::core::ops::Index < &
                            str >> ::Output > ()
                        ],
                    },
                ],
            );
        (&::luna::__private::Block::<Self>::OF).describe(info);
    }
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Meters {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
