#[automatically_derived]
impl ::luna::__private::IntoLua for Level {
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
        ::luna::__private::IntoLua::try_into_value(self as i64, vm)
    }
}
