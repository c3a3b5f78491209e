//! The op table: the only list of instructions.
//!
//! One row per op: name, operand form, effect class, what it names in an error message, meaning. Everything that
//! walks over ops (enum, decoder, listing, verifier, dispatch) expands [`for_each_op!`], so that a new row fails to compile until all
//! of them know it.
//!
//! An instruction is a 32-bit word, the op in its low byte:
//!
//! ```text
//! abc   op:8 A:8 B:8 C:8        sB, sC: the byte as a signed number
//! abx   op:8 A:8 Bx:16          sBx: the half-word as a signed number
//! sj    op:8 sJ:24              signed, relative to the next instruction
//! ax    op:8 Ax:24
//! ```
//!
//! All signed fields are two's complement. Registers count from the frame's base; `K[n]` is constant n, `U[n]` upvalue
//! n, `P[n]` nested prototype n. A conditional op is always followed by a [`Op::Jmp`]; its `0`/`1` variant says which truth value
//! takes the jump.
//!
//! Operand forms, by field: `R` register, `K` constant (any), `KS` short string constant, `KN` numeric constant, `U` upvalue,
//! `I` unsigned number, `S` signed number, `P` prototype, `_` unused (must be 0).
//!
//! Effects: `pure` touches registers and constants only; `alloc` may collect; `raise` may raise but runs no Lua code;
//! `call` may run Lua code (metamethods included), hence yield.

/// Calls `$m!` with the rows of the op table.
macro_rules! for_each_op {
    ($m:ident) => {
        $m! {
            Move       abc(R R _)    pure   "R[A] := R[B]";
            LoadI      abx(R S)      pure   "R[A] := sBx as integer";
            LoadF      abx(R S)      pure   "R[A] := sBx as float";
            LoadK      abx(R K)      pure   "R[A] := K[Bx]";
            LoadKX     abx(R _)      pure   "R[A] := K[Ax of the next word]";
            LoadFalse  abc(R _ _)    pure   "R[A] := false";
            LFalseSkip abc(R _ _)    pure   "R[A] := false; pc++";
            LoadTrue   abc(R _ _)    pure   "R[A] := true";
            LoadNil    abc(R I _)    pure   "R[A], .., R[A+B] := nil";
            GetUpval   abc(R U _)    pure   "R[A] := U[B]";
            SetUpval   abc(R U _)    pure   "U[B] := R[A]";
            GetTabUp   abc(R U KS)   call   "R[A] := U[B][K[C]]";
            GetTable   abc(R R R)    call   "R[A] := R[B][R[C]]";
            GetI       abc(R R I)    call   "R[A] := R[B][C]";
            GetField   abc(R R KS)   call   "R[A] := R[B][K[C]]";
            SetTabUp   abc(U KS R)   call   "U[A][K[B]] := R[C]";
            SetTabUpK  abc(U KS K)   call   "U[A][K[B]] := K[C]";
            SetTable   abc(R R R)    call   "R[A][R[B]] := R[C]";
            SetTableK  abc(R R K)    call   "R[A][R[B]] := K[C]";
            SetI       abc(R I R)    call   "R[A][B] := R[C]";
            SetIK      abc(R I K)    call   "R[A][B] := K[C]";
            SetField   abc(R KS R)   call   "R[A][K[B]] := R[C]";
            SetFieldK  abc(R KS K)   call   "R[A][K[B]] := K[C]";
            NewTable   abc(R I I)    alloc  "R[A] := {}; node part for 2^(B-1) (B = 0: none), array part for C";
            NewTableX  abc(R I _)    alloc  "as NewTable, array part for Ax of the next word";
            SelfK      abc(R R KS)   call   "R[A+1] := R[B]; R[A] := R[B][K[C]]";
            AddI       abc(R R S)    call   "R[A] := R[B] + sC";
            IAdd       abc(R R S)    call   "R[A] := sC + R[B]";
            SubI       abc(R R S)    call   "R[A] := R[B] - sC";
            AddK       abc(R R KN)   call   "R[A] := R[B] + K[C]";
            KAdd       abc(R R KN)   call   "R[A] := K[C] + R[B]";
            SubK       abc(R R KN)   call   "R[A] := R[B] - K[C]";
            KSub       abc(R R KN)   call   "R[A] := K[C] - R[B]";
            MulK       abc(R R KN)   call   "R[A] := R[B] * K[C]";
            KMul       abc(R R KN)   call   "R[A] := K[C] * R[B]";
            ModK       abc(R R KN)   call   "R[A] := R[B] % K[C]";
            PowK       abc(R R KN)   call   "R[A] := R[B] ^ K[C]";
            DivK       abc(R R KN)   call   "R[A] := R[B] / K[C]";
            KDiv       abc(R R KN)   call   "R[A] := K[C] / R[B]";
            IDivK      abc(R R KN)   call   "R[A] := R[B] // K[C]";
            BAndK      abc(R R KN)   call   "R[A] := R[B] & K[C]";
            BOrK       abc(R R KN)   call   "R[A] := R[B] | K[C]";
            BXorK      abc(R R KN)   call   "R[A] := R[B] ~ K[C]";
            ShlI       abc(R R S)    call   "R[A] := R[B] << sC";
            IShl       abc(R R S)    call   "R[A] := sC << R[B]";
            ShrI       abc(R R S)    call   "R[A] := R[B] >> sC";
            Add        abc(R R R)    call   "R[A] := R[B] + R[C]";
            Sub        abc(R R R)    call   "R[A] := R[B] - R[C]";
            Mul        abc(R R R)    call   "R[A] := R[B] * R[C]";
            Mod        abc(R R R)    call   "R[A] := R[B] % R[C]";
            Pow        abc(R R R)    call   "R[A] := R[B] ^ R[C]";
            Div        abc(R R R)    call   "R[A] := R[B] / R[C]";
            IDiv       abc(R R R)    call   "R[A] := R[B] // R[C]";
            BAnd       abc(R R R)    call   "R[A] := R[B] & R[C]";
            BOr        abc(R R R)    call   "R[A] := R[B] | R[C]";
            BXor       abc(R R R)    call   "R[A] := R[B] ~ R[C]";
            Shl        abc(R R R)    call   "R[A] := R[B] << R[C]";
            Shr        abc(R R R)    call   "R[A] := R[B] >> R[C]";
            Unm        abc(R R _)    call   "R[A] := -R[B]";
            BNot       abc(R R _)    call   "R[A] := ~R[B]";
            Not        abc(R R _)    pure   "R[A] := not R[B]";
            Len        abc(R R _)    call   "R[A] := #R[B]";
            Concat     abc(R I _)    call   "R[A] := R[A] .. ... .. R[A+B-1], B >= 2";
            Close      abc(R _ _)    call   "close upvalues and to-be-closed variables >= R[A]";
            Tbc        abc(R _ _)    raise  "mark R[A] to be closed";
            Jmp        sj(S)         pure   "pc += sJ";
            Eq0        abc(R R _)    call   "if not (R[A] == R[B]) then take the jump";
            Eq1        abc(R R _)    call   "if R[A] == R[B] then take the jump";
            Lt0        abc(R R _)    call   "if not (R[A] < R[B]) then take the jump";
            Lt1        abc(R R _)    call   "if R[A] < R[B] then take the jump";
            Le0        abc(R R _)    call   "if not (R[A] <= R[B]) then take the jump";
            Le1        abc(R R _)    call   "if R[A] <= R[B] then take the jump";
            EqK0       abc(R K _)    pure   "if not (R[A] == K[B]) then take the jump; raw";
            EqK1       abc(R K _)    pure   "if R[A] == K[B] then take the jump; raw";
            EqI0       abc(R S _)    pure   "if not (R[A] == sB) then take the jump; raw";
            EqI1       abc(R S _)    pure   "if R[A] == sB then take the jump; raw";
            LtI0       abc(R S I)    call   "if not (R[A] < sB) then take the jump; C = 1: the literal was a float";
            LtI1       abc(R S I)    call   "if R[A] < sB then take the jump";
            LeI0       abc(R S I)    call   "if not (R[A] <= sB) then take the jump";
            LeI1       abc(R S I)    call   "if R[A] <= sB then take the jump";
            GtI0       abc(R S I)    call   "if not (R[A] > sB) then take the jump; event __lt, operands swapped";
            GtI1       abc(R S I)    call   "if R[A] > sB then take the jump";
            GeI0       abc(R S I)    call   "if not (R[A] >= sB) then take the jump; event __le, operands swapped";
            GeI1       abc(R S I)    call   "if R[A] >= sB then take the jump";
            Test0      abc(R _ _)    pure   "if not R[A] then take the jump";
            Test1      abc(R _ _)    pure   "if R[A] then take the jump";
            TestSet0   abc(R R _)    pure   "if not R[B] then R[A] := R[B], take the jump";
            TestSet1   abc(R R _)    pure   "if R[B] then R[A] := R[B], take the jump";
            Call       abc(R I I)    call   "R[A], .. := R[A](R[A+1], ..); B-1 arguments (B = 0: up to top), C-1 results (C = 0: all, sets top)";
            TailCall   abc(R I I)    call   "return R[A](R[A+1], ..); B as in Call; C = 1: upvalues may have to be closed";
            Return     abc(R I _)    pure   "return R[A], ..; B-1 values (B = 0: up to top); not variadic, nothing to close";
            Return0    abc(_ _ _)    pure   "return; not variadic, nothing to close";
            Return1    abc(R _ _)    pure   "return R[A]; not variadic, nothing to close";
            ReturnX    abc(R I I)    call   "as Return, for variadic functions and (C = 1) those with something to close";
            ForLoop    abx(R I)      pure   "advance R[A]; if it goes on { R[A+3] := index; pc -= Bx }";
            ForPrep    abx(R I)      raise  "prepare R[A], R[A+1], R[A+2]; R[A+3] := index, or if the loop does not run pc += Bx+1";
            TForPrep   abx(R I)      raise  "mark R[A+3] to be closed; pc += Bx";
            TForCall   abc(R _ I)    call   "R[A+4], .. := R[A](R[A+1], R[A+2]); C-1 results";
            TForLoop   abx(R I)      pure   "if R[A+4] ~= nil then { R[A+2] := R[A+4]; pc -= Bx }";
            SetList    abc(R I I)    alloc  "R[A][C+i] := R[A+i], 1 <= i <= B (B = 0: up to top)";
            SetListX   abc(R I _)    alloc  "as SetList, with Ax of the next word for C";
            Closure    abx(R P)      alloc  "R[A] := closure of P[Bx]";
            VarArg     abc(R _ I)    raise  "R[A], .. := varargs; C-1 values (C = 0: all, sets top)";
            VarArgTab  abc(R _ _)    alloc  "R[A] := table of the varargs with field n";
            VarArgFrom abc(R R I)    raise  "R[A], .. := values of the vararg table R[B]; C as in VarArg";
            GetVarg    abc(R _ R)    pure   "R[A] := vararg R[C], or their number for \"n\"";
            ErrNNil    abx(R K)      raise  "if R[A] ~= nil then raise that global K[Bx] is already defined";
            ExtraArg   ax(I)         pure   "operand of the word before";
        }
    };
}
pub(crate) use for_each_op;

macro_rules! define_op {
    ($($name:ident $form:ident($($field:tt)*) $effect:ident $doc:literal;)*) => {
        /// An instruction's operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $(#[doc = concat!("`", $doc, "`")] $name,)* }

        impl Op {
            /// Every op, in encoding order.
            pub const ALL: &[Op] = &[$(Op::$name,)*];

            /// The op's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($name),)* }
            }

            /// The op with this code, if there is one.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Op> {
                Op::ALL.get(usize::from(code)).copied()
            }
        }
    };
}
for_each_op!(define_op);
