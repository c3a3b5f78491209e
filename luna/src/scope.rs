//! Scopes: what is lent to Lua for the length of a call.
//!
//! - **L1** What is lent outlives the scope: its lifetime encloses the whole call of [`Lua::scope`].
//! - **L2** Loans end before [`Lua::scope`] returns or unwinds, and before the [`Scope`] is gone, to which closures may refer: a guard made
//!   after it ends them. Users get only a reference to the scope.
//! - **L3** Calls nest: one that began within the scope has ended when the scope ends, for natives cannot be suspended. So no call uses a
//!   loan that ends. What could outlive a call, a guard, refuses lent userdata.
//! - **L4** After its end a loan is empty, and using it is an error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::rc::Rc;

use luna_core::vm::{FromLuaArgs, IntoLuaReturn, LentUserdata, LuaUserdata, Rest};

use crate::error::{Error, Result};
use crate::function::Function;
use crate::lua::Lua;
use crate::userdata::AnyUserdata;

/// Lends values and closures that are not `'static`; see [`Lua::scope`].
pub struct Scope<'scope, 'env: 'scope> {
    lua: Lua,
    loans: RefCell<Vec<Box<dyn Loan>>>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("loans", &self.loans.borrow().len()).finish_non_exhaustive()
    }
}

/// What ends when it is dropped.
trait Loan {}

impl Loan for LentUserdata {}

/// A closure that lives as long as a scope.
type ScopedFn<'s, A, R> = dyn Fn(&Lua, A) -> Result<R> + 's;

/// Where Lua's side finds a lent closure, until its loan ends.
type Place<F> = Rc<Cell<Option<NonNull<F>>>>;

/// The owner's side of a lent closure, which it frees.
struct ClosureLoan<F: ?Sized> {
    place: Place<F>,
    owned: NonNull<F>,
}

impl<F: ?Sized> Loan for ClosureLoan<F> {}

impl<F: ?Sized> Drop for ClosureLoan<F> {
    fn drop(&mut self) {
        self.place.set(None);
        // SAFETY: L3; the pointer came from a box, is owned by this, and nobody finds it any more (L4).
        drop(unsafe { Box::from_raw(self.owned.as_ptr()) });
    }
}

/// Ends the loans of a scope, one after the other; what their drops lend meanwhile as well.
struct End<'l>(&'l RefCell<Vec<Box<dyn Loan>>>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut panicked: Option<Box<dyn Any + Send>> = None;
        loop {
            let Some(loan) = self.0.borrow_mut().pop() else { break };
            // A panic of one closure's own drop must not keep the other loans.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(move || drop(loan))) {
                match panicked {
                    None => panicked = Some(payload),
                    // Dropping a payload may panic; the first one tells enough.
                    Some(_) => std::mem::forget(payload),
                }
            }
        }
        if let Some(payload) = panicked
            && !std::thread::panicking()
        {
            resume_unwind(payload);
        }
    }
}

impl Lua {
    /// Runs `run` with a scope, through which Lua can be lent what lives only that long. When the scope ends, the loans end: a script
    /// that kept one gets an error when it uses it.
    ///
    /// # Errors
    /// What `run` gives.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let mut log = Vec::new();
    /// lua.scope(|scope| {
    ///     let note = scope.create_function_mut(|_, line: String| Ok(log.push(line)))?;
    ///     lua.globals().set("note", &note)?;
    ///     lua.load("note('one') note('two')").exec()
    /// })?;
    /// assert_eq!(log, ["one", "two"]);
    /// let error = lua.load("note('three')").name("=t").exec().unwrap_err();
    /// assert_eq!(error.message(), "t:1: the function has expired: the scope it was lent to has ended");
    /// # Ok(())
    /// # }
    /// ```
    pub fn scope<'env, R>(
        &self,
        run: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> Result<R>,
    ) -> Result<R> {
        let scope = Scope {
            lua: self.clone(),
            loans: RefCell::default(),
            scope: PhantomData,
            env: PhantomData,
        };
        let _end = End(&scope.loans);
        run(&scope)
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// A Lua function from a closure that lives as long as the scope.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_function<A, R>(
        &'scope self,
        closure: impl Fn(&Lua, A) -> Result<R> + 'scope,
    ) -> Result<Function>
    where
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let place = self.lend_closure(closure);
        self.lua.create_function(move |lua: &Lua, args: Rest<A>| match place.get() {
            Some(closure) => {
                // SAFETY: L3; the closure is there until after this call, and is only ever shared.
                let closure = unsafe { closure.as_ref() };
                closure(lua, args.0)
            }
            None => Err(Error::new("the function has expired: the scope it was lent to has ended")),
        })
    }

    /// Keeps a closure until the scope ends.
    fn lend_closure<A: 'static, R: 'static>(
        &'scope self,
        closure: impl Fn(&Lua, A) -> Result<R> + 'scope,
    ) -> Place<ScopedFn<'static, A, R>> {
        let boxed: Box<ScopedFn<'scope, A, R>> = Box::new(closure);
        // SAFETY: L1, L2; only the bound on the lifetime changes, and the loan ends within the true one.
        let boxed: Box<ScopedFn<'static, A, R>> = unsafe { std::mem::transmute(boxed) };
        let owned = NonNull::from(Box::leak(boxed));
        let place = Rc::new(Cell::new(Some(owned)));
        self.loans.borrow_mut().push(Box::new(ClosureLoan { place: Rc::clone(&place), owned }));
        place
    }

    /// As [`Scope::create_function`], for a closure that changes what it captures. Called while it runs it fails.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_function_mut<A, R>(
        &'scope self,
        closure: impl FnMut(&Lua, A) -> Result<R> + 'scope,
    ) -> Result<Function>
    where
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let closure = RefCell::new(closure);
        self.create_function(move |lua: &Lua, args: A| match closure.try_borrow_mut() {
            Ok(mut closure) => closure(lua, args),
            Err(_) => Err(Error::new("the function is running already")),
        })
    }

    /// A userdata over a value that methods may read.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_userdata_ref<T: LuaUserdata>(
        &'scope self,
        value: &'env T,
    ) -> Result<AnyUserdata> {
        let pointer = std::ptr::from_ref(value).cast_mut();
        // SAFETY: L1, L2, L3; the value stays borrowed for `'env`, and is only read.
        let loan = self.lua.with(|vm| unsafe { vm.lend_userdata(pointer, false) })?;
        Ok(self.keep(loan))
    }

    /// A userdata over a value that methods may read and write.
    ///
    /// # Errors
    /// Lua is busy or closed.
    ///
    /// ```
    /// use luna::{Lua, LuaUserdata};
    ///
    /// #[derive(LuaUserdata)]
    /// struct World {
    ///     pub ticks: u32,
    /// }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let mut world = World { ticks: 1 };
    /// lua.scope(|scope| {
    ///     let world = scope.create_userdata_ref_mut(&mut world)?;
    ///     lua.load("local world = ... world.ticks = world.ticks + 1").call::<()>(world)
    /// })?;
    /// assert_eq!(world.ticks, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_userdata_ref_mut<T: LuaUserdata>(
        &'scope self,
        value: &'env mut T,
    ) -> Result<AnyUserdata> {
        let pointer = std::ptr::from_mut(value);
        // SAFETY: L1, L2, L3; the value stays exclusively borrowed for `'env`.
        let loan = self.lua.with(|vm| unsafe { vm.lend_userdata(pointer, true) })?;
        Ok(self.keep(loan))
    }

    /// Keeps a loan until the scope ends.
    fn keep(&'scope self, loan: LentUserdata) -> AnyUserdata {
        let handle = loan.handle().clone();
        self.loans.borrow_mut().push(Box::new(loan));
        AnyUserdata(handle)
    }
}
