// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: bb6c5d3cccb4b170234f19b7bf81718db7f767dfab72fb12ee1df387bf147d1b

/** The endpoint of each cloud. */
export const clouds = {
  public: "https://management.azure.com",
  usgov: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
} as const;
