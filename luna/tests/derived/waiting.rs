//! `async fn` in derived classes and modules.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use luna::{Lua, LuaUserdata, Result, UserdataRef, Value, WeakLua, lua_methods, lua_module};

#[derive(LuaUserdata)]
#[lua(name = "Account")]
struct Account {
    #[lua(skip)]
    balance: Cell<i64>,
}

/// Gives others their turn.
async fn turn() {
    let mut waited = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[lua_methods]
impl Account {
    /// Opens an account.
    async fn open(balance: i64) -> Self {
        turn().await;
        Account { balance: Cell::new(balance) }
    }

    /// Adds money.
    async fn add(&self, amount: i64) -> i64 {
        turn().await;
        self.balance.set(self.balance.get() + amount);
        self.balance.get()
    }

    #[lua(defaults(times = 2))]
    async fn repeat(&self, lua: WeakLua, text: String, times: usize) -> Result<luna::LuaString> {
        turn().await;
        let lua = lua.upgrade().expect("it is open");
        lua.create_string(text.repeat(times))
    }

    async fn take(&self, from: UserdataRef<Account>) -> std::result::Result<i64, String> {
        turn().await;
        match from.balance.get() {
            0 => Err("nothing there".to_owned()),
            all => {
                from.balance.set(0);
                self.balance.set(self.balance.get() + all);
                Ok(self.balance.get())
            }
        }
    }

    #[lua(nil_err)]
    async fn check(&self) -> std::result::Result<i64, String> {
        Err("closed".to_owned())
    }

    #[lua(variadic)]
    async fn sum(&self, values: Vec<i64>) -> i64 {
        turn().await;
        values.iter().sum()
    }

    async fn me(&self) -> &Self {
        turn().await;
        self
    }
}

#[lua_module]
mod net {
    /// Fetches a page.
    pub(super) async fn fetch(url: String) -> usize {
        super::turn().await;
        url.len()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(output) = polled {
            return output;
        }
    }
}

#[test]
fn async_functions_are_waited_for() -> Result<()> {
    let lua = Lua::new();
    lua.set_class::<Account>("Account")?;
    lua.globals().set("net", net::lua_module(&lua)?)?;
    let run = |source: &str| {
        let value = block_on(lua.load(source).name("=t").eval_async::<Value>())?;
        lua.globals().get::<luna::Function>("tostring")?.call::<String>(value)
    };
    assert_eq!(run("local a = Account.open(5) return a:add(1) .. ' ' .. a:add(2)")?, "6 8");
    assert_eq!(run("Account.open(5)['repeat'](Account.open(1), 'ab')")?, "abab");
    assert_eq!(run("local a, b = Account.open(5), Account.open(2) return a:take(b)")?, "7");
    assert_eq!(
        run("local a, b = Account.open(5), Account.open(0) return a:take(b)")
            .unwrap_err()
            .message(),
        "t:1: nothing there"
    );
    assert_eq!(run("select(2, Account.open(5):check())")?, "closed");
    assert_eq!(run("Account.open(5):sum(1, 2, 3)")?, "6");
    assert_eq!(run("local a = Account.open(5) return tostring(a:me() == a)")?, "true");
    assert_eq!(run("net.fetch('four')")?, "4");
    assert_eq!(
        run("Account.open('x')").unwrap_err().message(),
        "t:1: bad argument #1 to 'open' (balance: number expected, got string)"
    );
    let stubs = lua.stubs()?.luals();
    assert!(stubs.contains("---Adds money.\n---@async\n---@param amount integer\n"), "{stubs}");
    Ok(())
}
