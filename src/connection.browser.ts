/** Browsers do not say whether a connection stood (S1): what got no answer counts as sent. */
export const neverConnected: typeof import("./connection.js").neverConnected = () => false;
