import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { imageStopSignals } from '../../facts/workloads/image-stop-signals.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { imageDigest } from '../../lib/image-digest.ts';
import { containersOn } from './containers-on.ts';

/** More images than this on one node are not asked about. */
const mostImages = 300;

/** Digests of the images that the chosen containers on this node run, as `nd_images`. */
const images = params({
  from: { subjects },
  vars: (maybe, node): Record<string, string> => {
    if (!maybe.subjects.ok) return {};
    const digests = containersOn(maybe.subjects.value, node).flatMap((c) => imageDigest(c.status?.imageId ?? '') ?? []);
    return { images: [...new Set(digests)].slice(0, mostImages).join(' ') };
  },
});

/**
 * containerd keeps every image's JSON in its content store: status.imageID names the index, the manifest or the configuration (OCI image
 * specification). Of an index the manifest that is there is the one that was pulled. The configuration's StopSignal is what a Dockerfile's STOPSIGNAL sets.
 */
const text = `
nd_need grep tr head
[ -n "$nd_images" ] || exit 0
nd_blob() {
  for nd_r in /var/lib/containerd /var/lib/rancher/k3s/agent/containerd /var/lib/rancher/rke2/agent/containerd /var/lib/k0s/containerd /var/snap/microk8s/common/var/lib/containerd; do
    nd_f=$nd_root$nd_r/io.containerd.content.v1.content/blobs/sha256/$1
    if [ -f "$nd_f" ] && [ -r "$nd_f" ]; then nd_blobs=$((nd_blobs + 1)); return 0; fi
  done
  return 1
}
nd_signal() {
  # an index may name the same again and again
  nd_now
  [ "$nd_blobs" -lt 30 ] && [ $((\${nd_up%.*} - nd_began)) -lt 12 ] || return 1
  nd_blob "$1" || return 1
  nd_text=$(head -c 262144 "$nd_f" | tr -d ' \\n\\t')
  case $nd_text in
    *'"manifests":'*) nd_next=$(printf '%s' "$nd_text" | grep -o 'sha256:[0-9a-f]\\{64\\}' | head -n 200) ;;
    *'"layers":'*) nd_next=$(printf '%s' "$nd_text" | grep -o '"config":{[^}]*}' | grep -o 'sha256:[0-9a-f]\\{64\\}' | head -n 20) ;;
    *'"rootfs":'*)
      nd_stop=$(printf '%s' "$nd_text" | grep -o '"StopSignal":"[A-Za-z0-9+-]*"' | head -n 1)
      nd_stop=\${nd_stop#*:}
      return 0
      ;;
    *) return 1 ;;
  esac
  [ "$2" -gt 0 ] || return 1
  for nd_d in $nd_next; do
    if nd_signal "\${nd_d#sha256:}" $(($2 - 1)); then return 0; fi
  done
  return 1
}
nd_now
nd_began=\${nd_up%.*}
for nd_i in $nd_images; do
  # in a subshell: the search overwrites its own names as it goes down
  (nd_blobs=0; nd_signal "$nd_i" 3 && printf 'stop %s %s\\n' "$nd_i" "$nd_stop")
done
exit 0
`;

/** See the script above; other runtimes keep images elsewhere, and of those nothing is known. */
export const imageStopSignalsContainerd = probe({
  yields: imageStopSignals,
  via: 'containerd',
  reads: {
    rows: script('workloads/image-stop-signals', "the images' configurations in containerd's content store", text, {
      uses: ['DAC_READ_SEARCH'],
    }),
  },
  params: images,
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const found = new Map<string, string>();
    for (const [, digest = '', signal = ''] of rows.outputs[0].stdout.matchAll(
      /^stop ([0-9a-f]{64}) (?:"([A-Za-z0-9+-]*)")?$/gm,
    ))
      found.set(digest, signal);
    return found.size === 0 ? missing('absent', "containerd's content store does not hold the images") : known(found);
  },
});
