/** The digest in status.imageID ("docker.io/library/x@sha256:…", "sha256:…"), without its algorithm; null where there is none. */
export const imageDigest = (imageId: string): string | null => /sha256:([0-9a-f]{64})$/.exec(imageId)?.[1] ?? null;
