use luna::FromLua;

#[derive(FromLua)]
#[lua(tag = "type")]
enum Event {
    Quit,
    Made {
        #[lua(name = "kind")]
        kind: String,
    },
}

fn main() {}
