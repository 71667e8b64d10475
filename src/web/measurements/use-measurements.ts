import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ForeignMeasurement, MeasurementInput } from '../../contract/measurements.ts';
import { useRights } from '../rights.ts';
import { measurementWords as text } from '../strings/measurements/words.ts';
import { useToast } from '../ui/toast.ts';
import type { Stack } from '../viewer/stack.ts';
import type { Annotation, ViewerEvent, ViewerSurface } from '../viewer/viewer-surface.ts';
import { annotationOf, measurementOf, newTrackingUid } from './annotation-mapping.ts';
import { measurementsQuery, putMeasurements } from './measurement-queries.ts';
import type { Held } from './merge.ts';
import { placeOf } from './place.ts';
import { type MeasurementSession, openMeasurementSession, type SaveState } from './session.ts';

export type Measurements = {
  items: readonly Held[];
  others: readonly ForeignMeasurement[];
  save: SaveState;
  saveError: unknown;
  loadError: unknown;
  /** Whether this person may change them. */
  canChange: boolean;
  selectedId: string | null;
  select: (id: string | null) => void;
  change: (id: string, part: Partial<Pick<MeasurementInput, 'label' | 'comment' | 'tracking_uid'>>) => void;
  /** With a way back. */
  remove: (id: string) => void;
  retry: () => void;
};

type MeasurementsOptions = { uid: string; stacks: readonly Stack[]; surface: ViewerSurface | null };

/** The measurements of a study, drawn in the viewer and saved as they change. */
export function useMeasurements({ uid, stacks, surface }: MeasurementsOptions): Measurements {
  const queryClient = useQueryClient();
  const loaded = useQuery(measurementsQuery(uid));
  const canChange = useRights()?.('finding:review') ?? false;
  const toast = useToast();
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [session] = useState<MeasurementSession>(() =>
    openMeasurementSession({
      load: () => queryClient.fetchQuery({ ...measurementsQuery(uid), staleTime: 0 }),
      save: async (items, version) => {
        const saved = await putMeasurements(uid, items, version);
        queryClient.setQueryData(measurementsQuery(uid).queryKey, saved);
        void queryClient.invalidateQueries({ queryKey: ['changes'] });
        return saved;
      },
      later: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    }),
  );
  const state = useSyncExternalStore(session.subscribe, session.state);
  useEffect(() => {
    if (loaded.data) session.take(loaded.data);
  }, [session, loaded.data]);
  useSavedBeforeLeaving(session, state.save);

  const remove = useCallback(
    (id: string): void => {
      const { items } = session.state();
      const at = items.findIndex((item) => item.id === id);
      const removed = items[at];
      if (!removed) return;
      session.change((before) => before.filter((item) => item.id !== id));
      toast({ text: text.removed(removed.label), undo: () => session.change((before) => before.toSpliced(at, 0, removed)) });
    },
    [session, toast],
  );
  useDrawn({ uid, stacks, surface, items: state.items, session, canChange, remove, onSelected: setSelectedId });

  return {
    items: state.items,
    others: state.others,
    save: state.save,
    saveError: state.error,
    loadError: loaded.error,
    canChange,
    selectedId,
    select: (id) => {
      setSelectedId(id);
      surface?.selectAnnotation(id);
    },
    change: (id, part) => session.change((items) => items.map((item) => (item.id === id ? { ...item, ...part } : item))),
    remove,
    retry: () => void session.flush(),
  };
}

/** What waits is saved when the page is left; where that cannot be waited for, the browser asks. */
function useSavedBeforeLeaving(session: MeasurementSession, save: SaveState): void {
  useEffect(() => () => void session.flush(), [session]);
  useEffect(() => {
    if (save === 'saved' || save === 'loading') return;
    const ask = (event: BeforeUnloadEvent): void => {
      void session.flush();
      event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [session, save]);
}

type DrawnOptions = MeasurementsOptions & {
  items: readonly Held[];
  session: MeasurementSession;
  canChange: boolean;
  remove: (id: string) => void;
  onSelected: (id: string | null) => void;
};

/** Keeps what the viewer shows and what is measured the same, whichever of the two changes. */
function useDrawn({ uid, stacks, surface, items, session, canChange, remove, onSelected }: DrawnOptions): void {
  // What the viewer shows of ours, by id: only what differs is drawn again, so that nothing moves under the reader's hand.
  const shown = useRef(new Map<string, string>());
  const latest = useRef({ remove, onSelected, canChange });
  latest.current = { remove, onSelected, canChange };

  useEffect(() => {
    if (!surface) return;
    shown.current.clear();
    const stop = surface.subscribe((event) => {
      if (event.type === 'annotation_selected') latest.current.onSelected(event.id);
      if (!isDrawing(event) || event.annotation.on.study_instance_uid !== uid || !latest.current.canChange) return;
      if (event.type === 'annotation_removed') {
        shown.current.delete(event.annotation.id);
        latest.current.remove(event.annotation.id);
        return;
      }
      shown.current.set(event.annotation.id, drawnAs(event.annotation, true));
      session.change((before) => withDrawn(before, event.annotation));
    });
    return stop;
  }, [surface, session, uid]);

  useEffect(() => {
    if (!surface) return;
    const isNew = items.flatMap((item) => {
      const stack = placeOf(stacks, item.sop_instance_uid, item.frame)?.stack;
      if (!stack) return [];
      const series = { study_instance_uid: uid, series_instance_uid: stack.series.series_instance_uid };
      const annotation = annotationOf(item, { id: item.id, series, isLocked: !canChange });
      const content = drawnAs(annotation, canChange);
      if (shown.current.get(item.id) === content) return [];
      shown.current.set(item.id, content);
      return [annotation];
    });
    if (isNew.length > 0) surface.putAnnotations(isNew);
    const ids = new Set(items.map(({ id }) => id));
    for (const id of [...shown.current.keys()].filter((key) => !ids.has(key))) {
      shown.current.delete(id);
      surface.removeAnnotation(id);
    }
  }, [surface, items, stacks, uid, canChange]);
}

function isDrawing(event: ViewerEvent): event is Extract<ViewerEvent, { annotation: Annotation }> {
  return 'annotation' in event;
}

type Drawn = Pick<Annotation, 'kind' | 'pixelPoints' | 'label' | 'isInSpace' | 'patientPoints'>;

function drawnAs({ kind, pixelPoints, label, isInSpace, patientPoints }: Drawn, canChange: boolean): string {
  // As 32 bits hold them, which is how they come back from the server.
  const points = isInSpace ? patientPoints?.map((point) => point.map(Math.fround)) : pixelPoints;
  return JSON.stringify([kind, points, label, canChange]);
}

/** With what the reader has drawn or moved; one that is new gets a name of its own. */
function withDrawn(items: readonly Held[], annotation: Annotation): readonly Held[] {
  const held = items.find(({ id }) => id === annotation.id);
  const measurement = measurementOf(annotation, held?.tracking_uid ?? newTrackingUid());
  if (!measurement) return items;
  if (held) {
    const moved = { ...measurement, id: held.id, label: held.label, comment: held.comment };
    return items.map((item) => (item.id === held.id ? moved : item));
  }
  const label = annotation.label.trim() || firstFree(text.kinds[measurement.kind], items);
  return [...items, { ...measurement, id: annotation.id, label }];
}

function firstFree(name: string, items: readonly Held[]): string {
  const taken = new Set(items.map(({ label }) => label));
  let number = 1;
  while (taken.has(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}
