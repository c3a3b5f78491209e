use luna::LuaUserdata;

fn positive(hp: &i64) -> Result<(), String> {
    if *hp > 0.into() { Ok(()) } else { Err("not positive".to_owned()) }
}

#[derive(LuaUserdata)]
struct Unit {
    #[lua(validate = positive)]
    pub hp: f64,
}

fn main() {}
