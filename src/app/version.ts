import pkg from '../../package.json' with { type: 'json' };

/** netdoctor's own version. */
export const version: string = pkg.version;
