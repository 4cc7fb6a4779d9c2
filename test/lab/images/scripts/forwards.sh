#!/bin/sh
# A shell that does pass the signal on, by a function.
stop() {
  kill -TERM "$child"
  wait "$child"
}
trap stop TERM INT
witness graceful 1 &
child=$!
wait "$child"
