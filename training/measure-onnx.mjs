// Median time of one image on one thread in onnxruntime-node: node measure-onnx.mjs PACKAGE_FOLDER RESULT.json
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const RUNS = 200;
const [folder, result] = process.argv.slice(2);
const { input } = JSON.parse(readFileSync(`${folder}/card.json`, 'utf8'));
const session = await InferenceSession.create(`${folder}/model.onnx`, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const pixels = Float32Array.from({ length: input.height * input.width }, (_, i) => Math.sin(i));
const feeds = { [input.name]: new Tensor('float32', pixels, [1, 1, input.height, input.width]) };
const times = [];
for (let run = 0; run < RUNS; run++) {
  const started = performance.now();
  await session.run(feeds);
  times.push(performance.now() - started);
}
times.sort((a, b) => a - b);
const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');
writeFileSync(result, JSON.stringify({ version, runs: RUNS, median_ms: times[RUNS / 2], fastest_ms: times[0] }));
