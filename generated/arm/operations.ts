// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: fae78a45242c3d7266701f655e3819c62c4eb654959560923f451fd9fbfda37c

/** The endpoint of each cloud. */
export const clouds = {
  public: "https://management.azure.com",
  usgov: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
} as const;
