/**
 * Preloaded into the service's process, so that the service itself holds nothing of benchmarks: told
 * `begin`, it watches the event loop; told `end`, it answers with what it saw (`EventLoopDelay`).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NS_PER_MS = 1e6;
const delay = monitorEventLoopDelay({ resolution: 1 });

process.on('message', (message) => {
  if (message === 'begin') delay.enable();
  if (message === 'end') {
    delay.disable();
    process.send?.({
      p50: delay.percentile(50) / NS_PER_MS,
      p99: delay.percentile(99) / NS_PER_MS,
      max: delay.max / NS_PER_MS,
    });
  }
});
// Listening must not keep a service alive that wants to stop.
process.channel?.unref();
