import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as forwards from '../../src/contract/forwards.ts';
import { listStudyLabels } from '../../src/contract/labels.ts';
import * as contract from '../../src/contract/routing.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { responseTo } from '../../src/server/dimse/message.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { openTestNode, type TestNode } from '../dicom-node.ts';
import { openProvider, type Provider } from '../dicom-provider.ts';

let node: TestNode;
/** A peer that takes everything, and what it was sent. */
let archive: Provider;
let archiveId: string;
const sent: { study: string; instance: string }[] = [];

beforeAll(async () => {
  node = await openTestNode();
  archive = await openProvider(async (association, { contextId, command, data }) => {
    for await (const _ of data?.content ?? []);
    sent.push({ study: '', instance: String(command['00001000']?.Value?.[0]) });
    await association.send(contextId, responseTo(command, 0));
  });
  archiveId = (await registerPeer(node.app.deps, { ae_title: 'ARCHIVE', host: '127.0.0.1', port: archive.port })).id;
});
afterAll(async () => {
  await archive.close();
  await node.close();
});

type Objects = { number: number; instances?: number[]; patientId?: string };

async function arrive({ number, instances = [1], patientId = 'ROUTE-1' }: Objects): Promise<string> {
  const study = uid(99, number);
  const files = instances.map((instance) => ({
    name: `${instance}.dcm`,
    bytes: secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.${instance}`, patientId, seed: instance }),
  }));
  const response = await node.app.upload('/api/v1/studies', files);
  expect(response.statusCode, response.body).toBe(200);
  return study;
}

async function withRules<T>(rules: contract.NewRoutingRule[], run: (ids: string[]) => Promise<T>): Promise<T> {
  const ids: string[] = [];
  for (const body of rules) ids.push((await node.app.call(contract.createRoutingRule, { body })).id);
  try {
    return await run(ids);
  } finally {
    for (const id of ids) await node.app.call(contract.removeRoutingRule, { params: { id } });
  }
}

const labelsOf = async (study_instance_uid: string) => (await node.app.call(listStudyLabels, { params: { study_instance_uid } })).labels;
const forwardsOf = async (study_instance_uid: string) =>
  (await node.app.call(forwards.listForwards, { query: { study_instance_uid } })).items;

describe('routing', () => {
  it('labels and forwards a complete study that a rule fires for, once, and what comes later as well', async () => {
    const rule: contract.NewRoutingRule = {
      name: 'to the archive',
      occasion: 'complete',
      conditions: { modalities: ['OT', 'CT'], min_instances: 2 },
      actions: [
        { kind: 'label', label: 'sent on' },
        { kind: 'forward', peer_id: archiveId },
      ],
    };
    await withRules([rule], async () => {
      const small = await arrive({ number: 1 });
      const study = await arrive({ number: 2, instances: [1, 2] });
      await node.app.drain();
      await node.app.drain(0);
      expect(await labelsOf(study)).toEqual(['sent on']);
      expect(await labelsOf(small)).toEqual([]);
      expect(await forwardsOf(small)).toEqual([]);
      expect(await forwardsOf(study)).toMatchObject([{ status: 'sent', sent_count: 2, is_by_rule: true }]);
      await node.app.inject({ method: 'POST', url: `/api/v1/studies/${study}/complete` });
      await node.app.drain();
      expect(sent.filter(({ instance }) => instance.startsWith(study))).toHaveLength(2);
      await arrive({ number: 2, instances: [3] });
      await node.app.drain();
      await node.app.drain(0);
      expect(await forwardsOf(study)).toMatchObject([{ status: 'sent', sent_count: 3 }]);
      expect(sent.filter(({ instance }) => instance.startsWith(study)).map(({ instance }) => instance)).toEqual([
        `${study}.1.1`,
        `${study}.1.2`,
        `${study}.1.3`,
      ]);
    });
  });

  it('forwards objects while they arrive, before the study is complete', async () => {
    const rule: contract.NewRoutingRule = {
      name: 'at once',
      occasion: 'arrival',
      conditions: {},
      actions: [{ kind: 'forward', peer_id: archiveId }],
    };
    await withRules([rule], async () => {
      const study = await arrive({ number: 3, instances: [1] });
      await node.app.drain(0);
      expect(await forwardsOf(study)).toMatchObject([{ status: 'sent', sent_count: 1 }]);
      await arrive({ number: 3, instances: [2, 3] });
      await node.app.drain(0);
      expect(await forwardsOf(study)).toMatchObject([{ status: 'sent', sent_count: 3 }]);
      const { status } = await node.app.deps.db
        .selectFrom('study')
        .select('status')
        .where('study_instance_uid', '=', study)
        .executeTakeFirstOrThrow();
      expect(status).toBe('receiving');
    });
    await node.app.drain();
  });

  it('sends a de-identified copy and never the original, and rules for originals do not touch the copy', { timeout: 120_000 }, async () => {
    const rules: contract.NewRoutingRule[] = [
      {
        name: 'to research',
        occasion: 'complete',
        conditions: { attributes: [{ attribute: 'PatientID', matches: 'RESEARCH-*' }] },
        actions: [{ kind: 'deidentify_and_forward', peer_id: archiveId, project: 'trial' }],
      },
      { name: 'clinical', occasion: 'complete', conditions: {}, actions: [{ kind: 'label', label: 'clinical' }] },
    ];
    await withRules(rules, async () => {
      const before = sent.length;
      const study = await arrive({ number: 4, patientId: 'RESEARCH-4', instances: [1, 2] });
      for (let round = 0; round < 4; round += 1) await node.app.drain(20_000);
      const fresh = sent.slice(before).map(({ instance }) => instance);
      expect(fresh).toHaveLength(2);
      expect(fresh.some((instance) => instance.startsWith(study))).toBe(false);
      const copies = await node.app.deps.db.selectFrom('deidentification').selectAll().where('study_instance_uid', '=', study).execute();
      expect(copies).toHaveLength(1);
      const copy = copies[0]?.result_study_instance_uid ?? '';
      await node.app.drain();
      expect(await labelsOf(copy)).toEqual(['deidentified']);
      expect(await labelsOf(study)).toEqual(['clinical']);
      await node.app.inject({ method: 'POST', url: `/api/v1/studies/${study}/complete` });
      for (let round = 0; round < 4; round += 1) await node.app.drain(20_000);
      expect(sent.slice(before)).toHaveLength(2);
    });
  });

  it('chooses the models that run', async () => {
    const [model] = node.app.deps.models.filter(({ card }) => card.findings.length > 0);
    const rule: contract.NewRoutingRule = {
      name: 'one model',
      occasion: 'complete',
      conditions: {},
      actions: [{ kind: 'models', model_ids: [model?.card.id ?? ''] }],
    };
    await withRules([rule], async () => {
      const study = await arrive({ number: 5 });
      await node.app.drain();
      const runs = await node.app.deps.db.selectFrom('analysis').select('model_id').where('study_instance_uid', '=', study).execute();
      expect([...new Set(runs.map(({ model_id }) => model_id))]).toEqual([model?.card.id]);
    });
  });

  it('skips what cannot be done any more, and does the rest', async () => {
    const { id } = await registerPeer(node.app.deps, { ae_title: 'GONE', host: '127.0.0.1', port: 1 });
    const rule: contract.NewRoutingRule = {
      name: 'to who has gone',
      occasion: 'complete',
      conditions: {},
      actions: [
        { kind: 'forward', peer_id: id },
        { kind: 'label', label: 'tried' },
      ],
    };
    await withRules([rule], async ([ruleId]) => {
      await node.app.inject({ method: 'DELETE', url: `/api/v1/peers/${id}` });
      const study = await arrive({ number: 6 });
      await node.app.drain();
      expect(await labelsOf(study)).toEqual(['tried']);
      const acts = await node.app.deps.db
        .selectFrom('routing_act')
        .select(['action', 'outcome'])
        .where('rule_id', '=', ruleId ?? '')
        .orderBy('action')
        .execute();
      expect(acts).toEqual([
        { action: 0, outcome: 'skipped' },
        { action: 1, outcome: 'done' },
      ]);
    });
  });
});

describe('the test of rules', () => {
  it('says which rule fires for a study and why, and does nothing', async () => {
    const study = await arrive({ number: 7, instances: [1, 2] });
    const rules: contract.NewRoutingRule[] = [
      {
        name: 'fits',
        occasion: 'complete',
        conditions: { modalities: ['OT'], max_instances: 5, attributes: [{ attribute: '00100020', matches: 'ROUTE-?' }] },
        actions: [{ kind: 'label', label: 'never put' }],
      },
      {
        name: 'does not fit',
        occasion: 'complete',
        conditions: { modalities: ['CT', 'MR'], labels: ['urgent'], min_instances: 2 },
        actions: [{ kind: 'label', label: 'never put' }],
      },
    ];
    const { items } = await node.app.call(contract.testRouting, { body: { study_instance_uid: study, rules } });
    expect(items).toMatchObject([
      {
        rule_id: null,
        name: 'fits',
        fires: true,
        reasons: [
          { condition: 'max_instances', is_met: true, detail: 'The study has 2 instances' },
          { condition: 'modalities', is_met: true },
          { condition: '00100020', is_met: true },
          { condition: 'same_series', is_met: true },
        ],
        actions: [{ kind: 'label' }],
      },
      {
        name: 'does not fit',
        fires: false,
        reasons: [
          { condition: 'labels', is_met: false, detail: 'The study does not have: urgent' },
          { condition: 'min_instances', is_met: true },
          { condition: 'modalities', is_met: false, detail: 'No series fits CT, MR; the study has OT' },
        ],
        actions: [],
      },
    ]);
    await node.app.drain();
    expect(await labelsOf(study)).toEqual([]);
  });

  it('tries the rules that are kept in their order, without those that are switched off', async () => {
    const study = await arrive({ number: 8 });
    const base = { occasion: 'complete' as const, conditions: {}, actions: [{ kind: 'label' as const, label: 'x' }] };
    const rules = [
      { ...base, name: 'second', position: 2 },
      { ...base, name: 'first', position: 1 },
      { ...base, name: 'off', is_enabled: false },
    ];
    await withRules(rules, async () => {
      const { items } = await node.app.call(contract.testRouting, { body: { study_instance_uid: study } });
      expect(items.map(({ name }) => name)).toEqual(['first', 'second']);
    });
  });
});

describe('rules', () => {
  const rule: contract.NewRoutingRule = { name: 'r', occasion: 'complete', conditions: {}, actions: [{ kind: 'label', label: 'x' }] };

  it('are changed with a new version where what they ask or do changes, and else without', async () => {
    await withRules([rule], async ([id = '']) => {
      const change = (body: contract.RoutingRuleChange) => node.app.call(contract.changeRoutingRule, { params: { id }, body });
      expect(await change({ name: 's', is_enabled: false })).toMatchObject({ name: 's', is_enabled: false, version: 1 });
      expect(await change({ conditions: { modalities: ['CT'] } })).toMatchObject({ version: 2, name: 's' });
      expect(await node.app.call(contract.getRoutingRule, { params: { id } })).toMatchObject({
        version: 2,
        conditions: { modalities: ['CT'] },
      });
      expect((await node.app.inject({ method: 'POST', url: '/api/v1/routing/rules', payload: { ...rule, name: 's' } })).statusCode).toBe(
        409,
      );
    });
    expect((await node.app.call(contract.listRoutingRules, {})).items).toEqual([]);
  });

  it.each([
    ['an unknown peer', { ...rule, actions: [{ kind: 'forward', peer_id: '01900000-0000-7000-8000-000000000000' }] }],
    ['an unknown model', { ...rule, actions: [{ kind: 'models', model_ids: ['no-such-model'] }] }],
    ['the label of de-identified studies', { ...rule, actions: [{ kind: 'label', label: 'deidentified' }] }],
    ['models while objects arrive', { ...rule, occasion: 'arrival', actions: [{ kind: 'models', model_ids: [] }] }],
    ['an attribute that there is not', { ...rule, conditions: { attributes: [{ attribute: 'PatientMood', matches: 'x' }] } }],
    ['a day that is none', { ...rule, conditions: { attributes: [{ attribute: 'StudyDate', matches: 'today' }] } }],
    ['a condition that there is not', { ...rule, conditions: { mood: 'good' } }],
    ['no action', { ...rule, actions: [] }],
  ])('are refused with %s', async (_, payload) => {
    expect((await node.app.inject({ method: 'POST', url: '/api/v1/routing/rules', payload })).statusCode).toBe(400);
  });
});
