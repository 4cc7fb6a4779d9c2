import { version } from '../app/version.ts';

/** What `netdoctor version` prints. */
export const versionText = `netdoctor ${version}\n`;
