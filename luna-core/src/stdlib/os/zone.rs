//! Local time.

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
    #[cfg(feature = "os")]
    pub(super) fn at(seconds: i64) -> Local {
        let zone = jiff::tz::TimeZone::system();
        let Ok(instant) = jiff::Timestamp::from_second(seconds) else {
            return Local { name: "UTC".to_owned(), ..Local::universal() };
        };
        let info = zone.to_offset_info(instant);
        Local {
            offset: i64::from(info.offset().seconds()),
            dst: info.dst().is_dst(),
            name: info.abbreviation().to_owned(),
        }
    }

    /// Local time is universal time where the system's zone is not known.
    #[cfg(not(feature = "os"))]
    pub(super) fn at(_seconds: i64) -> Local {
        Local { name: "UTC".to_owned(), ..Local::universal() }
    }
}
