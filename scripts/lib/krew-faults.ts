/** What krew knows a platform by. */
const known = [
  ...['windows', 'linux', 'darwin'].flatMap((os) => ['386', 'amd64', 'arm64'].map((arch) => ({ os, arch }))),
  { os: 'linux', arch: 'arm' },
  { os: 'linux', arch: 'ppc64le' },
];

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Platform {
  readonly selector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly Expression[];
  };
  readonly uri?: string;
  readonly sha256?: string;
  readonly bin?: string;
  readonly files?: readonly { readonly from: string; readonly to: string }[];
}

/** A krew manifest as it is read; nothing in it is certain. */
export interface KrewManifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly version?: string;
    readonly homepage?: string;
    readonly shortDescription?: string;
    readonly description?: string;
    readonly caveats?: string;
    readonly platforms?: readonly Platform[];
  };
}

const holds = ({ key, operator, values = [] }: Expression, platform: Readonly<Record<string, string>>): boolean => {
  const value = platform[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
};

const matched = ({ selector = {} }: Platform) =>
  known.filter(
    (p) =>
      Object.entries(selector.matchLabels ?? {}).every(
        ([key, value]) => (p as Record<string, string>)[key] === value,
      ) && (selector.matchExpressions ?? []).every((e) => holds(e, p)),
  );

const semver = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function* platformFaults(p: Platform, n: number): Generator<string> {
  const keys = [
    ...Object.keys(p.selector?.matchLabels ?? {}),
    ...(p.selector?.matchExpressions ?? []).map((e) => e.key),
  ];
  if (keys.length === 0) yield `platform ${n}: the selector is empty`;
  for (const key of keys)
    if (key !== 'os' && key !== 'arch') yield `platform ${n}: a selector knows os and arch, not "${key}"`;
  if (!p.uri) yield `platform ${n}: no uri`;
  if (!/^[a-f0-9]{64}$/.test(p.sha256 ?? '')) yield `platform ${n}: sha256 must be 64 hex digits in lower case`;
  if (!p.bin) yield `platform ${n}: no bin`;
  if (p.files && p.files.length === 0) yield `platform ${n}: files is empty; leave it out`;
  for (const { to } of p.files ?? [])
    if (/^\/|(^|\/)\.\.(\/|$)|\/\/|\/$/.test(to)) yield `platform ${n}: "${to}" is no clean path`;
  if (matched(p).length === 0) yield `platform ${n}: matches no platform that krew knows`;
  if (matched(p).some((m) => m.os === 'windows') && !p.bin?.endsWith('.exe'))
    yield `platform ${n}: on Windows bin must be an .exe`;
}

/** What krew's validation would refuse in a manifest, and what its reviewers ask for; empty when all is well. */
export function* krewFaults(m: KrewManifest): Generator<string> {
  const { spec = {} } = m;
  const platforms = spec.platforms ?? [];
  if (m.apiVersion !== 'krew.googlecontainertools.github.com/v1alpha2') yield 'wrong apiVersion';
  if (m.kind !== 'Plugin') yield 'wrong kind';
  if (!/^[\w-]+$/.test(m.metadata?.name ?? '')) yield 'the name must be letters, digits, _ and -';
  if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(m.metadata?.name ?? '')) yield 'the name is that of a Windows device';
  if (!semver.test(spec.version ?? '')) yield 'the version must be a semantic version with a leading v';
  if (!spec.homepage) yield 'no homepage';
  if (!spec.description) yield 'no description';
  const short = spec.shortDescription ?? '';
  if (short === '' || /[\r\n]/.test(short)) yield 'shortDescription must be one line';
  if (short.length > 50) yield 'shortDescription is longer than the 50 characters that reviewers ask for';
  if (spec.description?.split('\n').some((line) => line.length > 80))
    yield 'description must be wrapped at 80 characters';
  if (platforms.length === 0) yield 'no platform';
  for (const [i, p] of platforms.entries()) yield* platformFaults(p, i + 1);
  for (const { os, arch } of known) {
    if (platforms.filter((p) => matched(p).some((m) => m.os === os && m.arch === arch)).length > 1)
      yield `two platforms match ${os}/${arch}`;
  }
}
