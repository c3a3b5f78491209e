//! Parts of payloads: bases and fields that are borrowed in place, through the object that owns the whole.
//!
//! Nothing keeps the address of a part: it is found anew at each borrow, by safe code of the whole's type, from a reference that lasts as
//! long as the borrow of the whole.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::ptr::null_mut;
use std::rc::Rc;

use super::borrow::{Refused, Shared};
use super::{LuaUserdata, trace};
use crate::host::typed::{IntoLuaReturn, NativeCall, Pending};
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::{ClassOps, Payload, Step, UserdataObj, View, Whole};

impl<T: LuaUserdata> Whole for T {
    fn part_of_type(&self, of: TypeId) -> Option<&dyn Any> {
        if of == TypeId::of::<T>() { Some(self) } else { self.part(of) }
    }

    fn part_of_type_mut(&mut self, of: TypeId) -> Option<&mut dyn Any> {
        if of == TypeId::of::<T>() { Some(self) } else { self.part_mut(of) }
    }
}

/// The operations of a class.
pub(super) fn ops<T: LuaUserdata>() -> &'static ClassOps {
    /// Holds the constant of each type.
    struct Of<T>(PhantomData<T>);
    impl<T: LuaUserdata> Of<T> {
        const OPS: ClassOps = ClassOps {
            name: T::type_name,
            has_part: |of| of == TypeId::of::<T>() || T::has_part(of),
            whole: |data| data.cast::<T>(),
            counted: !T::FROZEN || T::TRACES,
            begin: begin::<T>,
            end: end::<T>,
        };
    }
    &Of::<T>::OPS
}

/// Tells the collector that a borrow begins.
unsafe fn begin<T: LuaUserdata>(object: *mut UserdataObj, exclusive: bool) {
    if T::TRACES {
        trace::before_borrow::<T>(object, exclusive);
    }
}

/// Tells the collector that a borrow has ended.
unsafe fn end<T: LuaUserdata>(object: *mut UserdataObj, exclusive: bool) {
    if T::TRACES {
        trace::after_borrow::<T>(object, exclusive);
    }
}

/// The object that owns what an object shows.
pub(super) unsafe fn root_of(object: *mut UserdataObj) -> *mut UserdataObj {
    let view = (*object).view;
    if view.is_null() { object } else { (*view).root }
}

/// Refuses to move a part out of its whole.
pub(super) unsafe fn refuse<T: LuaUserdata>(raw: RawValue) -> Result<(), Refused> {
    if raw.tag != tag::USERDATA || (*raw.as_ptr::<UserdataObj>()).class != TypeId::of::<T>() {
        return Err(Refused::Type);
    }
    if (*raw.as_ptr::<UserdataObj>()).view.is_null() { Ok(()) } else { Err(Refused::Part) }
}

/// Ends the borrow of a whole.
pub(super) unsafe fn release(root: *mut UserdataObj, exclusive: bool) {
    let Some(ops) = (*root).ops else { return };
    if ops.counted {
        (*root).borrow = if exclusive { 0 } else { (*root).borrow - 1 };
        (ops.end)(root, exclusive);
    }
}

/// A borrow of a whole that ends if the part is not found.
struct Begun(*mut UserdataObj, bool);

impl Drop for Begun {
    fn drop(&mut self) {
        // SAFETY: H2; `begin_whole` borrowed the object, which is live as long as the search.
        unsafe { release(self.0, self.1) }
    }
}

/// Borrows a whole: its value.
unsafe fn begin_whole(
    root: *mut UserdataObj,
    ops: &'static ClassOps,
    exclusive: bool,
) -> Result<*mut dyn Whole, Refused> {
    let name = (ops.name)();
    let data: *mut () = match &mut (*root).payload {
        Some(payload) => (&raw mut **payload).cast(),
        None if !(*root).lent.is_null() => (*root).lent,
        None if (*root).scoped => return Err(Refused::Whole(name, &Refused::Expired)),
        None => return Err(Refused::Whole(name, &Refused::Destroyed)),
    };
    if exclusive && (*root).frozen {
        return Err(Refused::Whole(name, &Refused::Frozen));
    }
    if ops.counted {
        let others = (*root).borrow;
        if exclusive && others != 0 {
            return Err(Refused::Whole(name, &Refused::Borrowed));
        }
        if others < 0 {
            return Err(Refused::Whole(name, &Refused::Exclusive));
        }
        (ops.begin)(root, exclusive);
        (*root).borrow = if exclusive { -1 } else { others + 1 };
    }
    Ok((ops.whole)(data))
}

/// Borrows the part of an object's value that is a `T`, where the object owns none: the owner of the whole, and the part.
///
/// # Safety
/// The object is live, and stays so as long as the borrow.
pub(super) unsafe fn borrow<T: LuaUserdata>(
    object: *mut UserdataObj,
    exclusive: bool,
    refused: Refused,
) -> Result<(*mut UserdataObj, *mut T), Refused> {
    let Some(ops) = (*object).ops.filter(|ops| (ops.has_part)(TypeId::of::<T>())) else {
        return Err(refused);
    };
    let view = (*object).view;
    if view.is_null() && (*object).class == TypeId::of::<T>() {
        return Err(refused);
    }
    let root = root_of(object);
    let root_ops = (*root).ops.unwrap_or(ops);
    let whole = begin_whole(root, root_ops, exclusive)?;
    let begun = Begun(root, exclusive);
    let steps: &[Rc<dyn Step>] = if view.is_null() { &[] } else { &(*view).steps };
    let of = TypeId::of::<T>();
    let data = if exclusive {
        let inner = steps.iter().try_fold(&mut *whole, |whole, step| step.exclusive(whole));
        let part = inner.and_then(|inner| inner.part_of_type_mut(of)?.downcast_mut::<T>());
        part.map(std::ptr::from_mut)
    } else {
        let inner = steps.iter().try_fold(&*whole, |whole, step| step.shared(whole));
        let part = inner.and_then(|inner| inner.part_of_type(of)?.downcast_ref::<T>());
        part.map(|part| std::ptr::from_ref(part).cast_mut())
    };
    let data = data.ok_or(Refused::Type)?;
    std::mem::forget(begun);
    Ok((root, data))
}

/// A step to a field.
struct Field<T, C, G, E> {
    shared: G,
    exclusive: E,
    types: PhantomData<fn(T) -> C>,
}

impl<T, C, G, E> Step for Field<T, C, G, E>
where
    T: LuaUserdata,
    C: LuaUserdata,
    G: Fn(&T) -> &C,
    E: Fn(&mut T) -> &mut C,
{
    fn shared<'w>(&self, whole: &'w dyn Whole) -> Option<&'w dyn Whole> {
        let outer = whole.part_of_type(TypeId::of::<T>())?.downcast_ref::<T>()?;
        Some((self.shared)(outer))
    }

    fn exclusive<'w>(&self, whole: &'w mut dyn Whole) -> Option<&'w mut dyn Whole> {
        let outer = whole.part_of_type_mut(TypeId::of::<T>())?.downcast_mut::<T>()?;
        Some((self.exclusive)(outer))
    }
}

/// Body of the getter of a field that is borrowed in place.
pub(super) fn child_body<T: LuaUserdata, C: LuaUserdata, G, E>(
    shared: G,
    exclusive: E,
) -> impl Fn(&NativeCall) -> Result<usize, Pending> + 'static
where
    G: Fn(&T) -> &C + 'static,
    E: Fn(&mut T) -> &mut C + 'static,
{
    let step: Rc<dyn Step> = Rc::new(Field { shared, exclusive, types: PhantomData });
    move |call: &NativeCall| {
        // The whole is there and of the type.
        drop(Shared::<T>::of_argument(call, 0)?);
        let outer = Value::from_raw(call.arg(0).0);
        call.with_vm(|vm| vm.view::<C>(outer, &step))?.deliver(call)
    }
}

impl Vm {
    /// A userdata over a part of another's value; nil if that is none.
    fn view<C: LuaUserdata>(&mut self, outer: Value, step: &Rc<dyn Step>) -> Value {
        let class = self.class::<C>();
        let Some(raw) = self.checked(outer).filter(|raw| raw.tag == tag::USERDATA) else {
            return Value::Nil;
        };
        let outer: *mut UserdataObj = raw.as_ptr();
        let l = self.state();
        // SAFETY: V1, E2; the object is given out before anything can collect. It never owns a payload of the type it is said to be of,
        // and its view keeps the whole.
        unsafe {
            let view = (*outer).view;
            let mut steps = if view.is_null() { Vec::new() } else { (*view).steps.clone() };
            steps.push(Rc::clone(step));
            let root = root_of(outer);
            let placeholder: Payload = Box::new(());
            let object = UserdataObj::new(&mut (*l).heap, placeholder, 0);
            drop((*object).payload.take());
            (*object).class = TypeId::of::<C>();
            (*object).meta = class.meta;
            (*object).ops = Some(ops::<C>());
            (*object).lent = null_mut();
            (*object).view = Box::into_raw(Box::new(View { root, steps }));
            Value::Userdata(Gc::new(object))
        }
    }
}
