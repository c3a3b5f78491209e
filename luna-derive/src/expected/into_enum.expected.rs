#[automatically_derived]
impl ::luna::__private::IntoLua for Mode {
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
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        ::luna::__private::expect(self, vm)
    }
    fn try_into_value(
        self,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<
        ::luna::__private::RawValue,
        ::luna::__private::LuaError,
    > {
        let name: &'static str = match self {
            Self::Fast => "Fast",
            Self::VerySlow => "slow",
        };
        ::luna::__private::IntoLua::try_into_value(name, vm)
    }
}
