//! Local time.

use crate::host::native::{Cx, Raise};

/// Local time at an instant.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// Seconds east of Greenwich.
    pub(super) offset: i64,
    /// Whether daylight saving is in force.
    pub(super) dst: bool,
    /// The zone's short name.
    pub(super) name: String,
}

impl Local {
    /// Universal time, as `os.date("!...")` has it.
    pub(super) fn universal() -> Local {
        Local { offset: 0, dst: false, name: "GMT".to_owned() }
    }

    /// Local time at an instant given in seconds since 1970.
    pub(super) fn at(cx: &Cx<'_>, seconds: i64) -> Result<Local, Raise> {
        let (offset, (name, dst)) = cx.ask(|io| (io.utc_offset(seconds), io.zone(seconds)))?;
        Ok(Local { offset: i64::from(offset), dst, name })
    }
}
