import type { AlertData, AlertEnvelope } from '../../src/core/model/alert/alert.ts';

export function sampleAlert(id: string, data: Partial<AlertData> = {}): AlertEnvelope {
  const full: AlertData = {
    clientId: 'client-01',
    ruleId: 'all-machines-stopped',
    ruleVersion: 1,
    group: {},
    partition: {},
    episode: 1,
    status: 'firing',
    reason: 'condition',
    state: 'firing',
    severity: 'critical',
    startsAt: '2026-01-01T00:00:00.000Z',
    endsAt: null,
    evaluatedAt: '2026-01-01T00:00:00.000Z',
    message: 'All machines are stopped',
    labels: { team: 'line-1' },
    evidence: { items: [], total: 0 },
    ...data,
  };
  return {
    specversion: '1.0',
    id,
    source: `/vigil/${full.clientId}/${full.ruleId}`,
    type: 'vigil.alert.v1',
    subject: full.ruleId,
    time: full.evaluatedAt,
    datacontenttype: 'application/json',
    data: full,
  };
}
