import { expect, it } from 'vitest';
import { entrypointExamples } from '../../../src/checks/shutdown/entrypoint-examples.ts';

it('each is what a shell or a Dockerfile takes', () => {
  const texts = entrypointExamples('java -jar app.jar', {
    name: 'SIGQUIT',
    number: 3,
    source: 'STOPSIGNAL of the image',
    known: true,
  }).map((e) => e.text);
  expect(texts).toEqual([
    'exec java -jar app.jar "$@"',
    'ENTRYPOINT ["java","-jar","app.jar"]',
    'ENTRYPOINT ["tini", "--", "java","-jar","app.jar"]',
    expect.stringMatching(
      /^trap 'kill -TERM "\$pid"' QUIT\njava -jar app\.jar & pid=\$!\nwait "\$pid"; trap - QUIT; wait "\$pid"$/,
    ),
  ]);
  for (const t of texts.filter((x) => x.startsWith('ENTRYPOINT')))
    expect(() => JSON.parse(t.replace('ENTRYPOINT ', ''))).not.toThrow();
});
