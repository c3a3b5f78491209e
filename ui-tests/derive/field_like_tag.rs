use luna::FromLua;

#[derive(FromLua)]
#[lua(tag = "type")]
enum Event {
    Quit,
    Made {
        #[lua(name = "type")]
        kind: String,
    },
}

fn main() {}
