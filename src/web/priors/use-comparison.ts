import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Prior } from '../../contract/priors.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { dicomDate } from '../format.ts';
import { type HangingProtocol, type HungStage, hang, protocolsFor } from '../hanging/hang.ts';
import { PROTOCOLS } from '../hanging/protocols.ts';
import { chosenProtocol, rememberProtocol } from '../hanging/remembered.ts';
import { annotationOf } from '../measurements/annotation-mapping.ts';
import { measurementsQuery } from '../measurements/measurement-queries.ts';
import type { PriorLesion } from '../measurements/prior-lesion.ts';
import { studyQuery } from '../queries.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { compareWords as text } from '../strings/measurements/words.ts';
import { type Stack, stacksOf } from '../viewer/stack.ts';
import type { ViewerSurface } from '../viewer/viewer-surface.ts';
import { WINDOW_PRESETS } from '../viewer/window-presets.ts';
import { priorsQuery } from './prior-queries.ts';

export type Comparison = {
  priors: readonly Prior[];
  isLoading: boolean;
  error: unknown;
  /** The prior that is shown beside; null without one. */
  chosen: Prior | null;
  /** Whether its pictures are still on their way. */
  isOpening: boolean;
  openError: unknown;
  choose: (prior: Prior | null) => void;
  /** Of the prior that is chosen. */
  stacks: readonly Stack[];
  lesions: readonly PriorLesion[];
  hanging: {
    protocols: readonly HangingProtocol[];
    protocol: HangingProtocol | undefined;
    setProtocol: (id: string) => void;
    /** From 0. */
    stage: number;
    stages: number;
    setStage: (stage: number) => void;
  };
};

type ComparisonOptions = {
  study: StudyDetail;
  /** Of the study itself. */
  stacks: readonly Stack[];
  surface: ViewerSurface | null;
};
/** What the reader chose; `undefined` until then. */
type Chosen = { prior: Prior | null | undefined; protocol: string | undefined; stage: number };
const NOTHING_CHOSEN: Chosen = { prior: undefined, protocol: undefined, stage: 0 };
const NO_PRIORS: readonly Prior[] = [];

/** The priors of a study, one of them beside it, and how the pictures of both hang. Key g goes to the next stage, c to the prior and back. */
export function useComparison({ study, stacks: own, surface }: ComparisonOptions): Comparison {
  const [choice, setChoice] = useState<Chosen>(NOTHING_CHOSEN);
  const listed = useQuery(priorsQuery(study.study_instance_uid));
  const priors = listed.data?.items ?? NO_PRIORS;
  const best = priors.find(isAlike) ?? null;
  const chosen = choice.prior === undefined ? best : choice.prior;
  const opened = useQuery({ ...studyQuery(chosen?.study_instance_uid ?? ''), enabled: chosen !== null });
  const prior = (chosen && opened.data) ?? null;
  const stacks = useMemo(() => (prior ? stacksOf(prior).map((stack) => ({ ...stack, prior: priorName(prior) })) : []), [prior]);

  // The study is another object with each finding; its pictures are not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stacks are what hangs
  const protocols = useMemo(() => protocolsFor(study, PROTOCOLS), [own]);
  const protocol = protocols.find(({ id }) => id === choice.protocol) ?? chosenProtocol(protocols, localStorage);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const stages = useMemo(() => (protocol ? fitting(hang(protocol, { study, prior })) : []), [protocol, own, prior]);
  const stage = Math.min(choice.stage, Math.max(0, stages.length - 1));
  // Nothing hangs before it is known whether there is a prior: pictures that move by themselves are worse than a moment's wait.
  const isReady = !listed.isPending && (chosen === null || prior !== null || opened.isError);
  useHung(isReady ? stages[stage] : undefined, surface);

  const choose = (next: Prior | null): void => setChoice((before) => ({ ...before, prior: next, stage: 0 }));
  const setStage = (next: number): void => setChoice((before) => ({ ...before, stage: stages.length > 0 ? next % stages.length : 0 }));
  useShortcuts({
    g: () => (stages.length > 1 ? setStage(stage + 1) : false),
    c: () => (priors.length > 0 ? choose(chosen === null ? (best ?? priors[0] ?? null) : null) : false),
  });

  return {
    priors,
    isLoading: listed.isPending,
    error: listed.error,
    chosen,
    isOpening: chosen !== null && opened.isPending,
    openError: chosen === null ? null : opened.error,
    choose,
    stacks,
    lesions: useDrawnPrior(prior, { surface, stacks }),
    hanging: {
      protocols,
      protocol,
      setProtocol: (id) => {
        rememberProtocol(protocols, id, localStorage);
        setChoice((before) => ({ ...before, protocol: id, stage: 0 }));
      },
      stage,
      stages: stages.length,
      setStage,
    },
  };
}

/** Only a prior that shows the same place in a like way is put beside the study without being asked for. */
function isAlike({ reasons }: Prior): boolean {
  return reasons.includes('same_region') && (reasons.includes('same_modality') || reasons.includes('like_modality'));
}

/** Two pictures side by side on a telephone would be two stamps: there, stages of one come first. */
function fitting(stages: HungStage[]): HungStage[] {
  if (!window.matchMedia('(max-width: 40rem)').matches) return stages;
  return stages.toSorted((a, b) => Math.min(2, a.cells.length) - Math.min(2, b.cells.length));
}

function priorName({ study_date }: StudyDetail): string {
  // Isolated: a date beside Arabic words would be turned around.
  return study_date === null ? text.prior : `${text.prior} \u2066${dicomDate(study_date)}\u2069`;
}

type Shown = { surface: ViewerSurface | null; stacks: readonly Stack[] };

/** Hangs the pictures once for each stage that is chosen; what the reader arranges afterwards stays. */
function useHung(stage: HungStage | undefined, surface: ViewerSurface | null): void {
  const done = useRef('');
  useEffect(() => {
    if (!surface || !stage) return;
    const wanted = JSON.stringify(stage);
    if (done.current === wanted) return;
    done.current = wanted;
    surface.setLinked(false);
    surface.setLayout(stage.layout);
    for (const [cell, { series, window }] of stage.cells.entries()) {
      surface.showSeries(cell, series);
      surface.setWindow(cell, WINDOW_PRESETS.find(({ name }) => name === window)?.window ?? null);
    }
    surface.setLinked(stage.isLinked);
  }, [surface, stage]);
}

/** Draws what was measured in the prior, not to be moved here; gives back what of it can be tracked. */
function useDrawnPrior(prior: StudyDetail | null, { surface, stacks }: Shown): PriorLesion[] {
  const uid = prior?.study_instance_uid ?? '';
  const measured = useQuery({ ...measurementsQuery(uid), enabled: prior !== null });
  const data = prior ? measured.data : undefined;
  useEffect(() => {
    if (!surface || !data) return;
    const drawn = data.items.flatMap((item, index) => {
      const on = stacks.find(({ frames }) => frames.some(({ instance }) => instance.sop_instance_uid === item.sop_instance_uid));
      if (!on) return [];
      const series = { study_instance_uid: uid, series_instance_uid: on.series.series_instance_uid };
      return [annotationOf(item, { id: `prior ${index} ${item.tracking_uid}`, series, isLocked: true })];
    });
    surface.putAnnotations(drawn);
    return () => {
      for (const { id } of drawn) surface.removeAnnotation(id);
    };
  }, [surface, data, stacks, uid]);
  return useMemo(() => lesionsOf(data?.items ?? [], data?.others ?? []), [data]);
}

function lesionsOf(...lists: readonly (readonly { tracking_uid: string | null; label: string | null }[])[]): PriorLesion[] {
  const lesions = new Map<string, string>();
  for (const { tracking_uid, label } of lists.flat())
    if (tracking_uid !== null && !lesions.has(tracking_uid)) lesions.set(tracking_uid, label ?? tracking_uid);
  return [...lesions].map(([tracking_uid, label]) => ({ tracking_uid, label }));
}
