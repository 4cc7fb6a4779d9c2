#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { calledAs } from './cli/called-as.ts';
import { codeCache } from './cli/code-cache.ts';
import type { Deps } from './cli/deps.ts';
import type { EndingSignal } from './cli/signals.ts';

try {
  const cache = codeCache(process.env, homedir());
  if (cache !== null) module.enableCompileCache(cache);
} catch {
  // a cache is a convenience
}

const ending: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Everything heavy, loaded by the command that needs it. */
const deps: Deps = {
  diagnose: async () => (await import('./app/diagnose.ts')).diagnose,
  lint: async () => (await import('./app/lint.ts')).lint,
  stdin: () => process.stdin,
  cleanUp: async () => (await import('./app/cleanup.ts')).cleanUp,
  emitCollector: async () => (await import('./app/emit-collector.ts')).emitCollector,
  reporter: async (format, failOn) => {
    switch (format) {
      case 'table':
        return (await import('./reporters/table.ts')).table;
      case 'json':
        return (await import('./reporters/json.ts')).json;
      case 'yaml':
        return (await import('./reporters/yaml.ts')).yaml;
      case 'markdown':
        return (await import('./reporters/markdown.ts')).markdown;
      case 'junit':
        return (await import('./reporters/junit.ts')).junit(failOn);
      case 'sarif': {
        const [{ sarif }, { allChecks }, { version }] = await Promise.all([
          import('./reporters/sarif.ts'),
          import('./checks/index.ts'),
          import('./app/version.ts'),
        ]);
        return sarif({ failOn, version, checks: allChecks });
      }
    }
  },
  watchTexts: async () => {
    const [{ plainWatch }, { liveWatch }, { watchRecord }, { jsonLine }] = await Promise.all([
      import('./reporters/plain-watch.ts'),
      import('./reporters/live-watch.ts'),
      import('./reporters/watch-record.ts'),
      import('./reporters/json-line.ts'),
    ]);
    return { plain: plainWatch, live: liveWatch, record: watchRecord, jsonLine };
  },
  data: async (format) =>
    format === 'json'
      ? (await import('./reporters/json-text.ts')).jsonText
      : (await import('./reporters/yaml-text.ts')).yamlText,
  checks: async () => (await import('./checks/catalogue.ts')).catalogue,
  checksList: async () => (await import('./reporters/checks-list.ts')).checksList,
  explanation: async () => (await import('./reporters/explanation.ts')).explanation,
  namesInCluster: async () => (await import('./app/names-in-cluster.ts')).namesInCluster,
  namesInKubeconfig: async () => (await import('./app/names-in-kubeconfig.ts')).namesInKubeconfig,
  placeShim: async () => (await import('./app/place-shim.ts')).placeShim,
  self: calledAs(process, process.env, process.getBuiltinModule('node:sea').isSea()),
  onSignal: (handler) => {
    for (const signal of ending) process.on(signal, handler);
    return () => {
      for (const signal of ending) process.off(signal, handler);
    };
  },
  now: () => performance.now(),
};

const run = async (): Promise<never> => {
  const { cli } = await import('./cli/cli.ts');
  // everything is written and deleted by now; a connection that is kept alive must not keep the user waiting
  process.exit(await cli([process.execPath, deps.self.path, ...process.argv.slice(2)], process, process.env, deps));
};

// not awaited: CommonJS, as which this is bundled, awaits nothing at the top
void run();
