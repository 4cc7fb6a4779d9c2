// The layers: lib ← core ← facts ← {checks, probes ← parsers}; core ← {transports, reporters}; cluster ← transports; all ← app ← cli ← main.

// swc's visitor does not know `using` yet; it is a declaration of variables like any other.
const swc = require('@swc/core/Visitor.js');
const visitor = (swc.Visitor ?? swc.default).prototype;
const visitStatement = visitor.visitStatement;
visitor.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** A rule that a layer may import only itself and the layers named; packages and Node's own modules are the business of other rules. */
const layer = (name, may, comment) => ({
  name: `layer-${name}`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})/` },
});

const pure = '^src/(lib|core|facts|checks|probes|parsers|reporters)/';

module.exports = {
  forbidden: [
    layer(
      'lib',
      [],
      'lib is for helpers that know nothing of netdoctor, so that every layer can use them without a cycle',
    ),
    layer(
      'core',
      ['lib'],
      'the core is the vocabulary and the engine; it must not know any single check, probe or transport',
    ),
    layer('facts', ['core', 'lib'], 'a fact is a type and a name; it must not know who reads it or who judges it'),
    layer(
      'parsers',
      ['core', 'facts', 'lib'],
      'a parser turns text into a typed structure or a gap; it knows the shapes of facts and nothing of reads',
    ),
    layer(
      'probes',
      ['core', 'facts', 'parsers', 'lib'],
      'a probe says what to read and which parser understands it; it must not know who judges',
    ),
    layer(
      'checks',
      ['core', 'facts', 'lib'],
      'a check judges facts alone; how they were read must not matter, so that old bundles and new transports give the same findings',
    ),
    layer(
      'reporters',
      ['core', 'lib'],
      'a reporter sees the report and nothing else, so that all formats say the same',
    ),
    layer('cluster', ['core', 'lib'], 'talking to the Kubernetes API is useful without any diagnosis'),
    layer('transports', ['cluster', 'core', 'lib'], 'a transport carries out reads that it does not understand'),
    layer(
      'app',
      ['checks', 'cluster', 'core', 'facts', 'lib', 'parsers', 'probes', 'reporters', 'transports'],
      'the wiring knows everything but the command line',
    ),
    layer(
      'cli',
      ['app', 'core', 'lib'],
      'commands parse flags and call app; what they do must be possible without them',
    ),
    {
      name: 'no-one-imports-main',
      comment: 'main.ts runs when it is imported',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'only-the-wiring-reads-the-registries',
      comment:
        'the registries import every check and every probe; a layer below that imports them is a cycle in the making',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app/|main\\.ts$)' },
      to: { path: '^src/(checks/(index|catalogue)|probes/index)\\.ts$' },
    },
    {
      name: 'pure-layers-do-no-io',
      comment:
        'everything but transports, cluster, app and cli works on values: it replays from a bundle and is tested without mocks',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'client-node-only-as-types',
      comment:
        'importing @kubernetes/client-node costs 200 ms and more at start; outside of src/cluster only its types are used',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cluster/' },
      to: { path: 'node_modules/@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-dev-packages-in-src',
      comment: 'devDependencies are not there where netdoctor is installed',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-tests-in-src',
      comment: 'the program must not need its tests or scripts',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-cycles',
      comment: 'files that need each other are one file in disguise, and which loads first is a matter of luck',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'a file that nobody imports is not part of the program',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'an import that leads nowhere fails at run time',
      severity: 'error',
      from: { path: '^(src|test|scripts)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|test/lab)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
