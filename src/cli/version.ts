/** Put in by the bundler. */
declare const SPANBOOK_VERSION: string;

/** Of the package; where nothing was built, there is none. */
export const VERSION = typeof SPANBOOK_VERSION === 'string' ? SPANBOOK_VERSION : 'from source';
