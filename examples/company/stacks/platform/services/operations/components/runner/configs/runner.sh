#!/bin/sh
# Prepares the machine that builds our images.
set -eu
apt-get update
apt-get install -y docker.io
