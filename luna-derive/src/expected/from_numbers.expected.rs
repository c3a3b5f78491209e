#[automatically_derived]
impl ::luna::__private::FromLua for Level {
    fn describe_type() -> ::core::option::Option<::luna::__private::TypeInfo> {
        ::core::option::Option::Some(::luna::__private::TypeInfo {
            name: "Level",
            path: ::core::any::type_name::<Self>(),
            docs: "",
            shape: ::luna::__private::TypeShape::Numbers(
                ::std::vec![
                    (Self::Low as i64, "Low", ""), (Self::High as i64, "High", "")
                ],
            ),
        })
    }
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        let numbers = [Self::Low as i64, Self::High as i64];
        ::core::result::Result::Ok(
            match ::luna::__private::number_of(value, &numbers, vm)? {
                0usize => Self::Low,
                1usize => Self::High,
                _ => ::core::unreachable!(),
            },
        )
    }
}
