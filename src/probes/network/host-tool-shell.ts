/**
 * A shell function that finds a program of the host which says of itself that it is the right one: `nd_tool NAME WORD` sets nd_w to the command whose
 * `-V` prints the word. Its path is whole, since busybox's shell and chroot take their own applets first (measured on 1.35).
 */
export const hostToolShell = `
nd_tool() {
  for nd_w in "/usr/sbin/$1" "/sbin/$1" "/usr/bin/$1" "/bin/$1" "$1"; do
    case $nd_w in /*) [ -x "$nd_root$nd_w" ] || continue ;; esac
    [ -z "$nd_root" ] || nd_w="chroot $nd_root $nd_w"
    case $($nd_w -V 2>&1) in *"$2"*) return 0 ;; esac
  done
  return 1
}
`;
