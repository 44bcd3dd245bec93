#!/bin/sh
# Plans a deployment. The plan itself goes to release.plan, for apply.sh; what people read of it goes to plan.md.
#
# The environment says what to deploy: PANKA_ENVIRONMENT, and PANKA_STACK where there are several, and the variables of
# the stack as PANKA_VAR_<NAME>. Arguments are passed on to panka plan.
set -eu

status=0
panka plan --out release.plan --markdown --detailed-exitcode "$@" > plan.md || status=$?
case $status in
0) echo "there is nothing to deploy" ;;
3) echo "there is something to deploy: see plan.md" ;;
*) exit $status ;;
esac
