// Package iam writes roles and policies: who may take a role, and exactly the actions on exactly the resources that a
// component's references need.
//
// What a use of a component allows, its kind says (component.Guarded); nothing here knows a kind by name. Statements that
// allow the same on several components stay apart, each named after the component, so that a reader of the policy finds
// the reference that caused it.
package iam
