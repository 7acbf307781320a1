/** A place in a text where somebody could find a way in. */
export interface Secret {
  /** From 1. */
  line: number;
  column: number;
  /** What is there, in words; never the secret itself. */
  what: string;
}

interface Pattern {
  what: string;
  /** Global; the group `value`, where there is one, is what would be secret. */
  pattern: RegExp;
  /** Where the match gives nothing away all the same. */
  harmless?: (groups: Record<string, string>) => boolean;
}

const quoted = String.raw`(?<quote>['"\`])(?<value>(?:(?!\k<quote>)[^\n])+)\k<quote>`;

/** Forms that nothing but a secret has, and the ways in which the drivers and ORMs of the course take a password. */
const patterns: readonly Pattern[] = [
  {
    what: 'a URI with a user and a password',
    pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/'"`]*:(?<value>[^\s@/'"`]+)@(?<hosts>[^\s/?'"`]+)/gi,
    harmless: ({ hosts = '' }) => hosts.split(',').every((host) => isNobodys(host.replace(/:\d+$/, ''))),
  },
  { what: 'a password in the options of a connection', pattern: new RegExp(String.raw`\bauth\s*:\s*\{[^{}]*\bpassword\s*:\s*${quoted}`, 'g') },
  { what: 'a password in the options of a connection', pattern: new RegExp(String.raw`\buser\s*:\s*['"\`][^'"\`\n]+['"\`]\s*,\s*pass\s*:\s*${quoted}`, 'g') },
  { what: 'a password as a default of the environment', pattern: new RegExp(String.raw`\benv(?:\.|\[['"])\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*(?:['"]\])?\s*(?:\?\?|\|\|)\s*${quoted}`, 'gi') },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g },
  { what: 'an access key of AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a token of GitHub or GitLab', pattern: /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,}|glpat-[\w-]{20,})/g },
  { what: 'a token of npm', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a token of Slack', pattern: /\bxox[abprs]-[\w-]{10,}/g },
  { what: 'a key of Google', pattern: /\bAIza[\w-]{35}/g },
  { what: 'a secret key of an API', pattern: /\b(?:[rs]k_live_\w{16,}|sk-(?:ant-|proj-)?(?=[\w-]*\d)[\w-]{24,})/g },
];

/** Every place of a text that holds a literal password or key; `<password>`, `${password}` and the like are none. */
export function findSecrets(text: string): Secret[] {
  const found = new Map<number, Secret>();
  for (const { what, pattern, harmless } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups as Record<string, string> | undefined;
      if (groups && (isPlaceholder(groups.value ?? '') || harmless?.(groups))) continue;
      const before = text.slice(0, match.index).split('\n');
      if (!found.has(match.index)) found.set(match.index, { line: before.length, column: (before.at(-1) as string).length + 1, what });
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, secret]) => secret);
}

/** Text that stands where a password would: nobody gets in with it. */
function isPlaceholder(value: string): boolean {
  const plain = value.replace(/%3C/gi, '<').replace(/%3E/gi, '>');
  return /\$\{|^<.*>$|^\{.*\}$|^%\w$|^[*.…]+$|^[xX]+$|^[A-Z_]+$|^your[-_]|^(?:(?:my|the|db)[-_]?)?(?:password|passwd|pass|pwd|secret|token)$/.test(plain);
}

/** A host of this machine or of a private network, or one that stands for any: https://www.rfc-editor.org/rfc/rfc2606. */
function isNobodys(host: string): boolean {
  const name = host.toLowerCase();
  if (name.startsWith('[')) return name === '[::1]';
  if (!name.includes('.') || /[<>{}$*]/.test(name)) return true;
  return /^(?:127(?:\.\d+){3}|0\.0\.0\.0)$|(?:^|\.)(?:example|example\.(?:com|net|org)|invalid|test|local|localhost)$|\.x+\.|\.\.+/.test(name);
}
