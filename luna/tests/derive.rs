//! Derived userdata, with and without a block of methods.

use luna::{Lua, LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
#[lua(name = "Vec2")]
struct Vector {
    pub x: f64,
    #[lua(readonly)]
    pub y: f64,
    #[lua(get, name = "tag")]
    label: String,
    #[lua(skip)]
    pub hidden: u8,
}

#[lua_methods]
impl Vector {
    const ZERO: f64 = 0.0;

    fn new(x: f64, y: f64) -> Self {
        Vector { x, y, label: "v".to_owned(), hidden: 0 }
    }

    fn parse(text: &str) -> Result<Self, std::num::ParseFloatError> {
        Ok(Vector::new(text.parse()?, f64::from(0_u8)))
    }

    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn rename(&mut self, label: &str) {
        self.label = label.to_owned();
        self.hidden += 1;
    }

    #[lua(getter)]
    fn doubled(&self) -> f64 {
        self.x * 2.0
    }

    #[lua(setter)]
    fn set_doubled(&mut self, value: f64) {
        self.x = value / 2.0;
    }

    #[lua(meta = ToString)]
    fn show(&self) -> String {
        format!("<{} {}>", self.x, self.y)
    }
}

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Plain {
    pub id: u32,
}

#[test]
fn derived_classes_behave() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Vector>("Vec2")?;
    for (source, expected) in [
        ("Vec2.new(3, 4):length() .. ''", "5.0"),
        (
            "local v = Vec2.new(3, 4) v.x = 1 v.doubled = 8 return v.x .. ' ' .. v.doubled",
            "4.0 8.0",
        ),
        (
            "local v = Vec2.new(1, 2) v:rename('w') return v.tag .. tostring(v) .. Vec2.ZERO",
            "w<1 2>0.0",
        ),
        ("tostring(Vec2.parse('7'))", "<7 0>"),
        ("tostring(Vec2.new(1, 2).hidden)", "nil"),
        (
            "select(2, pcall(function() Vec2.new(1, 2).y = 1 end)):gsub('^.-: ', '')",
            "field 'y' of Vec2 is read-only",
        ),
    ] {
        assert_eq!(lua.load(source).eval::<String>()?, expected, "{source}");
    }
    lua.globals().set("plain", lua.create_userdata(Plain { id: 7 })?)?;
    assert_eq!(lua.load("plain.id").eval::<i64>()?, 7);
    assert!(lua.load("plain.id = 8").exec().is_err());
    Ok(())
}
