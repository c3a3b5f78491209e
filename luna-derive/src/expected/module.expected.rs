mod shapes {
    pub const SIDES: i64 = 4;
    pub fn area(side: f64, scale: f64) -> f64 {
        todo()
    }
    fn hidden<T>(t: T) {}
    #[lua_module]
    pub mod round {}
    /// The table of the module's functions and constants.
    #[allow(unreachable_pub, reason = "how far the module is seen is not known here")]
    pub fn lua_module(lua: &::luna::Lua) -> ::luna::Result<::luna::Table> {
        let table = lua.create_table()?;
        table.raw_set("SIDES", self::SIDES)?;
        table
            .raw_set(
                "area",
                lua
                    .create_function(|a0: f64, a1: ::core::option::Option<f64>| self::area(
                        a0,
                        a1.unwrap_or_else(|| 1.0),
                    ))?,
            )?;
        ::luna::__private::describe_functions(
            lua,
            &table,
            &self::lua_module_info().functions,
        )?;
        table.raw_set("round", round::lua_module(lua)?)?;
        table
            .raw_set(
                <Vec2 as ::luna::__private::LuaUserdata>::type_name(),
                lua.class_table::<Vec2>()?,
            )?;
        ::luna::Result::Ok(table)
    }
    /// What the source says of the module.
    #[allow(dead_code, unreachable_pub, reason = "who asks is not known here")]
    #[must_use]
    pub fn lua_module_info() -> ::luna::ClassInfo {
        let mut info = ::luna::ClassInfo {
            name: "shapes",
            docs: "",
            ..::core::default::Default::default()
        };
        info.constants
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "SIDES",
                        docs: "",
                        ty: "i64",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.functions
            .extend_from_slice(
                &[
                    ::luna::__private::FunctionInfo {
                        name: "area",
                        docs: "",
                        kind: ::luna::__private::FunctionKind::Function,
                        params: &[
                            ::luna::__private::ParamInfo {
                                name: "side",
                                ty: "f64",
                                default: ::core::option::Option::None,
                            },
                            ::luna::__private::ParamInfo {
                                name: "scale",
                                ty: "f64",
                                default: ::core::option::Option::Some("1.0"),
                            },
                        ],
                        result: "f64",
                        variadic: false,
                        named: false,
                        nil_err: false,
                        pure: false,
                        waits: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info
    }
}
