use luna::LuaUserdata;

fn positive(hp: &f64) -> Result<(), String> {
    if *hp > 0.0 { Ok(()) } else { Err("not positive".to_owned()) }
}

#[derive(LuaUserdata)]
struct Unit {
    #[lua(validate = positive, readonly)]
    pub hp: f64,
}

fn main() {}
