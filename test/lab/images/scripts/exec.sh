#!/bin/sh
# As an entrypoint should be written.
true
exec "$@"
