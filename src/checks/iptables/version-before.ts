import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';

/** Whether the version is older than 1.`minor`; null where it is not known. */
export const versionBefore = (text: string | null, minor: number): boolean | null => {
  const version = text === null ? null : kubernetesVersionOf(text);
  return version === null ? null : version.major < 1 || (version.major === 1 && version.minor < minor);
};
