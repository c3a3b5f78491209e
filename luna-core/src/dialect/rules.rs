//! The rules of each version, as data: a version is a diff of the one before.

use super::LuaVersion;

/// A piece of the header of a binary chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderPart {
    /// The bytes that stand there.
    pub(crate) bytes: &'static [u8],
    /// What is wrong where others do.
    pub(crate) mismatch: &'static str,
}

/// How the collector's numbers are stored, which rounds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GcParamForm {
    /// A byte that counts in fours.
    Quarters,
    /// A byte of a four-bit mantissa and a four-bit exponent.
    SmallFloat,
}

impl GcParamForm {
    /// The largest number of [`GcParamForm::SmallFloat`].
    const LARGEST: i64 = 396_800;

    /// What is kept of `value`.
    pub(crate) fn kept(self, value: i64) -> i64 {
        match self {
            GcParamForm::Quarters => ((value / 4) & 0xFF) * 4,
            GcParamForm::SmallFloat if value >= GcParamForm::LARGEST => GcParamForm::LARGEST,
            GcParamForm::SmallFloat => {
                // In units of a 128th; five leading bits stay.
                let units = (value.max(0) * 128 + 99) / 100;
                let dropped = (64 - units.leading_zeros()).saturating_sub(5);
                100 * (units >> dropped << dropped) / 128
            }
        }
    }
}

/// What a dialect allows and how it behaves. Spent in the lexer, the compiler and the library tables; the
/// interpreter's loop never reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Value of `_VERSION`, also the directory name in `package.path`'s defaults.
    pub(crate) version_name: &'static str,
    /// The stock header of a binary chunk.
    pub(crate) chunk_header: &'static [HeaderPart],
    /// `global` declarations.
    pub(crate) global_decl: bool,
    /// `function f(...t)`.
    pub(crate) named_vararg: bool,
    /// `local <const> a, b`.
    pub(crate) prefix_attribs: bool,
    /// Loop variables cannot be assigned to.
    pub(crate) const_loop_vars: bool,
    /// Errors of meaning have the line of the token after the one at fault.
    pub(crate) semantic_errors_at_next_token: bool,
    /// The message about too many registers says where.
    pub(crate) register_limit_names_function: bool,
    /// A `break` outside of loops is refused where it stands, not at the end of the function.
    pub(crate) break_needs_loop_at_once: bool,
    /// Messages say that a `goto` is on the line of its label's name, not on that of the word.
    pub(crate) goto_line_of_name: bool,
    /// A jump into the scope of a variable is refused at the end of the block.
    pub(crate) gotos_checked_at_block_end: bool,
    /// What the message about such a jump calls the variable, with a space after it.
    pub(crate) goto_scope_noun: &'static str,
    /// Variables are in scope, for debuggers, while the block that ends closes them.
    pub(crate) scope_lasts_while_closing: bool,
    /// Hooks learn a place even where a call or return passes nothing.
    pub(crate) empty_transfer_has_place: bool,
    /// A jump out of scopes closes their variables where it stands, not where it goes to.
    pub(crate) jumps_close_scopes: bool,
    /// A test that guards a `break` is itself the jump out of the loop.
    pub(crate) fuse_if_break: bool,
    /// Debuggers see a loop keep its control value apart from the first variable.
    pub(crate) loops_keep_control_apart: bool,
    /// The limit on local variables counts names as they are declared, not registers as they are taken.
    pub(crate) locals_limited_by_name: bool,
    /// How a line that is not known shows in a position.
    pub(crate) unknown_line: &'static str,
    /// A nil error becomes `<no error object>` where it is caught.
    pub(crate) nil_error_named: bool,
    /// `__close` gets no error argument where there is no error.
    pub(crate) close_omits_error: bool,
    /// Tracebacks prefer the name that the code calls a function by to that of a loaded function.
    pub(crate) traceback_prefers_code_name: bool,
    /// Messages call a method so even where its name is no short constant.
    pub(crate) far_methods_named: bool,
    /// Most values that `__call` leads through before a function is reached.
    pub(crate) max_call_chain: usize,
    /// A coroutine can close itself, and `coroutine.close` means the running one if none is given.
    pub(crate) coroutine_closes_itself: bool,
    /// `io.write` writes floats with the format of C alone, so whole ones without a fraction.
    pub(crate) bare_floats_written: bool,
    /// Reading a negative number of bytes makes too large a string, not one that memory does not hold.
    pub(crate) huge_read_too_large: bool,
    /// `string.dump` says as an argument error that it wants a Lua function.
    pub(crate) dump_checks_argument: bool,
    /// Longest string.
    pub(crate) max_string: usize,
    /// A float is written with 17 digits where the shorter form does not read back.
    pub(crate) float_round_trip: bool,
    /// Results of `pairs`.
    pub(crate) pairs_results: usize,
    /// Options of `collectgarbage` besides the usual.
    pub(crate) gc_options: &'static [&'static str],
    /// The mode options of `collectgarbage` take numbers to set.
    pub(crate) gc_modes_take_params: bool,
    /// How these numbers are stored.
    pub(crate) gc_param_form: GcParamForm,
    /// What they are at first, in the order of `heap::pace::Param::ALL`.
    pub(crate) gc_params: [i64; 6],
    /// The mode of `load` must not contain `B`.
    pub(crate) load_mode_checked: bool,
    /// Strings pass as lists as far as their length goes.
    pub(crate) string_is_list: bool,
    /// `table.unpack` wants a list or what behaves like one.
    pub(crate) unpack_checks_list: bool,
    /// Largest size that a format of `string.pack` can describe.
    pub(crate) max_pack_size: usize,
    /// `utf8.offset` also gives where the character ends.
    pub(crate) utf8_offset_gives_end: bool,
    /// A failed write also tells the bytes written.
    pub(crate) failed_write_counts: bool,
    /// `debug.getinfo` counts the arguments that `__call` added.
    pub(crate) getinfo_extra_args: bool,
    /// The length of a table with holes is looked for from its start on.
    pub(crate) border_near_start: bool,
    /// Alignment that `!` of `string.pack` means by itself.
    pub(crate) pack_alignment: usize,
    /// Registers a function may have.
    pub(crate) max_registers: u8,
    /// A `return` of too many values has an error of its own.
    pub(crate) returns_limited_by_name: bool,
    /// The dialect, for the table of library functions.
    pub(crate) version: LuaVersion,
}

/// Lua 5.4.
pub(crate) const LUA54: Rules = Rules {
    version_name: "Lua 5.4",
    chunk_header: HEADER54,
    global_decl: false,
    named_vararg: false,
    prefix_attribs: false,
    const_loop_vars: false,
    semantic_errors_at_next_token: true,
    register_limit_names_function: false,
    break_needs_loop_at_once: false,
    goto_line_of_name: true,
    gotos_checked_at_block_end: false,
    goto_scope_noun: "local ",
    scope_lasts_while_closing: false,
    empty_transfer_has_place: false,
    jumps_close_scopes: false,
    fuse_if_break: true,
    loops_keep_control_apart: true,
    locals_limited_by_name: true,
    unknown_line: "-1",
    nil_error_named: false,
    close_omits_error: false,
    traceback_prefers_code_name: false,
    far_methods_named: true,
    max_call_chain: usize::MAX,
    coroutine_closes_itself: false,
    bare_floats_written: true,
    huge_read_too_large: false,
    dump_checks_argument: false,
    max_string: i32::MAX as usize,
    float_round_trip: false,
    pairs_results: 3,
    gc_options: &["setpause", "setstepmul"],
    gc_modes_take_params: true,
    gc_param_form: GcParamForm::Quarters,
    gc_params: [20, 0, 100, 200, 100, 13],
    load_mode_checked: false,
    string_is_list: false,
    unpack_checks_list: false,
    max_pack_size: i32::MAX as usize,
    utf8_offset_gives_end: false,
    failed_write_counts: false,
    getinfo_extra_args: false,
    border_near_start: false,
    pack_alignment: 8,
    max_registers: 254,
    returns_limited_by_name: false,
    version: LuaVersion::Lua54,
};

/// Lua 5.5.
pub(crate) const LUA55: Rules = Rules {
    version_name: "Lua 5.5",
    chunk_header: HEADER55,
    global_decl: true,
    named_vararg: true,
    prefix_attribs: true,
    const_loop_vars: true,
    semantic_errors_at_next_token: false,
    register_limit_names_function: true,
    break_needs_loop_at_once: true,
    goto_line_of_name: false,
    gotos_checked_at_block_end: true,
    goto_scope_noun: "",
    scope_lasts_while_closing: true,
    empty_transfer_has_place: true,
    jumps_close_scopes: true,
    fuse_if_break: false,
    loops_keep_control_apart: false,
    locals_limited_by_name: false,
    unknown_line: "?",
    nil_error_named: true,
    close_omits_error: true,
    traceback_prefers_code_name: true,
    far_methods_named: false,
    max_call_chain: 15,
    coroutine_closes_itself: true,
    bare_floats_written: false,
    huge_read_too_large: true,
    dump_checks_argument: true,
    max_string: isize::MAX as usize,
    float_round_trip: true,
    pairs_results: 4,
    gc_options: &["param"],
    gc_modes_take_params: false,
    gc_param_form: GcParamForm::SmallFloat,
    gc_params: [20, 50, 68, 250, 200, 9600],
    load_mode_checked: true,
    string_is_list: true,
    unpack_checks_list: true,
    max_pack_size: i64::MAX as usize,
    utf8_offset_gives_end: true,
    failed_write_counts: true,
    getinfo_extra_args: true,
    border_near_start: true,
    pack_alignment: 16,
    max_registers: 255,
    returns_limited_by_name: true,
    version: LuaVersion::Lua55,
};

/// Shorthand for a piece of a header.
const fn part(bytes: &'static [u8], mismatch: &'static str) -> HeaderPart {
    HeaderPart { bytes, mismatch }
}

/// Header of Lua 5.4's chunks: signature, version, format, a test for damaged line ends, sizes, samples of numbers.
const HEADER54: &[HeaderPart] = &[
    part(b"\x1bLua", "not a binary chunk"),
    part(b"\x54", "version mismatch"),
    part(b"\0", "format mismatch"),
    part(b"\x19\x93\r\n\x1a\n", "corrupted chunk"),
    part(b"\x04", "Instruction size mismatch"),
    part(b"\x08", "lua_Integer size mismatch"),
    part(b"\x08", "lua_Number size mismatch"),
    part(&0x5678_i64.to_le_bytes(), "integer format mismatch"),
    part(&370.5_f64.to_le_bytes(), "float format mismatch"),
];

/// Header of Lua 5.5's chunks: as before, each size followed by its sample.
const HEADER55: &[HeaderPart] = &[
    part(b"\x1bLua", "not a binary chunk"),
    part(b"\x55", "version mismatch"),
    part(b"\0", "format mismatch"),
    part(b"\x19\x93\r\n\x1a\n", "corrupted chunk"),
    part(b"\x04", "int size mismatch"),
    part(&(-0x5678_i32).to_le_bytes(), "int format mismatch"),
    part(b"\x04", "instruction size mismatch"),
    part(&0x1234_5678_i32.to_le_bytes(), "instruction format mismatch"),
    part(b"\x08", "Lua integer size mismatch"),
    part(&(-0x5678_i64).to_le_bytes(), "Lua integer format mismatch"),
    part(b"\x08", "Lua number size mismatch"),
    part(&(-370.5_f64).to_le_bytes(), "Lua number format mismatch"),
];
