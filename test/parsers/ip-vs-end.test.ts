import { expect, it } from 'vitest';
import { parseIpVsEnd } from '../../src/parsers/ip-vs-end.ts';
import { expectTotal, isPort } from './fuzz.ts';

const six = '[fd00:0000:0000:0000:0000:0000:0000:0009]:0050';

it.each([
  ['0A605894:0050', { ip: '10.96.88.148', port: 80 }],
  [six, { ip: 'fd00::9', port: 80 }],
  ['0A605894:FFFF', { ip: '10.96.88.148', port: 65535 }],
])('%s', (text, want) => expect(parseIpVsEnd(text)).toEqual(want));

it.each(['', '0A605894', '0A605894:050', '0A60589:0050', '10.96.0.1:80', '[fd00::9:0050', 'RemoteAddress:Port'])(
  'none: %j',
  (text) => expect(parseIpVsEnd(text)).toBeNull(),
);

it('is total', () => expectTotal(parseIpVsEnd, ['0A605894:0050', six], (e) => isPort(e.port) && e.ip !== ''));
