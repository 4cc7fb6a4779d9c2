#!/bin/sh
# Runs netdoctor by the Node beside it, and tells it by what path it was called. krew's is a symlink; NODE_OPTIONS is meant for other programs.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
export NETDOCTOR_CALLED_AS="$0"
unset NODE_OPTIONS
exec "${self%/*}/node" "${self%/*}/lib/kubectl-netdoctor.js" "$@"
