//! Scopes: what is lent to Lua for the length of a call.
//!
//! - **L1** What is lent outlives the scope: its lifetime encloses the whole call of [`Lua::scope`].
//! - **L2** Loans end before [`Lua::scope`] returns or unwinds, and before the [`Scope`] is gone, to which closures may refer: a guard made
//!   after it ends them. Users get only a reference to the scope.
//! - **L3** Calls nest: one that began within the scope has ended when the scope ends, for natives cannot be suspended. So no call uses a
//!   loan that ends. What could outlive a call, a guard, refuses lent userdata, or has a ticket, which gives the value to closures only.
//! - **L4** After its end a loan is empty, and using it is an error.
//! - **L5** The lifetime in the type of a lent value is forgotten. Closures that get the value are good for every lifetime, so for the true
//!   one, and nothing that is bound to it comes out of them.
//! - **L6** A place has one ticket, which is never copied: who borrows the ticket borrows the value, and nobody else does.

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
use crate::lend::{Lend, LendFamily};
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

/// Where Lua's side finds what is lent, until the loan ends.
type Place<T> = Rc<Cell<Option<NonNull<T>>>>;

/// The owner's side of a lent closure or value, which it frees.
struct OwnedLoan<T: ?Sized> {
    place: Place<T>,
    owned: NonNull<T>,
}

impl<T: ?Sized> Loan for OwnedLoan<T> {}

impl<T: ?Sized> Drop for OwnedLoan<T> {
    fn drop(&mut self) {
        self.place.set(None);
        // SAFETY: L3; the pointer came from a box, is owned by this, and nobody finds it any more (L4).
        drop(unsafe { Box::from_raw(self.owned.as_ptr()) });
    }
}

/// The owner's side of a value that the host keeps.
struct KeptLoan<T>(Place<T>);

impl<T> Loan for KeptLoan<T> {}

impl<T> Drop for KeptLoan<T> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// How a value with a lifetime is lent.
enum Way {
    /// The scope owns it.
    Owned,
    /// The host keeps it, borrowed shared.
    Shared,
    /// The host keeps it, borrowed exclusively.
    Exclusive,
}

/// A value of the type of `F`, whose lifetime is forgotten.
type Erased<F> = <F as LendFamily>::Of<'static>;

/// What Lua holds of a value with a lifetime that a [`Scope`] lends it: a ticket, which finds the value until the scope ends.
///
/// Typed functions take it as `&Lent<View>` and `&mut Lent<View>`; methods of `#[lua_methods]` blocks see the value itself.
pub struct Lent<F: LendFamily> {
    place: Place<Erased<F>>,
    writable: bool,
}

impl<F: LendFamily> fmt::Debug for Lent<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lent").field(&F::type_name()).finish()
    }
}

impl<F: LendFamily> Lent<F> {
    /// Looks at the value.
    ///
    /// # Errors
    /// The scope has ended.
    ///
    /// ```
    /// use luna::{Lent, Lua, LuaUserdata};
    ///
    /// #[derive(LuaUserdata)]
    /// struct View<'w>(&'w [i64]);
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let sum = lua.create_function(|view: &Lent<View<'static>>| view.with(|view| view.0.iter().sum::<i64>()))?;
    /// let numbers = vec![1, 2, 3];
    /// lua.scope(|scope| {
    ///     let view = scope.create_lent(View(&numbers))?;
    ///     assert_eq!(sum.call::<i64>(&view)?, 6);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn with<R>(&self, look: impl for<'x> FnOnce(&F::Of<'x>) -> R) -> Result<R> {
        let value = self.value()?.cast::<F::Of<'_>>();
        // SAFETY: L3, L5, L6; the value is there until after the closure, and the ticket is borrowed as long.
        Ok(look(unsafe { value.as_ref() }))
    }

    /// Changes the value.
    ///
    /// # Errors
    /// The scope has ended, or the value was lent to be read.
    pub fn with_mut<R>(&mut self, change: impl for<'x> FnOnce(&mut F::Of<'x>) -> R) -> Result<R> {
        let mut value = self.value()?.cast::<F::Of<'_>>();
        if !self.writable {
            let name = F::type_name();
            return Err(Error::new(format!("cannot borrow {name} mutably: it is lent to be read")));
        }
        // SAFETY: L3, L5, L6; as above, exclusively, and what is writable was lent exclusively.
        Ok(change(unsafe { value.as_mut() }))
    }

    /// Where the value is.
    fn value(&self) -> Result<NonNull<Erased<F>>> {
        self.place.get().ok_or_else(|| {
            let name = F::type_name();
            Error::new(format!("{name} has expired: the scope it was lent to has ended"))
        })
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
        self.loans.borrow_mut().push(Box::new(OwnedLoan { place: Rc::clone(&place), owned }));
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

    /// A userdata over a value whose type has a lifetime. The scope owns the value, and drops it when it ends.
    ///
    /// # Errors
    /// Lua is busy or closed.
    ///
    /// ```
    /// use luna::{Lua, LuaUserdata, lua_methods};
    ///
    /// #[derive(LuaUserdata)]
    /// struct View<'w> {
    ///     names: &'w mut Vec<String>,
    /// }
    ///
    /// #[lua_methods]
    /// impl View<'_> {
    ///     fn spawn(&mut self, name: String) -> usize {
    ///         self.names.push(name);
    ///         self.names.len()
    ///     }
    /// }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let mut names = Vec::new();
    /// lua.scope(|scope| {
    ///     let view = scope.create_lent(View { names: &mut names })?;
    ///     lua.load("local view = ... view:spawn('orc') kept = view").call::<()>(view)
    /// })?;
    /// assert_eq!(names, ["orc"]);
    /// let error = lua.load("kept:spawn('elf')").name("=t").exec().unwrap_err();
    /// assert_eq!(error.message(), "t:1: View has expired: the scope it was lent to has ended");
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_lent<'v, V: Lend<'v> + 'scope>(&'scope self, value: V) -> Result<AnyUserdata> {
        let value = NonNull::from(Box::leak(Box::new(value))).cast();
        // SAFETY: L1, L2; the box is the scope's, which drops it within the lifetime of what it borrows.
        unsafe { self.issue::<V::Family>(value, Way::Owned) }
    }

    /// As [`Scope::create_lent`], over a value that stays the host's, and that methods may read.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_lent_ref<'v, V: Lend<'v>>(&'scope self, value: &'env V) -> Result<AnyUserdata> {
        let value = NonNull::from(value).cast();
        // SAFETY: L1, L2; the value stays borrowed for `'env`, and is only read.
        unsafe { self.issue::<V::Family>(value, Way::Shared) }
    }

    /// As [`Scope::create_lent`], over a value that stays the host's, and that methods may read and write.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_lent_mut<'v, V: Lend<'v>>(
        &'scope self,
        value: &'env mut V,
    ) -> Result<AnyUserdata> {
        let value = NonNull::from(value).cast();
        // SAFETY: L1, L2; the value stays exclusively borrowed for `'env`.
        unsafe { self.issue::<V::Family>(value, Way::Exclusive) }
    }

    /// Lends a value, keeps its loan until the scope ends, and gives out the one ticket (L6).
    ///
    /// # Safety
    /// The value is of the type of `F` with some lifetime (L5), valid until the scope ends, and in a box or borrowed as `way` says.
    unsafe fn issue<F: LendFamily>(
        &'scope self,
        value: NonNull<()>,
        way: Way,
    ) -> Result<AnyUserdata> {
        let owned = value.cast::<Erased<F>>();
        let ticket = Lent::<F> {
            place: Rc::new(Cell::new(Some(owned))),
            writable: !matches!(way, Way::Shared),
        };
        let place = Rc::clone(&ticket.place);
        self.loans.borrow_mut().push(match way {
            Way::Owned => Box::new(OwnedLoan { place, owned }),
            Way::Shared | Way::Exclusive => Box::new(KeptLoan(place)),
        });
        self.lua.create_userdata(ticket)
    }

    /// Keeps a loan until the scope ends.
    fn keep(&'scope self, loan: LentUserdata) -> AnyUserdata {
        let handle = loan.handle().clone();
        self.loans.borrow_mut().push(Box::new(loan));
        AnyUserdata(handle)
    }
}
