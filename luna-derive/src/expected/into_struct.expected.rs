#[automatically_derived]
impl<T: ::luna::__private::IntoLua> ::luna::__private::IntoLua for Config<T> {
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
        let table = ::luna::__private::Fields::new(vm);
        table.set::<String>("hostName", self.host_name, vm)?;
        table.set::<u16>("port", self.port, vm)?;
        table.set::<T>("payload", self.payload, vm)?;
        table.value(vm)
    }
}
