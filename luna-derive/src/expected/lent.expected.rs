#[automatically_derived]
impl<'a> ::luna::__private::Lend<'a> for View<'a> {
    type Family = View<'static>;
}
#[automatically_derived]
impl ::luna::__private::LendFamily for View<'static> {
    type Of<'a> = View<'a>;
    const STRICT: bool = true;
    fn type_name() -> &'static str {
        "View"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<::luna::Lent<Self>>>(
        methods: &mut M,
    ) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods
            .add_typed_getter(
                "name",
                |this: &::luna::Lent<Self>| {
                    this.with(|this| ::std::borrow::ToOwned::to_owned(this.name))
                },
            );
        methods
            .add_typed_getter(
                "near",
                |this: &::luna::Lent<Self>| {
                    this.with(|this| this.near.map(::std::borrow::ToOwned::to_owned))
                },
            );
        methods
            .add_typed_getter(
                "ticks",
                |this: &::luna::Lent<Self>| {
                    this.with(|this| ::luna::__private::copy::<u32>(&this.ticks))
                },
            );
        methods
            .add_typed_setter(
                "ticks",
                |this: &mut ::luna::Lent<Self>, value: u32| {
                    let value = ::luna::__private::valid::<
                        ::luna::Lent<Self>,
                        _,
                        _,
                    >("ticks", value, positive)?;
                    this.with_mut(|this| this.ticks = value)
                },
            );
        methods
            .add_typed_getter(
                "old",
                {
                    let warned = ::core::cell::Cell::new(false);
                    move |lua: &::luna::Lua, this: &::luna::Lent<Self>| {
                        ::luna::__private::deprecated(
                            lua,
                            &warned,
                            <::luna::Lent<
                                Self,
                            > as ::luna::__private::LuaUserdata>::type_name(),
                            "old",
                            "",
                        );
                        this.with(|this| ::luna::__private::copy::<u8>(&this.old))
                    }
                },
            );
        methods
            .add_typed_setter(
                "old",
                {
                    let warned = ::core::cell::Cell::new(false);
                    move |lua: &::luna::Lua, this: &mut ::luna::Lent<Self>, value: u8| {
                        ::luna::__private::deprecated(
                            lua,
                            &warned,
                            <::luna::Lent<
                                Self,
                            > as ::luna::__private::LuaUserdata>::type_name(),
                            "old",
                            "",
                        );
                        { this.with_mut(|this| this.old = value) }
                    }
                },
            );
        methods
            .add_typed_meta(
                ::luna::__private::MetaMethod::ToString,
                |this: &::luna::Lent<Self>| {
                    this.with(|this| ::std::string::ToString::to_string(this))
                },
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
                        |vm, this, other, _| ::luna::__private::compare_lent::<
                            Self,
                            _,
                        >(
                            vm,
                            this,
                            other,
                            |this, other| ::core::cmp::PartialEq::eq(this, other),
                        ),
                    ],
                ),
            );
        (&::luna::__private::Block::<::luna::Lent<Self>>::OF).register(methods);
        Self::__luna_methods_more(methods);
    }
    fn describe_class(info: &mut ::luna::__private::ClassInfo) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        info.docs = "";
        info.fields
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "name",
                        docs: "",
                        ty: "&'w str",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FieldInfo {
                        name: "near",
                        docs: "",
                        ty: "Option<&'w Place>",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FieldInfo {
                        name: "ticks",
                        docs: "",
                        ty: "u32",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::None,
                    },
                    ::luna::__private::FieldInfo {
                        name: "old",
                        docs: "",
                        ty: "u8",
                        readable: true,
                        writable: true,
                        deprecated: ::core::option::Option::Some(""),
                    },
                ],
            );
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
                ],
            );
        (&::luna::__private::Block::<::luna::Lent<Self>>::OF).describe(info);
        Self::__luna_describe_more(info);
    }
}
