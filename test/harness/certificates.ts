// Certificates for the loopback origins, made afresh for every run: nothing secret is ever stored in the repository.
import { generate } from "selfsigned";

/** A private key and its certificate, both as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** What an origin can show to a client: one good certificate and three bad ones. */
export type CertificateName = "trusted" | "self-signed" | "expired" | "wrong-host";

/** All certificates of a run, and the authority that tests trust. */
export interface Certificates {
  readonly authority: string;
  readonly origins: Readonly<Record<CertificateName, KeyPair>>;
}

const day = 86_400_000;
const loopback = [
  { type: 2 as const, value: "localhost" },
  { type: 7 as const, ip: "127.0.0.1" },
  { type: 7 as const, ip: "::1" },
];

interface Wanted {
  name: string;
  authority?: KeyPair;
  isAuthority?: boolean;
  altNames?: ({ type: 2; value: string } | { type: 7; ip: string })[];
  from?: Date;
  to?: Date;
}

async function make(wanted: Wanted): Promise<KeyPair> {
  const { isAuthority = false, altNames = [] } = wanted;
  const made = await generate([{ name: "commonName", value: wanted.name }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: wanted.from ?? new Date(Date.now() - day),
    notAfterDate: wanted.to ?? new Date(Date.now() + day),
    ...(wanted.authority ? { ca: wanted.authority } : {}),
    extensions: [
      { name: "basicConstraints", cA: isAuthority, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: isAuthority, critical: true },
      ...(altNames.length > 0 ? [{ name: "subjectAltName" as const, altNames }] : []),
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** Makes the authority, what it signed, and one certificate that it did not sign. */
export async function makeCertificates(): Promise<Certificates> {
  const authority = await make({ name: "azure-vm-reimage test authority", isAuthority: true });
  const [trusted, expired, wrongHost, selfSigned] = await Promise.all([
    make({ name: "localhost", authority, altNames: loopback }),
    make({
      name: "localhost",
      authority,
      altNames: loopback,
      from: new Date(Date.now() - 2 * day),
      to: new Date(Date.now() - day),
    }),
    make({ name: "elsewhere.invalid", authority, altNames: [{ type: 2, value: "elsewhere.invalid" }] }),
    make({ name: "localhost", altNames: loopback }),
  ]);
  return {
    authority: authority.cert,
    origins: { trusted, expired, "wrong-host": wrongHost, "self-signed": selfSigned },
  };
}
