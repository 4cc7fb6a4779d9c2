/** The completion of bash (3.2 and newer), without the package bash-completion. It asks `kubectl-netdoctor __complete`, and runs nothing of what was typed but that program. */
export const bash = `# bash completion for kubectl-netdoctor

__kubectl_netdoctor() {
  local line=\${COMP_LINE:0:COMP_POINT} piece='' i n=-1 words=()
  # bash parts words at = and : too: what no space parts belongs together
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if [[ $n -lt 0 || $line == [[:space:]]* ]]; then
      line=\${line#"\${line%%[![:space:]]*}"}
      words[++n]=''
    fi
    [[ $i -lt $COMP_CWORD ]] || piece=$line
    line=\${line#"$piece"}
    words[n]+=$piece
  done
  local quoted=\${words[n]//[!\\'\\"]/}
  for ((i = 0; i <= n; i++)); do
    words[i]=\${words[i]//[\\'\\"\\\\]/}
    [[ \${words[i]} != '~/'* ]] || words[i]=$HOME/\${words[i]:2}
  done

  local out directive
  out=$("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null) || return
  directive=\${out##*:}

  # bash puts a reply in the place of the last piece, which may be a part of the word
  local word=\${words[n]} value=\${words[n]} flag='' tail head choice
  tail=\${piece//[\\'\\"\\\\]/}
  [[ $tail != [=:]* ]] || tail=\${tail:1}
  head=\${word%"$tail"}
  if [[ $word == -*=* ]]; then
    flag=\${word%%=*}=
    value=\${word#*=}
  fi
  while IFS= read -r choice; do
    choice=\${choice%%$'\\t'*}
    [[ $choice != :* && $choice == "$value"* ]] || continue
    choice=$flag$choice
    choice=\${choice#"$head"}
    [[ -n $quoted ]] || choice=\${choice//\\*/\\\\*}
    COMPREPLY+=("$choice")
  done <<<"$out"
  # bash 3 has no compopt
  if [[ $(type -t compopt) == builtin ]]; then
    ((directive & 2)) && compopt -o nospace
    ((directive & 4)) && compopt +o default
  fi
  return 0
}

complete -o default -F __kubectl_netdoctor kubectl-netdoctor
`;
