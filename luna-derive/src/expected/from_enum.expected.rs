#[automatically_derived]
impl ::luna::__private::FromLua for Mode {
    fn describe_type() -> ::core::option::Option<::luna::__private::TypeInfo> {
        ::core::option::Option::Some(::luna::__private::TypeInfo {
            name: "Mode",
            path: ::core::any::type_name::<Self>(),
            docs: "",
            shape: ::luna::__private::TypeShape::Strings(
                ::std::vec![("Fast", ""), ("slow", "")],
            ),
        })
    }
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        ::core::result::Result::Ok(
            match ::luna::__private::one_of(value, &["Fast", "slow"], vm)? {
                0usize => Self::Fast,
                1usize => Self::VerySlow,
                _ => ::core::unreachable!(),
            },
        )
    }
}
