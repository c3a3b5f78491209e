//! What a script touches outside its heap: the trait the host answers through, and the real system behind it.

pub(crate) mod host_io;
pub(crate) mod memory_io;
pub(crate) mod system_io;
