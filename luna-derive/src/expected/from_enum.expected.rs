#[automatically_derived]
impl ::luna::__private::FromLua for Mode {
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
