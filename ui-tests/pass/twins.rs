#![allow(dead_code, reason = "twins of mistakes need only compile")]

#[path = "../derive/ok/async_method.rs"]
mod async_method;
#[path = "../derive/ok/async_operator.rs"]
mod async_operator;
#[path = "../derive/ok/attribute_in_enum.rs"]
mod attribute_in_enum;
#[path = "../derive/ok/attribute_twice.rs"]
mod attribute_twice;
#[path = "../derive/ok/attribute_with_value.rs"]
mod attribute_with_value;
#[path = "../derive/ok/base_of_no_class.rs"]
mod base_of_no_class;
#[path = "../derive/ok/base_without_extends.rs"]
mod base_without_extends;
#[path = "../derive/ok/block_argument.rs"]
mod block_argument;
#[path = "../derive/ok/block_of_open_type.rs"]
mod block_of_open_type;
#[path = "../derive/ok/block_on_type.rs"]
mod block_on_type;
#[path = "../derive/ok/borrowing_value.rs"]
mod borrowing_value;
#[path = "../derive/ok/callable_without_constructor.rs"]
mod callable_without_constructor;
#[path = "../derive/ok/callable_without_new.rs"]
mod callable_without_new;
#[path = "../derive/ok/class_attribute_of_value.rs"]
mod class_attribute_of_value;
#[path = "../derive/ok/class_of_module.rs"]
mod class_of_module;
#[path = "../derive/ok/concrete_of_another.rs"]
mod concrete_of_another;
#[path = "../derive/ok/concrete_of_one_type.rs"]
mod concrete_of_one_type;
#[path = "../derive/ok/constant_type.rs"]
mod constant_type;
#[path = "../derive/ok/constructor_of_another.rs"]
mod constructor_of_another;
#[path = "../derive/ok/exclusive_result.rs"]
mod exclusive_result;
#[path = "../derive/ok/default_and_skip.rs"]
mod default_and_skip;
#[path = "../derive/ok/default_of_another_type.rs"]
mod default_of_another_type;
#[path = "../derive/ok/default_of_no_parameter.rs"]
mod default_of_no_parameter;
#[path = "../derive/ok/default_of_optional.rs"]
mod default_of_optional;
#[path = "../derive/ok/default_with_value.rs"]
mod default_with_value;
#[path = "../derive/ok/enum_with_data.rs"]
mod enum_with_data;
#[path = "../derive/ok/event_with_name.rs"]
mod event_with_name;
#[path = "../derive/ok/extends_without_base.rs"]
mod extends_without_base;
#[path = "../derive/ok/field_attribute_of_type.rs"]
mod field_attribute_of_type;
#[path = "../derive/ok/field_like_tag.rs"]
mod field_like_tag;
#[path = "../derive/ok/field_type.rs"]
mod field_type;
#[path = "../derive/ok/foreign_method_of_another.rs"]
mod foreign_method_of_another;
#[path = "../derive/ok/foreign_without_wrapper.rs"]
mod foreign_without_wrapper;
#[path = "../derive/ok/frozen_method.rs"]
mod frozen_method;
#[path = "../derive/ok/frozen_setter.rs"]
mod frozen_setter;
#[path = "../derive/ok/generic_block.rs"]
mod generic_block;
#[path = "../derive/ok/generic_class.rs"]
mod generic_class;
#[path = "../derive/ok/generic_in_module.rs"]
mod generic_in_module;
#[path = "../derive/ok/generic_method.rs"]
mod generic_method;
#[path = "../derive/ok/getter_of_nothing.rs"]
mod getter_of_nothing;
#[path = "../derive/ok/getter_that_changes.rs"]
mod getter_that_changes;
#[path = "../derive/ok/getter_with_argument.rs"]
mod getter_with_argument;
#[path = "../derive/ok/handle_field.rs"]
mod handle_field;
#[path = "../derive/ok/handle_in_enum.rs"]
mod handle_in_enum;
#[path = "../derive/ok/hidden_without_default.rs"]
mod hidden_without_default;
#[path = "../derive/ok/impl_trait_parameter.rs"]
mod impl_trait_parameter;
#[path = "../derive/ok/keyless_index.rs"]
mod keyless_index;
#[path = "../derive/ok/lent_argument.rs"]
mod lent_argument;
#[path = "../derive/ok/lent_attributes.rs"]
mod lent_attributes;
#[path = "../derive/ok/lent_constructor.rs"]
mod lent_constructor;
#[path = "../derive/ok/lent_field.rs"]
mod lent_field;
#[path = "../derive/ok/lent_of_no_derive.rs"]
mod lent_of_no_derive;
#[path = "../derive/ok/lent_parameter.rs"]
mod lent_parameter;
#[path = "../derive/ok/lent_receiver.rs"]
mod lent_receiver;
#[path = "../derive/ok/lent_static_block.rs"]
mod lent_static_block;
#[path = "../derive/ok/lent_static_method.rs"]
mod lent_static_method;
#[path = "../derive/ok/lent_two_lifetimes.rs"]
mod lent_two_lifetimes;
#[path = "../derive/ok/methods_without_derive.rs"]
mod methods_without_derive;
#[path = "../derive/ok/missing_trait.rs"]
mod missing_trait;
#[path = "../derive/ok/misspelt_event.rs"]
mod misspelt_event;
#[path = "../derive/ok/misspelt_field_attribute.rs"]
mod misspelt_field_attribute;
#[path = "../derive/ok/misspelt_role.rs"]
mod misspelt_role;
#[path = "../derive/ok/misspelt_trait.rs"]
mod misspelt_trait;
#[path = "../derive/ok/module_on_function.rs"]
mod module_on_function;
#[path = "../derive/ok/named_and_variadic.rs"]
mod named_and_variadic;
#[path = "../derive/ok/named_pattern.rs"]
mod named_pattern;
#[path = "../derive/ok/named_without_names.rs"]
mod named_without_names;
#[path = "../derive/ok/new_of_enum.rs"]
mod new_of_enum;
#[path = "../derive/ok/nil_err_without_result.rs"]
mod nil_err_without_result;
#[path = "../derive/ok/numbers_with_data.rs"]
mod numbers_with_data;
#[path = "../derive/ok/open_concrete.rs"]
mod open_concrete;
#[path = "../derive/ok/operand_of_one.rs"]
mod operand_of_one;
#[path = "../derive/ok/operator_without_clone.rs"]
mod operator_without_clone;
#[path = "../derive/ok/other_base.rs"]
mod other_base;
#[path = "../derive/ok/other_operator.rs"]
mod other_operator;
#[path = "../derive/ok/owned_state.rs"]
mod owned_state;
#[path = "../derive/ok/parameter_type.rs"]
mod parameter_type;
#[path = "../derive/ok/part_of_no_class.rs"]
mod part_of_no_class;
#[path = "../derive/ok/private_in_module.rs"]
mod private_in_module;
#[path = "../derive/ok/pure_method_that_changes.rs"]
mod pure_method_that_changes;
#[path = "../derive/ok/pure_with_exclusive_argument.rs"]
mod pure_with_exclusive_argument;
#[path = "../derive/ok/readonly_and_set.rs"]
mod readonly_and_set;
#[path = "../derive/ok/receiver.rs"]
mod receiver;
#[path = "../derive/ok/repr_and_tag.rs"]
mod repr_and_tag;
#[path = "../derive/ok/result_type.rs"]
mod result_type;
#[path = "../derive/ok/reversed_without_self.rs"]
mod reversed_without_self;
#[path = "../derive/ok/same_field_name.rs"]
mod same_field_name;
#[path = "../derive/ok/same_method_name.rs"]
mod same_method_name;
#[path = "../derive/ok/same_name_in_module.rs"]
mod same_name_in_module;
#[path = "../derive/ok/same_variant_name.rs"]
mod same_variant_name;
#[path = "../derive/ok/setter_without_self.rs"]
mod setter_without_self;
#[path = "../derive/ok/setter_without_value.rs"]
mod setter_without_value;
#[path = "../derive/ok/skip_and_get.rs"]
mod skip_and_get;
#[path = "../derive/ok/skip_and_name.rs"]
mod skip_and_name;
#[path = "../derive/ok/skipped_getter.rs"]
mod skipped_getter;
#[path = "../derive/ok/state_field.rs"]
mod state_field;
#[path = "../derive/ok/table_of_unnamed_fields.rs"]
mod table_of_unnamed_fields;
#[path = "../derive/ok/table_without_clone.rs"]
mod table_without_clone;
#[path = "../derive/ok/too_many_parameters.rs"]
mod too_many_parameters;
#[path = "../derive/ok/traced_in_cell.rs"]
mod traced_in_cell;
#[path = "../derive/ok/trait_block.rs"]
mod trait_block;
#[path = "../derive/ok/trait_of_no_event.rs"]
mod trait_of_no_event;
#[path = "../derive/ok/trait_twice.rs"]
mod trait_twice;
#[path = "../derive/ok/tuple_value.rs"]
mod tuple_value;
#[path = "../derive/ok/two_bases.rs"]
mod two_bases;
#[path = "../derive/ok/two_constructors.rs"]
mod two_constructors;
#[path = "../derive/ok/two_roles.rs"]
mod two_roles;
#[path = "../derive/ok/two_states.rs"]
mod two_states;
#[path = "../derive/ok/two_texts.rs"]
mod two_texts;
#[path = "../derive/ok/two_unnamed_blocks.rs"]
mod two_unnamed_blocks;
#[path = "../derive/ok/union_class.rs"]
mod union_class;
#[path = "../derive/ok/union_value.rs"]
mod union_value;
#[path = "../derive/ok/unit_value.rs"]
mod unit_value;
#[path = "../derive/ok/unknown_attribute.rs"]
mod unknown_attribute;
#[path = "../derive/ok/unknown_event.rs"]
mod unknown_event;
#[path = "../derive/ok/unknown_rename_rule.rs"]
mod unknown_rename_rule;
#[path = "../derive/ok/unknown_repr.rs"]
mod unknown_repr;
#[path = "../derive/ok/unnamed_field.rs"]
mod unnamed_field;
#[path = "../derive/ok/unread_part.rs"]
mod unread_part;
#[path = "../derive/ok/unsafe_method.rs"]
mod unsafe_method;
#[path = "../derive/ok/validated_and_readonly.rs"]
mod validated_and_readonly;
#[path = "../derive/ok/validated_by_another_type.rs"]
mod validated_by_another_type;
#[path = "../derive/ok/variadic_without_list.rs"]
mod variadic_without_list;
#[path = "../derive/ok/variants_of_struct.rs"]
mod variants_of_struct;
#[path = "../scope/ok/dropped_while_lent.rs"]
mod dropped_while_lent;
#[path = "../scope/ok/escaping_scope.rs"]
mod escaping_scope;
#[path = "../scope/ok/lent_data_in_use.rs"]
mod lent_data_in_use;
#[path = "../scope/ok/lent_data_kept.rs"]
mod lent_data_kept;
#[path = "../scope/ok/lent_data_leaks.rs"]
mod lent_data_leaks;
#[path = "../scope/ok/lent_data_put_in.rs"]
mod lent_data_put_in;
#[path = "../scope/ok/lent_local.rs"]
mod lent_local;
#[path = "../scope/ok/lent_ticket_copied.rs"]
mod lent_ticket_copied;
#[path = "../scope/ok/lent_twice.rs"]
mod lent_twice;
#[path = "../scope/ok/lent_values_swapped.rs"]
mod lent_values_swapped;
#[path = "../scope/ok/lent_view_in_use.rs"]
mod lent_view_in_use;
#[path = "../scope/ok/lent_without_lifetime.rs"]
mod lent_without_lifetime;
#[path = "../scope/ok/local_closure.rs"]
mod local_closure;
#[path = "../scope/ok/local_data.rs"]
mod local_data;
#[path = "../lifetimes/ok/borrowing_closure.rs"]
mod borrowing_closure;
#[path = "../lifetimes/ok/error_to_thread.rs"]
mod error_to_thread;
#[path = "../lifetimes/ok/future_to_thread.rs"]
mod future_to_thread;
#[path = "../lifetimes/ok/guarded_field.rs"]
mod guarded_field;
#[path = "../lifetimes/ok/handle_to_thread.rs"]
mod handle_to_thread;
#[path = "../lifetimes/ok/kept_argument.rs"]
mod kept_argument;
#[path = "../lifetimes/ok/shared_state.rs"]
mod shared_state;
#[path = "../lifetimes/ok/state_to_thread.rs"]
mod state_to_thread;

fn main() {}
