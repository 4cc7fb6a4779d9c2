/**
 * `nd_loaded MODULE` (needs awk): whether it is in the kernel already, loaded or built in. A tool that asks for one that is not there would have it
 * loaded. A kernel without /proc/modules has no modules to load.
 */
export const loadedShell = `
nd_loaded() {
  [ -e /proc/modules ] || return 0
  ! awk -v m="$1" '$1 == m { exit 1 }' /proc/modules || nd_host grep -qs "/$1\\.ko" "/lib/modules/$(uname -r)/modules.builtin"
}
`;
