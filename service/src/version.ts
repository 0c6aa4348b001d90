import manifest from '../../package.json' with { type: 'json' };

/** Of the service, as released. */
export const version: string = manifest.version;
