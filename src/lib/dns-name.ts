const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A DNS label (RFC 1123), as namespaces are named. */
export const isDnsLabel = (text: string): boolean => text.length <= 63 && label.test(text);

/** Labels parted by dots, 253 characters at most, as Kubernetes names most objects (its parts may be longer than labels of the DNS). */
export const isDnsSubdomain = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((part) => label.test(part));
