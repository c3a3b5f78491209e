use luna::FromLua;

#[derive(FromLua)]
#[lua(repr = "i64")]
enum Level {
    Low = 1,
    High = 2,
}

fn main() {}
