import { HttpProblem } from './http-problem.js';
import { isLocal } from './local.js';
import { sendJson, sendText } from './reply.js';
import type { Route } from './router.js';
import type { StationControl } from './station-control.js';

/** What monitoring may ask. */
export interface OperationsParts {
  readonly control: Pick<StationControl, 'health'>;
  /** What `/metrics` gives; absent for none. */
  readonly metrics?: { text(): Promise<string>; readonly contentType: string };
  /** Whether other machines may read the metrics; false when absent. */
  readonly openMetrics?: boolean;
}

/** `/healthz`: 200 or 503. `/metrics`: in Prometheus' text form. */
export function operationsRoutes({
  control,
  metrics,
  openMetrics = false,
}: OperationsParts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      async handle({ response }) {
        const { isHealthy, state } = control.health();
        sendJson(response, isHealthy ? 200 : 503, { healthy: isHealthy, state });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      async handle({ request, response }) {
        if (metrics === undefined || !(openMetrics || isLocal(request))) {
          throw new HttpProblem(404, 'There is nothing here.');
        }
        sendText(response, await metrics.text(), metrics.contentType);
      },
    },
  ];
}
