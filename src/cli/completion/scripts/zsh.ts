/** The completion of zsh: to be sourced, or a file of fpath with the name _kubectl-netdoctor. It asks `kubectl-netdoctor __complete`, and runs nothing of what was typed but that program. */
export const zsh = `#compdef kubectl-netdoctor
# zsh completion for kubectl-netdoctor

_kubectl-netdoctor() {
  local -a args lines choices space
  local line directive
  args=("\${(@Q)words[1,CURRENT-1]}" "\${(Q)IPREFIX}\${(Q)PREFIX}")
  args=("\${(@)args/#\\~\\//$HOME/}")
  lines=("\${(@f)$("$args[1]" __complete "\${(@)args[2,-1]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  [[ $directive == <-> ]] || return 1
  # a flag and its value in one word
  compset -P '-*='
  if ((!(directive & 4))); then
    _files
    return
  fi
  for line in "\${(@)lines[1,-2]}"; do
    [[ -n $line ]] || continue
    line=\${line//:/\\\\:}
    choices+=("\${line/$'\\t'/:}")
  done
  ((directive & 2)) && space=(-S '')
  _describe choice choices "\${(@)space}"
}

# a file of fpath is run to complete; one that is sourced only says what completes
if [[ $funcstack[1] == _kubectl-netdoctor ]]; then
  _kubectl-netdoctor "$@"
else
  compdef _kubectl-netdoctor kubectl-netdoctor
fi
`;
