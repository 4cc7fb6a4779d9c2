import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { proxySync } from '../../facts/kube-proxy/sync.ts';
import { agents } from '../../facts/node/agents.ts';
import { nodeKubernetesVersion } from '../../facts/node/kubernetes-version.ts';
import { nodeOs } from '../../facts/node/os.ts';
import { kernelVersionOf } from '../../lib/kernel-version.ts';
import { kubeletOf } from '../kubelet-of.ts';
import { combinationProblem } from './combination-problem.ts';
import { combinations } from './combinations.ts';

/** Incident I2.7. Versions alone are a note; an error only where the fault that they are known for was measured on this node. */
export const knownBad = check({
  id: 'versions/known-bad',
  title: 'Kubernetes, kernel and operating system are no combination that is known to be bad',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'Some combinations of Kubernetes, kernel and operating system are known not to work together, and nothing on the node says so. Each is listed here with its source and with the versions from which on it ' +
      "is mended. Vendors take fixes over without changing the numbers, so that this alone is a note: only where netdoctor measured the fault itself (for example that kube-proxy's iptables-restore fails) is it an error.",
    links: combinations.map((c) => c.source),
  },
  needs: { nodeKubernetesVersion, kernelRelease, nodeOs, agents },
  wants: { nodeKubernetesVersion, proxyMode, proxySync },
  judge: (facts, maybe) => {
    if (!maybe.nodeKubernetesVersion.ok && kubeletOf(facts.agents) === undefined)
      return notApplicable('no kubelet runs here');
    const sync = maybe.proxySync.ok ? maybe.proxySync.value : null;
    const kubernetes = facts.nodeKubernetesVersion;
    const kernel = kernelVersionOf(facts.kernelRelease);
    if (kernel === null) return cannotTell(kernelRelease, `the kernel's release is "${facts.kernelRelease}"`);
    const mode = maybe.proxyMode.ok ? maybe.proxyMode.value.mode : null;
    const stack = { kubernetes, kernel, os: facts.nodeOs, mode, sync };
    const [first, ...rest] = combinations.filter((c) => c.applies(stack)).map((c) => combinationProblem(c, stack));
    if (first) return fail(first, ...rest);
    const open = combinations.find((c) => c.unsure?.(stack));
    if (open)
      return cannotTell(proxySync, `what kube-proxy says was not read, and decides whether this is so: ${open.gate}`);
    return pass(`none known of Kubernetes ${kubernetes.text}, kernel ${kernel.text}, ${facts.nodeOs.name}`);
  },
});
