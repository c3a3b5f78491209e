---@meta

---A side; a string to Lua.
---@alias Team
---| "red" # The red side.
---| "blue" # The blue side.
---| "green" # The green side.
---| "yellow" # The yellow side.
---| "violet" # The violet side.
---| "grey" # The grey side.
---| "orange" # The orange side.
---| "black" # The black side.

---What a mod says about a kind of unit.
---@class UnitKind
---@field health? number Health at the start.
---@field speed? number Steps a tick.
---@field damage? number Health that a strike takes, at most.
---@field behaviour string The behaviour that leads it.

---Units of one kind.
---@class Squad
---@field kind string The kind, as the mod registers it.
---@field count integer How many, 1 to 12.

---What a mod says about itself in `config.lua`, with defaults filled in.
---@class ModConfig
---@field title string The name on the scoreboard.
---@field team Team The side it plays.
---@field squad Squad[] The units it brings.
---@field aggression number How readily its units attack, 0 to 1; 0.5 if `config.lua` says nothing.

---A unit as it stands: what a mod gets is a picture of the moment, orders go through the world.
---@class Unit
---@field id integer Its number in the world. Read-only.
---@field name string The name that reports use. Read-only.
---@field kind string The kind its mod registered. Read-only.
---@field team Team Its side. Read-only.
---@field position Vec2 Where it stands. Read-only.
---@field health number What is left of its health. Read-only.
---@field full_health number What it had at the start. Read-only.
---@field speed number Steps a tick. Read-only.
---@field damage number Health that a strike takes, at most. Read-only.
---@field kills integer Enemies it has felled. Read-only.
---@field REACH number How near an enemy must be for a strike.
Unit = {}

---Whether it still stands.
---@return boolean
function Unit:alive() end

---The distance to another unit.
---@param other Unit
---@return number
function Unit:distance(other) end

---A point or a direction.
---@class Vec2
---@field x number East. Read-only.
---@field y number North. Read-only.
---@operator add(Vec2): Vec2
---@operator sub(Vec2): Vec2
---@operator mul(number): Vec2
Vec2 = {}

---A vector.
---@param x number
---@param y number
---@return Vec2
function Vec2.new(x, y) end

---Its length.
---@return number
function Vec2:length() end

---The distance to another point.
---@param other Vec2
---@return number
function Vec2:distance(other) end

---All units, and what they have been told to do.
---@class World
---@field tick integer Ticks played. Read-only.
local World = {}

---Units of all sides that stand, in order of their numbers.
---@return Unit[]
function World:units() end

---The unit with a number.
---@param id integer
---@return Unit?
function World:unit(id) end

---The standing enemy nearest to a unit; the first of equals.
---@param unit Unit
---@return Unit?
function World:nearest_enemy(unit) end

---The standing units of a unit's side, itself left out.
---@param unit Unit
---@return Unit[]
function World:allies(unit) end

---Lets a unit walk towards a point.
---@param unit Unit
---@param goal Vec2
function World:move_to(unit, goal) end

---Lets a unit hit another, if it is within reach.
---@param unit Unit
---@param target Unit
function World:strike(unit, target) end

---Gives a unit a name.
---@param unit Unit
---@param name string
function World:rename(unit, name) end

arena = {}

---Registers a kind of unit.
---@param name string
---@param kind UnitKind
function arena.unit(name, kind) end

---Registers a behaviour: what a unit of a kind that names it does in each tick.
---@param name string
---@param act fun(world: World, unit: Unit)
function arena.behaviour(name, act) end

---Sets what is called for each unit of the mod that is put on the plane.
---@param handler fun(world: World, unit: Unit)
function arena.on_spawn(handler) end

---Sets what is called in each tick, before the units act.
---@param handler fun(world: World)
function arena.on_tick(handler) end

---Sets what is called when a unit of the mod is hit.
---@param handler fun(world: World, unit: Unit, damage: number)
function arena.on_hit(handler) end

---The settings of the mod.
---@type ModConfig
config = nil
