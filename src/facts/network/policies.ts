import { fact } from '../../core/fact.ts';

/** Namespaces in which there are NetworkPolicies (networking.k8s.io; the kinds of CNIs are not among them). */
export const policies = fact<readonly string[]>(
  'network/policies',
  'cluster',
  'the namespaces that have NetworkPolicies',
);
