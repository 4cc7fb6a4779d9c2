import { allChecks } from '../checks/index.ts';
import { plan } from '../core/plan.ts';
import { allProbes } from '../probes/index.ts';
import { writeProgram } from '../transports/collector/program.ts';
import { chooseChecks } from './choose-checks.ts';
import { deadlineSeconds } from './deadline.ts';
import { factsOfHeader } from './facts-of-header.ts';
import { nonce } from './nonce.ts';
import type { DiagnoseRequest } from './request.ts';

/** The program for a node that has no netdoctor: `ssh node sudo sh -s < collector.sh > bundle`. */
export const emitCollector = (request: Pick<DiagnoseRequest, 'windowSeconds' | 'checks'>): string =>
  writeProgram(plan(chooseChecks(allChecks, request.checks), allProbes, factsOfHeader).node, {
    nonce: nonce(),
    windowSeconds: request.windowSeconds,
    deadlineSeconds: deadlineSeconds(request.windowSeconds),
    hostRoot: '',
    vars: {},
  });
