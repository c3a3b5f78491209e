//! Parts of payloads: bases and fields that are borrowed in place, through the object that owns the whole.
//!
//! Nothing keeps the address of a part: it is found anew at each borrow, by safe code of the whole's type, from a reference that lasts as
//! long as the borrow of the whole.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::rc::Rc;

use super::borrow::{Refused, Shared};
use super::foreign::Asked;
use super::{LuaUserdata, trace};
use crate::heap::Heap;
use crate::host::typed::{IntoLuaReturn, NativeCall, Pending};
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::host::vm::maker::{Made, Maker};
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::{ClassOps, PayloadType, Place, UserdataObj, Whole};

impl<T: LuaUserdata> Whole for T {
    fn part_of_type(&self, of: TypeId) -> Option<&dyn Any> {
        if of == TypeId::of::<T>() { Some(self) } else { self.part(of) }
    }

    fn part_of_type_mut(&mut self, of: TypeId) -> Option<&mut dyn Any> {
        if of == TypeId::of::<T>() { Some(self) } else { self.part_mut(of) }
    }

    fn data<'id>(&self, maker: &mut Maker<'id>) -> Option<Result<Made<'id>, String>> {
        self.make_data(maker)
    }
}

/// A step from a value to one that it contains.
trait Step {
    /// The inner value; `None` if the outer one is of another type.
    fn shared<'w>(&self, whole: &'w dyn Whole) -> Option<&'w dyn Whole>;

    /// As [`Step::shared`], to be changed.
    fn exclusive<'w>(&self, whole: &'w mut dyn Whole) -> Option<&'w mut dyn Whole>;
}

/// Where the value of a userdata lies that is part of another's.
pub(super) struct View {
    /// The userdata that owns the whole.
    root: *mut UserdataObj,
    /// The way from there.
    steps: Vec<Rc<dyn Step>>,
}

/// A view as the payload of an object that is said to be a `C`.
#[repr(transparent)]
struct ViewOf<C>(View, PhantomData<fn() -> C>);

/// The operations of a class.
pub(super) const fn ops<T: LuaUserdata>() -> &'static ClassOps {
    &ClassOps { view: false, ..OpsOf::<T>::VIEW }
}

/// Holds the operations of each class, as those of a view.
struct OpsOf<T>(PhantomData<T>);

impl<T: LuaUserdata> OpsOf<T> {
    const VIEW: ClassOps = ClassOps {
        shown: TypeId::of::<T>(),
        view: true,
        name: T::type_name,
        has_part: |of| of == TypeId::of::<T>() || T::has_part(of),
        whole: |data| data.cast::<T>(),
        counted: !T::FROZEN || T::TRACES,
        begin: begin::<T>,
        end: end::<T>,
    };
    /// What objects with a view know of their payload.
    const TYPE: &'static PayloadType =
        &PayloadType::new::<ViewOf<T>>(true, Some(trace_view)).of_class(&Self::VIEW);
}

/// The view that is the payload of an object, if it is one.
pub(super) unsafe fn view<'v>(object: *mut UserdataObj) -> Option<&'v View> {
    let is_view = (*object).ty.class.is_some_and(|class| class.view) && !(*object).data.is_null();
    is_view.then(|| &*(*object).data.cast::<View>())
}

/// Marks the whole that an object shows a part of.
///
/// # Safety
/// H3; the object is live and its payload a view, and `heap` is its own, which marks.
unsafe fn trace_view(object: *mut UserdataObj, heap: &mut Heap) {
    if let Some(view) = view(object) {
        heap.mark_object(view.root.cast());
    }
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
    view(object).map_or(object, |view| view.root)
}

/// Refuses to move a part out of its whole.
pub(super) unsafe fn refuse<T: LuaUserdata>(raw: RawValue) -> Result<(), Refused> {
    if raw.tag != tag::USERDATA {
        return Err(Refused::Type);
    }
    let ty = (*raw.as_ptr::<UserdataObj>()).ty;
    match ty.shown() == TypeId::of::<T>() {
        true if ty.id != TypeId::of::<T>() => Err(Refused::Part),
        true => Ok(()),
        false => Err(Refused::Type),
    }
}

/// Ends the borrow of a whole.
pub(super) unsafe fn release(root: *mut UserdataObj, exclusive: bool) {
    let Some(ops) = (*root).ty.class else { return };
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
    let members = (*root).members;
    let name = if members.is_null() { (ops.name)() } else { (*members).name };
    let data = (*root).data;
    if data.is_null() {
        let lent = (*root).place == Place::Lent;
        let why = if lent { &Refused::Expired } else { &Refused::Destroyed };
        return Err(Refused::Whole(name, why));
    }
    if exclusive && (*root).ty.frozen {
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
        // The flag first: what follows is the type's own code.
        (*root).borrow = if exclusive { -1 } else { others + 1 };
        (ops.begin)(root, exclusive);
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
    let _asked = Asked::by(object);
    let has_part = |ops: &&ClassOps| (ops.has_part)(TypeId::of::<T>());
    let Some(ops) = (*object).ty.class.filter(has_part) else { return Err(refused) };
    if (*object).ty.id == TypeId::of::<T>() {
        return Err(refused);
    }
    let view = view(object);
    let root = view.map_or(object, |view| view.root);
    let root_ops = (*root).ty.class.unwrap_or(ops);
    let whole = begin_whole(root, root_ops, exclusive)?;
    let begun = Begun(root, exclusive);
    let steps: &[Rc<dyn Step>] = view.map_or(&[], |view| &view.steps);
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

/// What the class of what an object shows makes of its data, which is borrowed as long; `None`: nothing.
///
/// # Safety
/// The object is live, and stays so meanwhile; the maker is its state's.
pub(in crate::host) unsafe fn data<'id>(
    object: *mut UserdataObj,
    maker: &mut Maker<'id>,
) -> Option<Result<Made<'id>, String>> {
    let _asked = Asked::by(object);
    let view = view(object);
    let root = view.map_or(object, |view| view.root);
    let whole = match begin_whole(root, (*root).ty.class?, false) {
        Ok(whole) => whole,
        Err(refused) => return refused.text("", "from_value", "").map(Err),
    };
    let _begun = Begun(root, false);
    let steps: &[Rc<dyn Step>] = view.map_or(&[], |view| &view.steps);
    steps.iter().try_fold(&*whole, |whole, step| step.shared(whole))?.data(maker)
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

/// Most steps from a whole to a part: each borrow walks them, and a type that has parts of its own type has no end of them.
const MAX_STEPS: usize = 100;

/// How many steps from its whole the value of an object is.
unsafe fn depth(object: Value) -> usize {
    match object {
        Value::Userdata(object) => view(object.as_ptr()).map_or(0, |view| view.steps.len()),
        _ => 0,
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
        // SAFETY: V1; the argument is live.
        if unsafe { depth(outer) } >= MAX_STEPS {
            return Err(call.fail(format_args!("parts of {} nest too deep", T::type_name())));
        }
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
            let (root, mut steps) = match view(outer) {
                Some(view) => (view.root, view.steps.clone()),
                None => (outer, Vec::new()),
            };
            steps.push(Rc::clone(step));
            let bytes = steps.capacity() * size_of::<Rc<dyn Step>>();
            let payload = ViewOf::<C>(View { root, steps }, PhantomData);
            let object = UserdataObj::new(&mut (*l).heap, payload, OpsOf::<C>::TYPE);
            (*object).charge(&mut (*l).heap, bytes);
            (*object).meta = (*class).meta;
            (*object).members = class;
            Value::Userdata(Gc::new(object))
        }
    }
}
