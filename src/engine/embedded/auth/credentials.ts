import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Ways to log in: https://www.mongodb.com/docs/manual/core/security-scram/ */
export const mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const;
export type Mechanism = (typeof mechanisms)[number];

/** How often each hashes a password, as MongoDB does by default. */
const iterations = { 'SCRAM-SHA-1': 10_000, 'SCRAM-SHA-256': 15_000 } as const;
const hashes = { 'SCRAM-SHA-1': { name: 'sha1', bytes: 20, salt: 16 }, 'SCRAM-SHA-256': { name: 'sha256', bytes: 32, salt: 28 } } as const;

/** What is kept of a password. https://www.rfc-editor.org/rfc/rfc5802 */
export interface Credential {
  readonly mechanism: Mechanism;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export function makeCredential(mechanism: Mechanism, user: string, password: string): Credential {
  const { name, bytes, salt: length } = hashes[mechanism];
  const salt = randomBytes(length);
  const secret = mechanism === 'SCRAM-SHA-1' ? createHash('md5').update(`${user}:mongo:${password}`).digest('hex') : prepared(password);
  const salted = pbkdf2Sync(secret, salt, iterations[mechanism], bytes, name);
  return {
    mechanism, iterations: iterations[mechanism], salt,
    storedKey: createHash(name).update(sign(mechanism, salted, 'Client Key')).digest(), serverKey: sign(mechanism, salted, 'Server Key'),
  };
}

export const sign = (mechanism: Mechanism, key: Buffer, text: string): Buffer => createHmac(hashes[mechanism].name, key).update(text).digest();

/** True where a proof was made with the password. */
export function proves(credential: Credential, message: string, proof: Buffer): boolean {
  const signature = sign(credential.mechanism, credential.storedKey, message);
  if (proof.length !== signature.length) return false;
  const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] as number)));
  return timingSafeEqual(createHash(hashes[credential.mechanism].name).update(clientKey).digest(), credential.storedKey);
}

/** What has no width of its own. */
const ignored = new Set([0xad, 0x34f, 0x1806, 0x180b, 0x180c, 0x180d, 0x200c, 0x200d, 0x2060, 0xfeff]);
const isIgnored = (code: number): boolean => ignored.has(code) || (code >= 0xfe00 && code <= 0xfe0f);

/** A password in the one form of all that look the same: https://www.rfc-editor.org/rfc/rfc4013 */
function prepared(password: string): string {
  const seen = [...password].filter((character) => !isIgnored(character.codePointAt(0) as number)).join('');
  return seen.replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ').normalize('NFKC');
}
