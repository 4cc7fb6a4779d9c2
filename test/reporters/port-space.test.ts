import { expect, test } from 'vitest';
import { canvas } from '../../src/reporters/canvas.ts';
import { portSpace } from '../../src/reporters/port-space.ts';

const ascii = canvas({ color: false, width: 80, unicode: false, verbose: false });

test('ranges stand where they are on the axis', () => {
  expect(
    portSpace(
      {
        ephemeral: [0, 65535],
        reserved: [[32768, 65535]],
        nodePortRange: [0, 1],
        nodePorts: [0, 65535],
        victims: [65535],
      },
      ascii,
    ),
  ).toEqual([
    `  ports          0         16384      32768     49152 65535`,
    `  ephemeral      ${'#'.repeat(42)} 0-65535`,
    `  reserved       ${' '.repeat(21)}${'%'.repeat(21)} 32768-65535`,
    `  NodePort range -${' '.repeat(41)} 0-1`,
    `  NodePorts      |${' '.repeat(40)}| 0 65535`,
    `  victims        ${' '.repeat(41)}X 65535`,
  ]);
});

test('what is not there is said', () => {
  const lines = portSpace(
    { ephemeral: [32768, 60999], reserved: [], nodePortRange: null, nodePorts: [], victims: [] },
    ascii,
  );
  expect(lines.slice(2)).toEqual(['  reserved       none', '  NodePort range not known', '  NodePorts      none seen']);
});

test('of many ports the first are told, and how many more there are', () => {
  const nodePorts = Array.from({ length: 60 }, (_, i) => 30000 + i);
  const lines = portSpace(
    { ephemeral: [32768, 60999], reserved: [], nodePortRange: null, nodePorts, victims: [] },
    ascii,
  );
  expect(lines.at(-1)).toMatch(/ 30000 30001 \+58$/);
});
