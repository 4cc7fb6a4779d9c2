/** The completion of fish (3 and newer). It asks `kubectl-netdoctor __complete`, and runs nothing of what was typed but that program. */
export const fish = `# fish completion for kubectl-netdoctor

function __kubectl_netdoctor
    # fish 4 leaves the quotes in, and a word being typed may have only one
    set -l args (string replace -ar '[\\'"\\\\\\\\]' '' -- (commandline -opc))
    set -l cur (string replace -ar '[\\'"\\\\\\\\]' '' -- (commandline -ct))
    set -l program (string replace -r '^~/' "$HOME/" -- $args[1])
    set -e args[1]
    set -l lines ($program __complete $args "$cur" 2>/dev/null)
    set -l directive (string replace -r '^:' '' -- "$lines[-1]")
    string match -qr '^[0-9]+$' -- "$directive"; or return
    set -e lines[-1]
    # a flag and its value in one word
    set -l flag (string match -r -- '^-[^=]*=' "$cur")
    if test (math "floor($directive / 4) % 2") -eq 0
        set lines (__fish_complete_path (string replace -r -- '^-[^=]*=' '' "$cur"))
    end
    for line in $lines
        echo -- "$flag$line"
    end
end

complete -c kubectl-netdoctor -e
complete -c kubectl-netdoctor -f -a '(__kubectl_netdoctor)'
`;
