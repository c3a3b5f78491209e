#[automatically_derived]
impl ::luna::__private::IntoLua for Event {
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
        match self {
            Self::Quit {} => {
                table.set::<&str>("type", "Quit", vm)?;
            }
            Self::Key { 0: part0, 1: part1 } => {
                table.set::<&str>("type", "Key", vm)?;
                table.set_at::<char>(1i64, part0, vm)?;
                table.set_at::<bool>(2i64, part1, vm)?;
            }
            Self::Move { x: part0, seen: _ } => {
                table.set::<&str>("type", "Move", vm)?;
                table.set::<f64>("x", part0, vm)?;
            }
        }
        table.value(vm)
    }
}
