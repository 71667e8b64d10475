import { InferenceError } from '../../src/inference/errors.ts';
import { serveTasks } from '../../src/inference/serve-tasks.ts';

// The thread of thread-pool.test.ts. `crash` throws outside of any task, as a defect would.

export type EchoRequest =
  | { do: 'echo'; value: string }
  | { do: 'hold'; gate: SharedArrayBuffer }
  | { do: 'refuse' }
  | { do: 'crash' }
  | { do: 'exit' };

serveTasks<EchoRequest, string>({
  async handle(request) {
    if (request.do === 'echo') return request.value;
    if (request.do === 'hold') return hold(new Int32Array(request.gate));
    if (request.do === 'refuse') throw new InferenceError('invalid-picture', 'refused');
    if (request.do === 'exit') process.exit(7);
    setImmediate(() => {
      throw new Error('broken on purpose');
    });
    return new Promise(() => {});
  },
  async close() {},
});

/** Says that it began, then blocks the thread, as a run does, until the test opens the gate. */
function hold(gate: Int32Array): string {
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
  Atomics.wait(gate, 0, 0);
  return 'held';
}
