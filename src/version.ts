import manifest from '../package.json' with { type: 'json' };

declare const TRIVIUM_VERSION: string;

/** The version of this program, as its build was given. */
export const VERSION: string = typeof TRIVIUM_VERSION === 'string' ? TRIVIUM_VERSION : manifest.version;
