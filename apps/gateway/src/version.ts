/** Version of this build; the first line of package.json's history. */
export const VERSION = '0.1.0';
export const USER_AGENT = `Journeyman/${VERSION}`;
