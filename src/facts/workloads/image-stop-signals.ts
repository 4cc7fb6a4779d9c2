import { fact } from '../../core/fact.ts';

/** STOPSIGNAL of the images that the chosen containers run, by the digest in status.imageID; empty where the image has none. */
export const imageStopSignals = fact<ReadonlyMap<string, string>>(
  'workloads/image-stop-signals',
  'node',
  'STOPSIGNAL of the images, from the configuration that the container runtime keeps',
);
