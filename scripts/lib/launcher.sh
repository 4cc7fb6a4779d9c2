#!/bin/sh
# Runs netdoctor by the Node beside it. krew calls this by a symlink; NODE_OPTIONS is meant for other programs.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
unset NODE_OPTIONS
exec "${self%/*}/node" "${self%/*}/lib/kubectl-netdoctor.js" "$@"
