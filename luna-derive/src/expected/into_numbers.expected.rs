#[automatically_derived]
impl ::luna::__private::IntoLua for Level {
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
