---@meta

---How fast.
---@alias Mode
---| "fast" # At once.
---| "very-slow"

---How many.
---@alias Level
---| 1 # Low
---| 7 # Above 1.

---An order.
---@alias Order
---| { type: "wait" }
---| { type: "go", x: number, mode?: Mode } # Goes there.
---| { type: "say", [1]: string, [2]: integer }

---@alias Meters number

---What a server is told.
---@class Server
---@field hostName string Where it is.
---@field port? integer
---@field mode? Mode
---@field depth Meters

---Shapes.
---@class shapes
---@field SIDES integer
shapes = {}

---The area of a form.
---@param form Form
---@param scale? number Default: `1.0`.
---@return number
function shapes.totalArea(form, scale) end

---@class shapes.round
shapes.round = {}

---@param area number
---@return number?
---@return string? error
function shapes.round.radius(area) end

---What all have that stand somewhere.
---@class Entity
---@field id integer Its number. Read-only.
local Entity = {}

---Moves it.
---@param _to Vec2
function Entity:teleport(_to) end

---A form, as objects.
---@class Form
---@field Empty Form
shapes.Form = {}

---@param arg1 number
---@return Form
function shapes.Form.Circle(arg1) end

---@param width number
---@param height number
---@return Form
function shapes.Form.Rect(width, height) end

---A unit of the game.
---
---\@It fights.
---@class Unit : Entity
---@field hp number How much it can take, at most.
---@field ["end"]? boolean Deprecated: ask 'hp'.
---@field bag table<string, Mode[]> # (What it carries.)
---@field half number Read-only.
---@field double number
---@field MAX number The most it can take.
---@operator len: integer
---@overload fun(order: string): boolean
Unit = {}

---Makes one.
---@param hp number
---@param mode? Mode
---@return Unit
function Unit.new(hp, mode) end

---Strikes it.
---@param amount number
---@param times? integer Default: `1`.
---@param note? string
---@return number?
function Unit:hit(amount, times, note) end

---@param _amount number
---@param ... integer
---@return string ...
function Unit:hit_all(_amount, ...) end

---Deprecated: loop.
---@deprecated
---@param function_ function
Unit["repeat"] = function(self, function_) end

---@param arguments? { from?: number, ["end"]?: integer }
---@return number
function Unit.span(arguments) end

---@param text string
---@return Unit?
---@return string? error
function Unit.load(text) end

---A direction.
---@class Vec2
---@field x number
---@field y number
---@operator add(Vec2): Vec2
---@operator mul(number): Vec2
---@operator mul(Vec2): number
---@operator unm: Vec2
---@field [integer] number
---@overload fun(x: number, y: number): Vec2
Vec2 = {}

---@param x number
---@param y number
---@return Vec2
function Vec2.new(x, y) end

game = {}

---Sets what is called.
---@param run fun(unit: Unit, end_: number): boolean
---@param arg2? string
---@return Server[]
---@return Level?
function game.on_hit(run, arg2) end

---@type table<string, any>
settings = nil
