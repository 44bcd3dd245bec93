#!/bin/sh
# Applies release.plan, which plan.sh made: exactly that, or nothing. A deployment that fails is taken back. Arguments are
# passed on to panka apply.
set -eu

status=0
panka apply release.plan --lock-timeout 15m --rollback-on-failure "$@" || status=$?
case $status in
6) echo "the deployment failed, and the last good one is back" >&2 ;;
7) echo "the deployment failed, and so did going back: somebody must look at it now" >&2 ;;
8) echo "this is not what was looked at: run the pipeline again to have a new plan" >&2 ;;
esac
exit $status
